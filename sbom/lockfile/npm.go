package lockfile

import (
	"strings"

	"loadline/purl"
)

// readPackageLock reads package-lock.json and npm-shrinkwrap.json. Version 1
// nests "dependencies" as node_modules nests folders; version 2 and 3 have
// "packages" with a key for each folder.
func readPackageLock(b *builder, data []byte) error {
	r := newJSONReader(data)
	var v1, v2 *npmNode
	err := r.document(func(key string) error {
		switch key {
		case "name":
			return r.value((*text)(&b.lock.Name))
		case "lockfileVersion":
			return r.value((*text)(&b.lock.Version))
		case "dependencies":
			v1 = &npmNode{pkg: none}
			return readNpmNested(b, r, v1)
		case "packages":
			v2 = &npmNode{pkg: none}
			return readNpmFolders(b, r, v2)
		}
		return r.skip()
	})
	switch {
	case err != nil:
		return err
	case v2 != nil:
		addNpmFolders(b, v2)
		resolveNpm(b, v2, "$.packages")
		b.indirectUnlessSaid()
	case v1 != nil:
		addNpmNested(b, v1)
		resolveNpm(b, v1, "$.dependencies")
	}
	return nil
}

// npmNode is a folder that a package is installed in. A package sees the
// packages in its own node_modules folder, then in those around it.
type npmNode struct {
	name     string // folder below node_modules: "lodash", "@babel/core"
	path     string
	entry    *npmEntry // nil for a folder that only holds others
	children []*npmNode
	byName   map[string]*npmNode
	requires []npmRequire
	pkg      int  // index in the builder
	importer bool // the project itself or a member of its workspace
}

type npmRequire struct {
	name     string
	optional bool
}

type npmEntry struct {
	Name         text    `json:"name"`
	Version      text    `json:"version"`
	Resolved     text    `json:"resolved"`
	Integrity    text    `json:"integrity"`
	License      texts   `json:"license"`
	Link         boolean `json:"link"`
	Dev          boolean `json:"dev"`
	Optional     boolean `json:"optional"`
	DevOptional  boolean `json:"devOptional"`
	Dependencies pairs   `json:"dependencies"`
	DevDeps      pairs   `json:"devDependencies"`
	OptionalDeps pairs   `json:"optionalDependencies"`
	PeerDeps     pairs   `json:"peerDependencies"`
}

func (e *npmEntry) scope() Scope {
	switch {
	case bool(e.Dev):
		return Excluded
	case bool(e.Optional), bool(e.DevOptional):
		return Optional
	}
	return Required
}

func (n *npmNode) child(name string) *npmNode {
	if c, ok := n.byName[name]; ok {
		return c
	}
	c := &npmNode{name: name, pkg: none}
	if n.byName == nil {
		n.byName = map[string]*npmNode{}
	}
	n.byName[name] = c
	n.children = append(n.children, c)
	return c
}

func readNpmNested(b *builder, r *jsonReader, parent *npmNode) error {
	return r.section(b, at("$.dependencies", parent.path), func(name string) error {
		node := parent.child(name)
		node.path, node.entry = name, &npmEntry{}
		if parent.path != "" && len(parent.path) < maxName {
			node.path = parent.path + "/" + name
		}
		isObject, err := r.optional(b, at("$.dependencies", node.path), func(key string) error {
			switch key {
			case "version":
				return r.value(&node.entry.Version)
			case "resolved":
				return r.value(&node.entry.Resolved)
			case "integrity":
				return r.value(&node.entry.Integrity)
			case "dev":
				return r.value(&node.entry.Dev)
			case "optional":
				return r.value(&node.entry.Optional)
			case "requires":
				return r.value(&node.entry.Dependencies)
			case "dependencies":
				return readNpmNested(b, r, node)
			}
			return r.skip()
		})
		if !isObject {
			node.entry = nil
		}
		return err
	})
}

func addNpmNested(b *builder, n *npmNode) {
	for _, c := range n.children {
		if c.entry == nil {
			continue
		}
		location := at("$.dependencies", c.path)
		name, version := c.name, string(c.entry.Version)
		if alias, ok := strings.CutPrefix(version, "npm:"); ok {
			name, version = splitNpmSpec(alias)
		}
		origin := string(c.entry.Resolved)
		if source := npmSource(version); source != fromRegistry {
			origin, version = version, ""
		}
		c.addRequires(c.entry.Dependencies, false)
		c.pkg = b.addNpm(location, npmPackage{
			key: c.path, name: name, version: version, origin: origin,
			scope: c.entry.scope(), hashes: integrity(string(c.entry.Integrity)),
		})
		addNpmNested(b, c)
	}
}

func readNpmFolders(b *builder, r *jsonReader, root *npmNode) error {
	root.importer = true
	return r.section(b, "$.packages", func(path string) error {
		var entry table[npmEntry]
		if err := r.value(&entry); err != nil {
			return err
		}
		if !entry.ok {
			b.warn(WarnInvalidEntry, at("$.packages", path), "not an object; it is left out")
			return nil
		}
		node := root
		for i, segment := range strings.Split("/"+path, "/node_modules/") {
			if i > maxDepth {
				b.warn(WarnInvalidEntry, at("$.packages", path), "nested deeper than %d levels; it is left out", maxDepth)
				return nil
			}
			if i > 0 {
				node = node.child(segment)
			} else if segment != "/" && segment != "" {
				node = node.child(segment) // a workspace member: no package is called "/folder"
				node.importer = true
			}
		}
		node.path, node.entry = path, &entry.v
		return nil
	})
}

