package lockfile

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"loadline/purl"
)

var (
	cabalPin = regexp.MustCompile(`^(?:any\.)?([A-Za-z0-9][A-Za-z0-9-]*)\s*==\s*([0-9][0-9.]*)$`)
	stackHex = regexp.MustCompile(`^(.+)-([0-9][0-9.]*)(?:@sha256:([0-9a-f]{64})(?:,\d+)?)?$`)
)

func (b *builder) addHackage(location, name, version string, p Package) int {
	p.Key, p.Name, p.Version = name+"-"+version, name, version
	p.PURL = purl.PURL{Type: "hackage", Name: name, Version: version, Qualifiers: p.PURL.Qualifiers}
	return b.add(location, p)
}

// readCabalFreeze reads cabal.project.freeze: constraints that pin versions,
// between others that set flags.
func readCabalFreeze(b *builder, data []byte) error {
	within := false
	for n, line := range lines(data) {
		text := strings.TrimSpace(line)
		if text == "" || strings.HasPrefix(text, "--") {
			continue
		}
		if indent(line) == 0 {
			key, rest, _ := strings.Cut(text, ":")
			within = strings.EqualFold(key, "constraints")
			text = strings.TrimSpace(rest)
		}
		if !within {
			continue // index-state, active-repositories, with-compiler
		}
		for _, constraint := range strings.Split(text, ",") {
			constraint = strings.TrimSpace(constraint)
			if constraint == "" {
				continue
			}
			name, rest, _ := strings.Cut(constraint, " ")
			if found := cabalPin.FindStringSubmatch(constraint); found != nil {
				b.addHackage(lineNo(n), found[1], found[2], Package{})
			} else if rest = strings.TrimSpace(rest); !strings.HasPrefix(rest, "+") && !strings.HasPrefix(rest, "-") && rest != "installed" {
				b.warn(WarnInvalidEntry, lineNo(n), "%s: %q pins no version; it is left out", clip(name), clip(constraint))
			}
		}
	}
	return nil
}

// readStack reads stack.yaml.lock: the packages that a project adds to its
// snapshot. Those of the snapshot are not in the file.
func readStack(b *builder, data []byte) error {
	documents, err := yamlDocuments(data)
	if err != nil {
		return err
	}
	if len(documents) != 1 || documents[0].Kind != yaml.MappingNode {
		return malformed("line 1", "the document is not one mapping with `packages`")
	}
	for _, item := range items(field(documents[0], "packages")) {
		readStackPackage(b, field(item, "completed"), item.Line)
	}
	for _, item := range items(field(documents[0], "snapshots")) {
		url := fieldText(field(item, "completed"), "url")
		b.warn(WarnNotFollowed, lineNo(item.Line), "the packages of the snapshot %q are not fetched", clip(url))
	}
	return nil
}

func readStackPackage(b *builder, completed *yaml.Node, line int) {
	if hackage := fieldText(completed, "hackage"); hackage != "" {
		found := stackHex.FindStringSubmatch(hackage)
		if found == nil {
			b.warn(WarnInvalidEntry, lineNo(line), "%q is not name-version@sha256:hash,size; it is left out", clip(hackage))
			return
		}
		b.addHackage(lineNo(line), found[1], found[2], Package{}) // the hash is of the cabal file
		return
	}
	p := Package{}
	if git := fieldText(completed, "git"); git != "" {
		p.PURL.Qualifiers = vcs("git+" + git + "@" + fieldText(completed, "commit"))
	}
	b.addHackage(lineNo(line), fieldText(completed, "name"), fieldText(completed, "version"), p)
}
