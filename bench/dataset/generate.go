package dataset

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Shape is how much there is of everything.
type Shape struct{ Projects, Components, Packages, Vulnerabilities int }

// Usual is the shape of the peers' data: 242 vulnerabilities a project and 54 kB
// a report, on average.
var Usual = Shape{Projects: 200, Components: 100, Packages: 4000, Vulnerabilities: 3000}

var (
	words = strings.Fields(`improper validation of user supplied input allows remote attacker to cause denial service
		via crafted request in parser module when handling nested archive headers prototype pollution path traversal
		cross site scripting regular expression memory exhaustion deserialization untrusted data authentication bypass
		race condition integer overflow heap`)
	licences   = []string{"MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "BSD-2-Clause", "MPL-2.0", "LGPL-2.1-only", "EPL-2.0"}
	severities = []string{"LOW", "MODERATE", "HIGH", "CRITICAL"}
)

// Generate returns data of that shape, the same for each seed.
func Generate(seed uint64, s Shape) *Data {
	g := generator{rand.New(rand.NewPCG(seed, 0))}
	d := &Data{Affected: map[string][]string{}, Vulnerabilities: map[string]Vulnerability{}}
	ids := make([]string, s.Vulnerabilities)
	for i := range ids {
		v := Vulnerability{ID: ghsa(i + 1), Severity: g.one(severities), Summary: g.sentence(8 + g.IntN(9)),
			Details: g.sentence(110) + "\n" + g.sentence(40)}
		if g.Float64() < 0.95 {
			v.CVE = fmt.Sprintf("CVE-%d-%05d", 2015+i%12, 10_000+i)
			v.EPSS = Score{fmt.Sprintf("%.5f", min(0.97, 0.0001+g.ExpFloat64()/12)), fmt.Sprintf("%.5f", g.Float64())}
		}
		ids[i] = v.ID
		d.Vulnerabilities[v.ID] = v
	}
	packages := make([]Component, s.Packages)
	for i := range packages {
		a, b := g.one(words), g.one(words)
		name := []string{
			fmt.Sprintf("npm/%s-%s-%d", a, b, i), fmt.Sprintf("pypi/%s-%s%d", a, b, i),
			fmt.Sprintf("golang/github.com/%s/%s%d", a, b, i), fmt.Sprintf("maven/org.%s/%s-%d", a, b, i),
		}[g.IntN(4)]
		purl := fmt.Sprintf("pkg:%s@%d.%d.%d", name, g.IntN(10), g.IntN(21), g.IntN(21))
		licensed := 1
		if g.Float64() >= 0.85 {
			licensed = 2
		}
		packages[i] = Component{PURL: purl, Licences: g.some(licences, licensed)}
		d.Affected[purl] = g.some(ids, g.IntN(6))
	}
	for n := range s.Projects {
		p := Project{Slug: fmt.Sprintf("project-%04d", n+1), Name: fmt.Sprintf("Project %d", n+1), Version: fmt.Sprintf("1.%d.0", n+1)}
		for _, i := range g.Perm(len(packages))[:s.Components] {
			p.Components = append(p.Components, packages[i])
		}
		d.Projects = append(d.Projects, p)
	}
	return d
}

type generator struct{ *rand.Rand }

func (g generator) one(of []string) string { return of[g.IntN(len(of))] }

// some returns n different ones, sorted.
func (g generator) some(of []string, n int) []string {
	chosen := make([]string, 0, n)
	for len(chosen) < n {
		if s := g.one(of); !slices.Contains(chosen, s) {
			chosen = append(chosen, s)
		}
	}
	slices.Sort(chosen)
	return chosen
}

func (g generator) sentence(n int) string {
	text := make([]string, n)
	for i := range text {
		text[i] = g.one(words)
	}
	s := strings.Join(text, " ")
	return strings.ToUpper(s[:1]) + s[1:]
}
