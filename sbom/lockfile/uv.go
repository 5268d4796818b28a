package lockfile

import (
	"maps"
	"slices"
)

// readUv reads uv.lock. The project is the package in the folder of the file;
// members of its workspace are packages in other folders.
func readUv(b *builder, data []byte) error {
	var doc struct {
		Version  any `toml:"version"`
		Manifest struct {
			Members []string `toml:"members"`
		} `toml:"manifest"`
		Packages []uvPackage `toml:"package"`
	}
	if err := decodeTOML(data, &doc); err != nil {
		return err
	}
	b.lock.Version = scalar(doc.Version)
	graph := newPyPIGraph(b)
	added := make([]int, len(doc.Packages))
	for i, p := range doc.Packages {
		added[i] = none
		if p.Source.folder() == "." {
			b.lock.Name = p.Name
			continue
		}
		location := element("package", i)
		if folder := p.Source.folder(); folder != "" {
			b.warn(WarnLocalPackage, location, "%s comes from %q, not from an index", p.Name, folder)
		}
		added[i] = b.addPyPI(location, p.Name, p.Version, p.Source.Git, Package{
			Key: p.Name + "@" + p.Version, Hashes: pypiHashes(append(p.Wheels, p.Sdist)),
		})
		graph.added(p.Name, added[i])
	}
	var required, optional, excluded []int
	for i, p := range doc.Packages {
		root := p.Source.folder() == "." || slices.Contains(doc.Manifest.Members, p.Name)
		for _, group := range []struct {
			lists map[string][]uvDependency
			into  *[]int
		}{
			{map[string][]uvDependency{"": p.Dependencies}, &required},
			{p.Optional, &optional},
			{p.Dev, &excluded},
			{p.OldDev, &excluded},
		} {
			for _, name := range slices.Sorted(maps.Keys(group.lists)) {
				for _, d := range group.lists[name] {
					found := graph.version(d)
					for _, to := range found {
						b.depend(added[i], to)
						if root {
							b.direct(to, true)
						}
					}
					if root {
						*group.into = append(*group.into, found...)
					}
				}
			}
		}
	}
	b.scopes(required, optional, excluded)
	if len(required)+len(optional)+len(excluded) > 0 {
		b.indirectUnlessSaid()
	}
	return nil
}

type uvPackage struct {
	Name         string                    `toml:"name"`
	Version      string                    `toml:"version"`
	Source       uvSource                  `toml:"source"`
	Dependencies []uvDependency            `toml:"dependencies"`
	Optional     map[string][]uvDependency `toml:"optional-dependencies"`
	Dev          map[string][]uvDependency `toml:"dev-dependencies"`
	OldDev       map[string][]uvDependency `toml:"dependency-groups"`
	Sdist        pypiFile                  `toml:"sdist"`
	Wheels       []pypiFile                `toml:"wheels"`
}

type uvDependency struct {
	Name    string `toml:"name"`
	Version string `toml:"version"` // where several versions are locked
}

type uvSource struct {
	Git       string `toml:"git"`
	Path      string `toml:"path"`
	Directory string `toml:"directory"`
	Editable  string `toml:"editable"`
	Virtual   string `toml:"virtual"`
}

// folder returns the folder or file that a package comes from; empty where it
// comes from elsewhere.
func (s uvSource) folder() string {
	for _, folder := range []string{s.Virtual, s.Editable, s.Directory, s.Path} {
		if folder != "" {
			return folder
		}
	}
	return ""
}

// version returns the packages that a dependency of uv's means.
func (g *pypiGraph) version(d uvDependency) []int {
	found := g.find(d.Name)
	if d.Version == "" {
		return found
	}
	return slices.DeleteFunc(slices.Clone(found), func(pkg int) bool {
		return pkg == none || g.b.lock.Packages[pkg].Version != d.Version
	})
}
