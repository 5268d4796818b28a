package lockfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTraps reads small files that each hold one thing that is easily read
// wrong. want lists name, version and scope of the packages; warn a part of a
// warning.
func TestTraps(t *testing.T) {
	t.Parallel()
	const npm3 = `{"lockfileVersion": 3, "packages": {"": {}, %s}}`
	for _, tt := range []struct {
		name, data string
		kind       Kind
		want       []string
		warn       string
	}{
		{name: "npm: resolved is false", kind: PackageLock, data: `{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "resolved": false, "bundled": true}}}`, want: []string{"a 1.0.0 REQUIRED"}},
		{name: "npm: prototype keys are names", kind: PackageLock, data: fmt.Sprintf(npm3, `"node_modules/constructor": {"version": "1.0.0"}, "node_modules/__proto__": {"version": "2.0.0"}`), want: []string{"constructor 1.0.0 REQUIRED", "__proto__ 2.0.0 REQUIRED"}},
		{name: "npm: an alias goes by its own name", kind: PackageLock, data: fmt.Sprintf(npm3, `"node_modules/x": {"name": "lodash", "version": "4.17.15"}`), want: []string{"lodash 4.17.15 REQUIRED"}},
		{name: "npm: copies of one version are one package, as needed as the most needed", kind: PackageLock, data: fmt.Sprintf(npm3, `"node_modules/a": {"version": "1.0.0", "dev": true}, "node_modules/b": {"version": "1.0.0"}, "node_modules/b/node_modules/a": {"version": "1.0.0"}`), want: []string{"a 1.0.0 REQUIRED", "b 1.0.0 REQUIRED"}},
		{name: "npm: version of a wrong type", kind: PackageLock, data: fmt.Sprintf(npm3, `"node_modules/a": {"version": ["1.0.0"]}`), want: []string{"a  REQUIRED"}, warn: "a has no version"},
		{name: "npm: packages is a list", kind: PackageLock, data: `{"lockfileVersion": 3, "packages": []}`, warn: "not an object"},
		{name: "npm: a name that no registry would take", kind: PackageLock, data: fmt.Sprintf(npm3, `"node_modules/": {"version": "1.0.0"}`), warn: "the name is missing"},
		{name: "npm: a version without end", kind: PackageLock, data: fmt.Sprintf(npm3, `"node_modules/a": {"version": "`+strings.Repeat("1", 60_000)+`"}`), want: []string{"a  REQUIRED"}, warn: "longer than 256 bytes"},
		{name: "npm: control characters in a name", kind: PackageLock, data: fmt.Sprintf(npm3, `"node_modules/a\u0000b": {"version": "1.0.0"}`), warn: "holds control characters"},
		{name: "yarn 1: an alias goes by its own name", kind: YarnLock, data: "x@npm:lodash@4.17.15:\n  version \"4.17.15\"\n", want: []string{"lodash 4.17.15 "}},
		{name: "yarn 1: entry without version", kind: YarnLock, data: "broken@^1:\n  resolved x\n", want: []string{"broken  "}, warn: "broken has no version"},
		{name: "yarn berry: a patched package is the package", kind: YarnLock, data: "\"a@patch:a@npm%3A^1.0.0#./p\":\n  version: 1.0.0\n  resolution: \"a@patch:a@npm%3A1.0.0#./p::version=1.0.0&hash=1\"\n", want: []string{"a 1.0.0 "}},
		{name: "pnpm 5: peers stand behind an underscore", kind: PnpmLock, data: "lockfileVersion: 5.3\npackages:\n  /@a/b/1.0.0_@c+d@2.0.0:\n    dev: true\n", want: []string{"@a/b 1.0.0 EXCLUDED"}},
		{name: "pnpm 6: peers stand in brackets", kind: PnpmLock, data: "lockfileVersion: '6.0'\npackages:\n  /@a/b@1.0.0(@c/d@2.0.0):\n    dev: false\n", want: []string{"@a/b 1.0.0 REQUIRED"}},
		{name: "pnpm 9: peers are only in snapshots", kind: PnpmLock, data: "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {}\nsnapshots:\n  a@1.0.0(b@1.0.0): {}\n  a@1.0.0(b@2.0.0): {optional: true}\n", want: []string{"a 1.0.0 REQUIRED"}},
		{name: "pnpm: two documents are one lockfile", kind: PnpmLock, data: "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {}\n---\nlockfileVersion: '9.0'\npackages:\n  b@1.0.0: {}\n", want: []string{"a 1.0.0 REQUIRED", "b 1.0.0 REQUIRED"}},
		{name: "pnpm: an alias of YAML stands for nothing", kind: PnpmLock, data: "lockfileVersion: '6.0'\nx: &x {dev: true}\npackages:\n  /a@1.0.0: *x\n", want: []string{"a 1.0.0 REQUIRED"}},
		{name: "cargo: build metadata belongs to the version", kind: CargoLock, data: "[[package]]\nname = \"a\"\nversion = \"1.0.0+b.1\"\n", want: []string{"a 1.0.0+b.1 "}},
		{name: "cargo: a root table is a package", kind: CargoLock, data: "[root]\nname = \"a\"\nversion = \"1.0.0\"\n", want: []string{"a 1.0.0 "}},
		{name: "go: v belongs to the version", kind: GoMod, data: "module x\ngo 1.20\nrequire example.org/a/v2 v2.0.0\nrequire example.org/b v3.0.0+incompatible\n", want: []string{"example.org/a/v2 v2.0.0 ", "example.org/b v3.0.0+incompatible "}},
		{name: "go: a path keeps its case", kind: GoMod, data: "module x\ngo 1.20\nrequire example.org/Azure/a v1.0.0\n", want: []string{"example.org/Azure/a v1.0.0 "}},
		{name: "go: neither the go directive nor exclusions are packages", kind: GoMod, data: "module x\ngo 1.20\ntoolchain go1.21.1\nexclude example.org/a v1.0.0\nretract v1.0.0\n"},
		{name: "go: before 1.17 indirect modules are elsewhere", kind: GoMod, data: "module x\ngo 1.16\nrequire example.org/a v1.0.0\n", want: []string{"example.org/a v1.0.0 "}, warn: "before Go 1.17"},
		{name: "gems: variants for platforms are one package", kind: GemfileLock, data: "GEM\n  specs:\n    a (1.0.0)\n    a (1.0.0-x86_64-linux)\n", want: []string{"a 1.0.0 "}},
		{name: "gems: bundler itself is not locked", kind: GemfileLock, data: "GEM\n  specs:\n    a (1.0.0)\n\nDEPENDENCIES\n  bundler\n", want: []string{"a 1.0.0 "}},
		{name: "composer: v belongs to the version", kind: ComposerLock, data: `{"packages": [{"name": "a/b", "version": "v1.0.0"}]}`, want: []string{"a/b v1.0.0 REQUIRED"}},
		{name: "nuget: one package for several frameworks", kind: NuGetPackagesLock, data: `{"version": 1, "dependencies": {"net6.0": {"A": {"type": "Transitive", "resolved": "1.0.0"}}, "net8.0": {"A": {"type": "Direct", "resolved": "1.0.0"}}}}`, want: []string{"A 1.0.0 "}},
		{name: "python: names are normalised", kind: PipfileLock, data: `{"default": {"Zope.Interface__x": {"version": "==1.0"}}}`, want: []string{"zope-interface-x 1.0 REQUIRED"}},
		{name: "requirements: the lowest version of a range", kind: Requirements, data: "a<3,>=2.1,!=2.5\n", want: []string{"a 2.1 "}, warn: "the lowest, 2.1"},
		{name: "requirements: a pin beats a range", kind: Requirements, data: "a>=2.1,==2.5\n", want: []string{"a 2.5 "}},
		{name: "requirements: an exclusive bound names no version", kind: Requirements, data: "a>2.1\n", want: []string{"a  "}, warn: "no version"},
		{name: "requirements: epoch and local version", kind: Requirements, data: "a==1!2.0+local.1\n", want: []string{"a 1!2.0+local.1 "}},
		{name: "requirements: a line without grammar", kind: Requirements, data: "two words\n", warn: "not a requirement"},
		{name: "requirements: the last line may be continued", kind: Requirements, data: "a==1.0 \\", want: []string{"a 1.0 "}},
		{name: "pom: properties of the project", kind: PomXML, data: `<project><groupId>g</groupId><version>3</version><dependencies><dependency><groupId>${project.groupId}</groupId><artifactId>a</artifactId><version>${project.version}</version></dependency></dependencies></project>`, want: []string{"g:a 3 REQUIRED"}},
		{name: "pom: properties in a circle", kind: PomXML, data: `<project><properties><a>${b}</a><b>${a}${a}</b></properties><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${a}</version></dependency></dependencies></project>`, want: []string{"g:a  REQUIRED"}, warn: "property"},
		{name: "gradle: only whole words are tests", kind: GradleLock, data: "g:a:1=latestClasspath\ng:b:1=testFixturesCompileClasspath\n", want: []string{"g:a 1 REQUIRED", "g:b 1 EXCLUDED"}},
		{name: "mix: the package may be called otherwise than the application", kind: MixLock, data: "%{\n  \"app\": {:hex, :pkg, \"1.0.0\", \"\", [:mix], []},\n}\n", want: []string{"pkg 1.0.0 "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lock, err := Read(tt.kind, []byte(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range lock.Packages {
				got = append(got, p.Name+" "+p.Version+" "+string(p.Scope))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("packages (-want +got)\n%s", diff)
			}
			checkWarning(t, lock, tt.warn)
		})
	}
}

func checkWarning(t *testing.T, lock *Lock, want string) {
	t.Helper()
	var said []string
	for _, w := range lock.Warnings {
		said = append(said, w.Location+": "+w.Message)
	}
	all := strings.Join(said, "\n")
	if want == "" && all != "" || !strings.Contains(all, want) {
		t.Errorf("warnings are %q, want one with %q", all, want)
	}
}

// TestRefused reads files that cannot be used. Each must end soon in an error
// that says where.
func TestRefused(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 2_000_000)
	for _, tt := range []struct {
		name, data, location string
		kind                 Kind
	}{
		{"unknown kind", "", "", "other.lock"},
		{"conflict markers", "GEM\n<<<<<<< HEAD\n    rack (2.0.1)\n=======\n>>>>>>> x\n", "line 2", GemfileLock},
		{"JSON cut off", `{"lockfileVersion": 3, "packages": {"": {`, "line 1", PackageLock},
		{"JSON is null", `null`, "line 1", PackageLock},
		{"JSON goes on", "{}\n{}", "line 2", ComposerLock},
		{"JSON too deep", `{"packages": ` + deep, "line 1", PackageLock},
		{"JSON too deep below dependencies", `{"dependencies": ` + strings.Repeat(`{"a":{"dependencies":`, 20_000), "line 1", PackageLock},
		{"TOML cut off", "[[package]]\nname = \"a", "line 2", CargoLock},
		{"TOML too deep", "a = " + deep, "line 1", UvLock},
		{"TOML with a key without end", "a" + strings.Repeat(".a", 1_000_000) + " = 1\n", "line 1", UvLock},
		{"TOML of another shape", "package = 1\n", "", PoetryLock},
		{"YAML cut off", "lockfileVersion: '6.0'\npackages: {a: [", "line 2", PnpmLock},
		{"YAML too deep", "lockfileVersion: '6.0'\na: " + deep, "line 2", PnpmLock},
		{"YAML is a list", "- a\n", "line 1", PubspecLock},
		{"XML cut off", "<project>\n<dependencies>", "line 2", PomXML},
		{"XML too deep", strings.Repeat("<a>", 1_000_000), "line 1", PomXML},
		{"XML entities", "<!DOCTYPE p [<!ENTITY a 'aaaa'>]>\n<project><name>&a;</name></project>", "line 2", PomXML},
		{"XML of another root", "<other/>", "line 1", NuGetPackagesConfig},
		{"go.mod with an unknown word", "module x\nfrobnicate y\n", "line 2", GoMod},
		{"yarn without entries", "hello\n", "line 1", YarnLock},
		{"more text than any lockfile has", strings.Repeat("\n", maxSize+1), "", YarnLock},
		{"gems without sections", "", "", GemfileLock},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			lock, err := Read(tt.kind, []byte(tt.data))
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("Read = %v, %v, want an *Error", lock, err)
			}
			if refused.Location != tt.location {
				t.Errorf("location is %q, want %q (%v)", refused.Location, tt.location, err)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestDependencies(t *testing.T) {
	t.Parallel()
	// Each copy of "dep" is seen from its own folder only.
	lock, err := Read(PackageLock, []byte(`{"lockfileVersion": 3, "packages": {
		"": {"dependencies": {"a": "1"}},
		"node_modules/a": {"version": "1.0.0", "dependencies": {"dep": "2", "b": "1"}},
		"node_modules/a/node_modules/dep": {"version": "2.0.0", "dependencies": {"b": "1"}},
		"node_modules/b": {"version": "1.0.0", "dependencies": {"dep": "1"}},
		"node_modules/dep": {"version": "1.0.0"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range lock.Dependencies {
		from, to := lock.Packages[d.From], lock.Packages[d.To]
		got = append(got, from.Name+"@"+from.Version+" "+to.Name+"@"+to.Version)
	}
	want := []string{"a@1.0.0 dep@2.0.0", "a@1.0.0 b@1.0.0", "dep@2.0.0 b@1.0.0", "b@1.0.0 dep@1.0.0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadBounds(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range maxWarnings + 50 {
		fmt.Fprintf(&b, "two words %d\n", i)
	}
	lock, err := Read(Requirements, []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(lock.Warnings); n != maxWarnings+1 || lock.Warnings[n-1].Code != WarnTooManyWarnings {
		t.Errorf("%d warnings, the last %+v", n, lock.Warnings[n-1])
	}
	full := newBuilder("text")
	full.lock.Packages = make([]Package, maxPackages)
	full.addNpm("line 1", npmPackage{name: "one-more", version: "1"})
	var refused *Error
	if _, err := full.finish(); !errors.As(err, &refused) || refused.Code != TooLarge {
		t.Errorf("too many packages: %v", err)
	}
}
