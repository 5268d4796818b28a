package job_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"loadline/job"
	"loadline/mirror"
	"loadline/store"
	"loadline/store/storetest"
)

// mirrorWith is a mirror with one record about left-shelf.
func mirrorWith(t *testing.T, record string) *mirror.Mirror {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "npm"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "npm", "all.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, err := z.Create("GHSA-test.json")
	if err == nil {
		_, err = w.Write([]byte(record))
	}
	if err == nil {
		err = z.Close()
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	m, err := mirror.Open(dir, mirror.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A sync is enqueued once however often it is asked for; done twice it ends the
// same; and projects that it concerns are told.
func TestSync(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		ingest := job.NewIngest(s, nil, 1<<20, 1, nil)
		hub := job.NewHub()
		r := job.NewRunner(s, hub, ingest, "test", time.Now, discard)
		sync := job.NewSync(s, mirrorWith(t, `{"id":"GHSA-test","modified":"2026-01-01T00:00:00Z","affected":[
		 {"package":{"ecosystem":"npm","name":"left-shelf"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}`), []string{mirror.All}, discard)
		r.AddSync(sync, time.Hour)
		_, j, err := ingest.Accept(ctx, upload(shelves(2)))
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			sync.Request(ctx)
		}
		if n, err := s.CountJobs(ctx, store.JobFilter{Kinds: []string{store.KindSync}}); n != 1 || err != nil {
			t.Fatalf("%d syncs are enqueued, %v", n, err)
		}
		first := newest(t, s, store.KindSync)
		quick := run(t, s, hub, job.NewRunner(s, hub, ingest, "ingestion", time.Now, discard))
		ended(t, r, j.ID)
		quick()
		before := revision(t, s, j.ProjectID)

		defer run(t, s, hub, r)()
		if got := ended(t, r, first.ID); got.State != store.JobSucceeded || got.Message == "" {
			t.Fatalf("job = %+v", got)
		}
		after := revision(t, s, j.ProjectID)
		if after <= before {
			t.Error("the project was not told that its findings have changed")
		}
		again, err := r.Enqueue(ctx, store.NewJob{Kind: store.KindSync, MaxAttempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got := ended(t, r, again.ID); got.State != store.JobSucceeded {
			t.Errorf("second sync = %+v", got)
		}
		if n := revision(t, s, j.ProjectID); n != after {
			t.Errorf("a sync that changes nothing told the project: revision %d, want %d", n, after)
		}
	})
}

// A process that starts syncs, even if those before it were killed at it so often
// that their sync is given up.
func TestAStartSyncsAfterOneThatIsGivenUp(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		hub := job.NewHub()
		r := job.NewRunner(s, hub, job.NewIngest(s, nil, 1<<20, 1, nil), "test", time.Now, discard)
		sync := job.NewSync(s, mirrorWith(t, `{"id":"GHSA-test","modified":"2026-01-01T00:00:00Z"}`), []string{mirror.All}, discard)
		r.AddSync(sync, time.Hour)
		sync.Request(ctx)
		killed := newest(t, s, store.KindSync)
		for range killed.MaxAttempts {
			if _, err := s.ClaimJob(ctx, "killed", 0, store.KindSync); err != nil {
				t.Fatal(err)
			}
		}
		sync.Request(ctx)
		defer run(t, s, hub, r)()
		if got := ended(t, r, killed.ID); got.State != store.JobFailed {
			t.Fatalf("the job that was killed each time = %+v", got)
		}
		next := newest(t, s, store.KindSync)
		if got := ended(t, r, next.ID); next.ID == killed.ID || got.State != store.JobSucceeded {
			t.Errorf("the sync after it = %+v", got)
		}
	})
}

// revision is that of a project's findings.
func revision(t *testing.T, s *store.Store, projectID int64) int64 {
	t.Helper()
	states, err := s.FindingsStates(t.Context(), []int64{projectID})
	if err != nil {
		t.Fatal(err)
	}
	return states[projectID].Revision
}
