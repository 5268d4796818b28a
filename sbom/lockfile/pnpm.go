package lockfile

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// readPnpm reads pnpm-lock.yaml of versions 5, 6 and 9. Keys of packages are
// "/a/1.0.0_peers", "/a@1.0.0(peers)" and "a@1.0.0(peers)" in turn; version 9
// moved what a package depends on to "snapshots", where alone peers are told
// apart. pnpm 11 puts a document about itself before the project's.
func readPnpm(b *builder, data []byte) error {
	documents, err := yamlDocuments(data)
	if err != nil {
		return err
	}
	for _, document := range documents {
		if document.Kind != yaml.MappingNode {
			return malformed(lineNo(document.Line), "the document is not a mapping")
		}
		p := pnpmReader{b: b, added: map[string]int{}, snapshots: map[int]bool{}}
		b.lock.Version = fieldText(document, "lockfileVersion")
		p.read(document)
	}
	if len(documents) == 0 {
		return malformed("", "the file is empty")
	}
	b.indirectUnlessSaid()
	return nil
}

type pnpmReader struct {
	b         *builder
	added     map[string]int // by key, with and without peers
	snapshots map[int]bool   // packages that a snapshot was read of
	dependent []pnpmDependent
	roots     struct{ required, optional, excluded []int }
}

type pnpmDependent struct {
	pkg   int
	entry *yaml.Node
}

func (p *pnpmReader) read(document *yaml.Node) {
	for key, entry := range entries(field(document, "packages")) {
		p.add(key, entry)
	}
	snapshots := field(document, "snapshots")
	for key, entry := range entries(snapshots) {
		pkg, ok := p.added[key.Value]
		if plain, _, peers := strings.Cut(key.Value, "("); !ok && peers {
			pkg, ok = p.added[plain]
		}
		if !ok {
			pkg = p.add(key, entry)
		}
		p.added[key.Value] = pkg
		p.snapshotScope(pkg, fieldText(entry, "optional") == "true")
		p.dependent = append(p.dependent, pnpmDependent{pkg, entry})
	}
	for _, d := range p.dependent {
		p.connect(d.pkg, d.entry, "dependencies")
		p.connect(d.pkg, d.entry, "optionalDependencies")
	}
	if importers := field(document, "importers"); importers != nil {
		for _, importer := range entries(importers) {
			p.importer(importer)
		}
	} else {
		p.importer(document)
	}
	if snapshots != nil {
		p.b.scopes(p.roots.required, p.roots.optional, p.roots.excluded)
	}
}

// snapshotScope marks a package as optional if all its snapshots are.
func (p *pnpmReader) snapshotScope(pkg int, optional bool) {
	if pkg == none {
		return
	}
	if optional && !p.snapshots[pkg] {
		p.b.lock.Packages[pkg].Scope = Optional
	} else if !optional {
		p.b.lock.Packages[pkg].Scope = Required
	}
	p.snapshots[pkg] = true
}

func (p *pnpmReader) add(key, entry *yaml.Node) int {
	name, version, origin := splitPnpmKey(key.Value, strings.HasPrefix(p.b.lock.Version, "5"))
	resolution := field(entry, "resolution")
	if said := fieldText(entry, "name"); said != "" {
		name = said
	}
	if said := fieldText(entry, "version"); said != "" {
		version = said
	}
	switch {
	case fieldText(resolution, "type") == "git":
		origin = "git+" + strings.TrimPrefix(fieldText(resolution, "repo"), "git+") + "#" + fieldText(resolution, "commit")
	case fieldText(resolution, "type") == "directory":
		origin = "file:" + fieldText(resolution, "directory")
	}
	scope := Required
	if fieldText(entry, "dev") == "true" {
		scope = Excluded
	} else if fieldText(entry, "optional") == "true" {
		scope = Optional
	}
	pkg := p.b.addNpm(lineNo(key.Line), npmPackage{
		key: key.Value, name: name, version: version, origin: origin,
		scope: scope, hashes: integrity(fieldText(resolution, "integrity")),
	})
	p.added[key.Value] = pkg
	p.dependent = append(p.dependent, pnpmDependent{pkg, entry})
	return pkg
}

func (p *pnpmReader) connect(from int, entry *yaml.Node, list string) {
	for name, ref := range entries(field(entry, list)) {
		if ref.Kind != yaml.ScalarNode || localPnpm(ref.Value) {
			continue
		}
		to, ok := p.find(name.Value, ref.Value)
		if !ok {
			p.b.warn(WarnDanglingRef, lineNo(name.Line), "needs %s at %s, which the file does not hold", name.Value, ref.Value)
			continue
		}
		p.b.depend(from, to)
	}
}

func (p *pnpmReader) importer(n *yaml.Node) {
	for _, list := range []struct {
		name string
		into *[]int
	}{
		{"dependencies", &p.roots.required},
		{"configDependencies", &p.roots.required},
		{"packageManagerDependencies", &p.roots.excluded},
		{"optionalDependencies", &p.roots.optional},
		{"devDependencies", &p.roots.excluded},
	} {
		for name, ref := range entries(field(n, list.name)) {
			wanted := nodeText(ref)
			if ref.Kind == yaml.MappingNode {
				wanted = fieldText(ref, "version")
			}
			if localPnpm(wanted) {
				continue // another member of the workspace: part of the project
			}
			pkg, ok := p.find(name.Value, wanted)
			if !ok {
				p.b.warn(WarnDanglingRef, lineNo(name.Line), "the project needs %s at %q, which the file does not hold", name.Value, wanted)
				continue
			}
			p.b.direct(pkg, true)
			*list.into = append(*list.into, pkg)
		}
	}
}

// find returns the package that a name and a reference to a version mean. An
// alias refers to another package's whole key.
func (p *pnpmReader) find(name, ref string) (int, bool) {
	for _, key := range []string{name + "@" + ref, "/" + name + "@" + ref, "/" + name + "/" + ref, ref} {
		if pkg, ok := p.added[key]; ok {
			return pkg, true
		}
	}
	return none, false
}

func localPnpm(ref string) bool {
	return strings.HasPrefix(ref, "link:") || strings.HasPrefix(ref, "workspace:")
}

// splitPnpmKey takes apart the key of a package: "/a/1.0.0_peers" where slashed
// (before version 6), "/a@1.0.0(peers)" or "a@1.0.0(peers)" where not. Keys of
// packages that are not from a registry are references to where they come from;
// their entries say name and version. Another registry stands in front of the
// name instead of the slash.
func splitPnpmKey(key string, slashed bool) (name, version, origin string) {
	if strings.HasPrefix(key, "file:") {
		return "", "", key
	}
	path, _, _ := strings.Cut(key, "(")
	path, rooted := strings.CutPrefix(path, "/")
	if host, rest, ok := strings.Cut(path, "/"); ok && !rooted && !strings.Contains(host, "@") {
		path = rest
	}
	if !slashed {
		name, version = splitNpmSpec(path)
		if strings.ContainsAny(version, ":/") {
			return name, "", version
		}
		if version != "" {
			return name, version, ""
		}
		return key, "", ""
	}
	parts := strings.Split(path, "/")
	take := 1
	if strings.HasPrefix(path, "@") {
		take = 2
	}
	if len(parts) <= take || !startsWithDigit(parts[take]) {
		return strings.TrimPrefix(key, "/"), "", ""
	}
	version, _, _ = strings.Cut(parts[take], "_")
	return strings.Join(parts[:take], "/"), version, ""
}

func startsWithDigit(s string) bool {
	return s != "" && '0' <= s[0] && s[0] <= '9'
}
