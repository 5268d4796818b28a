package store

import (
	"context"
	"time"
)

// The states of a Job.
const (
	JobQueued    = "QUEUED"
	JobRunning   = "RUNNING"
	JobSucceeded = "SUCCEEDED"
	JobFailed    = "FAILED"
)

// KindIngestBom is the kind of job that AcceptBom enqueues.
const KindIngestBom = "INGEST_BOM"

// Job is a piece of background work.
type Job struct {
	ID                    int64
	Kind, State           string
	Stage                 string // what it is doing; empty before it starts
	Done, Total           int    // of the stage; Total is 0 while it is not known
	Attempts, MaxAttempts int
	Error                 string // of the last attempt that failed
	BomID                 int64  // 0: none
	Args                  JSON
	CreatedAt, RunAt      time.Time
	StartedAt, FinishedAt time.Time
	LeaseUntil            time.Time
}

// NewJob is a job to enqueue.
type NewJob struct {
	Kind        string
	BomID       int64 // 0: none
	Args        any   // written as JSON; nil: none
	MaxAttempts int
}

// JobsByIDs returns the jobs that exist, in any order.
func (r reads) JobsByIDs(ctx context.Context, ids []int64) ([]Job, error) { return nil, errNotBuilt }

// Enqueue returns the new job, due at once.
func (tx *Tx) Enqueue(ctx context.Context, j NewJob) (Job, error) { return Job{}, errNotBuilt }

// ClaimJob gives the worker the job that has been due for longest: a QUEUED one,
// or a RUNNING one whose lease ran out. Attempts counts this claim, and may pass
// MaxAttempts if earlier ones ended without a word. It returns ErrNotFound when
// nothing is due. No two claims get one job while its lease runs.
func (s *Store) ClaimJob(ctx context.Context, worker string, lease time.Duration) (Job, error) {
	return Job{}, errNotBuilt
}

// ExtendJob lets the lease run from now again. It returns ErrNotFound when the
// job is no longer the worker's.
func (s *Store) ExtendJob(ctx context.Context, id int64, worker string, lease time.Duration) error {
	return errNotBuilt
}

// ReportJob notes how far a running job is. It returns ErrNotFound when the job
// is not running.
func (s *Store) ReportJob(ctx context.Context, id int64, stage string, done, total int) error {
	return errNotBuilt
}

// RetryJob makes a running job QUEUED again, due at runAt. It returns
// ErrNotFound when the job is not running.
func (s *Store) RetryJob(ctx context.Context, id int64, errText string, runAt time.Time) error {
	return errNotBuilt
}

// SucceedJob makes a running job SUCCEEDED. It returns ErrNotFound when the job
// is not running.
func (tx *Tx) SucceedJob(ctx context.Context, id int64) error { return errNotBuilt }

// FailJob makes a running job FAILED. It returns ErrNotFound when the job is not
// running.
func (tx *Tx) FailJob(ctx context.Context, id int64, errText string) error { return errNotBuilt }
