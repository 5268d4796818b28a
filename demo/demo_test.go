package demo_test

import (
	"encoding/json"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"loadline/advisory"
	"loadline/bench/standin"
	"loadline/demo"
	"loadline/match"
	"loadline/purl"
	"loadline/sbom"
)

func TestDocuments(t *testing.T) {
	t.Parallel()
	records := records(t)
	for _, d := range documents(t) {
		t.Run(d.Project+" "+d.Release, func(t *testing.T) {
			t.Parallel()
			doc := parsed(t, d)
			for _, w := range doc.Warnings {
				t.Errorf("warning at %s: %s", w.Location, w.Message)
			}
			if n := len(doc.Components); n < 30 || n > 100 {
				t.Errorf("got %d components, want 30 to 100: the question asks about the first 100", n)
			}
			hits := 0
			for _, target := range targets(t, doc) {
				for _, r := range records {
					if _, ok := match.Affects(r, target); ok {
						hits++
					}
				}
			}
			if hits == 0 {
				t.Error("no record affects anything in it")
			}
		})
	}
}

func TestDependencies(t *testing.T) {
	t.Parallel()
	lists := map[string]bool{"shop-frontend": true, "shop-backend": true, "image-api": true, "ledger": true}
	for _, d := range documents(t) {
		if !lists[d.Project] {
			continue
		}
		var direct, transitive int
		for _, c := range parsed(t, d).Components {
			switch {
			case c.PURL == "": // the image itself
			case c.Direct == nil:
				t.Errorf("%s %s: whether %s is direct is not known", d.Project, d.Release, c.Name)
			case *c.Direct:
				direct++
			default:
				transitive++
			}
		}
		if direct == 0 || transitive == 0 {
			t.Errorf("%s %s: %d direct and %d transitive components, want both", d.Project, d.Release, direct, transitive)
		}
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	var used []match.Target
	for _, d := range documents(t) {
		used = append(used, targets(t, parsed(t, d))...)
	}
	for name, r := range records(t) {
		if base := strings.TrimSuffix(path.Base(name), ".json"); r.ID != base {
			t.Errorf("%s holds %s", name, r.ID)
		}
		if r.Modified.IsZero() {
			t.Errorf("%s: no modified", name)
		}
		if !strings.HasSuffix(r.Summary, " (sample record)") || !strings.Contains(r.Details, "not for decisions") {
			t.Errorf("%s does not say that it is a sample", name)
		}
		if !slices.ContainsFunc(used, func(target match.Target) bool {
			_, ok := match.Affects(r, target)
			return ok
		}) {
			t.Errorf("%s affects nothing in the samples", name)
		}
		for _, a := range r.Affected {
			if folder, _, _ := strings.Cut(a.Package.Ecosystem, ":"); folder != path.Dir(name) {
				t.Errorf("%s is about %s", name, a.Package.Ecosystem)
			}
		}
	}
}

func TestAliasPairs(t *testing.T) {
	t.Parallel()
	kinds := make(map[string]int)
	var all []advisory.Advisory
	for _, r := range records(t) {
		all = append(all, r)
	}
	for _, g := range advisory.Groups(all) {
		if len(g.Records) < 2 {
			continue
		}
		for _, r := range g.Records {
			kind, _, _ := strings.Cut(r.ID, "-")
			kinds[kind]++
		}
	}
	for _, kind := range []string{"GHSA", "GO", "PYSEC", "DSA"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s record is an alias of another record", kind)
		}
	}
}

