package graph

import (
	"context"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

func newRelease(r store.Release) *model.Release {
	return &model.Release{
		Key:        r.ID,
		ProjectKey: r.ProjectID,
		BomKey:     r.BomID,
		Version:    r.Version,
		CreatedAt:  model.DateTime(r.CreatedAt),
	}
}

func (r queryResolver) Release(ctx context.Context, projectName, version string) (*model.Release, error) {
	p, err := r.Project(ctx, projectName)
	if err != nil || p == nil {
		return nil, err
	}
	return projectResolver{}.Release(ctx, p, version)
}

func (r releaseResolver) Tags(ctx context.Context, obj *model.Release) ([]string, error) {
	return single(ctx, obj, r.TagsBatch)
}

func (releaseResolver) TagsBatch(ctx context.Context, objs []*model.Release) ([][]string, error) {
	return loadEach(ctx, objs, loader.For(ctx).ReleaseTags, func(r *model.Release) int64 { return r.Key }, from[*model.Release](list[string]))
}

func (r releaseResolver) Project(ctx context.Context, obj *model.Release) (*model.Project, error) {
	return single(ctx, obj, r.ProjectBatch)
}

func (releaseResolver) ProjectBatch(ctx context.Context, objs []*model.Release) ([]*model.Project, error) {
	return loadEach(ctx, objs, loader.For(ctx).ProjectByID, func(r *model.Release) int64 { return r.ProjectKey }, from[*model.Release](newProject))
}

func (r releaseResolver) Bom(ctx context.Context, obj *model.Release) (*model.Bom, error) {
	return single(ctx, obj, r.BomBatch)
}

func (releaseResolver) BomBatch(ctx context.Context, objs []*model.Release) ([]*model.Bom, error) {
	return loadEach(ctx, objs, loader.For(ctx).BomByID, func(r *model.Release) int64 { return r.BomKey }, from[*model.Release](newBom))
}

func (releaseResolver) Boms(ctx context.Context, obj *model.Release, first *int, after *string, last *int, before *string) (*model.BomConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, obj.Key, paging{first, after, last, before}, l.BomsOfRelease, l.CountBoms, newBom)
}

func (releaseResolver) Components(ctx context.Context, obj *model.Release, first *int, after *string, last *int, before *string, filter *model.ComponentFilter) (*model.ComponentConnection, error) {
	p := paging{first, after, last, before}
	if obj.BomKey == 0 {
		return none[*model.Component](p)
	}
	key := loader.BomFilter{BomID: obj.BomKey}
	if filter != nil {
		key.NameContains = deref(filter.NameContains)
		key.PURLType = deref(filter.PURLType)
		if filter.Direct != nil {
			key.Direct = loader.No
			if *filter.Direct {
				key.Direct = loader.Yes
			}
		}
	}
	return componentsOf(ctx, key, p)
}

// componentsOf is a page of a published Bom's components.
func componentsOf(ctx context.Context, key loader.BomFilter, p paging) (*model.ComponentConnection, error) {
	l := loader.For(ctx)
	page, err := p.page()
	if err != nil {
		return nil, err
	}
	held, ok := l.Components(ctx, loader.PageKey[loader.BomFilter]{ID: key, Page: page})
	if !ok {
		c, err := connect(ctx, key, p, l.ComponentsOfBom, l.CountComponents, newComponent)
		if err == nil {
			l.KeepComponents(loader.PageKey[loader.BomFilter]{ID: key, Page: page}, c)
		}
		return c, err
	}
	c := *held
	if selects(ctx, "totalCount") {
		if c.TotalCount, err = l.CountComponents.Load(ctx, key)(); err != nil {
			return nil, err
		}
	}
	return &c, nil
}

func newChange(c store.Change) *model.ReleaseChange {
	return &model.ReleaseChange{
		At:       model.DateTime(c.At),
		Kind:     model.ChangeKind(c.Kind),
		Advisory: c.AdvisoryID,
		PURL:     model.PURL(c.PURL),
		FixedIn:  model.Optional(c.FixedIn),
	}
}

func (releaseResolver) Changes(ctx context.Context, obj *model.Release, first *int, after *string, last *int, before *string) (*model.ReleaseChangeConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, obj.Key, paging{first, after, last, before}, l.ChangesOfRelease, l.CountChanges, newChange)
}
