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

func retry(t testing.TB, s *store.Store, j store.Job, errText string, runAt time.Time) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.RetryJob(ctx, j, errText, runAt)) })
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
	claimed := must(s.ClaimJob(ctx, "w", time.Minute, "SYNC"))(t)
	want.State, want.Attempts, want.StartedAt, want.LeaseUntil, want.Claim, want.Revision = store.JobRunning, 1, now, now.Add(time.Minute), 1, 1
	if diff := cmp.Diff(want, claimed); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	check("claimed")

	now = now.Add(50 * time.Second)
	if cancelled, err := s.ExtendJob(ctx, claimed, time.Minute); err != nil || cancelled {
		t.Fatalf("cancelled is %v, %v", cancelled, err)
	}
	other := claimed
	other.Claim--
	if _, err := s.ExtendJob(ctx, other, time.Minute); !errors.Is(err, store.ErrJobLost) {
		t.Errorf("an earlier claim extended: %v", err)
	}
	must(s.ReportJob(ctx, claimed, store.JobProgress{Stage: "reading", Done: 3, Total: 10, Message: "page 3"}))(t)
	want.LeaseUntil, want.Stage, want.Done, want.Total, want.Message, want.Revision = now.Add(time.Minute), "reading", 3, 10, "page 3", 2
	check("extended and reported")

	later := now.Add(time.Hour)
	retry(t, s, claimed, "no luck", later)
	want.State, want.Error, want.RunAt, want.LeaseUntil, want.Revision = store.JobQueued, "no luck", later, time.Time{}, 3
	check("to be tried again")
	if _, err := s.ClaimJob(ctx, "w", time.Minute, "SYNC"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("claimed before it is due: %v", err)
	}

	now = later
	claimed = must(s.ClaimJob(ctx, "w", time.Minute, "SYNC"))(t)
	write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.SucceedJob(ctx, claimed)) })
	want.State, want.Error, want.Attempts, want.StartedAt, want.FinishedAt, want.Claim, want.Revision = store.JobSucceeded, "", 2, now, now, 2, 5
	check("succeeded")

	now = now.Add(24 * time.Hour)
	if _, err := s.ClaimJob(ctx, "w", time.Minute, "SYNC"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("claimed what is over: %v", err)
	}
	in := func(do func(*store.Tx) (store.Job, error)) func() error {
		return func() error { return s.InTx(ctx, func(tx *store.Tx) error { return fails(do(tx)) }) }
	}
	over := map[string]func() error{
		"extend":  func() error { return fails(s.ExtendJob(ctx, claimed, time.Minute)) },
		"report":  func() error { return fails(s.ReportJob(ctx, claimed, store.JobProgress{Stage: "x"})) },
		"retry":   in(func(tx *store.Tx) (store.Job, error) { return tx.RetryJob(ctx, claimed, "x", now) }),
		"release": in(func(tx *store.Tx) (store.Job, error) { return tx.ReleaseJob(ctx, claimed) }),
		"succeed": in(func(tx *store.Tx) (store.Job, error) { return tx.SucceedJob(ctx, claimed) }),
		"fail":    in(func(tx *store.Tx) (store.Job, error) { return tx.FailJob(ctx, claimed, "x") }),
		"stop":    in(func(tx *store.Tx) (store.Job, error) { return tx.StopJob(ctx, claimed) }),
		"write": func() error {
			return s.ForJob(claimed, time.Minute).InTx(ctx, func(*store.Tx) error { return nil })
		},
	}
	for name, do := range over {
		if err := do(); !errors.Is(err, store.ErrJobLost) {
			t.Errorf("%s what is over: %v", name, err)
		}
	}
	check("still over")

	failed := enqueue(t, s, store.NewJob{Kind: "SYNC", MaxAttempts: 1})
	claimed = must(s.ClaimJob(ctx, "w", time.Minute, "SYNC"))(t)
	write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.FailJob(ctx, claimed, "broken")) })
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
	retry(t, s, must(s.ClaimJob(t.Context(), "w", time.Minute, "A", "B"))(t), "x", day.Add(time.Second))
	now = now.Add(2 * time.Second)
	for i, want := range []int64{second.ID, first.ID} {
		if j := must(s.ClaimJob(t.Context(), "w", time.Minute, "A", "B"))(t); j.ID != want {
			t.Errorf("claim %d gives %d, want %d", i, j.ID, want)
		}
	}
	// A worker that keeps dying is noticed by its attempts.
	for attempt := range 3 {
		now = now.Add(time.Hour)
		must(s.ClaimJob(t.Context(), "w", time.Minute, "A", "B"))(t)
		if j := must(s.ClaimJob(t.Context(), "w", time.Minute, "A", "B"))(t); j.ID != first.ID || j.Attempts != attempt+3 {
			t.Errorf("claimed %+v", j)
		}
	}
}

