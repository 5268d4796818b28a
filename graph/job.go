package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/transport"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

func newJob(j store.Job) *model.Job {
	return &model.Job{
		Key:         j.ID,
		BomKey:      j.BomID,
		Kind:        j.Kind,
		State:       model.JobState(j.State),
		Stage:       model.Optional(j.Stage),
		Done:        j.Done,
		Total:       j.Total,
		Attempts:    j.Attempts,
		MaxAttempts: j.MaxAttempts,
		Error:       model.Optional(j.Error),
		CreatedAt:   model.DateTime(j.CreatedAt),
		StartedAt:   model.OptionalTime(j.StartedAt),
		FinishedAt:  model.OptionalTime(j.FinishedAt),
	}
}

func (r queryResolver) Job(ctx context.Context, id string) (*model.Job, error) {
	key, ok := model.DecodeKey(id, model.KindJob)
	if !ok {
		return nil, nil
	}
	return optional(newJob)(loader.For(ctx).JobByID.Load(ctx, key)())
}

func (jobResolver) Bom(ctx context.Context, obj *model.Job) (*model.Bom, error) {
	if obj.BomKey == 0 {
		return nil, nil
	}
	return optional(newBom)(loader.For(ctx).BomByID.Load(ctx, obj.BomKey)())
}

func (r subscriptionResolver) JobProgress(ctx context.Context, id string) (<-chan *model.Job, error) {
	key, ok := model.DecodeKey(id, model.KindJob)
	if !ok {
		return nil, noJob(id)
	}
	changed, stop := r.Jobs.Watch(key)
	first, err := r.readJob(ctx, id, key)
	if err != nil {
		stop()
		return nil, err
	}
	states := make(chan *model.Job)
	go func() {
		defer close(states)
		defer stop()
		r.followJob(ctx, id, first, changed, states)
	}()
	return states, nil
}

// lookEvery is how often a job is read again that nobody has announced a change
// of: it may have been deleted.
const lookEvery = 5 * time.Second

// followJob sends the job's state and, whenever it has changed, the newest,
// until the job has ended or nobody listens.
func (r subscriptionResolver) followJob(ctx context.Context, id string, now *model.Job, changed <-chan struct{}, states chan<- *model.Job) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case states <- now:
		case <-ctx.Done():
			return
		}
		if now.State == model.JobStateSucceeded || now.State == model.JobStateFailed {
			return
		}
		next := now
		for unchanged(now, next) {
			select {
			case <-changed:
			case <-look.C:
			case <-ctx.Done():
				return
			}
			var err error
			if next, err = r.readJob(ctx, id, now.Key); err != nil {
				transport.AddSubscriptionError(ctx, presenter(r.Log)(ctx, err))
				return
			}
		}
		now = next
	}
}

func unchanged(a, b *model.Job) bool {
	return a.State == b.State && deref(a.Stage) == deref(b.Stage) && a.Done == b.Done && a.Total == b.Total && a.Attempts == b.Attempts
}

func (r subscriptionResolver) readJob(ctx context.Context, id string, key int64) (*model.Job, error) {
	rows, err := r.Store.JobsByIDs(ctx, []int64{key})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, noJob(id)
	}
	return newJob(rows[0]), nil
}

func noJob(id string) error {
	return badInput("there is no job %q: give the id that `ingestBom` or an upload answered", id)
}
