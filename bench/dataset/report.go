package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"loadline/purl"
)

// Report is the answer about a project, in no server's own words. Lists are
// sorted, so that two reports that say the same are equal.
type Report struct {
	Project, Version string
	Components       []ReportComponent // by purl
}

// ReportComponent is a component of a Report.
type ReportComponent struct {
	PURL            string
	Licences        []string
	Vulnerabilities []ReportVulnerability // by id
}

// ReportVulnerability is a vulnerability of a ReportComponent.
type ReportVulnerability struct {
	ID, Severity, Summary string
	Probability           float64 // -1: no score
}

// Sort puts r's lists in order, and purls in their canonical form.
func (r *Report) Sort() error {
	for i := range r.Components {
		c := &r.Components[i]
		p, err := purl.Parse(c.PURL)
		if err != nil {
			return err
		}
		c.PURL = p.String()
		slices.Sort(c.Licences)
		slices.SortFunc(c.Vulnerabilities, func(a, b ReportVulnerability) int { return strings.Compare(a.ID, b.ID) })
	}
	slices.SortFunc(r.Components, func(a, b ReportComponent) int { return strings.Compare(a.PURL, b.PURL) })
	return nil
}

// Naming is how a server names vulnerabilities and their severity.
type Naming int

// The peers take an advisory's id and its own word; Loadline takes the preferred
// id of the vulnerability, its CVE, and CVSS's word.
const (
	AsAdvisory Naming = iota
	AsVulnerability
)

// Report returns the right answer about p.
func (d *Data) Report(p Project, n Naming) (Report, error) {
	r := Report{Project: p.Slug, Version: p.Version}
	for _, c := range p.Components {
		component := ReportComponent{PURL: c.PURL, Licences: slices.Clone(c.Licences)}
		for _, id := range d.Affected[c.PURL] {
			v := d.Vulnerabilities[id]
			rv := ReportVulnerability{ID: v.ID, Severity: v.Severity, Summary: v.Summary, Probability: -1}
			if v.CVE != "" {
				var err error
				if rv.Probability, err = strconv.ParseFloat(v.EPSS.Probability, 64); err != nil {
					return r, fmt.Errorf("score of %s: %w", v.CVE, err)
				}
			}
			if n == AsVulnerability {
				if v.CVE != "" {
					rv.ID = v.CVE
				}
				if v.Severity == "MODERATE" {
					rv.Severity = "MEDIUM"
				}
			}
			component.Vulnerabilities = append(component.Vulnerabilities, rv)
		}
		r.Components = append(r.Components, component)
	}
	return r, r.Sort()
}
