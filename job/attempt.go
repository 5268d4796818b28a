package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"loadline/store"
)

const (
	// firstRetry is the pause before the second try; it doubles with each.
	firstRetry = 2 * time.Second
	// longestRetry is where it stops doubling.
	longestRetry = 10 * time.Minute
	// reportEvery is how often progress is written down while a stage lasts.
	reportEvery = 250 * time.Millisecond
)

// errCancelled is why a job stops that was asked to.
var errCancelled = errors.New("the job was cancelled")

// errPanicked is what becomes of a job that panicked; what it said is in the log.
var errPanicked = errors.New("the job panicked")

// told is what people are told of a job's error. What the database or the program
// says of itself is for the log.
func told(err error, id int64) string {
	var fault *store.Fault
	if errors.As(err, &fault) || errors.Is(err, errPanicked) {
		return fmt.Sprintf("internal error; the server's log has it under job_id=%d", id)
	}
	return err.Error()
}

// pauseBefore is how long to wait for the next try after attempts ones, the last
// of which ended with err. Half of it is left to chance, so that what failed
// together is not tried together.
func pauseBefore(attempts int, err error) time.Duration {
	var asked later
	if errors.As(err, &asked) {
		return asked.pause
	}
	pause := longestRetry
	if doublings := attempts - 1; doublings < 16 {
		pause = min(longestRetry, firstRetry<<doublings)
	}
	return pause/2 + rand.N(pause)
}

// attempt is a job that runs in this process.
type attempt struct {
	stop context.CancelCauseFunc
	done chan struct{}
}

// attempt runs the job once and keeps its lease meanwhile. It returns
// errCancelled or store.ErrJobLost for a job that was stopped.
func (r *Runner) attempt(ctx context.Context, log *slog.Logger, k Kind, j store.Job) (err error) {
	ctx, stop := context.WithCancelCause(ctx)
	a := &attempt{stop: stop, done: make(chan struct{})}
	r.start(j.ID, a)
	defer r.finish(j.ID, a)
	log.Info("job started")

	var keeper sync.WaitGroup
	defer keeper.Wait()
	ended := make(chan struct{})
	defer close(ended)
	keeper.Go(func() { r.keepLease(ctx, log, j, stop, ended) })

	progress := &reporter{write: func(p store.JobProgress) {
		now, err := r.store.ReportJob(ctx, j, p)
		if err != nil && ctx.Err() == nil {
			log.Warn("progress not noted", "error", err)
			return
		}
		if err == nil {
			r.hub.tell(now)
		}
	}}
	defer func() {
		if p := recover(); p != nil {
			log.Error("job panicked", "panic", p, "stack", string(debug.Stack()))
			err = permanent{errPanicked}
		}
		progress.flush()
		if cause := context.Cause(ctx); err != nil && (errors.Is(cause, errCancelled) || errors.Is(cause, store.ErrJobLost)) {
			err = cause
		}
		stop(nil)
	}()
	return k.Run(ctx, Task{Job: j, Store: r.store.ForJob(j, lease), Report: progress.report})
}

// start notes that a job runs. An earlier attempt at it that still runs here, and
// has lost it, is stopped first.
func (r *Runner) start(id int64, a *attempt) {
	r.mu.Lock()
	old := r.running[id]
	r.running[id] = a
	r.mu.Unlock()
	if old != nil {
		old.stop(store.ErrJobLost)
		<-old.done
	}
}

func (r *Runner) finish(id int64, a *attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[id] == a {
		delete(r.running, id)
	}
	close(a.done)
}

// stopHere stops a job that runs in this process.
func (r *Runner) stopHere(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.running[id]; a != nil {
		a.stop(errCancelled)
	}
}

// keepLease gives signs of life for a job until it has ended, and stops it when
// it is to stop, is somebody else's, or may soon be.
func (r *Runner) keepLease(ctx context.Context, log *slog.Logger, j store.Job, stop context.CancelCauseFunc, ended <-chan struct{}) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	runOut := time.AfterFunc(lease-leaseMargin, func() { stop(store.ErrJobLost) })
	defer runOut.Stop()
	for {
		select {
		case <-ended:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		began := time.Now()
		switch cancelled, err := r.store.ExtendJob(ctx, j, lease); {
		case errors.Is(err, store.ErrJobLost):
			stop(store.ErrJobLost)
		case cancelled:
			stop(errCancelled)
		case err == nil:
			runOut.Reset(lease - leaseMargin - time.Since(began))
		case ctx.Err() == nil:
			log.Warn("lease not renewed", "error", err)
		}
	}
}

// reporter writes progress down, not more often than is of use.
type reporter struct {
	write func(store.JobProgress)

	mu      sync.Mutex
	last    store.JobProgress // written
	at      time.Time
	pending *store.JobProgress
}

func (r *reporter) report(p store.JobProgress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.Stage == r.last.Stage && time.Since(r.at) < reportEvery {
		r.pending = &p
		return
	}
	r.put(p)
}

// flush writes what has not been written yet.
func (r *reporter) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pending != nil {
		r.put(*r.pending)
	}
}

func (r *reporter) put(p store.JobProgress) {
	r.write(p)
	r.last, r.at, r.pending = p, time.Now(), nil
}
