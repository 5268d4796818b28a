package lockfile

import (
	"strings"

	"loadline/purl"
)

func (b *builder) addNuGet(location, name, version string, p Package) int {
	p.Name, p.Version = name, version
	p.PURL = purl.PURL{Type: "nuget", Name: name, Version: version}
	return b.add(location, p)
}

// readPackagesLock reads packages.lock.json, which locks each target framework
// on its own.
func readPackagesLock(b *builder, data []byte) error {
	r := newJSONReader(data)
	return r.document(func(key string) error {
		switch key {
		case "version":
			return r.value((*text)(&b.lock.Version))
		case "dependencies":
			return r.section(b, "$.dependencies", func(framework string) error {
				return readNuGetFramework(b, r, at("$.dependencies", framework))
			})
		}
		return r.skip()
	})
}

func readNuGetFramework(b *builder, r *jsonReader, path string) error {
	type need struct {
		from int
		list pairs
	}
	var needs []need
	byName := map[string]int{} // NuGet's names fold case
	err := r.section(b, path, func(name string) error {
		var entry table[struct {
			Type         text  `json:"type"`
			Resolved     text  `json:"resolved"`
			ContentHash  text  `json:"contentHash"`
			Dependencies pairs `json:"dependencies"`
		}]
		if err := r.value(&entry); err != nil {
			return err
		}
		e, location := entry.v, at(path, name)
		if !entry.ok {
			b.warn(WarnInvalidEntry, location, "not an object; it is left out")
			return nil
		}
		if e.Type == "Project" {
			b.warn(WarnLocalPackage, location, "%s is a project of the same solution", name)
		}
		pkg := b.addNuGet(location, name, string(e.Resolved), Package{
			Key: name + "/" + string(e.Resolved), Hashes: hashOfBase64("sha512", string(e.ContentHash)),
		})
		b.direct(pkg, e.Type == "Direct")
		byName[strings.ToLower(name)] = pkg
		needs = append(needs, need{pkg, e.Dependencies})
		return nil
	})
	if err != nil {
		return err
	}
	for _, n := range needs {
		for _, d := range n.list {
			// A target for one runtime holds only what differs from its framework.
			if to, ok := byName[strings.ToLower(d.key)]; ok {
				b.depend(n.from, to)
			}
		}
	}
	return nil
}

// readPackagesConfig reads packages.config, a flat list.
func readPackagesConfig(b *builder, data []byte) error {
	root, err := parseXML(data, "packages")
	if err != nil {
		return err
	}
	for _, e := range root.children {
		if e.name != "package" {
			b.warn(WarnInvalidEntry, lineNo(e.line), "<%s> is not a <package>; it is left out", clip(e.name))
			continue
		}
		scope := Required
		if strings.EqualFold(e.attr("developmentDependency"), "true") {
			scope = Excluded
		}
		id, version := e.attr("id"), e.attr("version")
		b.addNuGet(lineNo(e.line), id, version, Package{Key: id + "/" + version, Scope: scope})
	}
	return nil
}

// readDepsJSON reads the deps.json that the .NET SDK puts beside a program.
func readDepsJSON(b *builder, data []byte) error {
	r := newJSONReader(data)
	added := map[string]int{}     // "Name/1.0.0"
	projects := map[string]bool{} // the program itself and its projects
	needs := map[string]pairs{}
	var order []string
	err := r.document(func(key string) error {
		switch key {
		case "targets":
			return r.section(b, "$.targets", func(framework string) error {
				path := at("$.targets", framework)
				return r.section(b, path, func(library string) error {
					var entry table[struct {
						Dependencies pairs `json:"dependencies"`
					}]
					if err := r.value(&entry); err != nil {
						return err
					}
					if _, ok := needs[library]; !ok {
						order = append(order, library)
					}
					needs[library] = append(needs[library], entry.v.Dependencies...)
					return nil
				})
			})
		case "libraries":
			return r.section(b, "$.libraries", func(library string) error {
				return readDepsLibrary(b, r, library, added, projects)
			})
		}
		return r.skip()
	})
	if err != nil {
		return err
	}
	for _, library := range order {
		from, ok := added[library]
		if !ok {
			from = none
		}
		for _, d := range needs[library] {
			to, ok := added[d.key+"/"+d.value]
			if !ok {
				continue // trimmed away
			}
			b.depend(from, to)
			if projects[library] {
				b.direct(to, true)
			}
		}
	}
	for library, pkg := range added {
		if !projects[library] && len(projects) > 0 {
			b.direct(pkg, false)
		}
	}
	return nil
}

func readDepsLibrary(b *builder, r *jsonReader, library string, added map[string]int, projects map[string]bool) error {
	var entry table[struct {
		Type text `json:"type"`
		Hash text `json:"sha512"`
	}]
	if err := r.value(&entry); err != nil {
		return err
	}
	location := at("$.libraries", library)
	name, version, ok := strings.Cut(library, "/")
	if !ok {
		b.warn(WarnInvalidEntry, location, "not of the form Name/1.2.3; it is left out")
		return nil
	}
	if entry.v.Type == "project" {
		projects[library] = true
	}
	algorithm, hash, _ := strings.Cut(string(entry.v.Hash), "-")
	added[library] = b.addNuGet(location, name, version, Package{Key: library, Hashes: hashOfBase64(algorithm, hash)})
	return nil
}
