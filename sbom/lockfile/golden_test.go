package lockfile

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/purl"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenPackage is a Package as golden files show it.
type goldenPackage struct {
	Key, PURL, Name, Version string
	Scope                    Scope    `json:",omitempty"`
	Direct                   *bool    `json:",omitempty"`
	Licenses                 []string `json:",omitempty"`
	Hashes                   []string `json:",omitempty"`
	DependsOn                []string `json:",omitempty"`
}

type goldenLock struct {
	Kind              Kind
	Version, Encoding string
	Name              string `json:",omitempty"`
	Packages          []goldenPackage
	Warnings          []string `json:",omitempty"`
}

func golden(kind Kind, lock *Lock) goldenLock {
	g := goldenLock{Kind: kind, Version: lock.Version, Encoding: lock.Encoding, Name: lock.Name}
	for _, p := range lock.Packages {
		one := goldenPackage{p.Key, p.PURL.String(), p.Name, p.Version, p.Scope, p.Direct, p.Licenses, nil, nil}
		for _, h := range p.Hashes {
			one.Hashes = append(one.Hashes, h.Algorithm+" "+h.Value)
		}
		g.Packages = append(g.Packages, one)
	}
	for _, d := range lock.Dependencies {
		g.Packages[d.From].DependsOn = append(g.Packages[d.From].DependsOn, lock.Packages[d.To].Key)
	}
	for _, w := range lock.Warnings {
		g.Warnings = append(g.Warnings, w.Code+" "+w.Location+": "+w.Message)
	}
	return g
}

// samples returns the sample files with their contents.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string][]byte{}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() || strings.HasSuffix(file, ".golden") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		contents[filepath.Base(file)] = data
	}
	return contents
}

func TestReadGolden(t *testing.T) {
	t.Parallel()
	kinds := map[Kind]bool{}
	for name, data := range samples(t) {
		kind, ok := Sniff(name, data)
		if !ok {
			t.Errorf("%s: not told", name)
			continue
		}
		kinds[kind] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lock, err := Read(kind, data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(golden(kind, lock), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, p := range lock.Packages {
				if _, err := purl.Parse(p.PURL.String()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, kind := range allKinds() {
		if !kinds[kind] {
			t.Errorf("no sample of %s", kind)
		}
	}
}

// TestSniffWithoutName tells every sample by its content alone.
func TestSniffWithoutName(t *testing.T) {
	t.Parallel()
	for name, data := range samples(t) {
		want, _ := Sniff(name, data)
		if want == GradleBuildscript {
			want = GradleLock // the same format; only the name differs
		}
		if got, ok := Sniff("", data); got != want || !ok {
			t.Errorf("%s: Sniff = %q, %t, want %q", name, got, ok, want)
		}
		if want == Requirements {
			continue // its content alone is no proof against a name
		}
		for _, other := range []string{"bom.json", "x.lock", "package-lock.json", "Cargo.lock", "requirements.txt"} {
			if got, _ := Sniff(other, data); got != want {
				t.Errorf("%s: Sniff under the name %s = %q, want %q", name, other, got, want)
			}
		}
	}
}

func allKinds() []Kind {
	return []Kind{
		ConanLock, PubspecLock, MixLock, GoMod, CabalFreeze, StackLock, GradleBuildscript, GradleLock, GradleVerification,
		PomXML, BunLock, PackageLock, PnpmLock, YarnLock, DepsJSON, NuGetPackagesConfig, NuGetPackagesLock, ComposerLock,
		PipfileLock, PoetryLock, Requirements, PdmLock, PylockTOML, UvLock, RenvLock, GemfileLock, CargoLock,
	}
}
