// Package purl reads, normalises and writes package URLs. It knows the purl
// specification and nothing of advisories, documents or databases.
package purl

import (
	"slices"
	"strings"
)

// PURL is a package URL in parts, each percent-decoded and normalised as its
// type asks for.
type PURL struct {
	Type       string
	Namespace  string // segments joined with "/"; empty where there is none
	Name       string
	Version    string
	Qualifiers []Qualifier // sorted by key, without empty values
	Subpath    string
}

// Qualifier is one key=value pair of a package URL.
type Qualifier struct{ Key, Value string }

// Qualifier returns the value of the qualifier of that key, which is lower
// case, or "" where there is none.
func (p PURL) Qualifier(key string) string {
	i, found := slices.BinarySearchFunc(p.Qualifiers, key, func(q Qualifier, key string) int {
		return strings.Compare(q.Key, key)
	})
	if !found {
		return ""
	}
	return p.Qualifiers[i].Value
}

// Package returns what p names without its version: type, namespace and name.
// The part of a Go module's path that some generators write as subpath moves to
// its path, so that pkg:golang/x/y@5.1.0#v5 and pkg:golang/x/y/v5@5.1.0 are one
// package.
func (p PURL) Package() PURL {
	p = modulePath(p)
	return PURL{Type: p.Type, Namespace: p.Namespace, Name: p.Name}
}

// PackageVersion returns what p names with its version, and with the only
// qualifiers that decide which advisories apply: distro, distro_name and
// distro_version (the release of a distribution), upstream (the source
// package), epoch, and rpmmod (the module stream). All others, and the subpath,
// say where or how a copy was built. The same package version in many releases
// is therefore one.
func (p PURL) PackageVersion() PURL {
	kept := p.Package()
	kept.Version = p.Version
	for _, q := range p.Qualifiers {
		if decides(q.Key) {
			kept.Qualifiers = append(kept.Qualifiers, q)
		}
	}
	return kept
}

func decides(key string) bool {
	switch key {
	case "distro", "distro_name", "distro_version", "epoch", "rpmmod", "upstream":
		return true
	}
	return false
}

// DisplayName returns the name as its ecosystem writes it: @angular/core,
// org.slf4j:slf4j-api, github.com/x/y/v2, symfony/console. The namespace of an
// operating system's package is its distribution, and no part of the name.
func (p PURL) DisplayName() string {
	p = modulePath(p)
	if p.Namespace == "" {
		return p.Name
	}
	switch p.Type {
	case "deb", "apk", "rpm", "alpm":
		return p.Name
	case "maven":
		return p.Namespace + ":" + p.Name
	default:
		return p.Namespace + "/" + p.Name
	}
}

// modulePath moves the part of a Go module's path that stands in the subpath to
// where it belongs. A major version always does. Of more, the specification says
// that it is a package within the module, but the most common generator cuts every
// module path after three segments and writes the rest as subpath, and OSV reads
// it so: then all of it moves. The type qualifier, which other generators write
// beside a package, tells them apart. Other purls it returns as they are.
func modulePath(p PURL) PURL {
	if p.Type != "golang" || p.Subpath == "" {
		return p
	}
	path := strings.TrimPrefix(p.Namespace+"/"+p.Name, "/")
	first, _, _ := strings.Cut(p.Subpath, "/")
	switch {
	case isMajor(first) && isMajor(p.Name):
		return p
	case strings.Count(path, "/") == 2 && p.Qualifier("type") == "":
		path += "/" + p.Subpath
	case isMajor(first):
		path += "/" + first
	default:
		return p
	}
	last := strings.LastIndexByte(path, '/')
	p.Namespace, p.Name, p.Subpath = path[:last], path[last+1:], ""
	return p
}

// isMajor reports whether s is a major version as it ends a module path: v2 or
// higher.
func isMajor(s string) bool {
	digits, found := strings.CutPrefix(s, "v")
	if !found || digits == "" || digits[0] == '0' || digits == "1" {
		return false
	}
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return false
		}
	}
	return true
}
