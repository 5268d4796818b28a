package store

import (
	"context"
	"encoding/json"
	"fmt"
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

const jobColumns = `
	job.id,
	job.kind,
	job.state,
	job.stage,
	job.done,
	job.total,
	job.attempts,
	job.max_attempts,
	job.error,
	job.bom_id,
	job.args,
	job.created_at,
	job.run_at,
	job.started_at,
	job.finished_at,
	job.lease_until`

func (j *Job) columns() []any {
	return []any{
		&j.ID,
		&j.Kind,
		&j.State,
		&j.Stage,
		&j.Done,
		&j.Total,
		&j.Attempts,
		&j.MaxAttempts,
		&j.Error,
		(*optionalID)(&j.BomID),
		&j.Args,
		(*millis)(&j.CreatedAt),
		(*millis)(&j.RunAt),
		(*millis)(&j.StartedAt),
		(*millis)(&j.FinishedAt),
		(*millis)(&j.LeaseUntil),
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

// Enqueue returns the new job, due at once.
func (tx *Tx) Enqueue(ctx context.Context, n NewJob) (Job, error) {
	var args JSON
	if n.Args != nil {
		var err error
		if args, err = json.Marshal(n.Args); err != nil {
			return Job{}, fmt.Errorf("store: arguments of %s job: %w", n.Kind, err)
		}
	}
	j, err := selectOne[Job](ctx, tx.conn, `
		INSERT INTO job (
			kind,
			state,
			max_attempts,
			bom_id,
			args,
			created_at,
			run_at
		)
		VALUES (?, 'QUEUED', ?, ?, ?, ?, ?)
		RETURNING `+jobColumns, n.Kind, n.MaxAttempts, toID(n.BomID), args, tx.now, tx.now)
	if err != nil {
		return Job{}, fmt.Errorf("store: enqueue %s job: %w", n.Kind, err)
	}
	return j, nil
}

// ClaimJob gives the worker the job that has been due for longest: a QUEUED one,
// or a RUNNING one whose lease ran out. Attempts counts this claim, and passes
// MaxAttempts if earlier ones ended without a word. It returns ErrNotFound when
// nothing is due. No two claims get one job while its lease runs.
func (s *Store) ClaimJob(ctx context.Context, worker string, lease time.Duration) (Job, error) {
	var j Job
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		tx.hush()
		j, err = selectOne[Job](ctx, tx.conn, `
			UPDATE job
			SET
				state = 'RUNNING',
				attempts = attempts + 1,
				worker = ?,
				started_at = ?,
				lease_until = ?
			WHERE id = (
				SELECT id
				FROM job
				WHERE state IN ('QUEUED', 'RUNNING') AND run_at <= ? AND (state = 'QUEUED' OR lease_until <= ?)
				ORDER BY run_at, id
				LIMIT 1
				{{skip locked}}
			)
			RETURNING `+jobColumns, worker, tx.now, tx.now.Add(lease), tx.now, tx.now)
		return err
	})
	if err != nil {
		return Job{}, fmt.Errorf("store: claim job: %w", err)
	}
	return j, nil
}

// ExtendJob lets the lease run from now again. It returns ErrNotFound when the
// job is no longer the worker's.
func (s *Store) ExtendJob(ctx context.Context, id int64, worker string, lease time.Duration) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		return tx.execOne(ctx, `
			UPDATE job
			SET lease_until = ?
			WHERE id = ? AND state = 'RUNNING' AND worker = ?`, tx.now.Add(lease), id, worker)
	})
	if err != nil {
		return fmt.Errorf("store: extend job %d: %w", id, err)
	}
	return nil
}

// ReportJob notes how far a running job is. It returns ErrNotFound when the job
// is not running.
func (s *Store) ReportJob(ctx context.Context, id int64, stage string, done, total int) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		return tx.execOne(ctx, `
			UPDATE job
			SET
				stage = ?,
				done = ?,
				total = ?
			WHERE id = ? AND state = 'RUNNING'`, stage, done, total, id)
	})
	if err != nil {
		return fmt.Errorf("store: report job %d: %w", id, err)
	}
	return nil
}

// RetryJob makes a running job QUEUED again, due at runAt. It returns
// ErrNotFound when the job is not running.
func (s *Store) RetryJob(ctx context.Context, id int64, errText string, runAt time.Time) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		return tx.execOne(ctx, `
			UPDATE job
			SET
				state = 'QUEUED',
				error = ?,
				run_at = ?,
				lease_until = NULL
			WHERE id = ? AND state = 'RUNNING'`, errText, runAt, id)
	})
	if err != nil {
		return fmt.Errorf("store: retry job %d: %w", id, err)
	}
	return nil
}

// SucceedJob makes a running job SUCCEEDED. It returns ErrNotFound when the job
// is not running.
func (tx *Tx) SucceedJob(ctx context.Context, id int64) error {
	err := tx.execOne(ctx, `
		UPDATE job
		SET
			state = 'SUCCEEDED',
			error = '',
			finished_at = ?,
			lease_until = NULL
		WHERE id = ? AND state = 'RUNNING'`, tx.now, id)
	if err != nil {
		return fmt.Errorf("store: end job %d: %w", id, err)
	}
	return nil
}

// FailJob makes a running job FAILED. It returns ErrNotFound when the job is not
// running.
func (tx *Tx) FailJob(ctx context.Context, id int64, errText string) error {
	err := tx.execOne(ctx, `
		UPDATE job
		SET
			state = 'FAILED',
			error = ?,
			finished_at = ?,
			lease_until = NULL
		WHERE id = ? AND state = 'RUNNING'`, errText, tx.now, id)
	if err != nil {
		return fmt.Errorf("store: fail job %d: %w", id, err)
	}
	return nil
}
