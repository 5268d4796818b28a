// Package match decides whether an advisory affects a package version, and which
// version ends that, as the OSV schema defines it. It also knows how OSV names
// what a package URL names. It knows nothing of databases, networks or documents.
package match

import (
	"strings"

	"loadline/purl"
)

// Target is a package version as OSV names it. It can be a map key.
type Target struct {
	Ecosystem string // with release: "npm", "Debian:12"; empty where only Commit is known
	Name      string // "org.slf4j:slf4j-api", "@angular/core"; as the purl spells it, which NormalName folds
	Version   string // as OSV writes it: Go versions without "v"
	Source    Source // of a distribution's package, where it is known and differs
	Commit    string // of a Git repository, 40 or 64 lower-case hexadecimal digits
}

// Source is the source package that a distribution's package was built from.
type Source struct {
	Name    string
	Version string // empty where it is the version of the package itself
}

// Query is a package version as OSV's API is asked about it, by Commit or by the
// other three.
type Query struct {
	Ecosystem string
	Name      string
	Version   string
	Commit    string
}

// Queries returns what to ask OSV's API so that it looks for what Affects looks
// for: one query, two where a package and its source package both count or a
// commit is known beside the version, none where the version is not known.
func (t Target) Queries() []Query {
	var queries []Query
	if t.Ecosystem != "" && t.Version != "" {
		ecosystem := t.Ecosystem
		if base, _, _ := strings.Cut(ecosystem, ":"); base == redHat {
			ecosystem = base // its releases go by CPE, of which a purl knows a part
		}
		names, n := t.names()
		for _, name := range names[:n] {
			queries = append(queries, Query{Ecosystem: ecosystem, Name: name.Name, Version: name.Version})
		}
	}
	if t.Commit != "" {
		queries = append(queries, Query{Commit: t.Commit})
	}
	return queries
}

// names returns the names and versions that records may call the target by.
// Debian, Ubuntu, Alpine and their kin record source packages only; among those
// that use RPM some record source packages and some binary ones.
func (t Target) names() (names [2]Source, n int) {
	names[0] = Source{Name: t.Name, Version: t.Version}
	if t.Source.Name == "" {
		return names, 1
	}
	source := t.Source
	if source.Version == "" {
		source.Version = t.Version
	}
	if schemeOf(t.Ecosystem) == rpmScheme && source != names[0] {
		names[1] = source
		return names, 2
	}
	names[0] = source
	return names, 1
}

// simple maps purl types to ecosystems where the name is the purl's own, joined
// to its namespace where there is one.
var simple = map[string]string{
	"bitnami":  "Bitnami",
	"cargo":    "crates.io",
	"composer": "Packagist",
	"conan":    "ConanCenter",
	"cran":     "CRAN",
	"dhi":      "Docker Hardened Images",
	"dotnet":   "NuGet", // written by old releases of a well-known tool
	"gem":      "RubyGems",
	"github":   "GitHub Actions",
	"golang":   "Go",
	"gradle":   "Maven",
	"hackage":  "Hackage",
	"hex":      "Hex",
	"julia":    "Julia",
	"maven":    "Maven",
	"npm":      "npm",
	"nuget":    "NuGet",
	"opam":     "opam",
	"pub":      "Pub",
	"pypi":     "PyPI",
	"swift":    "SwiftURL",
}

// withoutNamespace are the ecosystems whose names are flat: a namespace in the
// purl says where a copy comes from.
var withoutNamespace = map[string]bool{
	"Bitnami": true, "crates.io": true, "ConanCenter": true, "CRAN": true, "Docker Hardened Images": true,
	"RubyGems": true, "Hackage": true, "Julia": true, "NuGet": true, "opam": true, "Pub": true, "PyPI": true,
}

// TargetOf returns what OSV calls p, and false where OSV holds no advisories for
// its type or its distribution: then no finding does not mean clean. A purl
// without version has a target that nothing affects. generic purls are not
// covered: OSV's server reads them as OSS-Fuzz projects, which they hardly ever
// are.
func TargetOf(p purl.PURL) (Target, bool) {
	commit := commitOf(p)
	p = p.PackageVersion()
	switch p.Type {
	case "deb", "apk", "rpm", "alpine":
		return distributionTarget(p)
	}
	ecosystem, found := simple[p.Type]
	if !found {
		return Target{Commit: commit}, commit != ""
	}
	name := p.Name
	switch {
	case p.Namespace == "" || withoutNamespace[ecosystem]:
	case ecosystem == "Maven":
		name = p.Namespace + ":" + p.Name
	default:
		name = p.Namespace + "/" + p.Name
	}
	return Target{
		Ecosystem: ecosystem,
		Name:      name,
		Version:   normalVersion(ecosystem, p.Version),
		Commit:    commit,
	}, true
}

// normalVersion returns a version as records of the ecosystem write it.
func normalVersion(ecosystem, version string) string {
	switch ecosystem {
	case "Go":
		// The toolchain calls itself go1.21.5.
		return strings.TrimPrefix(strings.TrimPrefix(version, "go"), "v")
	case "RubyGems":
		// A lock file writes 1.8.0-java and 1.8.0-x86_64-linux. Taken for a version
		// that is a pre-release, though published versions have no hyphen.
		if number, platform, found := strings.Cut(version, "-"); found && isPlatform(platform) {
			return number
		}
	}
	return version
}

// isPlatform reports whether s is a platform that gems are built for.
func isPlatform(s string) bool {
	cpu, _, _ := strings.Cut(s, "-")
	switch cpu {
	case "java", "jruby", "ruby", "x86", "x64", "x86_64", "i386", "i686", "arm", "arm64", "armv6", "armv7", "aarch64", "universal", "powerpc",
		"ppc64le", "riscv64", "s390x", "mswin32", "mswin64", "dalvik":
		return true
	}
	return false
}

// commitOf returns the commit that a purl of a repository has for its version,
// or "".
func commitOf(p purl.PURL) string {
	switch p.Type {
	case "github", "gitlab", "bitbucket":
		if isCommit(p.Version) {
			return strings.ToLower(p.Version)
		}
	}
	return ""
}

func isCommit(s string) bool {
	if len(s) != 40 && len(s) != 64 {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
