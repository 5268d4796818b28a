package graph

import (
	"context"
	"errors"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/job"
	"loadline/store"
)

func newProject(p store.Project) *model.Project {
	return &model.Project{Key: p.ID, Name: p.Name, CreatedAt: model.DateTime(p.CreatedAt)}
}

func (r queryResolver) Project(ctx context.Context, name string) (*model.Project, error) {
	return optional(newProject)(loader.For(ctx).ProjectByName.Load(ctx, job.NormalName(name))())
}

func (r queryResolver) Projects(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ProjectFilter) (*model.ProjectConnection, error) {
	page, err := paging{first, after, last, before}.page()
	if err != nil {
		return nil, err
	}
	var f store.ProjectFilter
	if filter != nil {
		f = store.ProjectFilter{NameContains: job.NormalName(deref(filter.NameContains)), Tag: job.NormalName(deref(filter.Tag))}
	}
	slice, err := r.Store.Projects(ctx, f, page)
	if err != nil {
		return nil, err
	}
	total := 0
	if selects(ctx, "totalCount") {
		if total, err = r.Store.CountProjects(ctx, f); err != nil {
			return nil, err
		}
	}
	return connection(slice, total, newProject), nil
}

func (r projectResolver) Tags(ctx context.Context, obj *model.Project) ([]string, error) {
	return single(ctx, obj, r.TagsBatch)
}

func (projectResolver) TagsBatch(ctx context.Context, objs []*model.Project) ([][]string, error) {
	return loadEach(ctx, objs, loader.For(ctx).ProjectTags, func(p *model.Project) int64 { return p.Key }, from[*model.Project](list[string]))
}

func (projectResolver) Release(ctx context.Context, obj *model.Project, version string) (*model.Release, error) {
	key := store.ReleaseKey{ProjectID: obj.Key, Version: job.NormalName(version)}
	return optional(newRelease)(loader.For(ctx).ReleaseByVersion.Load(ctx, key)())
}

func (projectResolver) Releases(ctx context.Context, obj *model.Project, first *int, after *string, last *int, before *string) (*model.ReleaseConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, obj.Key, paging{first, after, last, before}, l.ReleasesOfProject, l.CountReleases, newRelease)
}

// optional converts a row that was found; one that was not found is nil.
func optional[R, T any](convert func(R) *T) func(R, error) (*T, error) {
	return func(row R, err error) (*T, error) {
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		default:
			return convert(row), nil
		}
	}
}

// list makes no rows an empty list.
func list[T any](rows []T) []T {
	if rows == nil {
		return []T{}
	}
	return rows
}