func TestNoJobIsClaimedTwice(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		const n = 100
		for i := range n {
			enqueue(t, s, store.NewJob{Kind: "A", Args: i, MaxAttempts: 1})
		}
		var mu sync.Mutex
		claimed := map[int64]int{}
		g, ctx := errgroup.WithContext(t.Context())
		for w := range 16 {
			g.Go(func() error {
				for {
					j, err := s.ClaimJob(ctx, fmt.Sprint(w), time.Minute, "A")
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

func TestUniqueJobs(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		unique := store.NewJob{Kind: "A", Unique: "a", MaxAttempts: 1}
		first := enqueue(t, s, unique)
		if j := enqueue(t, s, unique); j.ID != first.ID {
			t.Errorf("a second one was enqueued while the first waits: %+v", j)
		}
		if j := enqueue(t, s, store.NewJob{Kind: "A", Unique: "b", MaxAttempts: 1, RunAt: time.Now().Add(time.Hour)}); j.ID == first.ID {
			t.Error("another key gives the same job")
		}
		claimed := must(s.ClaimJob(t.Context(), "w", time.Minute, "A"))(t)
		if j := enqueue(t, s, unique); j.ID != first.ID {
			t.Errorf("a second one was enqueued while the first runs: %+v", j)
		}
		again := unique
		again.Again = true
		enqueue(t, s, again)
		enqueue(t, s, unique)
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.SucceedJob(ctx, claimed)) })
		second := must(s.ClaimJob(t.Context(), "w", time.Minute, "A"))(t)
		if second.ID == first.ID || second.Attempts != 1 {
			t.Errorf("it was not enqueued once more: %+v", second)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.FailJob(ctx, second, "x")) })
		if j, err := s.ClaimJob(t.Context(), "w", time.Minute, "A"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("it was enqueued a third time: %+v, %v", j, err)
		}
		if j := enqueue(t, s, unique); j.ID == second.ID {
			t.Errorf("what is over keeps a new one away: %+v", j)
		}
		if err := s.InTx(t.Context(), func(tx *store.Tx) error { return fails(tx.ReopenJob(t.Context(), second.ID)) }); !errors.Is(err, store.ErrConflict) {
			t.Errorf("reopened beside another that does the same: %v", err)
		}
	})
}

func TestUniqueJobIsBroughtForward(t *testing.T) {
	t.Parallel()
	s := storetest.OpenAt(t, func() time.Time { return day })
	later := store.NewJob{Kind: "A", Unique: "a", MaxAttempts: 9, RunAt: day.Add(time.Hour)}
	enqueue(t, s, later)
	at := func(want time.Time, when string, n store.NewJob) {
		t.Helper()
		if j := enqueue(t, s, n); !j.RunAt.Equal(want) {
			t.Errorf("%s: runs at %s, want %s", when, j.RunAt, want)
		}
	}
	at(day.Add(time.Hour), "once more", later)
	now := later
	now.RunAt = time.Time{}
	at(day, "at once", now)
	at(day, "later", later)
	retry(t, s, must(s.ClaimJob(t.Context(), "w", time.Minute, "A"))(t), "no luck", day.Add(time.Minute))
	at(day.Add(time.Minute), "while it waits for its next try", now)
}

func TestCancelAndReopen(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		cancel := func(id int64) (j store.Job, err error) {
			err = s.InTx(t.Context(), func(tx *store.Tx) error {
				j, err = tx.CancelJob(t.Context(), id)
				return err
			})
			return j, err
		}
		reopen := func(id int64) (j store.Job, err error) {
			err = s.InTx(t.Context(), func(tx *store.Tx) error {
				j, err = tx.ReopenJob(t.Context(), id)
				return err
			})
			return j, err
		}
		waiting := enqueue(t, s, store.NewJob{Kind: "A", MaxAttempts: 2})
		if j := must(cancel(waiting.ID))(t); j.State != store.JobCancelled || j.FinishedAt.IsZero() {
			t.Errorf("cancelled %+v", j)
		}
		if _, err := s.ClaimJob(t.Context(), "w", time.Minute, "A"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("claimed what is cancelled: %v", err)
		}
		if j := must(reopen(waiting.ID))(t); j.State != store.JobQueued || !j.FinishedAt.IsZero() || j.CancelAsked {
			t.Errorf("reopened %+v", j)
		}
		running := must(s.ClaimJob(t.Context(), "w", time.Minute, "A"))(t)
		if j := must(cancel(running.ID))(t); j.State != store.JobRunning || !j.CancelAsked {
			t.Errorf("asked to stop: %+v", j)
		}
		err := s.ForJob(running, time.Minute).InTx(t.Context(), func(*store.Tx) error { return nil })
		if !errors.Is(err, store.ErrJobLost) {
			t.Errorf("it writes though it is to stop: %v", err)
		}
		if cancelled, err := s.ExtendJob(t.Context(), running, time.Minute); !cancelled || err != nil {
			t.Errorf("it is not told to stop: %v", err)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.StopJob(ctx, running)) })
		if _, err := cancel(running.ID); !errors.Is(err, store.ErrConflict) {
			t.Errorf("cancelled twice: %v", err)
		}
		if _, err := cancel(99); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("cancelled what there is not: %v", err)
		}
		must(reopen(running.ID))(t)
		if _, err := reopen(running.ID); !errors.Is(err, store.ErrConflict) {
			t.Errorf("reopened what is open: %v", err)
		}
		if _, err := reopen(99); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("reopened what there is not: %v", err)
		}
	})
}

