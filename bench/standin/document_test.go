package standin

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// finding is an entry of an expected file: a package and one group of records.
type finding struct {
	Ecosystem string   `json:"ecosystem"`
	Name      string   `json:"name"`
	Version   string   `json:"version"`
	IDs       []string `json:"ids"`
}

// misnamed is a package of malformed/purl-bad.cdx.json that the reference put
// together from the name of a component and the version of the other package
// that its purl names; what it found for it belongs to neither.
var misnamed = named("npm", "lodash", "7.0.0")

// Asked about the packages of a document that have findings, the stand-in names
// the records that the reference scanner found in the same data. What it finds
// beyond that is a known flaw of the reference, listed beside the documents.
func TestDocumentsFindWhatIsExpected(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile(filepath.Join(shared(t, "advisories-small"), "DOCUMENTS.txt"))
	if err != nil {
		t.Fatal(err)
	}
	documents := shared(t, "sboms/public")
	divergent := divergences(t, filepath.Join(documents, "divergences.tsv"))
	data, err := Load(os.DirFS(shared(t, "advisories-small")), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := start(t, Config{Data: data})
	for document := range strings.FieldsSeq(string(list)) {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join(documents, document+".expected.json"))
			if err != nil {
				t.Fatal(err)
			}
			var findings []finding
			if err := json.Unmarshal(raw, &findings); err != nil {
				t.Fatal(err)
			}
			var packages []string
			want := map[string][]string{}
			for _, f := range findings {
				query := named(f.Ecosystem, f.Name, f.Version)
				if query == misnamed {
					continue
				}
				if _, ok := want[query]; !ok {
					packages = append(packages, query)
				}
				want[query] = append(want[query], f.IDs...)
			}
			got := map[string][]string{}
			for some := range slices.Chunk(packages, maxQueries) {
				for i, r := range c.batch(t, strings.Join(some, ",")) {
					got[some[i]] = slices.DeleteFunc(r.ids(), func(id string) bool {
						return divergent[document+" "+id] && !slices.Contains(want[some[i]], id)
					})
				}
			}
			for query := range want {
				slices.Sort(want[query])
				want[query] = slices.Compact(want[query])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ids of each package (-want +got):\n%s", diff)
			}
		})
	}
}

// divergences returns "document id" for each record that the reference does not
// find in a document and ought to.
func divergences(t *testing.T, path string) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		if cells := strings.Split(strings.TrimSpace(line), "\t"); len(cells) > 4 {
			known[cells[0]+" "+cells[4]] = true
		}
	}
	return known
}
