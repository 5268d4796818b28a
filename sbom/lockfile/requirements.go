package lockfile

import (
	"regexp"
	"strings"

	"loadline/purl"
)

var (
	requirementHash = regexp.MustCompile(`--hash[=\s]+(\S+)`)
	requirementTail = regexp.MustCompile(` --?[a-z][a-z-]*\b.*$`) // options of one requirement
	requirementNote = regexp.MustCompile(`(^|\s)#.*$`)
	requirementVar  = regexp.MustCompile(`\$\{[A-Z0-9_]+\}`)
	requirementRest = regexp.MustCompile(`^(===|==|~=|>=|<=|!=|>|<|@|\()`)
	requirementSpec = regexp.MustCompile(`(===|==|~=|>=|<=|!=|>|<)\s*([^\s,;)]+)`)
)

// readRequirements reads requirements.txt. A requirement that is not pinned
// counts as the lowest version it admits. Other files, folders and URLs that
// the file refers to are not followed.
func readRequirements(b *builder, data []byte) error {
	for r := range requirementLines(data) {
		readRequirement(b, r)
	}
	return nil
}

type requirementLine struct {
	line int
	text string // continued lines joined, without comments
}

func requirementLines(data []byte) func(func(requirementLine) bool) {
	return func(yield func(requirementLine) bool) {
		var joined strings.Builder
		start := 0
		for n, line := range lines(data) {
			if joined.Len() == 0 {
				start = n
			}
			line = strings.ReplaceAll(line, "\t", " ")
			if strings.IndexByte(line, '#') >= 0 {
				line = requirementNote.ReplaceAllString(line, "")
			}
			if part, more := strings.CutSuffix(line, `\`); more {
				joined.WriteString(part + " ")
				continue
			}
			joined.WriteString(line)
			text := strings.TrimSpace(joined.String())
			joined.Reset()
			if text != "" && !yield(requirementLine{start, text}) {
				return
			}
		}
		if text := strings.TrimSpace(joined.String()); text != "" {
			yield(requirementLine{start, text})
		}
	}
}

func readRequirement(b *builder, r requirementLine) {
	location := lineNo(r.line)
	if r.text[0] == '-' {
		readRequirementOption(b, location, r.text)
		return
	}
	var files []pypiFile
	for _, found := range requirementHash.FindAllStringSubmatch(r.text, -1) {
		files = append(files, pypiFile{Hash: found[1]})
	}
	requirement := r.text
	if strings.Contains(requirement, " -") {
		requirement = requirementTail.ReplaceAllString(requirement, "")
	}
	requirement, _, _ = strings.Cut(requirement, ";")
	requirement = strings.TrimSpace(requirement)
	if requirementVar.MatchString(requirement) {
		b.warn(WarnInvalidEntry, location, "%q holds a variable of the environment; it is left out", clip(r.text))
		return
	}
	name := pypiName.FindString(requirement)
	rest := strings.TrimSpace(requirement[len(name):])
	if extras, after, ok := strings.Cut(rest, "]"); ok && strings.HasPrefix(extras, "[") {
		rest = strings.TrimSpace(after)
	}
	switch {
	case name == "", strings.Contains(requirement, "://") && !strings.HasPrefix(rest, "@"), strings.HasPrefix(rest, "/"), strings.HasPrefix(rest, ":"):
		b.warn(WarnNotFollowed, location, "%q is a place, not a package with a version; it is left out", clip(r.text))
		return
	case rest != "" && !requirementRest.MatchString(rest):
		b.warn(WarnInvalidEntry, location, "%q is not a requirement such as `name==1.2.3`; it is left out", clip(r.text))
		return
	}
	version, git := "", ""
	if url, ok := strings.CutPrefix(rest, "@"); ok {
		if url = strings.TrimSpace(url); strings.HasPrefix(url, "git+") {
			git = url
		}
		b.warn(WarnNotFollowed, location, "%s comes from %q, which is not followed", name, clip(url))
	} else {
		version = lowestVersion(b, location, name, rest)
	}
	b.addPyPI(location, name, version, git, Package{
		Key: purl.PyPIName(name), Hashes: pypiHashes(files),
	})
}

// lowestVersion returns the lowest version that a specifier admits, with a
// warning where it admits others; empty where it names none.
func lowestVersion(b *builder, location, name, specifier string) string {
	lowest := ""
	for _, found := range requirementSpec.FindAllStringSubmatch(specifier, -1) {
		operator, version := found[1], found[2]
		switch {
		case strings.HasSuffix(version, "*"):
		case operator == "==", operator == "===":
			return version
		case lowest == "" && (operator == ">=" || operator == "~="):
			lowest = version
		}
	}
	if lowest != "" {
		b.warn(WarnNotPinned, location, "%s%s admits several versions; the lowest, %s, was taken", name, clip(specifier), clip(lowest))
	}
	return lowest
}

func readRequirementOption(b *builder, location, text string) {
	option, value := text, ""
	if i := strings.IndexAny(text, "= "); i > 0 {
		option, value = text[:i], text[i+1:]
	}
	for _, short := range []string{"-r", "-c", "-e"} { // "-rother.txt"
		if rest, ok := strings.CutPrefix(option, short); ok && rest != "" {
			option, value = short, rest
		}
	}
	value = strings.TrimSpace(value)
	switch option {
	case "-r", "--requirement":
		b.warn(WarnNotFollowed, location, "%q is not read: use it on its own, or a file that holds everything", clip(value))
	case "-c", "--constraint":
		b.warn(WarnNotFollowed, location, "the constraints in %q are not applied", clip(value))
	case "-e", "--editable":
		b.warn(WarnLocalPackage, location, "%q is installed from its source; it is left out", clip(value))
	}
}

// clip shortens what is quoted from a file.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
