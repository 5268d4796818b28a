package job_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/job"
	"loadline/store"
	"loadline/store/storetest"
)

// probe is a kind of job that does what a test wants.
type probe struct {
	run      func(ctx context.Context, t job.Task) error
	finished atomic.Int32
	abandons atomic.Int32
	reopens  atomic.Int32
}

func (p *probe) Run(ctx context.Context, t job.Task) error { return p.run(ctx, t) }

func (p *probe) Finish(context.Context, *store.Tx, store.Job) error {
	p.finished.Add(1)
	return nil
}

func (p *probe) Abandon(context.Context, *store.Tx, store.Job) error {
	p.abandons.Add(1)
	return nil
}

func (p *probe) Reopen(context.Context, *store.Tx, store.Job) error {
	p.reopens.Add(1)
	return nil
}

// untilStopped tells that it runs, and runs until it is stopped.
func untilStopped(running chan<- store.Job) func(context.Context, job.Task) error {
	return func(ctx context.Context, t job.Task) error {
		running <- t.Job
		<-ctx.Done()
		return context.Cause(ctx)
	}
}

// newRunner returns a Runner of probes, and its hub.
func newRunner(s *store.Store, p *probe) (*job.Runner, *job.Hub) {
	return newLoggedRunner(s, p, discard)
}

func newLoggedRunner(s *store.Store, p *probe, log *slog.Logger) (*job.Runner, *job.Hub) {
	hub := job.NewHub()
	r := job.NewRunner(s, hub, job.NewIngest(s, nil, 1<<20, 1, nil), "node", time.Now, log)
	r.Add("PROBE", p)
	return r, hub
}

func enqueue(t *testing.T, r *job.Runner, attempts int) store.Job {
	t.Helper()
	j, err := r.Enqueue(t.Context(), store.NewJob{Kind: "PROBE", MaxAttempts: attempts})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// What is logged says which worker tries a job, from when to when.
func TestTriesAreLogged(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	p := &probe{}
	p.run = func(_ context.Context, task job.Task) error {
		if task.Job.Attempts == 1 {
			return job.Later(errors.New("not yet"), 0)
		}
		return nil
	}
	var lines bytes.Buffer
	r, hub := newLoggedRunner(s, p, slog.New(slog.NewTextHandler(&lines, nil)))
	stop := run(t, s, hub, r)
	j := enqueue(t, r, 2)
	ended(t, r, j.ID)
	stop()
	var told []string
	about := regexp.MustCompile(`msg="(.*?)" job_id=` + strconv.FormatInt(j.ID, 10) + ` kind=PROBE attempt=(\d) worker=node/[01]\b`)
	for _, m := range about.FindAllStringSubmatch(lines.String(), -1) {
		told = append(told, m[1]+" "+m[2])
	}
	want := []string{"job started 1", "job will be retried 1", "job started 2", "job succeeded 2"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("logged (-want +got):\n%s", diff)
	}
}

// A panic is a mistake of ours: the log says where.
func TestPanicsAreLogged(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	var lines bytes.Buffer
	r, hub := newLoggedRunner(s, &probe{run: mistaken}, slog.New(slog.NewTextHandler(&lines, nil)))
	stop := run(t, s, hub, r)
	ended(t, r, enqueue(t, r, 2).ID)
	stop()
	if !strings.Contains(lines.String(), "mistaken") {
		t.Errorf("the log does not say where:\n%s", &lines)
	}
}

func mistaken(context.Context, job.Task) error { panic("oh") }

func TestARunningJobIsCancelled(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		running := make(chan store.Job, 9)
		p := &probe{run: untilStopped(running)}
		r, hub := newRunner(s, p)
		defer run(t, s, hub, r)()
		j := enqueue(t, r, 5)
		<-running
		asked, err := r.Cancel(t.Context(), j.ID)
		if err != nil || asked.State != store.JobRunning || !asked.CancelAsked {
			t.Errorf("asked to stop: %+v, %v", asked, err)
		}
		if got := ended(t, r, j.ID); got.State != store.JobCancelled || got.Attempts != 1 || p.abandons.Load() == 0 {
			t.Errorf("after %d times Abandon: %+v", p.abandons.Load(), got)
		}
		if _, err := r.Retry(t.Context(), j.ID); err != nil || p.reopens.Load() == 0 {
			t.Errorf("after %d times Reopen: %v", p.reopens.Load(), err)
		}
		if again := <-running; again.ID != j.ID || again.Attempts != 1 {
			t.Errorf("tried again: %+v", again)
		}
	})
}

