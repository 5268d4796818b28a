package sbom

import (
	"cmp"
	"slices"
	"strings"

	"loadline/purl"
)

// spdxVersions are the versions of SPDX 2 that this package was taught.
const spdxVersions = " 2.0 2.1 2.2 2.3 "

// spdxDocument is the id of the document itself, which many write short.
const spdxDocument = "SPDXRef-DOCUMENT"

// spdxPackage is an SPDX package, or a file where there are no packages, as a
// reader found it.
type spdxPackage struct {
	entry
	purls               []string
	concluded, declared string
}

// spdx notes the format and its version.
func (b *builder) spdx(encoding, version, location string) {
	b.doc.Format, b.doc.Encoding = "SPDX", encoding
	b.version(strings.TrimPrefix(strings.TrimSpace(version), "SPDX-"), spdxVersions, location)
}

// creator reads a creator; the one that is a tool is kept, as "syft 1.50.0".
func (b *builder) creator(s string) {
	tool, found := strings.CutPrefix(strings.TrimSpace(s), "Tool:")
	if !found {
		return
	}
	name := strings.TrimSpace(tool)
	for i := len(name) - 2; i > 0; i-- {
		if name[i] == '-' && (isDigit(name[i+1]) || name[i+1] == 'v' && i+2 < len(name) && isDigit(name[i+2])) {
			if before := name[:i]; !strings.ContainsAny(before[strings.LastIndexByte(before, '-')+1:], "0123456789") {
				b.tool(before, name[i+1:])
				return
			}
		}
	}
	b.tool(name, "")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isPURLType reports whether an external reference is a package URL, by its
// short name or by the full URI of the type.
func isPURLType(kind string) bool {
	kind = strings.TrimSpace(kind)
	return strings.EqualFold(kind[strings.LastIndexAny(kind, "/#")+1:], "purl")
}

// addPackage adds a package. With several purls the first valid one is the
// package's; others that name the same package version are left out, and each
// that names another one is a component of its own, so that nothing goes
// unmatched.
func (b *builder) addPackage(p *spdxPackage) error {
	p.licenses = spdxLicenses(p.concluded, p.declared)
	p.kind = spdxKind(p.kind)
	purls := b.validPURLs(p)
	if len(purls) > 0 {
		p.purl = purls[0]
	}
	if err := b.add(&p.entry); err != nil {
		return err
	}
	if len(purls) < 2 {
		return nil
	}
	first, _ := purl.Parse(purls[0])
	seen := map[string]bool{first.PackageVersion().String(): true}
	same := 0
	for _, s := range purls[1:] {
		other, _ := purl.Parse(s)
		key := other.PackageVersion().String()
		if seen[key] {
			same++
			continue
		}
		seen[key] = true
		b.warnings.add(p.pos, WarnSeveralPURLs, p.at(""),
			"the package has several purls; %s names another package, which was made a component of its own", quote(s))
		extra := p.entry
		extra.ref, extra.purl, extra.name, extra.version = "", s, other.DisplayName(), other.Version
		extra.licenses, extra.hashes = slices.Clone(p.licenses), slices.Clone(p.hashes)
		if err := b.add(&extra); err != nil {
			return err
		}
	}
	if same > 0 {
		b.warnings.add(p.pos, WarnSeveralPURLs, p.at(""),
			"the package has several purls; %d that name the same package version as another were left out", same)
	}
	return nil
}

// validPURLs returns the distinct purls of a package. Where none is valid, the
// first is returned for the warning it deserves; where some are, the others get
// theirs here.
func (b *builder) validPURLs(p *spdxPackage) []string {
	if len(p.purls) < 2 {
		return p.purls
	}
	var valid []string
	seen := make(map[string]bool, len(p.purls))
	for _, s := range p.purls {
		if seen[s] {
			continue
		}
		seen[s] = true
		if _, err := purl.Parse(s); err != nil {
			b.warnings.add(p.pos, WarnInvalidPURL, p.at("purl"), "%v; it was left out", err)
			continue
		}
		valid = append(valid, s)
	}
	return valid
}

// spdxLicenses returns what was concluded, or else what was declared.
func spdxLicenses(concluded, declared string) []License {
	for _, s := range []string{concluded, declared} {
		if s = strings.TrimSpace(s); s != "" && s != "NOASSERTION" && s != "NONE" {
			return []License{{Expression: s}}
		}
	}
	return nil
}

// spdxKind returns a package's purpose as CycloneDX names it.
func spdxKind(purpose string) string {
	switch kind := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(purpose)), "_", "-"); kind {
	case "application", "framework", "container", "operating-system", "device", "firmware", "file":
		return kind
	case "operatingsystem":
		return "operating-system"
	case "model":
		return "machine-learning-model"
	case "data":
		return "data"
	}
	return "library"
}

// relation is what a type of relationship means for dependencies.
type relation struct {
	depends  bool // one end depends on the other
	describe bool // one end, the document, is about the other
	reverse  bool // the second end is the one that depends, or the document
	scope    edgeScope
}

// relationOf reads a type of relationship, which SPDX 2 writes DEV_DEPENDENCY_OF
// and SPDX 3 dependsOn. The scope LifecycleScopedRelationship gives in SPDX 3
// may be empty. Types that say nothing of dependencies, such as CONTAINS, are
// the zero relation.
func relationOf(kind, lifecycle string) relation {
	switch strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(kind), "_", "")) {
	case "DESCRIBES", "DESCRIBE": // the second by mistake, in old trivy
		return relation{describe: true}
	case "DESCRIBEDBY":
		return relation{describe: true, reverse: true}
	case "DEPENDSON", "STATICLINK", "DYNAMICLINK", "HASPREREQUISITE",
		"HASDYNAMICLINK", "HASSTATICLINK":
		return relation{depends: true, scope: lifecycleScope(lifecycle)}
	case "DEPENDENCYOF", "PREREQUISITEFOR":
		return relation{depends: true, reverse: true}
	case "RUNTIMEDEPENDENCYOF":
		return relation{depends: true, reverse: true, scope: edgeRequired}
	case "OPTIONALDEPENDENCYOF", "PROVIDEDDEPENDENCYOF":
		return relation{depends: true, reverse: true, scope: edgeOptional}
	case "HASOPTIONALDEPENDENCY", "HASPROVIDEDDEPENDENCY":
		return relation{depends: true, scope: edgeOptional}
	case "DEVDEPENDENCYOF", "TESTDEPENDENCYOF", "BUILDDEPENDENCYOF":
		return relation{depends: true, reverse: true, scope: edgeExcluded}
	}
	return relation{}
}

func lifecycleScope(scope string) edgeScope {
	switch strings.ToLower(scope) {
	case "runtime":
		return edgeRequired
	case "development", "test", "build":
		return edgeExcluded
	}
	return edgePlain
}

// relate adds a relationship. i is its place in the list, for edgeAt.
func (b *builder) relate(from, kind, to, lifecycle string, pos, i int) error {
	r := relationOf(kind, lifecycle)
	if !r.depends && !r.describe {
		return nil
	}
	if from == "" || to == "" {
		b.warnings.add(pos, WarnInvalidEntry, b.edgeAt(edge{i: int32(i)}), "a %s relationship without both its ends was left out", cmp.Or(kind, "nameless"))
		return nil
	}
	if to == "NOASSERTION" || to == "NONE" {
		return nil
	}
	if r.reverse {
		from, to = to, from
	}
	if r.describe {
		if to != from {
			b.about(to)
		}
		return nil
	}
	return b.depend(from, to, r.scope, pos, i, 0)
}
