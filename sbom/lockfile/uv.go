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
		git := ""
		if p.Source.Git != "" {
			git = "git+" + p.Source.Git
		}
		added[i] = b.addPyPI(location, p.Name, p.Version, git, Package{
			Key: p.Name + "@" + p.Version, Hashes: pypiHashes(append(p.Wheels, p.Sdist)),
		})
		graph.added(p.Name, added[i])
	}
	var roots uvRoots
	for i, p := range doc.Packages {
		ours := p.Source.folder() == "." || slices.Contains(doc.Manifest.Members, p.Name)
		for _, to := range graph.all(map[string][]uvDependency{"": p.Dependencies}) {
			b.depend(added[i], to)
			roots.add(b, ours, &roots.required, to)
		}
		for _, to := range graph.all(p.Optional) {
			if !ours { // an extra that somebody asked for, or it would not be locked
				b.depend(added[i], to)
			}
			roots.add(b, ours, &roots.optional, to)
		}
		for _, to := range append(graph.all(p.Dev), graph.all(p.OldDev)...) {
			roots.add(b, ours, &roots.excluded, to)
		}
	}
	b.scopes(roots.required, roots.optional, roots.excluded)
	if roots.any {
		b.indirectUnlessSaid()
	}
	return nil
}

// uvRoots is what the project and the members of its workspace ask for.
type uvRoots struct {
	required, optional, excluded []int
	any                          bool
}

func (r *uvRoots) add(b *builder, ours bool, list *[]int, pkg int) {
	if !ours {
		return
	}
	r.any = true
	b.direct(pkg, true)
	*list = append(*list, pkg)
}

// all returns the packages that lists of dependencies mean, in the order of the
// lists' names.
func (g *pypiGraph) all(lists map[string][]uvDependency) []int {
	var found []int
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		for _, d := range lists[name] {
			found = append(found, g.version(d)...)
		}
	}
	return found
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
