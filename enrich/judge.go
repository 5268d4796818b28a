package enrich

import (
	"loadline/purl"
	"loadline/triage"
)

// Judged is a finding about a component, with what has been decided about it.
type Judged struct {
	Hit
	Decision triage.Decision
	Decided  bool
	Urgency  float64 // as Priority returns it
}

// Judge adds to each finding what has been decided about it, by Bom.
func Judge(hits []Hit, decisions map[int64]triage.Set) []Judged {
	judged := make([]Judged, len(hits))
	for i, h := range hits {
		judged[i] = Judged{Hit: h, Urgency: h.Priority()}
		if set := decisions[h.Use.BomID]; len(set) > 0 {
			judged[i].Decision, judged[i].Decided = set.Of(Subject(h.Version.PURL, h.Finding.Vulnerability))
		}
	}
	return judged
}

// State is what has been decided: triage.Open without a decision.
func (j Judged) State() triage.State {
	if !j.Decided {
		return triage.Open
	}
	return j.Decision.State
}

// Subject is what decisions about a vulnerability of a package version go by.
func Subject(packageVersion string, v *Vulnerability) triage.Finding {
	f := triage.Finding{IDs: append([]string{v.ID}, v.Aliases...)}
	// One that is stored is valid: it has been parsed before.
	if p, err := purl.Parse(packageVersion); err == nil {
		f.Package, f.Version = p.Package().String(), p.Version
	}
	return f
}