// A worker whose lease ran out cannot write any more, even before anybody else
// has written.
func TestAZombieCannotWrite(t *testing.T) {
	t.Parallel()
	now := day
	s := storetest.OpenAt(t, func() time.Time { return now })
	enqueue(t, s, store.NewJob{Kind: "A", MaxAttempts: 9})
	zombie := must(s.ClaimJob(t.Context(), "first", 10*time.Second, "A"))(t)
	now = now.Add(11 * time.Second)
	living := must(s.ClaimJob(t.Context(), "second", 10*time.Second, "A"))(t)
	create := func(j store.Job, name string) error {
		return s.ForJob(j, 10*time.Second).InTx(t.Context(), func(tx *store.Tx) error {
			return fails(tx.CreateProject(t.Context(), name, nil))
		})
	}
	if err := create(zombie, "zombie"); !errors.Is(err, store.ErrJobLost) {
		t.Errorf("the zombie wrote: %v", err)
	}
	now = now.Add(9 * time.Second)
	if err := create(living, "living"); err != nil {
		t.Error(err)
	}
	now = now.Add(9 * time.Second)
	if _, err := s.ClaimJob(t.Context(), "third", time.Second, "A"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("writing has not renewed the lease: %v", err)
	}
	if n := must(s.CountProjects(t.Context(), store.ProjectFilter{}))(t); n != 1 {
		t.Errorf("%d projects, want the one of the living", n)
	}
}

func TestJobsPage(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		for i := range 9 {
			enqueue(t, s, store.NewJob{Kind: string(rune('A' + i%3)), ProjectID: int64(1 + i%2), MaxAttempts: 1})
		}
		must(s.ClaimJob(t.Context(), "w", time.Minute, "A"))(t)
		for name, test := range map[string]struct {
			filter store.JobFilter
			want   []int64
		}{
			"all":              {store.JobFilter{}, []int64{9, 8, 7, 6, 5, 4, 3, 2, 1}},
			"of two kinds":     {store.JobFilter{Kinds: []string{"A", "C"}}, []int64{9, 7, 6, 4, 3, 1}},
			"of a project":     {store.JobFilter{ProjectID: 2}, []int64{8, 6, 4, 2}},
			"in a state":       {store.JobFilter{States: []string{"RUNNING"}}, []int64{1}},
			"by every filter":  {store.JobFilter{States: []string{"QUEUED"}, Kinds: []string{"A"}, ProjectID: 1}, []int64{7}},
			"of nothing there": {store.JobFilter{Kinds: []string{"X"}}, nil},
		} {
			got := must(s.Jobs(t.Context(), test.filter, store.Page{First: 100}))(t)
			var ids []int64
			for _, j := range got.Rows {
				ids = append(ids, j.ID)
			}
			if diff := cmp.Diff(test.want, ids); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			if n := must(s.CountJobs(t.Context(), test.filter))(t); n != len(test.want) {
				t.Errorf("%s: counted %d", name, n)
			}
		}
		page := must(s.Jobs(t.Context(), store.JobFilter{}, store.Page{First: 4}))(t)
		next := must(s.Jobs(t.Context(), store.JobFilter{}, store.Page{First: 4, After: page.Cursors[3]}))(t)
		if !page.HasNext || next.Rows[0].ID != 5 {
			t.Errorf("the next page starts with %+v", next.Rows)
		}
	})
}

// Of many nodes one enqueues what is due.
func TestPeriodicJobsAreEnqueuedOnce(t *testing.T) {
	t.Parallel()
	now := day
	s := storetest.OpenAt(t, func() time.Time { return now })
	tick := func() (enqueued bool) {
		write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			enqueued, err = tx.EnqueueDue(ctx, store.NewJob{Kind: "A", MaxAttempts: 1}, time.Hour)
			return err
		})
		return enqueued
	}
	for i, test := range []struct {
		wait time.Duration
		want bool
	}{{0, true}, {0, false}, {59 * time.Minute, false}, {time.Minute, true}, {time.Minute, false}, {5 * time.Hour, true}, {0, false}} {
		now = now.Add(test.wait)
		if got := tick(); got != test.want {
			t.Errorf("look %d enqueued: %v, want %v", i, got, test.want)
		}
	}
}
