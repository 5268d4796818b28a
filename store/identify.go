package store

import (
	"strings"

	"loadline/match"
	"loadline/purl"
)

// identity is what a purl says about the package and the version of it that
// releases share, and how advisories name them.
type identity struct {
	packagePURL string
	versionPURL string // empty without a version
	kind        string
	name        string // as the ecosystem writes it
	version     string

	ecosystem     string // with suffix; empty where OSV covers none
	baseEcosystem string // without
	advisoryName  string // in the one spelling that match.NormalName gives
	sourceName    string // of the source package, where it is known
}

// identify reads a purl. It returns false for one that is not valid: a component
// with it has no package.
func identify(text string) (identity, bool) {
	p, err := purl.Parse(text)
	if err != nil {
		return identity{}, false
	}
	id := identity{
		packagePURL: p.Package().String(),
		kind:        p.Type,
		name:        p.DisplayName(),
		version:     p.Version,
	}
	if p.Version != "" {
		id.versionPURL = p.PackageVersion().String()
	}
	if t, ok := match.TargetOf(p); ok {
		id.ecosystem = t.Ecosystem
		id.baseEcosystem, _, _ = strings.Cut(t.Ecosystem, ":")
		id.advisoryName = match.NormalName(t.Ecosystem, t.Name)
		id.sourceName = match.NormalName(t.Ecosystem, t.Source.Name)
	}
	return id, true
}
