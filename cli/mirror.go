package cli

import (
	"fmt"
	"io"
	"slices"

	"loadline/match"
	"loadline/mirror"
	"loadline/purl"
	"loadline/sbom"
)

// targetsOf are what advisories call the components of a document, once each.
func targetsOf(doc *sbom.Document) []match.Target {
	var targets []match.Target
	seen := make(map[match.Target]bool, len(doc.Components))
	for _, c := range doc.Components {
		p, err := purl.Parse(c.PURL)
		if err != nil {
			continue // the document's warnings say so
		}
		if t, covered := match.TargetOf(p); covered && !seen[t] {
			seen[t] = true
			targets = append(targets, t)
		}
	}
	return targets
}

// ecosystemsOf are the ecosystems of targets, without release, in alphabetical
// order.
func ecosystemsOf(targets []match.Target) []string {
	var names []string
	for _, t := range targets {
		for _, key := range t.Keys() {
			names = append(names, key.Ecosystem)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// warn writes what of a mirror could not be used.
func warn(w io.Writer, r mirror.Result) {
	for _, d := range r.Dumps {
		if d.Err != nil {
			fmt.Fprintf(w, "loadline: advisories of %s: %v\n", d.Ecosystem, d.Err)
		}
		for _, p := range d.Problems {
			fmt.Fprintf(w, "loadline: advisories of %s: %s is left out: %v\n", d.Ecosystem, p.Record, p.Err)
		}
		if more := d.Skipped - len(d.Problems); more > 0 {
			fmt.Fprintf(w, "loadline: advisories of %s: %d more are left out\n", d.Ecosystem, more)
		}
	}
	for _, f := range r.Files {
		if f.Err != nil {
			fmt.Fprintf(w, "loadline: %s: %v\n", f.Name, f.Err)
		}
		if f.Skipped > 0 {
			fmt.Fprintf(w, "loadline: %s: %d entries are left out\n", f.Name, f.Skipped)
		}
	}
}
