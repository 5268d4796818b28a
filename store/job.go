package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The states of a Job.
const (
	JobQueued    = "QUEUED"
	JobRunning   = "RUNNING"
	JobSucceeded = "SUCCEEDED"
	JobFailed    = "FAILED"
	JobCancelled = "CANCELLED"
)

// The kinds of jobs that the store itself enqueues, and those that others need
// to know.
const (
	KindIngestBom = "INGEST_BOM" // AcceptBom
	KindDelete    = "DELETE"     // RetireProject and RetireRelease
	KindSync      = "SYNC"
)

// ErrJobLost says that a job is no longer its worker's: it was cancelled or
// deleted, or its lease ran out and somebody else has it.
var ErrJobLost = errors.New("the job is no longer this worker's")

// Job is a piece of background work.
type Job struct {
	ID                    int64
	Kind, State           string
	Stage                 string // what it is doing; empty before it starts
	Message               string // about the stage, in a sentence; may be empty
	Done, Total           int    // of the stage; Total is 0 while it is not known
	Attempts, MaxAttempts int
	Error                 string // of the last attempt that failed
	BomID                 int64  // 0: none
	ProjectID             int64  // what it is about; 0: none
	Args                  JSON
	CreatedAt, RunAt      time.Time
	StartedAt, FinishedAt time.Time
	LeaseUntil            time.Time
	Claim                 int64 // how often it was claimed: names the present claim
	Revision              int64 // grows with every change
	CancelAsked           bool  // it is to stop
}

// Open says whether there is still something to do.
func (j Job) Open() bool { return j.State == JobQueued || j.State == JobRunning }

// NewJob is a job to enqueue.
type NewJob struct {
	Kind        string
	BomID       int64 // 0: none
	ProjectID   int64 // 0: none
	Args        any   // written as JSON; nil: none
	MaxAttempts int
	RunAt       time.Time // zero: at once
	// Unique, where it is not empty, keeps a second job with the same key from
	// being enqueued while one is open.
	Unique string
	// Again says that a job with the same key which runs already is not enough: it
	// is enqueued once more when that ends.
	Again bool
}

const jobColumns = `
	job.id,
	job.kind,
	job.state,
	job.stage,
	job.message,
	job.done,
	job.total,
	job.attempts,
	job.max_attempts,
	job.error,
	job.bom_id,
	job.project_id,
	job.args,
	job.created_at,
	job.run_at,
	job.started_at,
	job.finished_at,
	job.lease_until,
	job.claim,
	job.revision,
	job.cancel_asked`

func (j *Job) columns() []any {
	return []any{
		&j.ID,
		&j.Kind,
		&j.State,
		&j.Stage,
		&j.Message,
		&j.Done,
		&j.Total,
		&j.Attempts,
		&j.MaxAttempts,
		&j.Error,
		(*optionalID)(&j.BomID),
		(*optionalID)(&j.ProjectID),
		&j.Args,
		(*millis)(&j.CreatedAt),
		(*millis)(&j.RunAt),
		(*millis)(&j.StartedAt),
		(*millis)(&j.FinishedAt),
		(*millis)(&j.LeaseUntil),
		&j.Claim,
		&j.Revision,
		&j.CancelAsked,
	}
}

// JobsByIDs returns the jobs that exist, in any order.
func (r reads) JobsByIDs(ctx context.Context, ids []int64) ([]Job, error) {
	jobs, err := selectRows[Job](ctx, r.conn, `
		SELECT `+jobColumns+`
		FROM job
		WHERE {{in job.id}}`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d jobs by id: %w", len(ids), err)
	}
	return jobs, nil
}

// JobFilter keeps jobs that pass each condition that is not empty.
type JobFilter struct {
	States, Kinds []string
	ProjectID     int64
}

func (f JobFilter) where() (string, []any) {
	var where string
	var args []any
	if len(f.States) > 0 {
		where += ` AND {{in job.state}}`
		args = append(args, f.States)
	}
	if len(f.Kinds) > 0 {
		where += ` AND {{in job.kind}}`
		args = append(args, f.Kinds)
	}
	if f.ProjectID != 0 {
		where += ` AND job.project_id = ?`
		args = append(args, f.ProjectID)
	}
	return where, args
}

