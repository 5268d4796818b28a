package job_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/job"
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
	changed, stop := hub.Watch(id)
	defer stop()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); job.NewRunner(s, hub, ingest, "test", time.Now, discard).Run(ctx, 2) }()
	defer func() { cancel(); <-done }()
	for {
		rows, err := s.JobsByIDs(t.Context(), []int64{id})
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 || rows[0].State == store.JobSucceeded || rows[0].State == store.JobFailed {
			return append(rows, store.Job{})[0]
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
	}
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
		first := job.NewIngest(s, 1<<20, 1, func([]int64) {})
		bom, j, err := first.Accept(t.Context(), upload(document))
		if err != nil {
			t.Fatal(err)
		}
		// The process ends here; what it had read is gone with it.
		var wanted []int64
		second := job.NewIngest(s, 1<<20, 1, func(ids []int64) { wanted = ids })
		if got := runUntilEnded(t, s, second, j.ID); got.State != store.JobSucceeded {
			t.Fatalf("job = %+v", got)
		}
		got := ready(t, s, bom.ID)
		if got.State != store.BomReady || got.ComponentCount != 2 || got.DependencyCount != 1 || got.IngestedBy != "ci" {
			t.Errorf("bom = %+v", got)
		}
		if len(wanted) != 2 {
			t.Errorf("newest versions are wanted of packages %v, want both", wanted)
		}
	})
}

func TestIngestTwiceEndsTheSame(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ingest := job.NewIngest(s, 1<<20, 1, func([]int64) {})
		bom, j, err := ingest.Accept(t.Context(), upload(document))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := ingest.Run(t.Context(), j, func(string, int, int) {}); err != nil {
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
		ingest := job.NewIngest(s, 1<<20, 1, func([]int64) {})
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
		ingest := job.NewIngest(s, int64(len(document)), 1, func([]int64) {})
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
		} {
			_, _, err := ingest.Accept(t.Context(), test.upload)
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
		if j, err := s.ClaimJob(t.Context(), "test", time.Minute); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a job was enqueued: %+v, %v", j, err)
		}
	})
}

func TestHub(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ingest := job.NewIngest(s, 1<<20, 1, func([]int64) {})
		_, j, err := ingest.Accept(t.Context(), upload(document))
		if err != nil {
			t.Fatal(err)
		}
		hub := job.NewHub()
		slow, stop := hub.Watch(j.ID)
		gone, leave := hub.Watch(j.ID)
		leave()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); job.NewRunner(s, hub, ingest, "test", time.Now, discard).Run(ctx, 1) }()
		for {
			<-slow
			rows, err := s.JobsByIDs(t.Context(), []int64{j.ID})
			if err != nil {
				t.Fatal(err)
			}
			if rows[0].State == store.JobSucceeded {
				break
			}
		}
		stop()
		cancel()
		<-done
		select {
		case <-gone:
			t.Error("a watcher that left was told")
		default:
		}
	})
}
