package job_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
	"loadline/enrich"
	"loadline/job"
	"loadline/store"
	"loadline/store/storetest"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/epss"
	"loadline/upstream/kev"
	"loadline/upstream/osv"
)

// newFacts returns a Service on stand-in sources.
func newFacts(t *testing.T, s *store.Store) (*enrich.Service, *standin.Server) {
	t.Helper()
	sources := standin.New(standin.Config{})
	server := httptest.NewServer(sources)
	t.Cleanup(server.Close)
	client := func(source upstream.Source) *upstream.Client {
		return upstream.NewClient(source, upstream.Options{Attempts: 1, Budget: time.Minute, AttemptTimeout: 30 * time.Second})
	}
	facts := enrich.New(s, enrich.Upstreams{
		OSV:     osv.New(server.URL, client(upstream.OSV)),
		EPSS:    epss.New(server.URL, client(upstream.EPSS)),
		KEV:     kev.New(server.URL, client(upstream.KEV)),
		DepsDev: depsdev.New(server.URL, client(upstream.DepsDev)),
	}, time.Now, discard)
	t.Cleanup(facts.Close)
	return facts, sources
}

// shelves is a document of n versions of a package that has vulnerabilities.
func shelves(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(`{"type":"library","bom-ref":"r%d","name":"left-shelf","version":"1.0.%d","purl":"pkg:npm/left-shelf@1.0.%d"}`, i, i, i)
	}
	return `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[` + strings.Join(parts, ",") + `]}`
}

// newest returns the newest job of a kind.
func newest(t *testing.T, s *store.Store, kind string) store.Job {
	t.Helper()
	page, err := s.Jobs(t.Context(), store.JobFilter{Kinds: []string{kind}}, store.Page{First: 1})
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("no job of kind %s: %v", kind, err)
	}
	return page.Rows[0]
}

func versionsOf(t *testing.T, s *store.Store, bomID int64) []int64 {
	t.Helper()
	ids, err := s.VersionIDsOfBom(t.Context(), bomID)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// After an upload the sources are asked before anybody asks us; a second run asks
// nothing again.
func TestRefreshAfterIngestion(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		facts, sources := newFacts(t, s)
		ingest := job.NewIngest(s, nil, 1<<20, 1, nil)
		hub := job.NewHub()
		r := job.NewRunner(s, hub, ingest, "test", time.Now, discard)
		r.AddRefresh(facts, time.Hour)
		bom, j, err := ingest.Accept(t.Context(), upload(shelves(5)))
		if err != nil {
			t.Fatal(err)
		}
		defer run(t, s, hub, r)()
		if got := ended(t, r, j.ID); got.State != store.JobSucceeded {
			t.Fatalf("ingestion = %+v", got)
		}
		refresh := ended(t, r, newest(t, s, job.KindRefresh).ID)
		if refresh.State != store.JobSucceeded || refresh.BomID != bom.ID || refresh.Done != 5 {
			t.Fatalf("refresh = %+v", refresh)
		}
		answers, err := s.Answers(t.Context(), versionsOf(t, s, bom.ID))
		if err != nil || len(answers) != 5 || len(answers[0].Refs) == 0 {
			t.Errorf("answers = %+v, %v", answers, err)
		}
		before := sources.Counts()[standin.OSVQueryBatch]
		again, err := r.Enqueue(t.Context(), store.NewJob{Kind: job.KindRefresh, BomID: bom.ID, MaxAttempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got := ended(t, r, again.ID); got.State != store.JobSucceeded {
			t.Errorf("second refresh = %+v", got)
		}
		if diff := cmp.Diff(before, sources.Counts()[standin.OSVQueryBatch]); diff != "" {
			t.Errorf("the second run called OSV (-want +got):\n%s", diff)
		}
	})
}

// A source that is down is no reason to think that all is well: the job says so,
// and is tried again.
func TestRefreshSaysWhatItCouldNotLearn(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		facts, sources := newFacts(t, s)
		sources.Fault(standin.OSV, standin.Fault{Kind: standin.ServiceUnavailable})
		bom := storetest.Ingest(t, s, "shop", "1.0", storetest.Document(3))
		hub := job.NewHub()
		r := job.NewRunner(s, hub, job.NewIngest(s, nil, 1<<20, 1, nil), "test", time.Now, discard)
		r.AddRefresh(facts, time.Hour)
		j, err := r.Enqueue(t.Context(), store.NewJob{Kind: job.KindRefresh, BomID: bom.ID, MaxAttempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer run(t, s, hub, r)()
		if got := ended(t, r, j.ID); got.State != store.JobFailed || !strings.Contains(got.Error, "3 of 3 package versions are not known") {
			t.Errorf("job = %+v", got)
		}
	})
}
