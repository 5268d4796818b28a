package lockfile

import (
	"regexp"
	"strings"

	"loadline/purl"
)

var pypiName = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?`)

// addPyPI adds a package of Python's, whose name need not be normalised.
func (b *builder) addPyPI(location, name, version, gitURL string, p Package) int {
	p.Name, p.Version = purl.PyPIName(strings.TrimSpace(name)), strings.TrimSpace(version)
	p.PURL = purl.PURL{Type: "pypi", Name: p.Name, Version: p.Version, Qualifiers: vcs(gitURL)}
	return b.add(location, p)
}

// pypiGraph joins packages by name. Where several versions of one name are
// locked, for different platforms, a dependency on the name is one on each.
type pypiGraph struct {
	b      *builder
	byName map[string][]int
}

func newPyPIGraph(b *builder) *pypiGraph {
	return &pypiGraph{b, map[string][]int{}}
}

func (g *pypiGraph) added(name string, pkg int) {
	key := purl.PyPIName(name)
	g.byName[key] = append(g.byName[key], pkg)
}

func (g *pypiGraph) find(name string) []int { return g.byName[purl.PyPIName(name)] }

// depend adds the edges from a package to all that have the name. Extras and
// markers make locks leave out dependencies, so that a name that is missing is
// no fault.
func (g *pypiGraph) depend(from int, name string) {
	for _, to := range g.find(name) {
		g.b.depend(from, to)
	}
}

// pypiFile is one file of a release, with its hash.
type pypiFile struct {
	Hash   string            `toml:"hash"`   // "sha256:hex"
	Hashes map[string]string `toml:"hashes"` // algorithm to hex
}

// pypiHashes returns the hashes of a release's files, without repeats.
func pypiHashes(files []pypiFile) []Hash {
	var hashes []Hash
	seen := map[Hash]bool{}
	take := func(found []Hash) {
		for _, h := range found {
			if !seen[h] {
				seen[h] = true
				hashes = append(hashes, h)
			}
		}
	}
	for _, f := range files {
		take(prefixed(f.Hash))
		for _, algorithm := range []string{"md5", "sha1", "sha256", "sha384", "sha512"} {
			take(hashOf(algorithm, f.Hashes[algorithm]))
		}
	}
	return hashes
}