// The upstreams have to load without complaint, and to know the newest version
// of every package that deps.dev covers: others would be made up.
func TestUpstreams(t *testing.T) {
	t.Parallel()
	dir, err := demo.Upstreams()
	if err != nil {
		t.Fatal(err)
	}
	var complaints strings.Builder
	data, err := standin.Load(dir, slog.New(slog.NewTextHandler(&complaints, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		t.Fatal(err)
	}
	if complaints.Len() > 0 {
		t.Error(complaints.String())
	}
	if got, want := data.Records(), len(records(t)); got != want {
		t.Errorf("%d of %d records were loaded", got, want)
	}
	var registry struct {
		Packages []struct {
			System, Name string
			Versions     []struct {
				Version   string
				IsDefault bool
			}
		}
	}
	read(t, dir, "depsdev.json", &registry)
	type version struct{ name, version string }
	known := make(map[version]bool)
	for _, p := range registry.Packages {
		newest := 0
		for _, v := range p.Versions {
			known[version{strings.ToLower(p.Name), v.Version}] = true
			if v.IsDefault {
				newest++
			}
		}
		if newest != 1 {
			t.Errorf("%s has %d newest versions", p.Name, newest)
		}
	}
	for _, d := range documents(t) {
		for _, c := range parsed(t, d).Components {
			if c.PURL != "" && !strings.HasPrefix(c.PURL, "pkg:deb/") && !known[version{strings.ToLower(c.Name), c.Version}] {
				t.Errorf("%s %s of %s is not in depsdev.json", c.Name, c.Version, d.Project)
			}
		}
	}
}

func TestWellKnown(t *testing.T) {
	t.Parallel()
	dir, err := demo.Upstreams()
	if err != nil {
		t.Fatal(err)
	}
	var catalogue struct {
		Count           int
		Vulnerabilities []struct{ CVEID, KnownRansomwareCampaignUse string }
	}
	read(t, dir, "kev.json", &catalogue)
	if catalogue.Count != len(catalogue.Vulnerabilities) {
		t.Errorf("the catalogue counts %d of %d entries", catalogue.Count, len(catalogue.Vulnerabilities))
	}
	ransomware := false
	for _, v := range catalogue.Vulnerabilities {
		ransomware = ransomware || v.CVEID == "CVE-2021-44228" && v.KnownRansomwareCampaignUse == "Known"
	}
	if !ransomware {
		t.Error("CVE-2021-44228 is not among those that ransomware uses")
	}
	scores, err := fs.ReadFile(dir, "epss_scores.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, cve := range []string{"CVE-2021-44228", "CVE-2021-23337", "CVE-2023-4863"} {
		if !strings.Contains(string(scores), "\n"+cve+",") {
			t.Errorf("%s has no EPSS score", cve)
		}
	}
}

// The playground's examples have to show something.
func TestPlaygroundExamples(t *testing.T) {
	t.Parallel()
	examples := os.DirFS(filepath.Join("..", "web", "examples"))
	var question struct{ Project, Release string }
	read(t, examples, "1-the-question.json", &question)
	var where struct{ PURL string }
	read(t, examples, "2-where-do-we-use.json", &where)
	var what struct{ ID string }
	read(t, examples, "3-what-does-it-hit.json", &what)

	asked, used := false, false
	for _, d := range documents(t) {
		asked = asked || d.Project == question.Project && d.Release == question.Release
		for _, c := range parsed(t, d).Components {
			used = used || strings.HasPrefix(c.PURL, where.PURL+"@")
		}
	}
	if !asked {
		t.Errorf("no document of %s %s", question.Project, question.Release)
	}
	if !used {
		t.Errorf("no document uses %s", where.PURL)
	}
	hit := false
	for _, r := range records(t) {
		hit = hit || slices.Contains(r.Aliases, what.ID)
	}
	if !hit {
		t.Errorf("no record of %s", what.ID)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	const limit = 400_000
	size := 0
	for _, d := range documents(t) {
		size += len(d.Content)
	}
	dir, err := demo.Upstreams()
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(dir, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(dir, name)
		size += len(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if size > limit {
		t.Errorf("the samples take %d bytes of every build, want at most %d", size, limit)
	}
}

func documents(t *testing.T) []demo.Document {
	t.Helper()
	documents, err := demo.Documents()
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

func parsed(t *testing.T, d demo.Document) *sbom.Document {
	t.Helper()
	doc, err := sbom.Parse(d.Content, d.FileName)
	if err != nil {
		t.Fatalf("%s %s: %v", d.Project, d.Release, err)
	}
	return doc
}

func targets(t *testing.T, doc *sbom.Document) []match.Target {
	t.Helper()
	var targets []match.Target
	for _, c := range doc.Components {
		if c.PURL == "" {
			continue
		}
		p, err := purl.Parse(c.PURL)
		if err != nil {
			t.Fatal(err)
		}
		target, ok := match.TargetOf(p)
		if !ok {
			t.Fatalf("OSV has no ecosystem for %s", c.PURL)
		}
		targets = append(targets, target)
	}
	return targets
}

// records are the sample records by the name of their file.
func records(t *testing.T) map[string]advisory.Advisory {
	t.Helper()
	dir, err := demo.Upstreams()
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(dir, "*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	records := make(map[string]advisory.Advisory, len(names))
	for _, name := range names {
		content, err := fs.ReadFile(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		if records[name], err = advisory.Decode(content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	return records
}

func read(t *testing.T, dir fs.FS, name string, into any) {
	t.Helper()
	content, err := fs.ReadFile(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
