package lockfile

import (
	"maps"
	"slices"
	"strings"

	"loadline/purl"
)

// readConan reads conan.lock: a graph of nodes as Conan 1 writes it, or the
// lists of Conan 2.
func readConan(b *builder, data []byte) error {
	r := newJSONReader(data)
	list := func(path string, scope Scope) error {
		var references texts
		if err := r.value(&references); err != nil {
			return err
		}
		for i, reference := range references {
			b.addConan(element(path, i), reference, scope)
		}
		return nil
	}
	return r.document(func(key string) error {
		switch key {
		case "version":
			return r.value((*text)(&b.lock.Version))
		case "requires":
			return list("$.requires", Required)
		case "build_requires":
			return list("$.build_requires", Excluded)
		case "python_requires":
			return list("$.python_requires", Excluded)
		case "graph_lock":
			return r.section(b, "$.graph_lock", func(key string) error {
				if key == "nodes" {
					return readConanNodes(b, r)
				}
				return r.skip()
			})
		}
		return r.skip()
	})
}

type conanNode struct {
	Ref           text  `json:"ref"`
	Pref          text  `json:"pref"` // before Conan 1.28
	Path          text  `json:"path"` // the project's own conanfile
	Context       text  `json:"context"`
	Requires      texts `json:"requires"` // ids of nodes
	BuildRequires texts `json:"build_requires"`
}

func readConanNodes(b *builder, r *jsonReader) error {
	const path = "$.graph_lock.nodes"
	nodes, added := map[string]conanNode{}, map[string]int{}
	err := r.section(b, path, func(id string) error {
		var node table[conanNode]
		if err := r.value(&node); err != nil {
			return err
		}
		reference := string(node.v.Ref)
		if reference == "" {
			reference = string(node.v.Pref)
		}
		nodes[id], added[id] = node.v, none
		name, _, _ := strings.Cut(reference, "/")
		switch {
		case node.v.Path != "", reference != "" && (name == "" || !strings.Contains(reference, "/")):
			return nil // the project
		case reference == "":
			b.warn(WarnInvalidEntry, at(path, id), "no \"ref\" in it; it is left out")
			return nil
		}
		scope := Required
		if node.v.Context == "build" {
			scope = Excluded
		}
		added[id] = b.addConan(at(path, id), reference, scope)
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(nodes)) {
		for _, to := range slices.Concat(nodes[id].Requires, nodes[id].BuildRequires) {
			target, ok := added[to]
			if !ok {
				b.warn(WarnDanglingRef, at(path, id), "needs node %q, which the file does not hold", to)
				continue
			}
			b.depend(added[id], target)
			if added[id] == none {
				b.direct(target, true)
			}
		}
	}
	b.indirectUnlessSaid()
	return nil
}

// addConan adds a package by its reference:
// name/version@user/channel#revision:package#revision%time, most of it optional.
func (b *builder) addConan(location, reference string, scope Scope) int {
	plain, _, _ := strings.Cut(reference, "%")
	plain, _, _ = strings.Cut(plain, ":")
	plain, _, _ = strings.Cut(plain, "#")
	plain, owner, _ := strings.Cut(plain, "@")
	name, version, ok := strings.Cut(plain, "/")
	if !ok {
		b.warn(WarnInvalidEntry, location, "%q is not name/version; it is left out", clip(reference))
		return none
	}
	id := purl.PURL{Type: "conan", Name: name, Version: version}
	if user, channel, ok := strings.Cut(owner, "/"); ok && user != "_" {
		id.Qualifiers = []purl.Qualifier{{Key: "channel", Value: channel}, {Key: "user", Value: user}}
	}
	return b.add(location, Package{Key: plain, PURL: id, Name: name, Version: version, Scope: scope})
}
