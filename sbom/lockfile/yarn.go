package lockfile

import (
	"net/url"
	"strings"
)

// readYarn reads yarn.lock of version 1 and of Yarn 2 and later ("berry").
// Both are entries at the left margin, headed by the ranges that they answer;
// berry writes them as YAML and adds the project's own packages.
func readYarn(b *builder, data []byte) error {
	y := yarnReader{b: b, answers: map[string]int{}, berry: false}
	for n, line := range lines(data) {
		text := strings.TrimLeft(line, " ")
		if text == "" || text[0] == '#' {
			if text == "# yarn lockfile v1" {
				b.lock.Version = "1"
			}
			continue
		}
		if err := y.line(n, indent(line), text); err != nil {
			return err
		}
	}
	y.endEntry()
	y.connect()
	return nil
}

type yarnReader struct {
	b       *builder
	berry   bool
	entry   *yarnEntry
	list    bool           // within dependencies: or optionalDependencies:
	answers map[string]int // "name@range" to package
	entries []*yarnEntry
}

type yarnEntry struct {
	line        int
	specs       []string // "name@range"
	version     string
	resolved    string
	resolution  string
	integrity   string
	dependsOn   []npmDependency
	metadata    bool
	pkg         int
	ofWorkspace bool
}

type npmDependency struct{ name, wanted string }

func (y *yarnReader) line(n, depth int, text string) error {
	switch {
	case depth == 0:
		head, ok := strings.CutSuffix(text, ":")
		if !ok {
			return malformed(lineNo(n), "expected the head of an entry, such as `lodash@^4.17.0:`")
		}
		y.endEntry()
		y.entry = &yarnEntry{line: n, specs: yarnSpecs(head), metadata: head == "__metadata", pkg: none}
		y.berry = y.berry || y.entry.metadata
		y.list = false
		return nil
	case y.entry == nil:
		return malformed(lineNo(n), "indented line before the first entry")
	case depth <= 3:
		key, value := yarnField(text)
		y.list = value == "" && (key == "dependencies" || key == "optionalDependencies")
		y.field(key, value)
	case y.list && depth <= 5:
		if key, value := yarnField(text); key != "" {
			y.entry.dependsOn = append(y.entry.dependsOn, npmDependency{key, value})
		}
	}
	return nil
}

func (y *yarnReader) field(key, value string) {
	e := y.entry
	switch key {
	case "version":
		e.version = value
	case "resolved":
		e.resolved = value
	case "resolution":
		e.resolution = value
	case "integrity":
		e.integrity = value
	}
}

// endEntry takes up the entry that has been read.
func (y *yarnReader) endEntry() {
	e := y.entry
	y.entry = nil
	switch {
	case e == nil:
		return
	case e.metadata:
		y.b.lock.Version = e.version
		return
	}
	y.entries = append(y.entries, e)
	name, origin := e.identify()
	if where, ok := strings.CutPrefix(origin, "workspace:"); ok {
		e.ofWorkspace = true
		if where == "." {
			y.b.lock.Name = name
			return
		}
		e.version = "" // 0.0.0-use.local
	}
	p := npmPackage{key: firstOf(e.specs), name: name, version: e.version, origin: origin, hashes: integrity(e.integrity)}
	if _, sha1, ok := strings.Cut(e.resolved, "#"); ok && len(p.hashes) == 0 && npmSource(e.resolved) == fromRegistry {
		p.hashes = hashOf("sha1", sha1)
	}
	e.pkg = y.b.addNpm(lineNo(e.line), p)
	for _, spec := range e.specs {
		y.answers[spec] = e.pkg
	}
}

// identify returns the package's own name and where it comes from.
func (e *yarnEntry) identify() (name, origin string) {
	if e.resolution != "" {
		name, origin = splitNpmSpec(e.resolution)
		if source, ok := strings.CutPrefix(origin, "patch:"); ok {
			source, _, _ = strings.Cut(source, "#")
			if plain, err := url.PathUnescape(source); err == nil {
				_, origin = splitNpmSpec(plain)
			}
		}
		return name, strings.TrimPrefix(origin, "npm:")
	}
	name, wanted := splitNpmSpec(firstOf(e.specs))
	if alias, ok := strings.CutPrefix(wanted, "npm:"); ok && strings.LastIndexByte(alias, '@') > 0 {
		name, _ = splitNpmSpec(alias)
	}
	if npmSource(e.resolved) == fromGit {
		return name, e.resolved
	}
	if npmSource(wanted) != fromRegistry {
		return name, wanted
	}
	return name, e.resolved
}

func (y *yarnReader) connect() {
	for _, e := range y.entries {
		for _, d := range e.dependsOn {
			to, ok := y.answers[d.name+"@"+d.wanted]
			if !ok {
				to, ok = y.answers[d.name+"@npm:"+d.wanted]
			}
			if !ok {
				if npmSource(d.wanted) != fromFolder {
					y.b.warn(WarnDanglingRef, lineNo(e.line), "%s needs %s@%s, which the file does not hold", firstOf(e.specs), d.name, d.wanted)
				}
				continue
			}
			y.b.depend(e.pkg, to)
			if e.ofWorkspace {
				y.b.direct(to, true)
			}
		}
	}
	if y.berry {
		y.b.indirectUnlessSaid()
	}
}

// yarnSpecs splits the head of an entry: `"a@^1, a@^2"` as berry and
// `"a@^1", a@^2` as version 1 writes it.
func yarnSpecs(head string) []string {
	var specs []string
	for _, one := range strings.Split(head, ",") {
		if one = strings.Trim(one, ` "'`); one != "" {
			specs = append(specs, one)
		}
	}
	return specs
}

// yarnField splits `key "value"` and `key: value`; either may be quoted.
func yarnField(text string) (key, value string) {
	if q := text[0]; q == '"' || q == '\'' {
		end := strings.IndexByte(text[1:], q)
		if end < 0 {
			return "", ""
		}
		key, value = text[1:end+1], text[end+2:]
	} else if i := strings.IndexAny(text, ": "); i >= 0 {
		key, value = text[:i], text[i:]
	} else {
		key = text
	}
	return key, unquote(strings.TrimSpace(strings.TrimPrefix(value, ":")))
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
