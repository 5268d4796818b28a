package standin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"loadline/purl"
)

// registry holds the packages that depsdev.json describes; all others are made
// up from their names. A package with no versions is one that deps.dev does not
// know.
type registry map[versionKey][]versionFact

// versionFact is what deps.dev says of a version.
type versionFact struct {
	Version          string   `json:"version"`
	PublishedAt      string   `json:"publishedAt"`
	IsDefault        bool     `json:"isDefault"`
	IsDeprecated     bool     `json:"isDeprecated"`
	DeprecatedReason string   `json:"deprecatedReason"`
	Licenses         []string `json:"licenses"`

	key        versionKey
	advisories []*record
}

var systems = [...]string{"GO", "RUBYGEMS", "NPM", "CARGO", "MAVEN", "PYPI", "NUGET"}

// unknownPackage in a name makes a package one that deps.dev does not know.
const unknownPackage = "doesnotexist"

// older is how many versions before the default one a made-up package has.
const older = 4

// DefaultVersion returns the version that a made-up package of system ("NPM")
// has as its default: later than what one meets, and the same in every process.
func DefaultVersion(system, name string) string {
	return defaultVersion(versionKey{System: system, Name: name}.canonical(), 0)
}

var goMajor = regexp.MustCompile(`[/.]v([0-9]+)$`)

// defaultVersion is the default, or the one so many before it.
func defaultVersion(key versionKey, before uint64) string {
	h := hashOf("default", key.System, key.Name)
	if key.System == "GO" {
		major := "1"
		if m := goMajor.FindStringSubmatch(key.Name); m != nil {
			major = m[1]
		}
		return fmt.Sprintf("v%s.%d.%d", major, 90+h%10-before, h/10%5)
	}
	return fmt.Sprintf("%d.%d.%d", 20+h%10-before, h/10%7, h/70%5)
}

// version returns what is known of key; false where deps.dev would not know it.
// Go versions have their v there.
func (s *Server) version(key versionKey) (versionFact, bool) {
	named := key.canonical()
	if key.System == "" || key.Version == "" {
		return versionFact{}, false
	}
	facts, described := s.data.registry[versionKey{System: named.System, Name: named.Name}]
	var fact versionFact
	switch i := slices.IndexFunc(facts, func(f versionFact) bool { return f.Version == key.Version }); {
	case i >= 0:
		fact = facts[i]
	case described, strings.Contains(strings.ToLower(key.Name), unknownPackage),
		key.System == "GO" && !strings.HasPrefix(key.Version, "v"):
		return versionFact{}, false
	default:
		fact = madeUp(named)
	}
	fact.advisories = s.matching(question{target: target(ecosystemOf[named.System], named.Name, named.Version)})
	return fact, true
}

// versionsOf returns the versions of the package that key names, in the order in
// which they are served; none where deps.dev would not know it.
func (s *Server) versionsOf(key versionKey) []versionFact {
	named := key.canonical()
	named.Version = ""
	if facts, ok := s.data.registry[named]; ok {
		return facts
	}
	if strings.Contains(strings.ToLower(named.Name), unknownPackage) {
		return nil
	}
	var facts []versionFact
	for before := uint64(older); ; before-- {
		named.Version = defaultVersion(named, before)
		facts = append(facts, madeUp(named))
		if before == 0 {
			return facts
		}
	}
}

// madeUpLicenses are drawn from by the hash of the package, so that the versions
// of one agree.
var madeUpLicenses = [...][]string{
	{"MIT"}, {"Apache-2.0"}, {"MIT"}, {"BSD-3-Clause"}, {"ISC"}, {"Apache-2.0", "MIT"}, {"MPL-2.0"}, {"non-standard"}, {},
}

// madeUp invents a version from its name alone. What is not the default was
// published between 2013 and 2023, the default in 2024 or 2025.
func madeUp(key versionKey) versionFact {
	ofPackage, ofVersion := hashOf(key.System, key.Name), hashOf(key.System, key.Name, key.Version)
	fact := versionFact{
		Version:   key.Version,
		IsDefault: key.Version == defaultVersion(key, 0),
		Licenses:  madeUpLicenses[ofPackage%uint64(len(madeUpLicenses))],
		key:       key,
	}
	first, days := 2013, uint64(11*365)
	if fact.IsDefault {
		first, days = 2024, 2*365
	}
	at := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(ofVersion%(days*24*3600)) * time.Second)
	fact.PublishedAt = at.Format(time.RFC3339)
	if !fact.IsDefault && ofVersion%17 == 0 {
		fact.IsDeprecated, fact.DeprecatedReason = true, "this version is no longer supported"
	}
	return fact
}