// Ids grow: the newest job has the highest.
var jobOrder = order{columns: []string{"job.id"}, down: true}

// Jobs returns a page of all jobs that pass the filter, the newest first.
func (r reads) Jobs(ctx context.Context, f JobFilter, p Page) (Slice[Job], error) {
	c, err := p.cut(jobOrder)
	if err != nil {
		return Slice[Job]{}, fmt.Errorf("store: jobs: %w", err)
	}
	where, args := f.where()
	rows, err := selectRows[Job](ctx, r.conn, c.in(`
		SELECT `+jobColumns+`
		FROM job
		WHERE job.id IN (
			SELECT job.id
			FROM job
			WHERE TRUE `+where+` {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		)
		ORDER BY {{order}}`), append(args, c.args...)...)
	if err != nil {
		return Slice[Job]{}, fmt.Errorf("store: jobs: %w", err)
	}
	return slice(p, rows, func(j *Job) []any { return []any{j.ID} })
}

// CountJobs returns how many jobs pass the filter.
func (r reads) CountJobs(ctx context.Context, f JobFilter) (int, error) {
	where, args := f.where()
	n, err := selectNumber(ctx, r.conn, `
		SELECT COUNT(*)
		FROM job
		WHERE TRUE `+where, args...)
	if err != nil {
		return 0, fmt.Errorf("store: count jobs: %w", err)
	}
	return n, nil
}

// Enqueue returns the new job or, where n is unique, the one that is open
// already. A unique job that waits for its first try runs no later than n asks
// for.
func (tx *Tx) Enqueue(ctx context.Context, n NewJob) (Job, error) {
	args, err := encodeArgs(n.Args)
	if err != nil {
		return Job{}, fmt.Errorf("store: arguments of %s job: %w", n.Kind, err)
	}
	if n.RunAt.IsZero() {
		n.RunAt = tx.now
	}
	var key any
	if n.Unique != "" {
		key = n.Unique
	}
	j, err := selectOne[Job](ctx, tx.conn, `
		INSERT INTO job (
			kind,
			state,
			max_attempts,
			bom_id,
			project_id,
			args,
			created_at,
			run_at,
			unique_key
		)
		VALUES (?, 'QUEUED', ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND state IN ('QUEUED', 'RUNNING') DO UPDATE
		SET
			again = CASE WHEN job.state = 'RUNNING' AND (? OR job.cancel_asked) THEN TRUE ELSE job.again END,
			run_at = CASE
				WHEN job.state = 'QUEUED' AND job.attempts = 0 AND excluded.run_at < job.run_at THEN excluded.run_at
				ELSE job.run_at
			END
		RETURNING `+jobColumns, n.Kind, n.MaxAttempts, toID(n.BomID), toID(n.ProjectID), args, tx.now, n.RunAt, key, n.Again)
	tx.signalJob(j.ID)
	tx.signalDue(n.Kind)
	if err != nil {
		return Job{}, fmt.Errorf("store: enqueue %s job: %w", n.Kind, err)
	}
	return j, nil
}

func encodeArgs(args any) (JSON, error) {
	if args == nil {
		return nil, nil
	}
	return json.Marshal(args)
}

// EnqueueDue enqueues n if its kind's schedule says that it is time, and sets the
// schedule to the next time; false when it is not. The first time is due at once.
func (tx *Tx) EnqueueDue(ctx context.Context, n NewJob, every time.Duration) (bool, error) {
	tx.hush()
	due, err := tx.exec(ctx, `
		INSERT INTO schedule (
			kind,
			next_at
		)
		VALUES (?, ?)
		ON CONFLICT (kind) DO UPDATE
		SET next_at = excluded.next_at
		WHERE schedule.next_at <= ? OR schedule.next_at > excluded.next_at`, n.Kind, tx.now.Add(every), tx.now)
	if err != nil {
		return false, fmt.Errorf("store: schedule of %s: %w", n.Kind, err)
	}
	if due == 0 {
		return false, nil
	}
	_, err = tx.Enqueue(ctx, n)
	return err == nil, err
}
