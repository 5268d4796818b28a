package enrich_test

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
	"loadline/enrich"
	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/epss"
	"loadline/upstream/kev"
	"loadline/upstream/osv"
	"loadline/upstream/upstreamtest"
)

// ingest brings the purls in as one document and returns their versions.
func ingest(tb testing.TB, s *store.Store, purls []string) []store.PackageVersion {
	tb.Helper()
	doc := &sbom.Document{Format: "CycloneDX", SpecVersion: "1.5", Encoding: "JSON"}
	for _, p := range purls {
		doc.Components = append(doc.Components, sbom.Component{Ref: p, PURL: p, Name: p})
	}
	bom := storetest.Ingest(tb, s, "shop", purls[0], doc)
	components, err := s.ComponentsOfBoms(tb.Context(), []int64{bom.ID}, store.ComponentFilter{}, store.Page{First: len(purls)})
	if err != nil {
		tb.Fatal(err)
	}
	var ids []int64
	for _, c := range components[bom.ID].Rows {
		ids = append(ids, c.PackageVersionID)
	}
	versions, err := s.PackageVersionsByIDs(tb.Context(), ids)
	if err != nil {
		tb.Fatal(err)
	}
	return versions
}

// world is a Service over the stand-in's sample, with a clock that tests move.
type world struct {
	*enrich.Service
	sources *standin.Server
	store   *store.Store
	began   time.Time
	ahead   atomic.Int64
	asked   chan string // the path of every call to a source, when it is made
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{sources: standin.New(standin.Config{}), began: time.Now().UTC(), asked: make(chan string, 1000)}
	w.store = storetest.OpenAt(t, w.now)
	url := upstreamtest.Serve(t, func(rw http.ResponseWriter, r *http.Request) {
		w.asked <- r.URL.Path
		w.sources.ServeHTTP(rw, r)
	})
	w.Service = enrich.New(w.store, enrich.Upstreams{
		OSV:     osv.New(url, upstreamtest.Client(t, upstream.OSV)),
		EPSS:    epss.New(url, upstreamtest.Client(t, upstream.EPSS)),
		KEV:     kev.New(url, upstreamtest.Client(t, upstream.KEV)),
		DepsDev: depsdev.New(url, upstreamtest.Client(t, upstream.DepsDev)),
	}, w.now, slog.New(slog.DiscardHandler))
	t.Cleanup(w.Close)
	return w
}

func (w *world) now() time.Time { return w.began.Add(time.Duration(w.ahead.Load())) }

// advance moves the clock to d from the beginning, when what was answered so far
// is stored.
func (w *world) advance(t *testing.T, d time.Duration) {
	t.Helper()
	if err := w.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.ahead.Store(int64(d))
}

// await waits until a source is asked at the path.
func (w *world) await(t *testing.T, path string) {
	t.Helper()
	for {
		select {
		case asked := <-w.asked:
			if asked == path {
				return
			}
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
	}
}

func (w *world) versions(t *testing.T, purl string) []store.PackageVersion {
	t.Helper()
	return ingest(t, w.store, []string{purl})
}

// use is a package, and the version of it that the purl names.
func (w *world) use(t *testing.T, purl string) enrich.Use {
	t.Helper()
	version := w.versions(t, purl)[0]
	packages, err := w.store.PackagesByIDs(t.Context(), []int64{version.PackageID})
	if err != nil {
		t.Fatal(err)
	}
	return enrich.Use{Package: packages[0], Version: version.Version}
}

func ids(versions []store.PackageVersion) []int64 {
	list := make([]int64, len(versions))
	for i, v := range versions {
		list[i] = v.ID
	}
	return list
}

// same compares what two answers say of each version.
func same(t *testing.T, want, got map[int64]enrich.Findings) {
	t.Helper()
	if diff := cmp.Diff(summary(want), summary(got)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func summary(found map[int64]enrich.Findings) map[int64][]string {
	all := make(map[int64][]string, len(found))
	for id, f := range found {
		lines := []string{string(f.Status.State)}
		for _, one := range f.Findings {
			v := one.Vulnerability
			lines = append(lines, v.ID+" "+one.FixedIn+" "+string(v.Status.State))
			lines = append(lines, slices.Sorted(slices.Values(v.Aliases))...)
		}
		all[id] = lines
	}
	return all
}

// contextThatEnds ends by itself, and long before the test.
func contextThatEnds(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), 20*time.Millisecond)
}
