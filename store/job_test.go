package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"loadline/store"
	"loadline/store/storetest"
)

func enqueue(t testing.TB, s *store.Store, n store.NewJob) store.Job {
	t.Helper()
	var j store.Job
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		j, err = tx.Enqueue(ctx, n)
		return err
	})
	return j
}

func TestJobLife(t *testing.T) {
	t.Parallel()
	now := day
	s := storetest.OpenAt(t, func() time.Time { return now })
	ctx := t.Context()
	args := struct {
		URL string `json:"url"`
	}{"x"}
	j := enqueue(t, s, store.NewJob{Kind: "SYNC", Args: args, MaxAttempts: 3})
	want := store.Job{ID: j.ID, Kind: "SYNC", State: store.JobQueued, MaxAttempts: 3, Args: store.JSON(`{"url":"x"}`), CreatedAt: day, RunAt: day}
	check := func(when string) {
		t.Helper()
		if diff := cmp.Diff([]store.Job{want}, must(s.JobsByIDs(ctx, []int64{j.ID}))(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	check("enqueued")

	now = now.Add(time.Second)
	claimed := must(s.ClaimJob(ctx, "w", time.Minute))(t)
	want.State, want.Attempts, want.StartedAt, want.LeaseUntil = store.JobRunning, 1, now, now.Add(time.Minute)
	if diff := cmp.Diff(want, claimed); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	check("claimed")

	now = now.Add(50 * time.Second)
	if err := s.ExtendJob(ctx, j.ID, "w", time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := s.ExtendJob(ctx, j.ID, "another", time.Minute); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another worker extended: %v", err)
	}
	if err := s.ReportJob(ctx, j.ID, "reading", 3, 10); err != nil {
		t.Fatal(err)
	}
	want.LeaseUntil, want.Stage, want.Done, want.Total = now.Add(time.Minute), "reading", 3, 10
	check("extended and reported")

	later := now.Add(time.Hour)
	if err := s.RetryJob(ctx, j.ID, "no luck", later); err != nil {
		t.Fatal(err)
	}
	want.State, want.Error, want.RunAt, want.LeaseUntil = store.JobQueued, "no luck", later, time.Time{}
	check("to be tried again")
	if _, err := s.ClaimJob(ctx, "w", time.Minute); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("claimed before it is due: %v", err)
	}

	now = later
	must(s.ClaimJob(ctx, "w", time.Minute))(t)
	write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SucceedJob(ctx, j.ID) })
	want.State, want.Error, want.Attempts, want.StartedAt, want.FinishedAt = store.JobSucceeded, "", 2, now, now
	check("succeeded")

	now = now.Add(24 * time.Hour)
	if _, err := s.ClaimJob(ctx, "w", time.Minute); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("claimed what is over: %v", err)
	}
	over := map[string]func() error{
		"extend":  func() error { return s.ExtendJob(ctx, j.ID, "w", time.Minute) },
		"report":  func() error { return s.ReportJob(ctx, j.ID, "x", 1, 1) },
		"retry":   func() error { return s.RetryJob(ctx, j.ID, "x", now) },
		"succeed": func() error { return s.InTx(ctx, func(tx *store.Tx) error { return tx.SucceedJob(ctx, j.ID) }) },
		"fail":    func() error { return s.InTx(ctx, func(tx *store.Tx) error { return tx.FailJob(ctx, j.ID, "x") }) },
	}
	for name, do := range over {
		if err := do(); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s what is over: %v", name, err)
		}
	}
	check("still over")

	failed := enqueue(t, s, store.NewJob{Kind: "SYNC", MaxAttempts: 1})
	must(s.ClaimJob(ctx, "w", time.Minute))(t)
	write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.FailJob(ctx, failed.ID, "broken") })
	got := must(s.JobsByIDs(ctx, []int64{failed.ID}))(t)[0]
	if got.State != store.JobFailed || got.Error != "broken" || !got.FinishedAt.Equal(now) || got.Args != nil {
		t.Errorf("failed %+v", got)
	}
}

func TestJobsAreClaimedInTurn(t *testing.T) {
	t.Parallel()
	now := day
	s := storetest.OpenAt(t, func() time.Time { return now })
	first := enqueue(t, s, store.NewJob{Kind: "A", MaxAttempts: 9})
	second := enqueue(t, s, store.NewJob{Kind: "B", MaxAttempts: 9})
	must(s.ClaimJob(t.Context(), "w", time.Minute))(t)
	if err := s.RetryJob(t.Context(), first.ID, "x", day.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Second)
	for i, want := range []int64{second.ID, first.ID} {
		if j := must(s.ClaimJob(t.Context(), "w", time.Minute))(t); j.ID != want {
			t.Errorf("claim %d gives %d, want %d", i, j.ID, want)
		}
	}
	// A worker that keeps dying is noticed by its attempts.
	for attempt := range 3 {
		now = now.Add(time.Hour)
		must(s.ClaimJob(t.Context(), "w", time.Minute))(t)
		if j := must(s.ClaimJob(t.Context(), "w", time.Minute))(t); j.ID != first.ID || j.Attempts != attempt+3 {
			t.Errorf("claimed %+v", j)
		}
	}
}

func TestNoJobIsClaimedTwice(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		const n = 100
		for i := range n {
			enqueue(t, s, store.NewJob{Kind: fmt.Sprint(i), MaxAttempts: 1})
		}
		var mu sync.Mutex
		claimed := map[int64]int{}
		g, ctx := errgroup.WithContext(t.Context())
		for w := range 16 {
			g.Go(func() error {
				for {
					j, err := s.ClaimJob(ctx, fmt.Sprint(w), time.Minute)
					if errors.Is(err, store.ErrNotFound) {
						return nil
					}
					if err != nil {
						return err
					}
					mu.Lock()
					claimed[j.ID]++
					mu.Unlock()
				}
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		for id, times := range claimed {
			if times > 1 {
				t.Errorf("job %d was claimed %d times", id, times)
			}
		}
		if len(claimed) != n {
			t.Errorf("%d jobs were claimed, want %d", len(claimed), n)
		}
	})
}
