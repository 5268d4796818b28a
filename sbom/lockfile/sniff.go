package lockfile

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Sniff tells which kind of lockfile data is, which is UTF-8 without byte-order
// mark. Content decides; the file's name, which may be empty and may have
// something in front ("web-1.2.package-lock.json"), only where content cannot
// tell. A broken file is still told, so that Read can say what is wrong.
func Sniff(name string, data []byte) (Kind, bool) {
	byName := kindOfName(name)
	text := bytes.TrimLeft(data, " \t\r\n")
	if len(text) == 0 {
		return byName, byName != ""
	}
	kind := Kind("")
	switch {
	case text[0] == '{':
		kind = sniffJSON(text, byName)
	case text[0] == '<':
		kind = sniffXML(text)
	default:
		kind = sniffText(text, byName)
	}
	if kind == "" {
		kind = byName
	}
	return kind, kind != ""
}

// kindOfName returns the kind that a file's name alone suggests, or nothing.
func kindOfName(name string) Kind {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	for _, k := range []struct {
		suffix string
		kind   Kind
	}{
		{"buildscript-gradle.lockfile", GradleBuildscript}, // before gradle.lockfile, which it ends with
		{"stack.yaml.lock", StackLock},
		{"npm-shrinkwrap.json", PackageLock},
		{"gems.locked", GemfileLock},
		{"verification-metadata.xml", GradleVerification},
		{"conan.lock", ConanLock},
		{"pubspec.lock", PubspecLock},
		{"mix.lock", MixLock},
		{"go.mod", GoMod},
		{"cabal.project.freeze", CabalFreeze},
		{"gradle.lockfile", GradleLock},
		{"pom.xml", PomXML},
		{"bun.lock", BunLock},
		{"package-lock.json", PackageLock},
		{"pnpm-lock.yaml", PnpmLock},
		{"yarn.lock", YarnLock},
		{"deps.json", DepsJSON},
		{"packages.config", NuGetPackagesConfig},
		{"packages.lock.json", NuGetPackagesLock},
		{"composer.lock", ComposerLock},
		{"Pipfile.lock", PipfileLock},
		{"poetry.lock", PoetryLock},
		{"pdm.lock", PdmLock},
		{"uv.lock", UvLock},
		{"renv.lock", RenvLock},
		{"Gemfile.lock", GemfileLock},
		{"Cargo.lock", CargoLock},
		{"pylock.toml", PylockTOML},
	} {
		if front, ok := strings.CutSuffix(base, k.suffix); ok && (front == "" || strings.ContainsAny(front[len(front)-1:], ".-_")) {
			return k.kind
		}
	}
	switch {
	case strings.HasPrefix(base, "pylock.") && strings.HasSuffix(base, ".toml"):
		return PylockTOML
	case strings.Contains(base, "requirements") && strings.HasSuffix(base, ".txt"):
		return Requirements
	case strings.HasSuffix(base, ".txt") && path.Base(path.Dir(name)) == "requirements":
		return Requirements
	}
	return ""
}

func sniffJSON(text []byte, byName Kind) Kind {
	keys := topKeys(text)
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(keys, name) })
	}
	switch {
	case has("bomFormat"), has("spdxVersion"), has("@context"):
		return ""
	case has("lockfileVersion", "workspaces"):
		return BunLock
	case has("lockfileVersion"):
		return PackageLock
	case has("graph_lock"), has("version", "requires"):
		return ConanLock
	case has("runtimeTarget"), has("targets", "libraries"):
		return DepsJSON
	case has("packages", "packages-dev"), has("packages", "content-hash"):
		return ComposerLock
	case has("_meta", "default"), has("_meta", "develop"):
		return PipfileLock
	case has("R", "Packages"):
		return RenvLock
	case has("version", "dependencies") && nugetDirect.Match(text):
		return NuGetPackagesLock
	}
	return byName
}

var (
	nugetDirect = regexp.MustCompile(`"type"\s*:\s*"(Direct|Transitive|CentralTransitive|Project)"`)
	xmlRoot     = regexp.MustCompile(`<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)[\s>/]`)
	mixStart    = regexp.MustCompile(`^%\{\s*("[^"]+":\s*\{:|\}\s*$)`)
	goModLine   = regexp.MustCompile(`(?m)^module[ \t]+\S+`)
	goModOther  = regexp.MustCompile(`(?m)^(go[ \t]+1|require|replace|exclude|retract|toolchain)\b`)
	gemSection  = regexp.MustCompile(`(?m)^(GEM|GIT|PATH)\r?\n  (remote|revision|specs):`)
	gradleLine  = regexp.MustCompile(`(?m)^[\w.-]+:[\w.-]+:[^:=\s]+=\w+`)
	cabalLine   = regexp.MustCompile(`(?m)^constraints:\s*any\.`)
	yarnEntryV1 = regexp.MustCompile(`(?m)^"?@?[^\s"@]+@[^\n]*:\r?\n  version:? `)
)