// appendTo appends f as the API writes a version. The alpha API knows fields
// that the stable one does not.
func (f versionFact) appendTo(b []byte, alpha bool) []byte {
	b = append(b, `{"versionKey":`...)
	b = appendKey(b, f.key)
	if alpha {
		b = append(b, `,"purl":`...)
		b = appendString(b, f.key.purl())
	}
	b = f.appendDates(b)
	b = append(b, `,"deprecatedReason":`...)
	b = appendString(b, f.DeprecatedReason)
	b = append(b, `,"licenses":`...)
	b = appendStrings(b, f.Licenses)
	if alpha {
		b = append(b, `,"licenseDetails":[`...)
		for i, l := range f.Licenses {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(append(b, `{"license":`...), l)
			b = append(appendString(append(b, `,"spdx":`...), l), '}')
		}
		b = append(b, ']')
	}
	b = append(b, `,"advisoryKeys":[`...)
	for i, r := range f.advisories {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(append(b, `{"id":`...), r.id), '}')
	}
	b = append(b, `],"links":[],"slsaProvenances":[],"attestations":[],"registries":[],"relatedProjects":[]`...)
	if alpha {
		b = append(b, `,"upstreamIdentifiers":[]`...)
	}
	switch {
	case f.key.System == "PYPI":
		b = append(b, `,"projectStatus":{"status":"active","reason":""}`...)
	case alpha:
		b = append(b, `,"projectStatus":{"status":"","reason":""}`...)
	}
	return append(b, '}')
}

// appendSummary appends f as an entry of a package's versions.
func (f versionFact) appendSummary(b []byte, alpha bool) []byte {
	b = append(b, `{"versionKey":`...)
	b = appendKey(b, f.key)
	if alpha {
		b = append(b, `,"purl":`...)
		b = appendString(b, f.key.purl())
	}
	return append(f.appendDates(b), '}')
}

func (f versionFact) appendDates(b []byte) []byte {
	if f.PublishedAt != "" {
		b = append(b, `,"publishedAt":`...)
		b = appendString(b, f.PublishedAt)
	}
	return fmt.Appendf(b, `,"isDefault":%t,"isDeprecated":%t`, f.IsDefault, f.IsDeprecated)
}

var (
	ecosystemOf = map[string]string{
		"GO": "Go", "RUBYGEMS": "RubyGems", "NPM": "npm", "CARGO": "crates.io", "MAVEN": "Maven", "PYPI": "PyPI", "NUGET": "NuGet",
	}
	systemOf = map[string]string{
		"golang": "GO", "gem": "RUBYGEMS", "npm": "NPM", "cargo": "CARGO", "maven": "MAVEN", "pypi": "PYPI", "nuget": "NUGET",
	}
	typeOf = map[string]string{
		"GO": "golang", "RUBYGEMS": "gem", "NPM": "npm", "CARGO": "cargo", "MAVEN": "maven", "PYPI": "pypi", "NUGET": "nuget",
	}
)

// canonical returns k with the name as deps.dev spells it.
func (k versionKey) canonical() versionKey {
	switch k.System {
	case "PYPI":
		k.Name = purl.PyPIName(k.Name)
	case "NUGET":
		k.Name = strings.ToLower(k.Name)
	}
	return k
}

func (k versionKey) purl() string {
	p := purl.PURL{Type: typeOf[k.System], Name: k.Name, Version: k.Version}
	separator := "/"
	if k.System == "MAVEN" {
		separator = ":"
	}
	if i := strings.LastIndex(k.Name, separator); i >= 0 && k.System != "PYPI" {
		p.Namespace, p.Name = k.Name[:i], k.Name[i+1:]
	}
	return p.String()
}

// registryKey returns the key of the version that p names; its system is empty where
// deps.dev does not cover the type.
func registryKey(p purl.PURL) versionKey {
	return versionKey{System: systemOf[p.Type], Name: p.DisplayName(), Version: p.Version}
}
