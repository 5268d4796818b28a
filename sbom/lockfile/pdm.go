package lockfile

import "slices"

// readPdm reads pdm.lock of any version. A package that is asked for with
// extras has a table of its own beside the plain one; both are one package.
func readPdm(b *builder, data []byte) error {
	var doc struct {
		Packages []struct {
			Name         string     `toml:"name"`
			Version      string     `toml:"version"`
			Groups       []string   `toml:"groups"`
			Files        []pypiFile `toml:"files"`
			Dependencies []string   `toml:"dependencies"`
			Git          string     `toml:"git"`
			Revision     string     `toml:"revision"`
			Path         string     `toml:"path"`
		} `toml:"package"`
		Metadata struct {
			LockVersion string                `toml:"lock_version"`
			Files       map[string][]pypiFile `toml:"files"` // by "name version", before PDM 2.8
		} `toml:"metadata"`
	}
	if err := decodeTOML(data, &doc); err != nil {
		return err
	}
	b.lock.Version = doc.Metadata.LockVersion
	graph := newPyPIGraph(b)
	added := make([]int, len(doc.Packages))
	for i, p := range doc.Packages {
		location, git := element("package", i), ""
		if p.Git != "" {
			git = "git+" + p.Git + "@" + p.Revision
		}
		if p.Path != "" {
			b.warn(WarnLocalPackage, location, "%s comes from %q, not from an index", p.Name, p.Path)
		}
		added[i] = b.addPyPI(location, p.Name, p.Version, git, Package{
			Key:    p.Name + "@" + p.Version,
			Scope:  pdmScope(p.Groups),
			Hashes: pypiHashes(slices.Concat(p.Files, doc.Metadata.Files[p.Name+" "+p.Version])),
		})
		graph.added(p.Name, added[i])
	}
	for i, p := range doc.Packages {
		for _, requirement := range p.Dependencies {
			graph.depend(added[i], pypiName.FindString(requirement))
		}
	}
	return nil
}

// pdmScope maps a package's groups. Groups other than default and dev are
// extras or development groups; the file does not say which.
func pdmScope(groups []string) Scope {
	switch {
	case len(groups) == 0:
		return ""
	case slices.Contains(groups, "default"):
		return Required
	case slices.Contains(groups, "dev") && len(groups) == 1:
		return Excluded
	}
	return Optional
}
