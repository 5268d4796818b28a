package lockfile

import (
	"maps"
	"slices"
)

// readPoetry reads poetry.lock of any version. It does not say what the project
// asked for itself.
func readPoetry(b *builder, data []byte) error {
	var doc struct {
		Packages []struct {
			Name         string         `toml:"name"`
			Version      string         `toml:"version"`
			Category     string         `toml:"category"` // before Poetry 1.5
			Groups       []string       `toml:"groups"`   // from Poetry 2 on
			Optional     bool           `toml:"optional"`
			Files        []pypiFile     `toml:"files"`
			Dependencies map[string]any `toml:"dependencies"`
			Source       struct {
				Type     string `toml:"type"`
				URL      string `toml:"url"`
				Resolved string `toml:"resolved_reference"`
			} `toml:"source"`
		} `toml:"package"`
		Metadata struct {
			LockVersion string                `toml:"lock-version"`
			Files       map[string][]pypiFile `toml:"files"`  // lock version 1.1
			Hashes      map[string][]string   `toml:"hashes"` // lock version 1.0
		} `toml:"metadata"`
	}
	if err := decodeTOML(data, &doc); err != nil {
		return err
	}
	b.lock.Version = doc.Metadata.LockVersion
	graph := newPyPIGraph(b)
	added := make([]int, len(doc.Packages))
	for i, p := range doc.Packages {
		location := element("package", i)
		files := slices.Concat(p.Files, doc.Metadata.Files[p.Name])
		for _, sha256 := range doc.Metadata.Hashes[p.Name] {
			files = append(files, pypiFile{Hash: "sha256:" + sha256})
		}
		git := ""
		switch p.Source.Type {
		case "git":
			git = "git+" + p.Source.URL + "@" + p.Source.Resolved
		case "directory", "file":
			b.warn(WarnLocalPackage, location, "%s comes from %q, not from an index", p.Name, p.Source.URL)
		}
		added[i] = b.addPyPI(location, p.Name, p.Version, git, Package{
			Key: p.Name + "@" + p.Version, Scope: poetryScope(p.Category, p.Groups, p.Optional), Hashes: pypiHashes(files),
		})
		graph.added(p.Name, added[i])
	}
	for i, p := range doc.Packages {
		for _, name := range slices.Sorted(maps.Keys(p.Dependencies)) {
			graph.depend(added[i], name)
		}
	}
	return nil
}

func poetryScope(category string, groups []string, optional bool) Scope {
	switch {
	case category == "" && len(groups) == 0:
		if optional {
			return Optional
		}
		return "" // Poetry 1.5 to 1.8 do not say
	case category != "" && category != "main", len(groups) > 0 && !slices.Contains(groups, "main"):
		return Excluded
	case optional:
		return Optional
	}
	return Required
}
