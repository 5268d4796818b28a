package lockfile

import (
	"regexp"
	"strings"

	"loadline/purl"
)

var (
	mixEntry = regexp.MustCompile(`^\s*"([^"]+)":\s*\{:(\w+),\s*(.*)$`)
	mixHex   = regexp.MustCompile(`^:"?([\w-]+)"?,\s*"([^"]*)"`)
	mixGit   = regexp.MustCompile(`^"([^"]*)",\s*"([^"]*)"`)
	mixNeeds = regexp.MustCompile(`\{:"?(\w+)"?,\s*"[^"]*",\s*\[`)
	mixOuter = regexp.MustCompile(`\],\s*"[^"]*",\s*"([0-9a-f]{64})"\},?$`)
)

// readMix reads mix.lock of Elixir and Erlang: an Elixir map with one entry a
// line.
func readMix(b *builder, data []byte) error {
	type need struct {
		line, from int
		rest       string
	}
	byName := map[string]int{}
	var needs []need
	for n, line := range lines(data) {
		text := strings.TrimSpace(line)
		if text == "" || text == "%{" || text == "}" || text == "%{}" || text[0] == '#' {
			continue
		}
		if n == 1 {
			text = strings.TrimSpace(strings.TrimPrefix(text, "%{"))
		}
		found := mixEntry.FindStringSubmatch(text)
		if found == nil {
			b.warn(WarnInvalidEntry, lineNo(n), "%q is not an entry such as `\"jason\": {:hex, …}`; it is left out", clip(text))
			continue
		}
		app, kind, rest := found[1], found[2], found[3]
		p := Package{Key: app, Name: app}
		id := purl.PURL{Type: "hex", Name: app}
		switch kind {
		case "hex":
			hex := mixHex.FindStringSubmatch(rest)
			if hex == nil {
				b.warn(WarnInvalidEntry, lineNo(n), "%s: expected {:hex, :name, \"version\", …}; it is left out", clip(app))
				continue
			}
			p.Name, p.Version = hex[1], hex[2]
			id.Name, id.Version = hex[1], hex[2]
			if outer := mixOuter.FindStringSubmatch(rest); outer != nil {
				p.Hashes = hashOf("sha256", outer[1])
			}
		case "git":
			if git := mixGit.FindStringSubmatch(rest); git != nil {
				id.Qualifiers = vcs("git+" + git[1] + "@" + git[2])
			}
		}
		p.PURL = id
		pkg := b.add(lineNo(n), p)
		byName[app] = pkg
		needs = append(needs, need{n, pkg, rest})
	}
	for _, need := range needs {
		for _, found := range mixNeeds.FindAllStringSubmatch(need.rest, -1) {
			if to, ok := byName[found[1]]; ok { // what is missing is optional
				b.depend(need.from, to)
			}
		}
	}
	return nil
}
