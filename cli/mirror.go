package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"loadline/match"
	"loadline/mirror"
	"loadline/purl"
	"loadline/sbom"
	"loadline/store"
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

// covers says whether the database has a mirror of all that is known about the
// targets.
func covers(ctx context.Context, db *store.Store, targets []match.Target) (bool, error) {
	dumps, err := db.Dumps(ctx)
	if err != nil {
		return false, err
	}
	held := make(map[string]bool, len(dumps))
	for _, d := range dumps {
		held[d.Ecosystem] = d.Generation > 0
	}
	for _, t := range targets {
		for _, key := range t.Keys() {
			if !held[key.Ecosystem] {
				return false, nil
			}
		}
	}
	return len(dumps) > 0, nil
}

// inMemory returns a document's components and their versions as the database
// would, with ids that it never gives.
func inMemory(doc *sbom.Document) ([]store.Component, []store.PackageVersion) {
	components := make([]store.Component, len(doc.Components))
	var versions []store.PackageVersion
	ids := make(map[string]int64, len(doc.Components))
	for i, c := range doc.Components {
		components[i] = store.Component{PURL: c.PURL, Name: c.Name, Version: c.Version}
		p, err := purl.Parse(c.PURL)
		if err != nil || p.Version == "" {
			continue
		}
		text := p.PackageVersion().String()
		id := ids[text]
		if id == 0 {
			id = -int64(len(versions)) - 1
			ids[text] = id
			versions = append(versions, store.PackageVersion{ID: id, PURL: text, Version: p.Version})
		}
		components[i].PackageVersionID = id
	}
	return components, versions
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

// ofMirror shows how far a sync is.
func (p *progress) ofMirror(at mirror.Progress) { p.show(at.Part, at.Done, at.Total, "records") }