// addNpmFolders adds the packages of all folders, then lets links stand for the
// folders they point to.
func addNpmFolders(b *builder, root *npmNode) {
	folders := map[string]*npmNode{}
	var links []*npmNode
	var visit func(*npmNode)
	visit = func(n *npmNode) {
		if e := n.entry; e != nil {
			folders[n.path] = n
			n.addRequires(e.Dependencies, false)
			n.addRequires(e.PeerDeps, true)
			n.addRequires(e.OptionalDeps, true)
			if n.importer {
				n.addRequires(e.DevDeps, false)
			}
			switch {
			case bool(e.Link):
				links = append(links, n)
			case n != root:
				n.pkg = b.addNpmFolder(n)
			}
		}
		for _, c := range n.children {
			visit(c)
		}
	}
	visit(root)
	for _, n := range links {
		location, target := at("$.packages", n.path), string(n.entry.Resolved)
		if t, ok := folders[target]; ok && t.pkg != none {
			n.pkg = t.pkg
			continue
		}
		b.warn(WarnLocalPackage, location, "%s is a link to %q, which the file does not describe", n.name, target)
		n.pkg = b.addNpm(location, npmPackage{key: n.path, name: n.name, scope: n.entry.scope()})
	}
}

func (b *builder) addNpmFolder(n *npmNode) int {
	e := n.entry
	name := string(e.Name)
	if name == "" {
		name = n.name
		if n.importer {
			name = n.name[strings.LastIndexByte(n.name, '/')+1:]
		}
	}
	return b.addNpm(at("$.packages", n.path), npmPackage{
		key: n.path, name: name, version: string(e.Version), origin: string(e.Resolved),
		scope: e.scope(), licenses: e.License, hashes: integrity(string(e.Integrity)),
	})
}

func (n *npmNode) addRequires(list pairs, optional bool) {
	for _, p := range list {
		n.requires = append(n.requires, npmRequire{p.key, optional})
	}
}

// npmResolver finds which of several installed copies a package sees, in one
// walk: visible holds, for each name, the copies from the outermost in.
type npmResolver struct {
	b       *builder
	path    string
	visible map[string][]int
}

func resolveNpm(b *builder, root *npmNode, path string) {
	r := npmResolver{b, path, map[string][]int{}}
	r.resolve(root)
}

func (r *npmResolver) resolve(n *npmNode) {
	for _, c := range n.children {
		r.visible[c.name] = append(r.visible[c.name], c.pkg)
	}
	location, who := "", "the project"
	if len(n.requires) > 0 {
		location = at(r.path, n.path)
	}
	if n.path != "" {
		who = clip(n.path)
	}
	for _, req := range n.requires {
		copies := r.visible[req.name]
		if len(copies) == 0 {
			if !req.optional {
				r.b.warn(WarnDanglingRef, location, "%s needs %q, which the file does not hold", who, clip(req.name))
			}
			continue
		}
		to := copies[len(copies)-1]
		if n.importer {
			r.b.direct(to, true)
		}
		r.b.depend(n.pkg, to)
	}
	for _, c := range n.children {
		r.resolve(c)
	}
	for _, c := range n.children {
		r.visible[c.name] = r.visible[c.name][:len(r.visible[c.name])-1]
	}
}

// npmPackage is what package-lock.json, yarn.lock, pnpm-lock.yaml and bun.lock
// say of a package.
type npmPackage struct {
	key, name, version string
	origin             string // where it was resolved: a registry's URL, git, a folder
	scope              Scope
	licenses           []string
	hashes             []Hash
}

// addNpm adds a package of the npm ecosystem.
func (b *builder) addNpm(location string, p npmPackage) int {
	id := purl.PURL{Type: "npm", Name: p.name, Version: p.version}
	if scope, name, ok := strings.Cut(p.name, "/"); ok && strings.HasPrefix(scope, "@") {
		id.Namespace, id.Name = scope, name
	}
	switch npmSource(p.origin) {
	case fromGit:
		id.Qualifiers = vcs(p.origin)
	case fromFolder:
		b.warn(WarnLocalPackage, location, "%s comes from %q, not from a registry", p.name, p.origin)
	case fromRegistry:
	}
	return b.add(location, Package{
		Key: p.key, PURL: id, Name: p.name, Version: p.version,
		Scope: p.scope, Licenses: p.licenses, Hashes: p.hashes,
	})
}

type source int

const (
	fromRegistry source = iota
	fromGit
	fromFolder
)

// npmSource tells where a version or "resolved" of npm's points to. A tarball's
// URL counts as a registry's: its package has a name and a version.
func npmSource(s string) source {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok {
		return fromRegistry
	}
	switch {
	case scheme == "file", scheme == "link", scheme == "portal", scheme == "workspace":
		return fromFolder
	case strings.HasPrefix(scheme, "git"), scheme == "ssh", scheme == "bitbucket", scheme == "gist",
		strings.Contains(rest, ".git#"), strings.HasSuffix(rest, ".git"):
		return fromGit
	}
	return fromRegistry
}

// splitNpmSpec splits "name@range" and "@scope/name@range" in two.
func splitNpmSpec(spec string) (name, version string) {
	if spec == "" {
		return "", ""
	}
	i := strings.IndexByte(spec[1:], '@')
	if i < 0 {
		return spec, ""
	}
	return spec[:i+1], spec[i+2:]
}
