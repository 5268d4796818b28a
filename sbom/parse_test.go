package sbom_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"loadline/sbom"
)

var update = flag.Bool("update", false, "write the golden files anew")

// samples are the documents in testdata.
func samples(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, path := range all {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if !info.IsDir() && !strings.HasSuffix(path, ".golden") {
			out = append(out, path)
		}
	}
	return out
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, path := range samples(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			doc, err := sbom.Parse(readFile(t, path), "")
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(doc, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden := path + ".golden"
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(readFile(t, golden)), string(got)+"\n"); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The samples of SPDX say the same in each spelling.
func TestSpellingsOfSPDXAgree(t *testing.T) {
	t.Parallel()
	want, err := sbom.Parse(readFile(t, "testdata/spdx-2.3.json"), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"spdx-2.3.yaml", "spdx-2.3.spdx", "spdx-2.3.rdf", "spdx-3.0.1.json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sbom.Parse(readFile(t, "testdata/"+name), "")
			if err != nil {
				t.Fatal(err)
			}
			ignore := []cmp.Option{
				cmpopts.IgnoreFields(sbom.Document{}, "Encoding", "SpecVersion"),
				cmpopts.IgnoreFields(sbom.Warning{}, "Location", "Message"),
				cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Ref" }, cmp.Comparer(sameRef)),
				cmpopts.SortSlices(func(a, b sbom.Dependency) bool { return a.From < b.From }),
			}
			if diff := cmp.Diff(want, got, ignore...); diff != "" {
				t.Errorf("(-json +%s):\n%s", name, diff)
			}
		})
	}
}

// sameRef compares the ids of SPDX 2 and of the SPDX 3 sample.
func sameRef(a, b string) bool {
	trim := func(s string) string { return strings.TrimPrefix(strings.TrimPrefix(s, "SPDXRef-"), "urn:") }
	return trim(a) == trim(b)
}
