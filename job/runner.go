package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"loadline/store"
)

const (
	// lease is how long a job stays claimed without a sign of life. A job whose
	// process was killed is another's after it.
	lease = 10 * time.Second
	// beatEvery is how often a running job gives a sign of life, and hears that it
	// is to stop.
	beatEvery = 3 * time.Second
	// leaseMargin is how long before its lease runs out a job that could give no
	// sign of life stops by itself: nobody else can have it by then.
	leaseMargin = time.Second
	// pollEvery is how often the store is asked for jobs that nobody in this
	// process announced: retries that are due, and jobs of other processes.
	pollEvery = time.Second
)

// Runner runs jobs.
type Runner struct {
	store  *store.Store
	hub    *Hub
	log    *slog.Logger
	now    func() time.Time
	name   string
	kinds  map[string]registered
	repeat []periodic

	mu      sync.Mutex
	workers []worker
	running map[int64]*attempt
}

// worker is a loop that waits for jobs of some kinds.
type worker struct {
	kinds []string
	wake  chan struct{}
}

type registered struct {
	Kind
	slow bool
}

// NewRunner returns a Runner of ingestions and deletions that claims jobs under name, which
// tells processes on one database apart.
func NewRunner(s *store.Store, hub *Hub, ingest *Ingest, name string, now func() time.Time, log *slog.Logger) *Runner {
	r := &Runner{
		store:   s,
		hub:     hub,
		log:     log,
		now:     now,
		name:    name,
		kinds:   make(map[string]registered),
		running: make(map[int64]*attempt),
	}
	r.Add(store.KindIngestBom, ingest)
	r.AddSlow(store.KindDelete, Delete{})
	r.AddSlow(KindPrune, &Prune{now: now})
	r.Repeat(store.NewJob{Kind: KindPrune, MaxAttempts: 1, Unique: KindPrune}, pruneEvery)
	ingest.accepted = func() { r.Announce(store.KindIngestBom) }
	return r
}

// Add lets the Runner work on jobs of a kind. Call it before Run.
func (r *Runner) Add(name string, k Kind) { r.kinds[name] = registered{Kind: k} }

// AddSlow is Add for jobs that may take minutes: they have a worker of their own,
// and keep no others waiting.
func (r *Runner) AddSlow(name string, k Kind) { r.kinds[name] = registered{Kind: k, slow: true} }

// Hear lets workers look for the jobs at once that a Signal tells of.
func (r *Runner) Hear(s store.Signal) {
	if s.Missed {
		r.Announce()
	} else if len(s.Due) > 0 {
		r.Announce(s.Due...)
	}
}

// Announce lets workers that wait for jobs of the kinds look for them at once;
// without kinds, all workers.
func (r *Runner) Announce(kinds ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.workers {
		if len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k string) bool { return slices.Contains(w.kinds, k) }) {
			continue
		}
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// waker returns what wakes a worker on the kinds.
func (r *Runner) waker(kinds []string) <-chan struct{} {
	w := worker{kinds: kinds, wake: make(chan struct{}, 1)}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.workers = append(r.workers, w)
	return w.wake
}

