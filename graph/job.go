package graph

import (
	"context"
	"errors"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

func newJob(j store.Job) *model.Job {
	return &model.Job{
		Key:         j.ID,
		BomKey:      j.BomID,
		ProjectKey:  j.ProjectID,
		Revision:    j.Revision,
		Kind:        j.Kind,
		State:       model.JobState(j.State),
		Stage:       model.Optional(j.Stage),
		Done:        j.Done,
		Total:       j.Total,
		Message:     model.Optional(j.Message),
		Attempts:    j.Attempts,
		MaxAttempts: j.MaxAttempts,
		Error:       model.Optional(j.Error),
		CancelAsked: j.CancelAsked,
		CreatedAt:   model.DateTime(j.CreatedAt),
		RunAt:       model.DateTime(j.RunAt),
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

func (jobResolver) Project(ctx context.Context, obj *model.Job) (*model.Project, error) {
	if obj.ProjectKey == 0 {
		return nil, nil
	}
	return optional(newProject)(loader.For(ctx).ProjectByID.Load(ctx, obj.ProjectKey)())
}

func (r queryResolver) Jobs(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.JobFilter) (*model.JobConnection, error) {
	p := paging{first, after, last, before}
	page, err := p.page()
	if err != nil {
		return nil, err
	}
	var f store.JobFilter
	if filter != nil {
		if len(filter.Kinds) > maxPage {
			return nil, badInput("`kinds` has %d entries: at most %d are accepted", len(filter.Kinds), maxPage)
		}
		f.Kinds = filter.Kinds
		for _, state := range filter.States {
			f.States = append(f.States, string(state))
		}
		if filter.Project != nil {
			project, err := r.Project(ctx, *filter.Project)
			if err != nil {
				return nil, err
			}
			if project == nil {
				return none[*model.Job](p)
			}
			f.ProjectID = project.Key
		}
	}
	slice, err := r.Store.Jobs(ctx, f, page)
	if err != nil {
		return nil, err
	}
	total := 0
	if selects(ctx, "totalCount") {
		if total, err = r.Store.CountJobs(ctx, f); err != nil {
			return nil, err
		}
	}
	return connection(slice, total, newJob), nil
}

func (r mutationResolver) CancelJob(ctx context.Context, input model.CancelJobInput) (*model.CancelJobPayload, error) {
	j, refused, err := r.changeJob(ctx, input.ID, r.Runner.Cancel, "the job has ended already")
	return &model.CancelJobPayload{Job: j, UserErrors: refused}, err
}

func (r mutationResolver) RetryJob(ctx context.Context, input model.RetryJobInput) (*model.RetryJobPayload, error) {
	j, refused, err := r.changeJob(ctx, input.ID, r.Runner.Retry,
		"only a job that failed or was cancelled is tried again, and not while another one does the same")
	return &model.RetryJobPayload{Job: j, UserErrors: refused}, err
}

// changeJob changes the job with that id, or says why that is refused.
func (r mutationResolver) changeJob(ctx context.Context, id string, change func(context.Context, int64) (store.Job, error), conflict string) (*model.Job, []*model.UserError, error) {
	key, bad := checkID(id, model.KindJob, "id")
	if bad != nil {
		return nil, checks(bad), nil
	}
	switch j, err := change(ctx, key); {
	case errors.Is(err, store.ErrNotFound):
		return nil, checks(refuse("id", model.UserErrorCodeNotFound, "nothing has this id any more")), nil
	case errors.Is(err, store.ErrConflict):
		return nil, checks(refuse("id", model.UserErrorCodeWrongState, "%s", conflict)), nil
	case err != nil:
		return nil, nil, err
	default:
		return newJob(j), []*model.UserError{}, nil
	}
}
