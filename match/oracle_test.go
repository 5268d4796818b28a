package match_test

import (
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"loadline/match"
	"loadline/purl"
)

// expectedFinding is an alias group that another tool finds for a package. Its
// packages are once each in a document's list for every group.
type expectedFinding struct {
	PURL, Ecosystem, Name, Version string
	IDs                            []string
}

// TestFindsWhatAnotherToolFinds compares with the findings of osv-scanner on real
// documents and records: none may be missing, and what is found beside them must
// be listed as that tool's defect.
func TestFindsWhatAnotherToolFinds(t *testing.T) {
	t.Parallel()
	data := sharedData(t)
	records := openMirror(t, filepath.Join(data, "advisories"))
	known := readDivergences(t, filepath.Join(data, "sboms", "public", "divergences.tsv"))
	files, err := filepath.Glob(filepath.Join(data, "sboms", "public", "*.expected.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expected files: %v", err)
	}
	var findings, missing, extra, explained, matched int
	for _, file := range files {
		document := strings.TrimSuffix(file, ".expected.json")
		want := map[match.Target]map[string]bool{} // target without release and source to ids
		targets := map[match.Target]bool{}
		for _, f := range readExpected(t, file) {
			findings++
			target := targetOf(t, f.PURL)
			if !strings.Contains(target.Ecosystem, ":") {
				target.Ecosystem = f.Ecosystem // expected purls have no qualifiers
			}
			if want[plain(target)] == nil {
				want[plain(target)] = map[string]bool{}
				targets[target] = true
			}
			for _, id := range f.IDs {
				want[plain(target)][id] = true
			}
		}
		for _, text := range purlsOf(t, document) {
			if target := targetOf(t, text); target.Ecosystem != "" {
				if strings.Contains(target.Ecosystem, ":") {
					delete(targets, match.Target{Ecosystem: target.Ecosystem, Name: target.Name, Version: target.Version})
				}
				targets[target] = true
			}
		}
		for target := range targets {
			matched++
			ids, got := want[plain(target)], map[string]bool{}
			for _, a := range records.affecting(target) {
				got[a.ID] = true
				switch {
				case ids[a.ID]:
				case known[filepath.Base(document)+" "+target.Version+" "+a.ID]:
					explained++
				default:
					extra++
					t.Errorf("%s: %+v: %s is extra", filepath.Base(document), target, a.ID)
				}
			}
			for id := range ids {
				if !got[id] {
					missing++
					t.Errorf("%s: %+v: %s is missing", filepath.Base(document), target, id)
				}
			}
		}
	}
	t.Logf("%d documents, %d package versions, %d findings: %d ids missing, %d extra, %d extra that are listed as the other tool's defect",
		len(files), matched, findings, missing, extra, explained)
}

// targetOf returns the target of a purl, none of which is wrong in the data but
// for some in prose.
func targetOf(t *testing.T, text string) match.Target {
	t.Helper()
	p, err := purl.Parse(text)
	if err != nil {
		t.Log(err)
		return match.Target{}
	}
	target, _ := match.TargetOf(p)
	return target
}

// plain returns what an expected finding says of a target.
func plain(t match.Target) match.Target {
	base, _, _ := strings.Cut(t.Ecosystem, ":")
	return match.Target{Ecosystem: base, Name: t.Name, Version: t.Version}
}

func readExpected(t *testing.T, file string) []expectedFinding {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var findings []expectedFinding
	if err := json.Unmarshal(data, &findings); err != nil {
		t.Fatal(err)
	}
	return findings
}

// readDivergences returns "document version id" of each finding that the other
// tool misses.
func readDivergences(t *testing.T, file string) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if f := strings.Split(line, "\t"); len(f) >= 6 {
			known[f[0]+" "+f[3]+" "+f[4]] = true
		}
	}
	return known
}

// Only what stands in a field of its own counts: pkg: also occurs in prose.
var purlPattern = regexp.MustCompile(`pkg:[a-z]+/[^\s"<>\\\]]+`)

// purlsOf returns the purls in a document of a format that has them.
func purlsOf(t testing.TB, file string) []string {
	t.Helper()
	if !strings.Contains(file, ".cdx.") && !strings.Contains(file, ".spdx") {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), `\u0026`, "&")
	return purlPattern.FindAllString(html.UnescapeString(text), -1)
}
