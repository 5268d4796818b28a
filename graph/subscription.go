package graph

import (
	"context"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/graph/wire"
	"loadline/job"
	"loadline/store"
)

func (r subscriptionResolver) JobProgress(ctx context.Context, id string) (<-chan *model.Job, error) {
	key, ok := model.DecodeKey(id, model.KindJob)
	if !ok {
		return nil, noJob(id)
	}
	changed, stop := r.Jobs.Watch(key)
	rows, err := r.Store.JobsByIDs(ctx, []int64{key})
	if err == nil && len(rows) == 0 {
		err = noJob(id)
	}
	if err != nil {
		stop()
		return nil, err
	}
	states := make(chan *model.Job)
	go func() {
		defer close(states)
		defer stop()
		follow(ctx, states, changed, newJob(rows[0]), func(now *model.Job, next store.Job) (*model.Job, bool) {
			if next.State == "" {
				wire.End(ctx, store.ErrNotFound)
				return nil, false
			}
			if next.Revision <= now.Revision {
				return now, true
			}
			return newJob(next), true
		}, (*model.Job).Open)
	}()
	return states, nil
}

func (r subscriptionResolver) FindingsChanged(ctx context.Context, projectName string) (<-chan *model.FindingsState, error) {
	projects, err := r.Store.ProjectsByNames(ctx, []string{job.NormalName(projectName)})
	if err != nil {
		return nil, err
	}
	if len(projects) == 0 {
		return nil, noProject(projectName)
	}
	key := projects[0].ID
	changed, stop := r.Jobs.WatchFindings(key)
	now, err := r.Store.FindingsStates(ctx, []int64{key})
	if err == nil && now[key].Gone {
		err = noProject(projectName)
	}
	if err != nil {
		stop()
		return nil, err
	}
	states := make(chan *model.FindingsState)
	go func() {
		defer close(states)
		defer stop()
		first := &model.FindingsState{ProjectKey: key, Revision: now[key].Revision}
		follow(ctx, states, changed, first, func(now *model.FindingsState, next store.FindingsState) (*model.FindingsState, bool) {
			switch {
			case next.Gone:
				return nil, false
			case next.Revision <= now.Revision:
				return now, true
			}
			return &model.FindingsState{ProjectKey: key, Revision: next.Revision}, true
		}, func(*model.FindingsState) bool { return true })
	}()
	return states, nil
}

func (findingsStateResolver) Project(ctx context.Context, obj *model.FindingsState) (*model.Project, error) {
	p, err := loader.For(ctx).ProjectByID.Load(ctx, obj.ProjectKey)()
	if err != nil {
		return nil, err
	}
	return newProject(p), nil
}

// follow sends what is now and whenever it has changed the newest, for as long as
// it goes on and somebody listens. advance turns a change into what is next, the
// same for none; false when there is nothing more.
func follow[V, C any](ctx context.Context, states chan<- *V, changed <-chan C, now *V, advance func(now *V, change C) (*V, bool), goesOn func(*V) bool) {
	for {
		select {
		case states <- now:
		case <-ctx.Done():
			return
		}
		if !goesOn(now) {
			return
		}
		for before := now; now == before; {
			select {
			case change := <-changed:
				var ok bool
				if now, ok = advance(before, change); !ok {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

func noJob(id string) error {
	return badInput("there is no job %q: give the id that `ingestBom` or an upload answered", id)
}

func noProject(name string) error {
	return badInput("there is no project %q: give a name as `projects` shows it", name)
}
