// Package dataset is the report that servers are measured with: projects of 100
// components with 0 to 5 vulnerabilities each. It gives the same facts in every
// form that a server wants them in: as bills of materials, as records of OSV and
// scores of EPSS, and as the answer that is right.
package dataset

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Data is what there is to know. It does not change.
type Data struct {
	Projects        []Project
	Affected        map[string][]string      // by purl: ids of vulnerabilities, sorted
	Vulnerabilities map[string]Vulnerability // by id
}

// Project is a project with one release.
type Project struct {
	Slug       string      `json:"slug"`
	Name       string      `json:"name"`
	Version    string      `json:"version"`
	Components []Component `json:"components"`
}

// Component is a component of a release.
type Component struct {
	PURL     string   `json:"purl"`
	Licences []string `json:"licences"` // sorted
}

// Vulnerability is what is known of a vulnerability.
type Vulnerability struct {
	ID       string // GHSA-…
	CVE      string // its alias; empty where it has none
	Severity string // LOW, MODERATE, HIGH or CRITICAL
	Summary  string
	Details  string
	EPSS     Score // only where it has a CVE
}

// Score is a score as EPSS writes it.
type Score struct{ Probability, Percentile string }

// Load reads the file upstream.json that the generator of the peers writes.
func Load(file string) (*Data, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var in struct {
		PURLs map[string][]string `json:"purls"`
		Vulns map[string]struct {
			ID, Summary, Details string
			Aliases              []string
			Own                  struct{ Severity string } `json:"database_specific"`
		} `json:"vulns"`
		EPSS     map[string][2]string `json:"epss"`
		Projects map[string]Project   `json:"projects"`
	}
	if err := json.Unmarshal(content, &in); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	d := &Data{Affected: in.PURLs, Vulnerabilities: make(map[string]Vulnerability, len(in.Vulns))}
	for id, v := range in.Vulns {
		known := Vulnerability{ID: id, Severity: v.Own.Severity, Summary: v.Summary, Details: v.Details}
		if len(v.Aliases) > 0 {
			known.CVE = v.Aliases[0]
			score := in.EPSS[known.CVE]
			known.EPSS = Score{score[0], score[1]}
		}
		d.Vulnerabilities[id] = known
	}
	for _, p := range in.Projects {
		d.Projects = append(d.Projects, p)
	}
	slices.SortFunc(d.Projects, func(a, b Project) int { return strings.Compare(a.Slug, b.Slug) })
	return d, nil
}

// Distinct returns how many vulnerabilities p has.
func (d *Data) Distinct(p Project) int {
	seen := map[string]bool{}
	for _, c := range p.Components {
		for _, id := range d.Affected[c.PURL] {
			seen[id] = true
		}
	}
	return len(seen)
}

// Apart returns the same projects with nothing in common: each has packages and
// vulnerabilities of its own, as many as in d. What a server has learned for one
// is then of no use for another.
func (d *Data) Apart() *Data {
	order := make([]string, 0, len(d.Vulnerabilities))
	for id := range d.Vulnerabilities {
		order = append(order, id)
	}
	slices.Sort(order)
	index := make(map[string]int, len(order))
	for i, id := range order {
		index[id] = i
	}
	apart := &Data{Affected: map[string][]string{}, Vulnerabilities: map[string]Vulnerability{}}
	for n, p := range d.Projects {
		own := Project{Slug: "apart-" + p.Slug, Name: p.Name, Version: p.Version}
		for _, c := range p.Components {
			base, version, _ := strings.Cut(c.PURL, "@")
			purl := fmt.Sprintf("%s-own%d@%s", base, n, version)
			own.Components = append(own.Components, Component{PURL: purl, Licences: c.Licences})
			ids := []string{}
			for _, id := range d.Affected[c.PURL] {
				v := d.Vulnerabilities[id]
				number := n*len(order) + index[id]
				v.ID = ghsa(firstApart + number)
				if v.CVE != "" {
					v.CVE = fmt.Sprintf("%s%07d", v.CVE[:len("CVE-2026-")], 1_000_000+number)
				}
				apart.Vulnerabilities[v.ID] = v
				ids = append(ids, v.ID)
			}
			slices.Sort(ids)
			apart.Affected[purl] = ids
		}
		apart.Projects = append(apart.Projects, own)
	}
	return apart
}

// firstApart is beyond the numbers that Generate makes ids of.
const firstApart = 1 << 40

// letters are those of GHSA ids.
const letters = "23456789cfghjmpqrvwx"

// ghsa returns an id of its own for each number.
func ghsa(n int) string {
	id := []byte("GHSA-2222-2222-2222")
	for at := len(id) - 1; n > 0; at-- {
		if id[at] == '-' {
			at--
		}
		id[at] = letters[n%len(letters)]
		n /= len(letters)
	}
	return string(id)
}
