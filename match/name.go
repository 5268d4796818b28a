package match

import (
	"slices"
	"strings"

	"loadline/advisory"
	"loadline/purl"
)

// Key is what records and targets can be looked up by: only records that share a
// Key with a target can affect it.
type Key struct {
	Ecosystem string // without release: "Debian"
	Name      string // as NormalName returns it
}

// Keys returns the keys that records about t have, one or two, and none where t
// is only a commit.
func (t Target) Keys() []Key {
	if t.Ecosystem == "" {
		return nil
	}
	base, _, _ := strings.Cut(t.Ecosystem, ":")
	var keys []Key
	names, n := t.names()
	for _, name := range names[:n] {
		if key := (Key{base, NormalName(base, name.Name)}); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// KeysOf returns the keys of the packages that a record names, once each, in the
// order it names them.
func KeysOf(a advisory.Advisory) []Key {
	var keys []Key
	seen := make(map[Key]bool, len(a.Affected))
	for _, affected := range a.Affected {
		base, _, _ := strings.Cut(affected.Package.Ecosystem, ":")
		key := Key{base, NormalName(base, affected.Package.Name)}
		if base == "" || key.Name == "" || seen[key] {
			continue
		}
		seen[key] = true
		keys = append(keys, key)
	}
	return keys
}

// NormalName returns a package's name in the one spelling that its ecosystem
// takes it for, so that names of records and of purls can be compared. Ecosystems
// that tell names apart by case, npm and Go among them, keep it.
func NormalName(ecosystem, name string) string {
	base, _, _ := strings.Cut(ecosystem, ":")
	switch base {
	case "PyPI":
		return purl.PyPIName(name)
	case "crates.io":
		return strings.ReplaceAll(strings.ToLower(name), "_", "-")
	case "NuGet", "Packagist", "Hex", "Pub", "GitHub Actions":
		return strings.ToLower(name)
	case "SwiftURL":
		name = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(name), "https://"), "http://")
		return strings.TrimSuffix(name, ".git")
	}
	return name
}