// Run works on up to concurrency jobs at a time, and one more of each slow kind,
// until ctx ends, and returns when all of them have stopped. A job that was cut
// short is given back, and runs again later.
func (r *Runner) Run(ctx context.Context, concurrency int) {
	leave, err := r.store.JoinWorkers(ctx)
	if err != nil {
		r.log.Error("jobs of a process that died wait for their leases", "error", err)
	} else {
		defer leave()
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	var quick []string
	for name, k := range r.kinds {
		if k.slow {
			wg.Go(func() { r.loop(ctx, r.name+"/"+name, name) })
		} else {
			quick = append(quick, name)
		}
	}
	for i := range concurrency {
		wg.Go(func() { r.loop(ctx, fmt.Sprintf("%s/%d", r.name, i), quick...) })
	}
	wg.Go(func() { r.keepSchedule(ctx) })
}

func (r *Runner) loop(ctx context.Context, worker string, kinds ...string) {
	wake := r.waker(kinds)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		j, err := r.store.ClaimJob(ctx, worker, lease, kinds...)
		if err == nil {
			r.work(ctx, worker, j)
			continue
		}
		if !errors.Is(err, store.ErrNotFound) && ctx.Err() == nil {
			r.log.Error("jobs not claimed", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-tick.C:
		}
	}
}

// work runs a claimed job to its end, its next try, or the end of ctx.
func (r *Runner) work(ctx context.Context, worker string, j store.Job) {
	log := r.log.With("job_id", j.ID, "kind", j.Kind, "attempt", j.Attempts, "worker", worker)
	r.hub.tell(j)
	k := r.kinds[j.Kind]
	var err error
	switch {
	case j.CancelAsked:
		err = errCancelled
	case j.Attempts > j.MaxAttempts:
		err = permanent{errors.New("its process was killed each time it was tried")}
	default:
		err = r.attempt(ctx, log, k, j)
	}
	// What has been done is noted also when the runner is stopped meanwhile.
	stopping := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx)
	ended, endErr := r.end(ctx, log, k, j, stopping, err)
	if err == nil && endErr != nil && !isLost(endErr) {
		ended, endErr = r.end(ctx, log, k, j, stopping, endErr)
	}
	switch {
	case isLost(endErr):
		log.Warn("job is somebody else's, or deleted, by now")
		r.hub.Look()
	case endErr != nil:
		// Its lease will run out, and it runs again.
		log.Error("job's end not noted", "error", endErr)
	default:
		r.hub.tell(ended)
		r.hub.Look()
	}
}

// isLost says whether a job could not be ended because it is another's or gone.
func isLost(err error) bool {
	return errors.Is(err, store.ErrJobLost) || errors.Is(err, store.ErrNotFound)
}

// end notes what became of a job.
func (r *Runner) end(ctx context.Context, log *slog.Logger, k Kind, j store.Job, stopping bool, err error) (ended store.Job, _ error) {
	var final permanent
	var step func(tx *store.Tx) (store.Job, error)
	switch cancelled := err != nil && r.cancelled(ctx, j, err); {
	case err == nil:
		log.Info("job succeeded")
		step = func(tx *store.Tx) (store.Job, error) {
			if err := k.Finish(ctx, tx, j); err != nil {
				return store.Job{}, err
			}
			return tx.SucceedJob(ctx, j)
		}
	case cancelled:
		log.Info("job cancelled")
		step = func(tx *store.Tx) (store.Job, error) {
			if err := k.Abandon(ctx, tx, j); err != nil && !errors.Is(err, store.ErrNotFound) {
				return store.Job{}, err
			}
			return tx.StopJob(ctx, j)
		}
	case errors.Is(err, store.ErrJobLost):
		return store.Job{}, err
	case stopping:
		log.Info("job interrupted")
		step = func(tx *store.Tx) (store.Job, error) { return tx.ReleaseJob(ctx, j) }
	case errors.As(err, &final) || j.Attempts >= j.MaxAttempts:
		log.Error("job failed", "error", err)
		step = func(tx *store.Tx) (store.Job, error) {
			if err := k.Abandon(ctx, tx, j); err != nil && !errors.Is(err, store.ErrNotFound) {
				return store.Job{}, err
			}
			return tx.FailJob(ctx, j, told(err, j.ID))
		}
	default:
		pause := pauseBefore(j.Attempts, err)
		log.Warn("job will be retried", "error", err, "pause", pause)
		step = func(tx *store.Tx) (store.Job, error) { return tx.RetryJob(ctx, j, told(err, j.ID), r.now().Add(pause)) }
	}
	err = r.store.InTx(ctx, func(tx *store.Tx) (err error) {
		ended, err = step(tx)
		return err
	})
	return ended, err
}

// cancelled says whether a job ended with err because it was asked to stop.
func (r *Runner) cancelled(ctx context.Context, j store.Job, err error) bool {
	if errors.Is(err, errCancelled) {
		return true
	}
	asked, err := r.store.ExtendJob(ctx, j, lease)
	return asked && err == nil
}