// The node that is asked to cancel a job need not be the one that runs it.
func TestAJobOfAnotherNodeIsCancelled(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		running := make(chan store.Job, 9)
		p := &probe{run: untilStopped(running)}
		worker, workerHub := newRunner(s, p)
		web, hub := newRunner(s, p)
		defer run(t, s, workerHub, worker)()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); hub.Keep(ctx, s, discard) }()
		defer func() { cancel(); <-done }()
		j := enqueue(t, web, 5)
		<-running
		if _, err := web.Cancel(t.Context(), j.ID); err != nil {
			t.Fatal(err)
		}
		if got := ended(t, web, j.ID); got.State != store.JobCancelled {
			t.Errorf("job = %+v", got)
		}
	})
}

func TestAWaitingJobIsCancelledAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ingest := job.NewIngest(s, nil, 1<<20, 1, nil)
		r := job.NewRunner(s, job.NewHub(), ingest, "test", time.Now, discard)
		bom, j, err := ingest.Accept(t.Context(), upload(document))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Cancel(t.Context(), j.ID); err != nil || got.State != store.JobCancelled {
			t.Errorf("cancelled: %+v, %v", got, err)
		}
		if got := ready(t, s, bom.ID); got.State != store.BomFailed {
			t.Errorf("bom = %+v", got)
		}
		if _, err := r.Cancel(t.Context(), j.ID); !errors.Is(err, store.ErrConflict) {
			t.Errorf("cancelled twice: %v", err)
		}
		if _, err := r.Retry(t.Context(), j.ID); err != nil {
			t.Fatal(err)
		}
		if got := runUntilEnded(t, s, ingest, j.ID); got.State != store.JobSucceeded {
			t.Errorf("tried again: %+v", got)
		}
		if got := ready(t, s, bom.ID); got.State != store.BomReady || got.ComponentCount != 2 {
			t.Errorf("bom = %+v", got)
		}
	})
}

// A graceful stop takes no try away.
func TestAStoppedRunnerGivesItsJobsBack(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		running := make(chan store.Job, 9)
		r, hub := newRunner(s, &probe{run: untilStopped(running)})
		j := enqueue(t, r, 1)
		for range 3 {
			stop := run(t, s, hub, r)
			<-running
			stop()
			rows, err := s.JobsByIDs(t.Context(), []int64{j.ID})
			if err != nil || rows[0].State != store.JobQueued || rows[0].Attempts != 0 {
				t.Fatalf("job = %+v, %v", rows, err)
			}
		}
	})
}

// What a process that died has left is taken up at once by the next one on the
// same file, long before its lease runs out.
func TestJobsOfADeadProcessAreTakenBackAtOnce(t *testing.T) {
	t.Parallel()
	s := storetest.OpenDSN(t, storetest.SQLite(t), time.Now)
	r, hub := newRunner(s, &probe{run: func(context.Context, job.Task) error { return nil }})
	j := enqueue(t, r, 2)
	if _, err := s.ClaimJob(t.Context(), "dead", 24*time.Hour, "PROBE"); err != nil {
		t.Fatal(err)
	}
	defer run(t, s, hub, r)()
	if got := ended(t, r, j.ID); got.State != store.JobSucceeded || got.Attempts != 2 {
		t.Errorf("job = %+v", got)
	}
}

// What another living process works on is left to it, under whatever name it
// opened the file.
func TestJobsOfALivingProcessAreLeftToIt(t *testing.T) {
	t.Parallel()
	path := storetest.SQLite(t)
	s := storetest.OpenDSN(t, path, time.Now)
	leave, err := s.JoinWorkers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	r, _ := newRunner(s, &probe{})
	enqueue(t, r, 2)
	if _, err := s.ClaimJob(t.Context(), "alive", time.Hour, "PROBE"); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, link} {
		other, err := storetest.OpenDSN(t, name, time.Now).JoinWorkers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer other()
		if j, err := s.ClaimJob(t.Context(), "other", time.Hour, "PROBE"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: claimed %+v, %v", name, j, err)
		}
	}
}

// broken returns a job that finds its database closed.
func broken(t *testing.T) func(context.Context, job.Task) error {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: storetest.DSN(t)})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	return func(ctx context.Context, _ job.Task) error {
		_, err := s.BomsByIDs(ctx, []int64{1})
		return err
	}
}

