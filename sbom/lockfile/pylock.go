package lockfile

import "strings"

// readPylock reads pylock.toml, the lockfile that PEP 751 defines.
func readPylock(b *builder, data []byte) error {
	var doc struct {
		LockVersion   string   `toml:"lock-version"`
		DefaultGroups []string `toml:"default-groups"`
		Packages      []struct {
			Name         string     `toml:"name"`
			Version      string     `toml:"version"`
			Marker       string     `toml:"marker"`
			Sdist        pypiFile   `toml:"sdist"`
			Wheels       []pypiFile `toml:"wheels"`
			Archive      pypiFile   `toml:"archive"`
			Dependencies []struct {
				Name    string `toml:"name"`
				Version string `toml:"version"`
			} `toml:"dependencies"`
			VCS struct {
				Type   string `toml:"type"`
				URL    string `toml:"url"`
				Commit string `toml:"commit-id"`
			} `toml:"vcs"`
			Directory struct {
				Path string `toml:"path"`
			} `toml:"directory"`
		} `toml:"packages"`
	}
	if err := decodeTOML(data, &doc); err != nil {
		return err
	}
	b.lock.Version = doc.LockVersion
	graph := newPyPIGraph(b)
	added := make([]int, len(doc.Packages))
	for i, p := range doc.Packages {
		location, git := element("packages", i), ""
		if p.VCS.URL != "" {
			git = p.VCS.Type + "+" + p.VCS.URL + "@" + p.VCS.Commit
		}
		if p.Directory.Path != "" {
			b.warn(WarnLocalPackage, location, "%s comes from %q, not from an index", p.Name, p.Directory.Path)
		}
		added[i] = b.addPyPI(location, p.Name, p.Version, git, Package{
			Key:    p.Name + "@" + p.Version,
			Scope:  pylockScope(p.Marker, doc.DefaultGroups),
			Hashes: pypiHashes(append(p.Wheels, p.Sdist, p.Archive)),
		})
		graph.added(p.Name, added[i])
	}
	for i, p := range doc.Packages {
		for _, d := range p.Dependencies {
			for _, to := range graph.version(uvDependency{d.Name, d.Version}) {
				b.depend(added[i], to)
			}
		}
	}
	return nil
}

// pylockScope reads from a marker whether a package is only for an extra or a
// dependency group.
func pylockScope(marker string, defaultGroups []string) Scope {
	for _, group := range defaultGroups {
		if strings.Contains(marker, "'"+group+"' in dependency_groups") || strings.Contains(marker, `"`+group+`" in dependency_groups`) {
			return Required
		}
	}
	switch {
	case strings.Contains(marker, "in extras"):
		return Optional
	case strings.Contains(marker, "in dependency_groups"):
		return Excluded
	}
	return Required
}
