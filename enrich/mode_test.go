package enrich_test

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/advisory"
	"loadline/bench/standin"
	"loadline/enrich"
	"loadline/mirror"
	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/epss"
	"loadline/upstream/kev"
	"loadline/upstream/osv"
)

// samplePURLs are versions of the packages that the stand-in's own records are
// about, affected and not.
var samplePURLs = []string{
	"pkg:npm/left-shelf@1.0.0", "pkg:npm/left-shelf@2.3.0", "pkg:npm/left-shelf@3.0.0", "pkg:npm/%40acme/router@3.4.0",
	"pkg:npm/acme-editor@5.0.0", "pkg:npm/left-shelve@1.0.1", "pkg:npm/of-nobody@1.0.0", "pkg:composer/acme/editor@5.0.0",
	"pkg:golang/example.com/acme/mux@v1.4.0", "pkg:golang/example.com/acme/mux@v1.5.0", "pkg:golang/stdlib@1.22.0",
	"pkg:golang/example.com/acme/mux/v2@v2.0.0-20250101000000-abcdefabcdef", "pkg:pypi/Acme_Web@2.1.0", "pkg:pypi/acme-web@3.0",
	"pkg:maven/org.example.log/log-core@2.14.1", "pkg:maven/org.example.log/log-core@2.12.2", "pkg:nuget/acme.text.json@12.0.0",
	"pkg:gem/railcar@5.0.1", "pkg:cargo/oxide-json@0.1.0", "pkg:hex/plugboard@1.1.0",
	"pkg:deb/debian/libacmessl@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11.6&upstream=acmessl",
	"pkg:apk/alpine/acmessl@3.1.7-r0?arch=x86_64&distro=3.18.2", "pkg:generic/thing@1.0",
}

// place is a server of sources, and what is asked of them.
type place struct {
	url    string
	data   fs.FS
	called atomic.Int64
}