func TestHowAttemptsEnd(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		run     func(context.Context, job.Task) error
		state   string
		errText string
	}{
		"well":                      {func(context.Context, job.Task) error { return nil }, store.JobSucceeded, ""},
		"with an error, once more":  {func(context.Context, job.Task) error { return errors.New("no luck") }, store.JobQueued, "no luck"},
		"with an error that stays":  {func(context.Context, job.Task) error { return job.Permanent(errors.New("broken")) }, store.JobFailed, "broken"},
		"with a panic":              {func(context.Context, job.Task) error { panic("oh") }, store.JobFailed, "internal error; the server's log has it under job_id=ID"},
		"with a broken database":    {broken(t), store.JobQueued, "internal error; the server's log has it under job_id=ID"},
		"with a pause of their own": {func(context.Context, job.Task) error { return job.Later(errors.New("busy"), time.Hour) }, store.JobQueued, "busy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T, s *store.Store) {
				r, hub := newRunner(s, &probe{run: test.run})
				j := enqueue(t, r, 2)
				changed, leave := hub.Watch(j.ID)
				defer leave()
				defer run(t, s, hub, r)()
				for now := range changed {
					if now.State == store.JobRunning {
						continue
					}
					if now.State != test.state || now.Error != strings.ReplaceAll(test.errText, "ID", strconv.FormatInt(j.ID, 10)) || now.Attempts != 1 {
						t.Errorf("job = %+v", now)
					}
					return
				}
			})
		})
	}
}

func TestProgressIsKept(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		want := store.JobProgress{Stage: "counting", Done: 1000, Total: 1000, Message: "all counted"}
		r, hub := newRunner(s, &probe{run: func(_ context.Context, t job.Task) error {
			for i := range want.Total {
				t.Report(store.JobProgress{Stage: want.Stage, Done: i, Total: want.Total})
			}
			t.Report(want)
			return nil
		}})
		defer run(t, s, hub, r)()
		j := ended(t, r, enqueue(t, r, 1).ID)
		if got := (store.JobProgress{Stage: j.Stage, Done: j.Done, Total: j.Total, Message: j.Message}); got != want {
			t.Errorf("progress = %+v", got)
		}
		if j.Revision > 20 {
			t.Errorf("%d changes were written for 1,000 reports", j.Revision)
		}
	})
}

// A job that takes minutes keeps no others waiting.
func TestSlowKindsHaveTheirOwnWorker(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		running := make(chan store.Job, 9)
		r, hub := newRunner(s, &probe{run: func(context.Context, job.Task) error { return nil }})
		r.AddSlow("SLOW", &probe{run: untilStopped(running)})
		for range 3 {
			if _, err := r.Enqueue(t.Context(), store.NewJob{Kind: "SLOW", MaxAttempts: 1}); err != nil {
				t.Fatal(err)
			}
		}
		quick := enqueue(t, r, 1)
		defer run(t, s, hub, r)()
		<-running
		if got := ended(t, r, quick.ID); got.State != store.JobSucceeded {
			t.Errorf("job = %+v", got)
		}
		if len(running) > 0 {
			t.Error("two slow jobs run at once")
		}
	})
}

func TestWatchersHaveTheNewestState(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		release := make(chan struct{})
		r, hub := newRunner(s, &probe{run: func(context.Context, job.Task) error { <-release; return nil }})
		j := enqueue(t, r, 1)
		slow, stop := hub.Watch(j.ID)
		defer stop()
		gone, leave := hub.Watch(j.ID)
		leave()
		defer run(t, s, hub, r)()
		close(release)
		ended(t, r, j.ID)
		if now := <-slow; now.State != store.JobSucceeded {
			t.Errorf("the slow watcher finds %+v", now)
		}
		select {
		case now := <-gone:
			t.Errorf("a watcher that left was told %+v", now)
		default:
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	r, _ := newRunner(s, &probe{})
	j := enqueue(t, r, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := r.Wait(ctx, j); err != nil || got.State != store.JobQueued {
		t.Errorf("job = %+v, %v", got, err)
	}
	if _, err := r.Wait(t.Context(), store.Job{ID: 99}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("waited for what there is not: %v", err)
	}
}

func TestAJobThatKillsItsProcessIsGivenUp(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		p := &probe{}
		r, hub := newRunner(s, p)
		j := enqueue(t, r, 1)
		if _, err := s.ClaimJob(t.Context(), "dead", 0, "PROBE"); err != nil {
			t.Fatal(err)
		}
		defer run(t, s, hub, r)()
		got := ended(t, r, j.ID)
		if got.State != store.JobFailed || !strings.Contains(got.Error, "killed") || p.abandons.Load() == 0 {
			t.Errorf("job = %+v", got)
		}
	})
}
