package sbom_test

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"loadline/sbom"
)

// publicDocuments returns the folder of public documents, or skips the test.
func publicDocuments(t testing.TB) string {
	t.Helper()
	root := os.Getenv("LOADLINE_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; root == "" && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "shared", "data")); err == nil {
				root = filepath.Join(dir, "shared")
			}
		}
	}
	public := filepath.Join(root, "data", "sboms", "public")
	if _, err := os.Stat(public); root == "" || err != nil {
		t.Skip("no shared/data/sboms/public beside the repository; LOADLINE_SHARED can name the folder")
	}
	return public
}

// row is a line of the manifest of the public documents.
type row struct {
	file, format string
	components   int
}

func manifest(t testing.TB, folder string) []row {
	t.Helper()
	var rows []row
	lines := bufio.NewScanner(bytes.NewReader(readFile(t, filepath.Join(folder, "manifest.tsv"))))
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) < 3 || cells[0] == "file" {
			continue
		}
		n, err := strconv.Atoi(cells[2])
		if err != nil {
			t.Fatalf("%s: %v", cells[0], err)
		}
		rows = append(rows, row{cells[0], cells[1], n})
	}
	return rows
}

// Where the manifest counts otherwise than this package, and why this package
// is right to.
var otherwise = map[string]struct {
	components int
	why        string
}{
	"alpine-insecure.cdx.xml":           {16, "the manifest leaves out the two components without a purl"},
	"postgres-stretch.cdx.xml":          {137, "the manifest leaves out the one component without a purl"},
	"dropwizard-1.3.15.cdx.xml":         {167, "the manifest counts the subject; the same document as JSON has 167"},
	"juice-shop-11.1.2-as-xml.cdx.xml":  {840, "the manifest counts the subject; the same document as JSON has 840"},
	"nodegoat-syft-1.7.cdx.xml":         {414, "the manifest leaves out the file without a purl; the same document as JSON has 414"},
	"redmine-debian11-as-yaml.spdx.yml": {436, "the manifest counts 181 files; the same document as JSON has 436 packages"},
}

func TestPublicDocuments(t *testing.T) {
	t.Parallel()
	folder := publicDocuments(t)
	for _, r := range manifest(t, folder) {
		bill := strings.HasPrefix(r.format, "CycloneDX") || strings.HasPrefix(r.format, "SPDX")
		if !bill {
			continue
		}
		t.Run(r.file, func(t *testing.T) {
			t.Parallel()
			data := readFile(t, filepath.Join(folder, r.file))
			start := time.Now()
			doc, err := sbom.Parse(data, "")
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if err != nil {
				t.Fatal(err)
			}
			want := r.components
			if o, ok := otherwise[r.file]; ok {
				want = o.components
			}
			if got := len(doc.Components); got != want {
				t.Errorf("got %d components, want %d", got, want)
			}
			wellFormed(t, doc)
		})
	}
}

// wellFormed checks what every Document promises.
func wellFormed(t testing.TB, doc *sbom.Document) {
	t.Helper()
	refs := make(map[string]bool)
	for i, c := range doc.Components {
		switch {
		case c.Ref == "", refs[c.Ref]:
			t.Errorf("component %d: the reference %q is empty or not unique", i, c.Ref)
		case c.Name == "", c.Type == "":
			t.Errorf("component %d: no name or no type: %+v", i, c)
		case len(c.Name) > sbom.MaxName, len(c.Version) > sbom.MaxVersion, len(c.PURL) > sbom.MaxPURL, len(c.Ref) > sbom.MaxRef+8:
			t.Errorf("component %d: a field is too long", i)
		}
		refs[c.Ref] = true
	}
	seen := make(map[sbom.Dependency]bool)
	for _, d := range doc.Dependencies {
		if d.From < 0 || d.From >= len(doc.Components) || d.To < 0 || d.To >= len(doc.Components) || d.From == d.To || seen[d] {
			t.Errorf("dependency %+v is out of range, of itself, or repeated", d)
		}
		seen[d] = true
	}
	for _, w := range doc.Warnings {
		if w.Code == "" || w.Location == "" && isBill(doc) || w.Message == "" {
			t.Errorf("incomplete warning %+v", w)
		}
	}
}

func isBill(doc *sbom.Document) bool { return doc.Format == "CycloneDX" || doc.Format == "SPDX" }

// Every malformed document ends soon and in little memory, in an error that
// says what is accepted or in what could be read of it.
func TestMalformedPublicDocuments(t *testing.T) {
	folder := filepath.Join(publicDocuments(t), "malformed")
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), ".expected") {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			data := readFile(t, filepath.Join(folder, e.Name()))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			doc, err := sbom.Parse(data, e.Name())
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 300<<20 {
				t.Errorf("allocated %d MB", used>>20)
			}
			if err == nil {
				wellFormed(t, doc)
				return
			}
			if msg := err.Error(); len(msg) < 10 || len(msg) > 1000 {
				t.Errorf("an error of %d bytes: %v", len(msg), err)
			}
			var refused *sbom.Error
			if isBill := strings.Contains(e.Name(), ".cdx.") || strings.Contains(e.Name(), "spdx"); isBill && !errors.As(err, &refused) {
				t.Errorf("got %T, want *Error", err)
			}
		})
	}
}

// One scan of one project, written in four ways by its tool.
func TestFourSpellingsOfOneScan(t *testing.T) {
	t.Parallel()
	folder := publicDocuments(t)
	var want []string
	for _, name := range []string{"nodegoat-syft-2.3.spdx.json", "nodegoat-syft-2.3-tv.spdx", "nodegoat-syft-1.7.cdx.json", "nodegoat-syft-1.7.cdx.xml"} {
		doc, err := sbom.Parse(readFile(t, filepath.Join(folder, name)), "")
		if err != nil {
			t.Fatal(err)
		}
		got := packages(doc)
		if want == nil {
			want = got
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-first +got):\n%s", name, diff)
		}
		if len(doc.Dependencies) != 1069 {
			t.Errorf("%s: got %d dependencies, want 1069", name, len(doc.Dependencies))
		}
	}
}

// packages returns what a document says of each component with a purl, sorted.
func packages(doc *sbom.Document) []string {
	var out []string
	for _, c := range doc.Components {
		if c.PURL != "" {
			out = append(out, c.PURL+" "+c.Name+" "+c.Version)
		}
	}
	slices.SortFunc(out, cmp.Compare)
	return out
}
