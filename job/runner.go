// Package job does the work that nobody waits for: it claims jobs from the
// store, runs them, keeps their lease, retries them and tells who is watching.
// One kind of job is one file.
package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"loadline/store"
)

const (
	// lease is how long a job stays claimed without a sign of life. A job whose
	// process was killed runs again after it.
	lease = 30 * time.Second
	// pollEvery is how often the store is asked for jobs that nobody in this
	// process announced: retries that are due, and jobs of killed processes.
	pollEvery = time.Second
	// firstRetry is the pause before the second try; it doubles with each.
	firstRetry = 2 * time.Second
)

// permanent marks an error that a second try would meet again.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// worker does the jobs of one kind. Run must come to the same end however often
// it is started. Finish and Abandon are part of the transaction that ends the
// job.
type worker interface {
	Run(ctx context.Context, j store.Job, report func(stage string, done, total int)) error
	Finish(ctx context.Context, tx *store.Tx, j store.Job) error
	Abandon(ctx context.Context, tx *store.Tx, j store.Job) error
}

// Runner runs jobs.
type Runner struct {
	store   *store.Store
	hub     *Hub
	log     *slog.Logger
	now     func() time.Time
	name    string
	workers map[string]worker
	wake    chan struct{}
}

// NewRunner returns a Runner that claims jobs under name, which tells processes
// on one database apart.
func NewRunner(s *store.Store, hub *Hub, ingest *Ingest, name string, now func() time.Time, log *slog.Logger) *Runner {
	r := &Runner{
		store:   s,
		hub:     hub,
		log:     log,
		now:     now,
		name:    name,
		workers: map[string]worker{store.KindIngestBom: ingest},
		wake:    make(chan struct{}, 1),
	}
	ingest.accepted = r.announce
	return r
}

// announce lets a runner that waits look for jobs at once.
func (r *Runner) announce() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works on up to concurrency jobs at a time until ctx ends, and returns when
// all of them have stopped. A job that was cut short runs again later.
func (r *Runner) Run(ctx context.Context, concurrency int) {
	var wg sync.WaitGroup
	for i := range concurrency {
		wg.Go(func() { r.loop(ctx, fmt.Sprintf("%s/%d", r.name, i)) })
	}
	wg.Wait()
}

func (r *Runner) loop(ctx context.Context, name string) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		j, err := r.store.ClaimJob(ctx, name, lease)
		if err == nil {
			r.announce()
			r.work(ctx, name, j)
			continue
		}
		if !errors.Is(err, store.ErrNotFound) && ctx.Err() == nil {
			r.log.Error("jobs not claimed", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// work runs a claimed job to its end, its next try, or the end of ctx.
func (r *Runner) work(ctx context.Context, name string, j store.Job) {
	log := r.log.With("job_id", j.ID, "kind", j.Kind, "attempt", j.Attempts)
	r.hub.changed(j.ID)
	defer r.hub.changed(j.ID)
	w, ok := r.workers[j.Kind]
	var err error
	switch {
	case !ok:
		err = permanent{fmt.Errorf("this version does not know jobs of kind %s", j.Kind)}
	case j.Attempts > j.MaxAttempts:
		err = permanent{errors.New("its process was killed each time it was tried")}
	default:
		err = r.attempt(ctx, name, w, j)
	}
	if ctx.Err() != nil {
		log.Info("job interrupted")
		r.end(log, r.store.RetryJob(context.WithoutCancel(ctx), j.ID, j.Error, r.now()))
		return
	}
	// What has been done is noted also when the runner is stopped meanwhile.
	ctx = context.WithoutCancel(ctx)
	var final permanent
	switch {
	case err == nil:
		r.end(log, r.store.InTx(ctx, func(tx *store.Tx) error {
			if err := w.Finish(ctx, tx, j); err != nil {
				return err
			}
			return tx.SucceedJob(ctx, j.ID)
		}))
		log.Info("job succeeded")
	case errors.As(err, &final) || j.Attempts >= j.MaxAttempts:
		log.Error("job failed", "error", err)
		r.end(log, r.store.InTx(ctx, func(tx *store.Tx) error {
			if ok {
				if err := w.Abandon(ctx, tx, j); err != nil {
					return err
				}
			}
			return tx.FailJob(ctx, j.ID, err.Error())
		}))
	default:
		pause := firstRetry << (j.Attempts - 1)
		log.Warn("job will be retried", "error", err, "pause", pause)
		r.end(log, r.store.RetryJob(ctx, j.ID, err.Error(), r.now().Add(pause)))
	}
}

// end logs that a job's end could not be noted; its lease will run out, and it
// runs again.
func (r *Runner) end(log *slog.Logger, err error) {
	if errors.Is(err, store.ErrNotFound) {
		log.Info("job deleted meanwhile")
		return
	}
	if err != nil {
		log.Error("job's end not noted", "error", err)
	}
}

// attempt runs the job once and keeps its lease meanwhile.
func (r *Runner) attempt(ctx context.Context, name string, w worker, j store.Job) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var keeper sync.WaitGroup
	defer keeper.Wait()
	done := make(chan struct{})
	defer close(done)
	keeper.Go(func() {
		tick := time.NewTicker(lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if err := r.store.ExtendJob(ctx, j.ID, name, lease); errors.Is(err, store.ErrNotFound) {
					cancel(fmt.Errorf("the job is somebody else's now"))
				}
			}
		}
	})
	defer func() {
		if p := recover(); p != nil {
			err = permanent{fmt.Errorf("internal error: %v", p)}
		}
	}()
	return w.Run(ctx, j, func(stage string, done, total int) {
		if err := r.store.ReportJob(ctx, j.ID, stage, done, total); err != nil && ctx.Err() == nil {
			r.log.Warn("progress not noted", "job_id", j.ID, "error", err)
		}
		r.hub.changed(j.ID)
	})
}