func sniffXML(text []byte) Kind {
	found := xmlRoot.FindSubmatch(text)
	if found == nil {
		return ""
	}
	switch string(found[1]) {
	case "project":
		return PomXML
	case "packages":
		return NuGetPackagesConfig
	case "verification-metadata":
		return GradleVerification
	}
	return ""
}

func sniffText(text []byte, byName Kind) Kind {
	top := topLines(text)
	has := func(starts ...string) bool {
		return !slices.ContainsFunc(starts, func(s string) bool {
			return !slices.ContainsFunc(top, func(line string) bool { return strings.HasPrefix(line, s) })
		})
	}
	switch {
	case has("lockfileVersion:"):
		return PnpmLock
	case has("# yarn lockfile v1"), has("__metadata:"):
		return YarnLock
	case has("packages:", "sdks:"):
		return PubspecLock
	case has("packages:", "snapshots:"):
		return StackLock
	case has("[[package"):
		return sniffTOML(top, has, byName)
	case mixStart.Match(text):
		return MixLock
	case gemSection.Match(text), has("GEM", "DEPENDENCIES"):
		return GemfileLock
	case goModLine.Match(text) && (goModOther.Match(text) || byName == GoMod):
		return GoMod
	case cabalLine.Match(text):
		return CabalFreeze
	case has("# This is a Gradle generated file"), gradleLine.Match(text):
		if byName == GradleBuildscript {
			return byName
		}
		return GradleLock
	case byName != "":
		return byName
	case yarnEntryV1.Match(text):
		return YarnLock
	case looksLikeRequirements(text):
		return Requirements
	}
	return ""
}

func sniffTOML(top []string, has func(...string) bool, byName Kind) Kind {
	switch {
	case has("[[packages]]"):
		return PylockTOML
	case has("# This file is automatically @generated by Cargo"):
		return CargoLock
	case has("content_hash ="), has("lock_version ="), has("# This file is @generated by PDM"):
		return PdmLock
	case has("content-hash ="), has("python-versions ="), has("lock-version ="):
		return PoetryLock
	case has("source = {"), has("requires-python ="):
		return UvLock
	case byName == PoetryLock, byName == PdmLock, byName == UvLock:
		return byName
	}
	return CargoLock
}

// topLines returns the beginnings of the lines at the left margin, each once.
func topLines(text []byte) []string {
	const most = 48
	seen := map[string]bool{}
	var top []string
	for line := range bytes.Lines(text) {
		if strings.IndexByte(" \t\r\n", line[0]) >= 0 {
			continue
		}
		start := string(bytes.TrimRight(line[:min(len(line), most)], " \r\n"))
		if !seen[start] && len(seen) < 10_000 {
			seen[start] = true
			top = append(top, start)
		}
	}
	return top
}

// topKeys returns the keys of the outermost object of a JSON text, also of one
// that is cut off, has comments or commas too many.
func topKeys(text []byte) []string {
	var keys []string
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(text, i)
			if depth == 1 && len(keys) < 1_000 && bytes.HasPrefix(bytes.TrimLeft(text[min(end, len(text)):], " \t\r\n"), []byte(":")) {
				var key string
				if json.Unmarshal(text[i:end], &key) == nil {
					keys = append(keys, key)
				}
			}
			i = end - 1
		}
	}
	return keys
}

// stringEnd returns the index behind the JSON string that begins at i.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// looksLikeRequirements reports whether every line reads as a requirement or an
// option of pip's, and one at least has a version.
func looksLikeRequirements(text []byte) bool {
	versions := 0
	for r := range requirementLines(text) {
		if strings.HasPrefix(r.text, "-") {
			continue
		}
		name := pypiName.FindString(r.text)
		rest := strings.TrimSpace(r.text[len(name):])
		if name == "" || rest != "" && !strings.ContainsAny(rest[:1], "[=~<>!@;") {
			return false
		}
		if requirementSpec.MatchString(rest) {
			versions++
		}
	}
	return versions > 0
}
