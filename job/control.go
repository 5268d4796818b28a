package job

import (
	"context"
	"time"

	"loadline/store"
)

// Cancel has a job stop, and returns it: CANCELLED where it was waiting, else
// RUNNING until its worker, in whatever process, has stopped, which takes a few
// seconds at most. It returns store.ErrNotFound when there is no such job, and
// store.ErrConflict when it has ended already.
func (r *Runner) Cancel(ctx context.Context, id int64) (store.Job, error) {
	var j store.Job
	err := r.store.InTx(ctx, func(tx *store.Tx) (err error) {
		if j, err = tx.CancelJob(ctx, id); err != nil || j.State != store.JobCancelled {
			return err
		}
		if k, ok := r.kinds[j.Kind]; ok {
			return k.Abandon(ctx, tx, j)
		}
		return nil
	})
	if err != nil {
		return store.Job{}, err
	}
	r.stopHere(id)
	r.hub.tell(j)
	return j, nil
}

// Retry has a job that failed or was cancelled tried again from the start, and
// returns it. It returns store.ErrNotFound when there is no such job, and
// store.ErrConflict when it has not ended in that way, or another that does the
// same is open.
func (r *Runner) Retry(ctx context.Context, id int64) (store.Job, error) {
	var j store.Job
	err := r.store.InTx(ctx, func(tx *store.Tx) (err error) {
		if j, err = tx.ReopenJob(ctx, id); err != nil {
			return err
		}
		if k, ok := r.kinds[j.Kind].Kind.(Reopener); ok {
			return k.Reopen(ctx, tx, j)
		}
		return nil
	})
	if err != nil {
		return store.Job{}, err
	}
	r.hub.tell(j)
	r.Announce(j.Kind)
	return j, nil
}

// Wait returns the job when it has ended, or as it is when ctx has. It returns
// store.ErrNotFound when the job, or the Bom that it is about, has been deleted.
func (r *Runner) Wait(ctx context.Context, j store.Job) (store.Job, error) {
	changed, stop := r.hub.Watch(j.ID)
	defer stop()
	rows, err := r.store.JobsByIDs(ctx, []int64{j.ID})
	if err != nil && ctx.Err() != nil {
		return j, nil
	}
	if err != nil {
		return j, err
	}
	if len(rows) == 0 {
		return j, store.ErrNotFound
	}
	for j = rows[0]; j.Open(); {
		select {
		case <-ctx.Done():
			return j, nil
		case now := <-changed:
			if now.State == "" {
				return j, store.ErrNotFound
			}
			j = now
		}
	}
	if j.State == store.JobCancelled && j.BomID != 0 {
		boms, err := r.store.BomsByIDs(ctx, []int64{j.BomID})
		if err == nil && len(boms) == 0 {
			err = store.ErrNotFound
		}
		return j, err
	}
	return j, nil
}

// periodic is a job that is enqueued again and again.
type periodic struct {
	job   store.NewJob
	every time.Duration
}

// scheduleEvery is how often the schedule is looked at.
const scheduleEvery = 10 * time.Second

// Repeat has a job enqueued whenever the time has passed, by one of all processes
// that say so. Call it before Run.
func (r *Runner) Repeat(n store.NewJob, every time.Duration) {
	r.repeat = append(r.repeat, periodic{n, every})
}

func (r *Runner) keepSchedule(ctx context.Context) {
	tick := time.NewTicker(scheduleEvery)
	defer tick.Stop()
	for {
		for _, p := range r.repeat {
			if err := r.enqueueDue(ctx, p); err != nil && ctx.Err() == nil {
				r.log.Error("periodic job not enqueued", "kind", p.job.Kind, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (r *Runner) enqueueDue(ctx context.Context, p periodic) error {
	due := false
	err := r.store.InTx(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.EnqueueDue(ctx, p.job, p.every)
		return err
	})
	if due && err == nil {
		r.Announce(p.job.Kind)
	}
	return err
}

// Enqueue enqueues a job that no other change causes.
func (r *Runner) Enqueue(ctx context.Context, n store.NewJob) (store.Job, error) {
	var j store.Job
	err := r.store.InTx(ctx, func(tx *store.Tx) (err error) {
		j, err = tx.Enqueue(ctx, n)
		return err
	})
	if err == nil {
		r.Announce(n.Kind)
	}
	return j, err
}