func newPlace(t *testing.T, dir fs.FS) *place {
	t.Helper()
	data, err := standin.Load(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p := &place{data: dir}
	play := standin.New(standin.Config{Data: data})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/bulk") {
			p.called.Add(1)
		}
		play.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// service returns a Service of a fresh store, in one of the modes.
func (p *place) service(t *testing.T, mirrored time.Duration, offline bool) (*enrich.Service, *store.Store) {
	t.Helper()
	s := storetest.Open(t)
	if mirrored >= 0 {
		then := time.Now().Add(-mirrored)
		m, err := mirror.Open(p.url+"/bulk", mirror.Options{Now: func() time.Time { return then }})
		if err != nil {
			t.Fatal(err)
		}
		r, err := m.Sync(t.Context(), s, mirror.Request{Ecosystems: []string{mirror.All}})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range r.Dumps {
			if d.Err != nil || d.Skipped > 0 {
				t.Fatalf("sync: %+v", d)
			}
		}
	}
	client := func(source upstream.Source) *upstream.Client {
		return upstream.NewClient(source, upstream.Options{Offline: offline})
	}
	e := enrich.New(s, enrich.Upstreams{
		OSV:     osv.New(p.url, client(upstream.OSV)),
		EPSS:    epss.New(p.url, client(upstream.EPSS)),
		KEV:     kev.New(p.url, client(upstream.KEV)),
		DepsDev: depsdev.New(p.url, client(upstream.DepsDev)),
	}, time.Now, slog.New(slog.DiscardHandler))
	t.Cleanup(e.Close)
	return e, s
}

// said is a finding as it is compared.
type said struct {
	ID, FixedIn, Rating string
	Aliases             []string
	Score               float64
	Exploited           bool
}

// ask ingests the purls and returns what is said about each, and the states of
// the answers.
func ask(t *testing.T, e *enrich.Service, s *store.Store, purls []string) (map[string][]said, map[enrich.State]int) {
	t.Helper()
	versions := ingest(t, s, purls)
	found, err := e.Findings(t.Context(), versions)
	if err != nil {
		t.Fatal(err)
	}
	var cves []string
	for _, f := range found {
		for _, one := range f.Findings {
			cves = append(cves, one.Vulnerability.CVEs()...)
		}
	}
	slices.Sort(cves)
	cves = slices.Compact(cves)
	scores, err := e.Scores(t.Context(), cves)
	if err != nil {
		t.Fatal(err)
	}
	entries, _, err := e.Kev(t.Context(), cves)
	if err != nil {
		t.Fatal(err)
	}
	answers, states := map[string][]said{}, map[enrich.State]int{}
	for _, v := range versions {
		states[found[v.ID].Status.State]++
		answers[v.PURL] = nil
		for _, f := range found[v.ID].Findings {
			answers[v.PURL] = append(answers[v.PURL], describe(f, scores, entries))
		}
	}
	return answers, states
}

func describe(f enrich.Finding, scores map[string]enrich.Score, entries map[string]store.KevEntry) said {
	one := said{ID: f.Vulnerability.ID, FixedIn: f.FixedIn, Aliases: slices.Clone(f.Vulnerability.Aliases)}
	if f.Vulnerability.Rated {
		one.Rating = f.Vulnerability.Rating.Rating
	}
	for _, cve := range f.Vulnerability.CVEs() {
		one.Score = max(one.Score, scores[cve].Probability)
		_, listed := entries[cve]
		one.Exploited = one.Exploited || listed
	}
	advisory.SortIDs(one.Aliases)
	return one
}

// TestModesAgree asks the same of the mirror alone, of the sources alone, and of
// both, where the mirror is a week old and everything is confirmed.
func TestModesAgree(t *testing.T) {
	t.Parallel()
	t.Run("sample", func(t *testing.T) {
		t.Parallel()
		modesAgree(t, standin.Sample(), samplePURLs)
	})
	t.Run("documents", func(t *testing.T) {
		t.Parallel()
		data := sharedData(t)
		modesAgree(t, os.DirFS(filepath.Join(data, "advisories-small")), documentPURLs(t, data))
	})
}

func modesAgree(t *testing.T, dir fs.FS, purls []string) {
	p := newPlace(t, dir)
	offline, states := ask2(t, p, 0, true, purls)
	if states[enrich.Fresh] == 0 || states[enrich.Stale]+states[enrich.Unavailable] > 0 || p.called.Load() > 0 {
		t.Errorf("mirror only: states %v, %d calls", states, p.called.Load())
	}
	live, _ := ask2(t, p, -1, false, purls)
	if diff := cmp.Diff(offline, withAllAliases(live, offline)); diff != "" {
		t.Errorf("sources alone differ from the mirror alone (-mirror +sources):\n%s", diff)
	}
	both, states := ask2(t, p, 7*24*time.Hour, false, purls)
	if states[enrich.Stale] > 0 {
		t.Errorf("both: states %v, want what is stale confirmed", states)
	}
	if diff := cmp.Diff(offline, both); diff != "" {
		t.Errorf("both differ from the mirror alone (-mirror +both):\n%s", diff)
	}
	p.called.Store(0)
	stale, states := ask2(t, p, 7*24*time.Hour, true, purls)
	if states[enrich.Stale] == 0 || states[enrich.Fresh] > 0 || p.called.Load() > 0 {
		t.Errorf("old mirror only: states %v, %d calls", states, p.called.Load())
	}
	if diff := cmp.Diff(offline, stale); diff != "" {
		t.Errorf("the old mirror differs from the new one (-new +old):\n%s", diff)
	}
	findings := 0
	for _, f := range offline {
		findings += len(f)
	}
	t.Logf("%d purls, %d findings", len(purls), findings)
}

// withAllAliases gives findings the aliases that the mirror knows of, if those are
// all of their own and more: a source names only the records that affect the
// version, and what these say, while the mirror also has the others that say they
// are the same.
func withAllAliases(live, mirror map[string][]said) map[string][]said {
	for purl, findings := range live {
		for i, f := range findings {
			for _, m := range mirror[purl] {
				missing := func(id string) bool { return !slices.Contains(m.Aliases, id) }
				if m.ID == f.ID && !slices.ContainsFunc(f.Aliases, missing) {
					findings[i].Aliases = m.Aliases
				}
			}
		}
	}
	return live
}

func ask2(t *testing.T, p *place, mirrored time.Duration, offline bool, purls []string) (map[string][]said, map[enrich.State]int) {
	t.Helper()
	e, s := p.service(t, mirrored, offline)
	return ask(t, e, s, purls)
}

// documentPURLs are the purls of the documents that the small set of records is
// cut for.
func documentPURLs(t *testing.T, data string) []string {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(data, "advisories-small", "DOCUMENTS.txt"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var purls []string
	for name := range strings.FieldsSeq(string(list)) {
		content, err := os.ReadFile(filepath.Join(data, "sboms", "public", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := sbom.Parse(content, filepath.Base(name))
		if err != nil {
			continue // some are there because they are damaged
		}
		for _, c := range doc.Components {
			if c.PURL != "" && !seen[c.PURL] {
				seen[c.PURL] = true
				purls = append(purls, c.PURL)
			}
		}
	}
	return purls
}

// sharedData returns the folder of the data that lies beside the repository, or
// skips the test.
func sharedData(tb testing.TB) string {
	tb.Helper()
	if dir := os.Getenv("LOADLINE_SHARED"); dir != "" {
		return filepath.Join(dir, "data")
	}
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		data := filepath.Join(dir, "shared", "data")
		if _, err := os.Stat(data); err == nil {
			return data
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Skip("shared/data is not beside the repository; LOADLINE_SHARED can name the folder shared")
		}
		dir = parent
	}
}
