package graph

import (
	"context"
	"errors"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/job"
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

func (jobResolver) Export(ctx context.Context, obj *model.Job) (*model.Export, error) {
	if obj.Kind != job.KindExport {
		return nil, nil
	}
	e, err := loader.For(ctx).ExportOfJob.Load(ctx, obj.Key)()
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &model.Export{
		URL:       model.URI("/api/v1/exports/" + obj.ID()),
		FileName:  e.FileName,
		MediaType: e.MediaType,
		Size:      int(e.Size),
		ExpiresAt: model.DateTime(e.ExpiresAt),
	}, nil
}

func (r mutationResolver) ExportBom(ctx context.Context, input model.ExportBomInput) (*model.ExportBomPayload, error) {
	key, bad := checkID(input.Bom, model.KindBom, "bom")
	if bad != nil {
		return &model.ExportBomPayload{UserErrors: checks(bad)}, nil
	}
	switch j, err := r.Runner.Export(ctx, key); {
	case errors.Is(err, store.ErrNotFound):
		return &model.ExportBomPayload{UserErrors: checks(refuse("bom", model.UserErrorCodeNotFound, "nothing has this id any more"))}, nil
	case errors.Is(err, store.ErrConflict):
		return &model.ExportBomPayload{UserErrors: checks(refuse("bom", model.UserErrorCodeWrongState, "the Bom is not `READY`"))}, nil
	case err != nil:
		return nil, err
	default:
		return &model.ExportBomPayload{Job: newJob(j), UserErrors: []*model.UserError{}}, nil
	}
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
	j, refused, err := r.changeJob(ctx, input.ID, r.Runner.Cancel, func(now store.Job) string {
		return "the job has ended already: it is `" + now.State + "`"
	})
	return &model.CancelJobPayload{Job: j, UserErrors: refused}, err
}

func (r mutationResolver) RetryJob(ctx context.Context, input model.RetryJobInput) (*model.RetryJobPayload, error) {
	j, refused, err := r.changeJob(ctx, input.ID, r.Runner.Retry, func(now store.Job) string {
		if now.State == store.JobFailed || now.State == store.JobCancelled {
			return "another job that does the same waits or runs: `jobs` has it"
		}
		return "the job is `" + now.State + "`: only one that is `FAILED` or `CANCELLED` is tried again"
	})
	return &model.RetryJobPayload{Job: j, UserErrors: refused}, err
}

// changeJob changes the job with that id, or says why that is refused; conflict
// says it of a job whose state is in the way.
func (r mutationResolver) changeJob(ctx context.Context, id string, change func(context.Context, int64) (store.Job, error), conflict func(now store.Job) string) (*model.Job, []*model.UserError, error) {
	key, bad := checkID(id, model.KindJob, "id")
	if bad != nil {
		return nil, checks(bad), nil
	}
	j, err := change(ctx, key)
	if errors.Is(err, store.ErrConflict) {
		var rows []store.Job
		if rows, err = r.Store.JobsByIDs(ctx, []int64{key}); err == nil && len(rows) > 0 {
			return nil, checks(refuse("id", model.UserErrorCodeWrongState, "%s", conflict(rows[0]))), nil
		}
		if err == nil {
			err = store.ErrNotFound
		}
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, checks(refuse("id", model.UserErrorCodeNotFound, "nothing has this id any more")), nil
	case err != nil:
		return nil, nil, err
	default:
		return newJob(j), []*model.UserError{}, nil
	}
}
