package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ClaimJob gives the worker the job of one of the kinds that has been due for
// longest: a QUEUED one, or a RUNNING one whose lease ran out. Attempts counts
// this claim, and passes MaxAttempts if earlier ones ended without a word. It
// returns ErrNotFound when nothing is due. No two claims get one job while its
// lease runs.
func (s *Store) ClaimJob(ctx context.Context, worker string, lease time.Duration, kinds ...string) (Job, error) {
	j, err := s.claimJob(ctx, worker, lease, kinds)
	if err != nil {
		return Job{}, fmt.Errorf("store: claim job: %w", err)
	}
	return j, nil
}

const dueJob = `
	SELECT job.id
	FROM job
	WHERE
		job.state IN ('QUEUED', 'RUNNING')
		AND job.run_at <= ?
		AND (job.state = 'QUEUED' OR job.lease_until <= ?)
		AND {{in job.kind}}
	ORDER BY job.run_at, job.id
	LIMIT 1`

func (s *Store) claimJob(ctx context.Context, worker string, lease time.Duration, kinds []string) (Job, error) {
	// Most looks find nothing: they must not wait for a writer.
	now := s.clock()
	due, err := selectInto(ctx, s.conn, func(id *int64) []any { return []any{id} }, dueJob, now, now, kinds)
	if err != nil {
		return Job{}, err
	}
	if len(due) == 0 {
		return Job{}, ErrNotFound
	}
	var j Job
	err = s.inLoose(ctx, func(tx *Tx) (err error) {
		j, err = selectOne[Job](ctx, tx.conn, `
			UPDATE job
			SET
				state = 'RUNNING',
				attempts = attempts + 1,
				claim = claim + 1,
				revision = revision + 1,
				worker = ?,
				started_at = ?,
				lease_until = ?
			WHERE id = (`+dueJob+` {{skip locked}})
			RETURNING `+jobColumns, worker, tx.now, tx.now.Add(lease), tx.now, tx.now, kinds)
		tx.signalJob(j.ID)
		return err
	})
	return j, err
}

// held are the conditions on a job that a worker still holds.
const held = `id = ? AND claim = ? AND state = 'RUNNING'`

// ExtendJob lets the lease run from now again, and returns whether the job has
// been asked to stop. It returns ErrJobLost when the job is no longer the
// worker's.
func (s *Store) ExtendJob(ctx context.Context, j Job, lease time.Duration) (cancelled bool, err error) {
	err = s.inLoose(ctx, func(tx *Tx) error {
		now, err := selectOne[Job](ctx, tx.conn, `
			UPDATE job
			SET lease_until = ?
			WHERE `+held+`
			RETURNING `+jobColumns, tx.now.Add(lease), j.ID, j.Claim)
		cancelled = now.CancelAsked
		return err
	})
	if err != nil {
		return false, fmt.Errorf("store: extend job %d: %w", j.ID, lost(err))
	}
	return cancelled, nil
}

// lost is the error of a statement on a job that is held.
func lost(err error) error {
	if errors.Is(err, ErrNotFound) {
		return ErrJobLost
	}
	return err
}

// ForJob returns a Store for the work of a claimed job: each of its write
// transactions fails with ErrJobLost, and changes nothing, once the job is no
// longer the worker's or is to stop; each also renews the lease.
func (s *Store) ForJob(j Job, lease time.Duration) *Store {
	fenced := *s
	fenced.fence = &fence{job: j.ID, claim: j.Claim, lease: lease}
	return &fenced
}

// fence is what a transaction needs to hold.
type fence struct {
	job, claim int64
	lease      time.Duration
}

func (f *fence) check(ctx context.Context, tx *Tx) error {
	err := tx.execOne(ctx, `
		UPDATE job
		SET lease_until = ?
		WHERE `+held+` AND NOT cancel_asked`, tx.now.Add(f.lease), f.job, f.claim)
	if err != nil {
		return fmt.Errorf("store: hold job %d: %w", f.job, lost(err))
	}
	return nil
}

// JobProgress is how far a running job is.
type JobProgress struct {
	Stage       string
	Done, Total int
	Message     string
}

// ReportJob notes how far a running job is, and returns it. It returns
// ErrJobLost when the job is no longer the worker's.
func (s *Store) ReportJob(ctx context.Context, j Job, p JobProgress) (Job, error) {
	var now Job
	err := s.inLoose(ctx, func(tx *Tx) (err error) {
		now, err = selectOne[Job](ctx, tx.conn, `
			UPDATE job
			SET
				stage = ?,
				done = ?,
				total = ?,
				message = ?,
				revision = revision + 1
			WHERE `+held+`
			RETURNING `+jobColumns, p.Stage, p.Done, p.Total, p.Message, j.ID, j.Claim)
		tx.signalJob(j.ID)
		return err
	})
	if err != nil {
		return Job{}, fmt.Errorf("store: report job %d: %w", j.ID, lost(err))
	}
	return now, nil
}

// RetryJob makes a running job QUEUED again, due at runAt, because of errText. It
// returns ErrJobLost when the job is no longer the worker's.
func (tx *Tx) RetryJob(ctx context.Context, j Job, errText string, runAt time.Time) (Job, error) {
	tx.hush()
	tx.signalJob(j.ID)
	now, err := selectOne[Job](ctx, tx.conn, `
		UPDATE job
		SET
			state = 'QUEUED',
			error = ?,
			run_at = ?,
			lease_until = NULL,
			revision = revision + 1
		WHERE `+held+`
		RETURNING `+jobColumns, errText, runAt, j.ID, j.Claim)
	if err != nil {
		return Job{}, fmt.Errorf("store: retry job %d: %w", j.ID, lost(err))
	}
	return now, nil
}

