package enrich

import (
	"cmp"
	"slices"
	"strings"

	"loadline/match"
	"loadline/store"
)

// Upgrade is a newer version of a package, and the findings that it ends.
type Upgrade struct {
	PackageID                            int64
	From                                 []string // in any order
	To                                   string
	Priority                             float64 // the sum of the findings'
	Findings, Vulnerabilities, KEV, Boms int
}

// Upgrades returns for each package version the upgrade that ends all of its
// findings which ask for attention and which a version is known to end. Versions
// of one package with the same way out are one Upgrade. They are in order of
// Priority, the highest first.
func Upgrades(findings []Judged) []Upgrade {
	fixable := make(map[int64][]Judged)
	for _, f := range findings {
		if f.Finding.FixedIn != "" && f.State().Active() {
			fixable[f.Version.ID] = append(fixable[f.Version.ID], f)
		}
	}
	type way struct {
		packageID int64
		to        string
	}
	ways := make(map[way][]Judged)
	for _, list := range fixable {
		w := way{list[0].Version.PackageID, highestFix(list[0].Version, list)}
		ways[w] = append(ways[w], list...)
	}
	upgrades := make([]Upgrade, 0, len(ways))
	for w, list := range ways {
		u := Upgrade{PackageID: w.packageID, To: w.to, Findings: len(list)}
		from, about, boms := map[string]bool{}, map[string]bool{}, map[int64]bool{}
		// A sum of the same numbers is the same only in the same order.
		slices.SortFunc(list, func(a, b Judged) int { return cmp.Compare(a.Urgency, b.Urgency) })
		for _, f := range list {
			from[f.Version.Version], about[f.Finding.Vulnerability.ID], boms[f.Use.BomID] = true, true, true
			u.Priority += f.Urgency
			if f.Kev != nil {
				u.KEV++
			}
		}
		for version := range from {
			u.From = append(u.From, version)
		}
		u.Vulnerabilities, u.Boms = len(about), len(boms)
		upgrades = append(upgrades, u)
	}
	slices.SortFunc(upgrades, func(a, b Upgrade) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.PackageID, b.PackageID), strings.Compare(a.To, b.To))
	})
	return upgrades
}

// highestFix is the last of the versions that end the findings of one version.
// Of those that have no order the first counts.
func highestFix(v store.PackageVersion, findings []Judged) string {
	highest := findings[0].Finding.FixedIn
	for _, f := range findings[1:] {
		if c, err := match.Compare(v.Ecosystem, f.Finding.FixedIn, highest); err == nil && c > 0 {
			highest = f.Finding.FixedIn
		}
	}
	return highest
}
