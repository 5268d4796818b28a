package store

import (
	"context"
	"errors"
	"fmt"
)

// KindSync is the kind of job that brings a mirror in.
const KindSync = "SYNC"

// EnqueueOnce is Enqueue, unless a job of the kind is in one of the states: then
// it returns that, the oldest of them.
func (tx *Tx) EnqueueOnce(ctx context.Context, n NewJob, states ...string) (Job, error) {
	j, err := selectOne[Job](ctx, tx.conn, `
		SELECT `+jobColumns+`
		FROM job
		WHERE job.kind = ? AND {{in job.state}} AND job.state IN ('QUEUED', 'RUNNING')
		ORDER BY job.run_at, job.id
		LIMIT 1`, n.Kind, states)
	switch {
	case errors.Is(err, ErrNotFound):
		return tx.Enqueue(ctx, n)
	case err != nil:
		return Job{}, fmt.Errorf("store: look for a %s job: %w", n.Kind, err)
	}
	return j, nil
}