// ReleaseJob gives a running job back as if it had not been claimed. It returns
// ErrJobLost when the job is no longer the worker's.
func (tx *Tx) ReleaseJob(ctx context.Context, j Job) (Job, error) {
	tx.hush()
	tx.signalJob(j.ID)
	tx.signalDue(j.Kind)
	now, err := selectOne[Job](ctx, tx.conn, `
		UPDATE job
		SET
			state = 'QUEUED',
			attempts = attempts - 1,
			lease_until = NULL,
			revision = revision + 1
		WHERE `+held+`
		RETURNING `+jobColumns, j.ID, j.Claim)
	if err != nil {
		return Job{}, fmt.Errorf("store: release job %d: %w", j.ID, lost(err))
	}
	return now, nil
}

// SucceedJob makes a running job SUCCEEDED. It returns ErrJobLost when the job is
// no longer the worker's.
func (tx *Tx) SucceedJob(ctx context.Context, j Job) (Job, error) {
	return tx.endJob(ctx, j, JobSucceeded, "")
}

// FailJob makes a running job FAILED because of errText. It returns ErrJobLost
// when the job is no longer the worker's.
func (tx *Tx) FailJob(ctx context.Context, j Job, errText string) (Job, error) {
	return tx.endJob(ctx, j, JobFailed, errText)
}

// StopJob makes a running job CANCELLED. It returns ErrJobLost when the job is no
// longer the worker's.
func (tx *Tx) StopJob(ctx context.Context, j Job) (Job, error) {
	return tx.endJob(ctx, j, JobCancelled, j.Error)
}

func (tx *Tx) endJob(ctx context.Context, j Job, state, errText string) (Job, error) {
	tx.hush() // what the job has done says for itself what it is about
	tx.signalJob(j.ID)
	ended, err := selectOne[Job](ctx, tx.conn, `
		UPDATE job
		SET
			state = ?,
			error = ?,
			finished_at = ?,
			lease_until = NULL,
			revision = revision + 1
		WHERE `+held+`
		RETURNING `+jobColumns, state, errText, tx.now, j.ID, j.Claim)
	if err == nil {
		err = tx.enqueueAgain(ctx, j)
	}
	if err == nil && state == JobFailed {
		err = tx.hintFailure(ctx, j)
	}
	if err != nil {
		return Job{}, fmt.Errorf("store: end job %d: %w", j.ID, lost(err))
	}
	return ended, nil
}

// enqueueAgain enqueues the successor of a job that was wanted once more while it
// ran.
func (tx *Tx) enqueueAgain(ctx context.Context, j Job) error {
	enqueued, err := tx.exec(ctx, `
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
		SELECT
			job.kind,
			'QUEUED',
			job.max_attempts,
			job.bom_id,
			job.project_id,
			job.args,
			CAST(? AS BIGINT),
			CAST(? AS BIGINT),
			job.unique_key
		FROM job
		WHERE job.id = ? AND job.again`, tx.now, tx.now, j.ID)
	if enqueued > 0 {
		tx.signalDue(j.Kind)
	}
	return err
}

// CancelJob has a job stop: a QUEUED one is CANCELLED now; a RUNNING one is asked
// to, and is CANCELLED when its worker has stopped. It returns ErrNotFound when
// there is no such job, and ErrConflict when it has ended already.
func (tx *Tx) CancelJob(ctx context.Context, id int64) (Job, error) {
	tx.signalJob(id)
	j, err := selectOne[Job](ctx, tx.conn, `
		UPDATE job
		SET
			cancel_asked = TRUE,
			finished_at = CASE state WHEN 'QUEUED' THEN CAST(? AS BIGINT) ELSE finished_at END,
			state = CASE state WHEN 'QUEUED' THEN 'CANCELLED' ELSE state END,
			revision = revision + 1
		WHERE id = ? AND state IN ('QUEUED', 'RUNNING')
		RETURNING `+jobColumns, tx.now, id)
	if errors.Is(err, ErrNotFound) {
		err = tx.missingOr(ctx, id, ErrConflict)
	}
	if err != nil {
		return Job{}, fmt.Errorf("store: cancel job %d: %w", id, err)
	}
	return j, nil
}

// ReopenJob makes a job that was given up or cancelled QUEUED again, with all its
// tries before it. It returns ErrNotFound when there is no such job, and
// ErrConflict when it has not ended in that way, or another that does the same
// is open.
func (tx *Tx) ReopenJob(ctx context.Context, id int64) (Job, error) {
	tx.signalJob(id)
	j, err := selectOne[Job](ctx, tx.conn, `
		UPDATE job
		SET
			state = 'QUEUED',
			attempts = 0,
			run_at = ?,
			stage = '',
			message = '',
			done = 0,
			total = 0,
			finished_at = NULL,
			cancel_asked = FALSE,
			again = FALSE,
			revision = revision + 1
		WHERE id = ? AND state IN ('FAILED', 'CANCELLED')
		RETURNING `+jobColumns, tx.now, id)
	tx.signalDue(j.Kind)
	if errors.Is(err, ErrNotFound) {
		err = tx.missingOr(ctx, id, ErrConflict)
	}
	if err != nil {
		return Job{}, fmt.Errorf("store: reopen job %d: %w", id, err)
	}
	return j, nil
}

// missingOr is ErrNotFound when there is no such job, else other.
func (tx *Tx) missingOr(ctx context.Context, id int64, other error) error {
	rows, err := tx.JobsByIDs(ctx, []int64{id})
	if err == nil {
		if err = other; len(rows) == 0 {
			err = ErrNotFound
		}
	}
	return err
}
