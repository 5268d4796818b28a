package lockfile

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/jsonc"
)

// readBun reads bun.lock: JSON with comments and trailing commas. Packages are
// keyed by the names on the way to them, "parent/child" where several versions
// are installed.
func readBun(b *builder, data []byte) error {
	r := newJSONReader(jsonc.ToJSON(data))
	root := &npmNode{pkg: none, importer: true}
	var members []bunMember
	err := r.document(func(key string) error {
		switch key {
		case "lockfileVersion":
			return r.value((*text)(&b.lock.Version))
		case "workspaces":
			return r.section(b, "$.workspaces", func(folder string) error {
				var entry table[npmEntry]
				err := r.value(&entry)
				members = append(members, bunMember{folder, entry.v})
				return err
			})
		case "packages":
			return r.section(b, "$.packages", func(key string) error { return readBunPackage(b, r, root, key) })
		}
		return r.skip()
	})
	if err != nil {
		return err
	}
	resolveNpm(b, root, "$.packages")
	connectBunMembers(b, root, members)
	return nil
}

type bunMember struct {
	folder string
	entry  npmEntry
}

func readBunPackage(b *builder, r *jsonReader, root *npmNode, key string) error {
	var tuple bunTuple
	if err := r.value(&tuple); err != nil {
		return err
	}
	location := at("$.packages", key)
	if len(tuple) == 0 || tuple[0][0] != '"' {
		b.warn(WarnInvalidEntry, location, "not a list that begins with name@version; it is left out")
		return nil
	}
	var spec text
	if err := json.Unmarshal(tuple[0], &spec); err != nil {
		return err
	}
	node := root
	for i, name := range bunPath(key) {
		if i > maxDepth {
			b.warn(WarnInvalidEntry, location, "nested deeper than %d levels; it is left out", maxDepth)
			return nil
		}
		node = node.child(name)
	}
	node.path, node.entry = key, &npmEntry{}
	name, version := splitNpmSpec(string(spec))
	p := npmPackage{key: key, name: name, version: strings.TrimPrefix(version, "npm:")}
	if npmSource(version) != fromRegistry || strings.Contains(version, "://") {
		p.origin, p.version = version, ""
	}
	for _, part := range tuple[1:] {
		switch part[0] {
		case '{':
			if err := json.Unmarshal(part, node.entry); err != nil {
				return err
			}
		case '"':
			var sri text
			if err := json.Unmarshal(part, &sri); err != nil {
				return err
			}
			p.hashes = append(p.hashes, integrity(string(sri))...)
		}
	}
	node.addRequires(node.entry.Dependencies, false)
	node.addRequires(node.entry.OptionalDeps, true)
	node.addRequires(node.entry.PeerDeps, true)
	node.pkg = b.addNpm(location, p)
	return nil
}

// connectBunMembers makes direct what the members of the workspace ask for and
// tells development dependencies from the others.
func connectBunMembers(b *builder, root *npmNode, members []bunMember) {
	var required, optional, excluded []int
	for _, m := range members {
		member := none
		if m.folder == "" {
			b.lock.Name = string(m.entry.Name)
		} else if c, ok := root.byName[string(m.entry.Name)]; ok {
			member = c.pkg
		}
		for _, list := range []struct {
			of   pairs
			into *[]int
			from int // an edge would carry the member's own scope to what it only develops with
		}{
			{m.entry.Dependencies, &required, member},
			{m.entry.PeerDeps, &required, member},
			{m.entry.OptionalDeps, &optional, none},
			{m.entry.DevDeps, &excluded, none},
		} {
			for _, p := range list.of {
				if c, ok := root.byName[p.key]; ok {
					b.direct(c.pkg, true)
					b.depend(list.from, c.pkg)
					*list.into = append(*list.into, c.pkg)
				}
			}
		}
	}
	b.scopes(required, optional, excluded)
	b.indirectUnlessSaid()
}

// bunTuple is the list that describes a package.
type bunTuple []json.RawMessage

func (t *bunTuple) UnmarshalJSON(data []byte) error {
	*t = nil
	if data[0] != '[' {
		return nil
	}
	return json.Unmarshal(data, (*[]json.RawMessage)(t))
}

// bunPath splits "a/@scope/b" into "a" and "@scope/b".
func bunPath(key string) []string {
	var names []string
	scope := ""
	for _, part := range strings.Split(key, "/") {
		if strings.HasPrefix(part, "@") && scope == "" {
			scope = part + "/"
			continue
		}
		names = append(names, scope+part)
		scope = ""
	}
	return names
}
