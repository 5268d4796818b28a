package job_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/job"
	"loadline/spool"
	"loadline/store"
	"loadline/store/storetest"
)

const document = `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
 {"type":"library","bom-ref":"a","name":"a","version":"1","purl":"pkg:npm/a@1"},
 {"type":"library","bom-ref":"b","name":"b","version":"2","purl":"pkg:npm/b@2"}],
 "dependencies":[{"ref":"a","dependsOn":["b"]}]}`

var discard = slog.New(slog.DiscardHandler)

func upload(content string) job.Upload {
	return job.Upload{Project: "shop", Release: "1.0", Content: strings.NewReader(content), FileName: "bom.json", By: "ci"}
}

// runUntilEnded runs jobs until the given one has ended, and returns it.
func runUntilEnded(t *testing.T, s *store.Store, ingest *job.Ingest, id int64) store.Job {
	t.Helper()
	hub := job.NewHub()
	r := job.NewRunner(s, hub, ingest, "test", time.Now, discard)
	defer run(t, s, hub, r)()
	return ended(t, r, id)
}

// run has the Runner work until stop is called.
func run(t *testing.T, s *store.Store, hub *job.Hub, r *job.Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { r.Run(ctx, 2) })
	work.Go(func() { hub.Keep(ctx, s, discard) })
	return func() { cancel(); work.Wait() }
}

// ended waits until the job has ended.
func ended(t *testing.T, r *job.Runner, id int64) store.Job {
	t.Helper()
	j, err := r.Wait(t.Context(), store.Job{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func ready(t *testing.T, s *store.Store, id int64) store.Bom {
	t.Helper()
	boms, err := s.BomsByIDs(t.Context(), []int64{id})
	if err != nil || len(boms) != 1 {
		t.Fatalf("boms = %v, %v", boms, err)
	}
	return boms[0]
}

func TestAcceptedUploadOutlivesItsProcess(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		first := job.NewIngest(s, nil, 1<<20, 1, nil)
		bom, j, err := first.Accept(t.Context(), upload(document))
		if err != nil {
			t.Fatal(err)
		}
		// The process ends here; what it had read is gone with it.
		var saved []int64
		second := job.NewIngest(s, nil, 1<<20, 1, func(ctx context.Context, bomID int64) (err error) {
			saved, err = s.PackageIDsOfBom(ctx, bomID)
			return err
		})
		if got := runUntilEnded(t, s, second, j.ID); got.State != store.JobSucceeded {
			t.Fatalf("job = %+v", got)
		}
		got := ready(t, s, bom.ID)
		if got.State != store.BomReady || got.ComponentCount != 2 || got.DependencyCount != 1 || got.IngestedBy != "ci" {
			t.Errorf("bom = %+v", got)
		}
		if len(saved) != 2 {
			t.Errorf("packages %v are there when the components are said to be stored, want both", saved)
		}
	})
}

func TestIngestTwiceEndsTheSame(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ingest := job.NewIngest(s, nil, 1<<20, 1, nil)
		bom, j, err := ingest.Accept(t.Context(), upload(document))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := ingest.Run(t.Context(), job.Task{Job: j, Store: s, Report: func(store.JobProgress) {}}); err != nil {
				t.Fatal(err)
			}
		}
		if got := runUntilEnded(t, s, ingest, j.ID); got.State != store.JobSucceeded {
			t.Fatalf("job = %+v", got)
		}
		if got := ready(t, s, bom.ID); got.ComponentCount != 2 || got.DependencyCount != 1 {
			t.Errorf("bom = %+v", got)
		}
	})
}

func TestTheLastAcceptedBomIsCurrent(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ingest := job.NewIngest(s, nil, 1<<20, 1, nil)
		var last store.Bom
		var lastJob store.Job
		for i := range 5 {
			var err error
			last, lastJob, err = ingest.Accept(t.Context(), upload(strings.Replace(document, `"version":"1"`, fmt.Sprintf(`"version":"1.%d"`, i), 1)))
			if err != nil {
				t.Fatal(err)
			}
		}
		runUntilEnded(t, s, ingest, lastJob.ID)
		releases, err := s.ReleasesByIDs(t.Context(), []int64{last.ReleaseID})
		if err != nil || releases[0].BomID != last.ID {
			t.Errorf("the current Bom is %v, want %d (%v)", releases, last.ID, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ingest := job.NewIngest(s, nil, int64(len(document)), 1, nil)
		with := func(change func(*job.Upload)) job.Upload {
			u := upload(document)
			change(&u)
			return u
		}
		for name, test := range map[string]struct {
			upload job.Upload
			want   job.Refusal
		}{
			"no project":     {with(func(u *job.Upload) { u.Project = "" }), job.Refusal{Field: "project", Code: "INVALID"}},
			"no release":     {with(func(u *job.Upload) { u.Release = " " }), job.Refusal{Field: "release", Code: "INVALID"}},
			"too large":      {upload(document + " "), job.Refusal{Field: "document", Code: "TOO_LARGE"}},
			"unknown format": {upload("hello"), job.Refusal{Field: "document", Code: "UNSUPPORTED_FORMAT"}},
			"cut off":        {upload(document[:100]), job.Refusal{Field: "document", Code: "MALFORMED_DOCUMENT"}},
			"broken off": {with(func(u *job.Upload) {
				u.Content = io.MultiReader(strings.NewReader("{"), iotest.ErrReader(io.ErrUnexpectedEOF))
			}),
				job.Refusal{Field: "document", Code: "INVALID"}},
			"too slow": {with(func(u *job.Upload) { u.Content = iotest.ErrReader(os.ErrDeadlineExceeded) }), job.Refusal{Field: "document", Code: "TOO_SLOW"}},
		} {
			_, _, err := ingest.Receive(t.Context(), spool.New(0), test.upload)
			var got *job.Refusal
			if !errors.As(err, &got) || got.Message == "" {
				t.Errorf("%s: %v, want a refusal", name, err)
				continue
			}
			got.Message = ""
			if diff := cmp.Diff(test.want, *got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if n, err := s.CountProjects(t.Context(), store.ProjectFilter{}); n != 0 || err != nil {
			t.Errorf("%d projects were created (%v)", n, err)
		}
		if j, err := s.ClaimJob(t.Context(), "test", time.Minute, store.KindIngestBom); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a job was enqueued: %+v, %v", j, err)
		}
	})
}
