// Package job does the work that nobody waits for: it claims jobs from the
// store, runs them, keeps their leases, retries and stops them, and tells who is
// watching. One kind of job is one file.
package job

import (
	"context"
	"time"

	"loadline/store"
)

// Kind does the jobs of one kind. Run must come to the same end however often it
// is started. Finish and Abandon are part of the transaction that ends the job:
// as succeeded, or as failed or cancelled.
type Kind interface {
	Run(ctx context.Context, t Task) error
	Finish(ctx context.Context, tx *store.Tx, j store.Job) error
	Abandon(ctx context.Context, tx *store.Tx, j store.Job) error
}

// Reopener is a Kind with something to do when a job that was given up is to be
// tried again, in the same transaction.
type Reopener interface {
	Reopen(ctx context.Context, tx *store.Tx, j store.Job) error
}

// Task is a job under way.
type Task struct {
	Job store.Job
	// Store refuses to write once the job is to stop or is somebody else's: what a
	// job writes goes through it.
	Store *store.Store
	// Report says how far the job is. It may be called often.
	Report func(store.JobProgress)
}

// Plain is for a Kind to embed that has nothing to do at a job's end.
type Plain struct{}

// Finish does nothing.
func (Plain) Finish(context.Context, *store.Tx, store.Job) error { return nil }

// Abandon does nothing.
func (Plain) Abandon(context.Context, *store.Tx, store.Job) error { return nil }

// Permanent marks an error that a second try would meet again.
func Permanent(err error) error { return permanent{err} }

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Later marks an error after which the job is to be tried again when the time has
// passed, and not sooner.
func Later(err error, pause time.Duration) error { return later{err, pause} }

type later struct {
	error
	pause time.Duration
}

func (l later) Unwrap() error { return l.error }
