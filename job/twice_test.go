package job_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"loadline/job"
	"loadline/notify"
	"loadline/store"
	"loadline/store/storetest"
)

// clock is a clock that a test moves.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time       { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

// done runs a job of a kind to its end, beside whatever else there is.
func done(t *testing.T, r *job.Runner, kind string, args store.JSON) store.Job {
	t.Helper()
	n := store.NewJob{Kind: kind, MaxAttempts: 1}
	if args != nil {
		n.Args = args
	}
	j, err := r.Enqueue(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if j = ended(t, r, j.ID); j.State != store.JobSucceeded {
		t.Fatalf("job = %+v", j)
	}
	return j
}

func exists(t *testing.T, s *store.Store, id int64) bool {
	t.Helper()
	rows, err := s.JobsByIDs(t.Context(), []int64{id})
	if err != nil {
		t.Fatal(err)
	}
	return len(rows) > 0
}

// Pruning twice removes what has expired, once, and leaves ingestions alone.
func TestPruneTwiceEndsTheSame(t *testing.T) {
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		var c clock
		s := storetest.OpenDSN(t, dsn, c.now)
		facts, _ := newFacts(t, s)
		ingest, hub := job.NewIngest(s, nil, 1<<20, 1, nil), job.NewHub()
		r := job.NewRunner(s, hub, ingest, "test", c.now, discard)
		r.AddExport(facts, "1.2.3")
		defer run(t, s, hub, r)()
		bom, ingestion := ingested(t, r, ingest, shelves(1))
		export, err := r.Export(t.Context(), bom.ID)
		if err != nil {
			t.Fatal(err)
		}
		ended(t, r, export.ID)
		done(t, r, job.KindPrune, nil)
		if _, err := r.Exported(t.Context(), export.ID); err != nil {
			t.Fatalf("what has not expired: %v", err)
		}

		c.pass(31 * 24 * time.Hour)
		for range 2 {
			done(t, r, job.KindPrune, nil)
			if _, err := r.Exported(t.Context(), export.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("an expired export: %v", err)
			}
			if exists(t, s, export.ID) || !exists(t, s, ingestion.ID) {
				t.Error("an old job is to go, an ingestion to stay with its Bom")
			}
		}
	})
}

// Clearing away twice removes a project, once, and leaves others alone.
func TestDeleteTwiceEndsTheSame(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		ingest, hub := job.NewIngest(s, nil, 1<<20, 1, nil), job.NewHub()
		r := job.NewRunner(s, hub, ingest, "test", time.Now, discard)
		defer run(t, s, hub, r)()
		bom, ingestion, err := ingest.Accept(ctx, upload(shelves(3)))
		if err != nil {
			t.Fatal(err)
		}
		ended(t, r, ingestion.ID)
		other := upload(shelves(3))
		other.Project = "cart"
		kept, ingestion, err := ingest.Accept(ctx, other)
		if err != nil {
			t.Fatal(err)
		}
		ended(t, r, ingestion.ID)
		projects, err := s.ProjectsByNames(ctx, []string{"shop"})
		if err != nil || len(projects) != 1 {
			t.Fatal(projects, err)
		}
		var first store.Job
		err = s.InTx(ctx, func(tx *store.Tx) error {
			first, err = tx.RetireProject(ctx, projects[0].ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Announce(store.KindDelete)
		if first = ended(t, r, first.ID); first.State != store.JobSucceeded {
			t.Fatalf("job = %+v", first)
		}
		for range 2 {
			boms, err := s.BomsByIDs(ctx, []int64{bom.ID, kept.ID})
			if err != nil || len(boms) != 1 || boms[0].ID != kept.ID || boms[0].ComponentCount != 3 {
				t.Fatalf("boms = %+v, %v; want the other project's, whole", boms, err)
			}
			done(t, r, store.KindDelete, first.Args)
		}
	})
}

// Telling twice sends what is new, once.
func TestNotifyTwiceEndsTheSame(t *testing.T) {
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		var c clock
		var told atomic.Int64
		receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			_, _ = io.Copy(io.Discard, req.Body)
			told.Add(1)
			w.WriteHeader(http.StatusNoContent)
		}))
		defer receiver.Close()
		s := storetest.OpenDSN(t, dsn, c.now)
		facts, _ := newFacts(t, s)
		service := notify.New(s, facts, c.now, discard, notify.Options{AllowPrivate: true})
		defer service.Close()
		ingest, hub := job.NewIngest(s, nil, 1<<20, 1, nil), job.NewHub()
		r := job.NewRunner(s, hub, ingest, "test", c.now, discard)
		r.AddNotify(service)
		channel := store.NotificationChannel{
			Name:    "team",
			Kind:    store.ChannelWebhook,
			Target:  receiver.URL,
			Cadence: store.CadenceAtOnce,
			Events:  []string{store.EventNewFindings},
			Enabled: true,
		}
		if problems := service.Check(&channel); len(problems) > 0 {
			t.Fatal(problems)
		}
		err := s.InTx(ctx, func(tx *store.Tx) error {
			_, err := tx.SaveNotificationChannel(ctx, channel, true)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		c.pass(time.Minute)
		defer run(t, s, hub, r)()
		bom, ingestion, err := ingest.Accept(ctx, upload(shelves(1)))
		if err != nil {
			t.Fatal(err)
		}
		ended(t, r, ingestion.ID)
		uses, err := s.UsesInBoms(ctx, []int64{bom.ID})
		if err == nil {
			_, err = facts.Assess(ctx, uses)
		}
		if err == nil {
			err = facts.Settle(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			c.pass(10 * time.Minute)
			done(t, r, store.KindNotify, nil)
		}
		if n := told.Load(); n != 1 {
			t.Errorf("%d messages for one upload, want 1", n)
		}
	})
}
