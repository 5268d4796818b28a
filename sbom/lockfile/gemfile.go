package lockfile

import (
	"regexp"
	"strings"

	"loadline/purl"
)

var (
	gemSpec     = regexp.MustCompile(`^([^\s(]+)(?: \(([^)]*)\))?$`)
	gemName     = regexp.MustCompile(`^([^\s(!]+)`)
	gemChecksum = regexp.MustCompile(`^([^\s(]+) \(([^)]+)\) (\w+)=([0-9a-f]+)`)
)

// readGemfile reads Gemfile.lock and gems.locked. Specs stand four blanks deep
// below the source they come from, what they need six deep; the variants of a
// gem for several platforms are one package.
func readGemfile(b *builder, data []byte) error {
	g := gemReader{b: b, byName: map[string]int{}, byVersion: map[string]int{}, current: none}
	for n, line := range lines(data) {
		if line == "" {
			continue
		}
		if err := g.line(n, indent(line), strings.TrimSpace(line), line); err != nil {
			return err
		}
	}
	if g.section == "" {
		return malformed("", "no section such as GEM or DEPENDENCIES in it")
	}
	for _, need := range g.needs {
		to, ok := g.byName[need.name]
		if !ok {
			if need.name != "bundler" { // never locked
				b.warn(WarnDanglingRef, lineNo(need.line), "%s is needed, but not in the file", need.name)
			}
			continue
		}
		b.depend(need.from, to)
		if need.from == none {
			b.direct(to, true)
		}
	}
	if g.dependencies {
		b.indirectUnlessSaid()
	}
	return nil
}

type gemReader struct {
	b            *builder
	section      string
	remote       string
	revision     string
	current      int
	dependencies bool // there is a section that says what is direct
	byName       map[string]int
	byVersion    map[string]int // "name version"
	needs        []gemNeed
}

type gemNeed struct {
	line, from int
	name       string
}

func (g *gemReader) line(n, depth int, text, whole string) error {
	if depth == 0 {
		g.section, g.remote, g.revision = whole, "", ""
		g.dependencies = g.dependencies || whole == "DEPENDENCIES"
		return nil
	}
	if g.section == "" {
		return malformed(lineNo(n), "expected a section such as GEM before the first entry")
	}
	switch g.section {
	case "GEM", "GIT", "PATH", "PLUGIN SOURCE":
		g.source(n, depth, text)
	case "DEPENDENCIES":
		if name := gemName.FindString(text); name != "" {
			g.needs = append(g.needs, gemNeed{n, none, name})
		}
	case "CHECKSUMS":
		if found := gemChecksum.FindStringSubmatch(text); found != nil {
			version, _, _ := strings.Cut(found[2], "-")
			if pkg, ok := g.byVersion[found[1]+" "+version]; ok && pkg != none {
				p := &g.b.lock.Packages[pkg]
				p.Hashes = append(p.Hashes, hashOf(found[3], found[4])...)
			}
		}
	case "BUNDLED WITH":
		g.b.lock.Version = clip(text)
	}
	return nil
}

func (g *gemReader) source(n, depth int, text string) {
	switch depth {
	case 2:
		if value, ok := strings.CutPrefix(text, "remote: "); ok {
			g.remote = value
		}
		if value, ok := strings.CutPrefix(text, "revision: "); ok {
			g.revision = value
		}
	case 4:
		found := gemSpec.FindStringSubmatch(text)
		if found == nil {
			g.current = none
			g.b.warn(WarnInvalidEntry, lineNo(n), "%q is not a gem such as `rack (2.2.3)`; it is left out", clip(text))
			return
		}
		name := found[1]
		version, _, _ := strings.Cut(found[2], "-") // what follows is a platform
		id := purl.PURL{Type: "gem", Name: name, Version: version}
		switch g.section {
		case "GIT":
			id.Qualifiers = vcs("git+" + g.remote + "@" + g.revision)
		case "PATH":
			g.b.warn(WarnLocalPackage, lineNo(n), "%s comes from %q, not from a gem server", name, clip(g.remote))
		}
		g.current = g.b.add(lineNo(n), Package{Key: name + " " + version, PURL: id, Name: name, Version: version})
		g.byName[name] = g.current
		g.byVersion[name+" "+version] = g.current
	case 6:
		if name := gemName.FindString(text); name != "" && g.current != none {
			g.needs = append(g.needs, gemNeed{n, g.current, name})
		}
	}
}
