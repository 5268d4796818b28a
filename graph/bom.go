package graph

import (
	"context"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

func newBom(b store.Bom) *model.Bom {
	return &model.Bom{
		Key:             b.ID,
		ReleaseKey:      b.ReleaseID,
		JobKey:          b.JobID,
		State:           model.BomState(b.State),
		Format:          b.Format,
		SpecVersion:     model.Optional(b.SpecVersion),
		Encoding:        b.Encoding,
		Tool:            model.Optional(b.Tool),
		Digest:          b.Digest,
		Size:            b.Size,
		FileName:        model.Optional(b.FileName),
		DocumentedAt:    model.OptionalTime(b.DocumentedAt),
		IngestedAt:      model.DateTime(b.IngestedAt),
		IngestedBy:      model.Optional(b.IngestedBy),
		ComponentCount:  b.ComponentCount,
		DependencyCount: b.DependencyCount,
	}
}

func newWarning(w store.Warning) *model.BomWarning {
	return &model.BomWarning{Code: w.Code, Location: w.Location, Message: w.Message}
}

func (r bomResolver) Release(ctx context.Context, obj *model.Bom) (*model.Release, error) {
	return single(ctx, obj, r.ReleaseBatch)
}

func (bomResolver) ReleaseBatch(ctx context.Context, objs []*model.Bom) ([]*model.Release, error) {
	return loadEach(ctx, objs, loader.For(ctx).ReleaseByID, func(b *model.Bom) int64 { return b.ReleaseKey }, from[*model.Bom](newRelease))
}

func (r bomResolver) Job(ctx context.Context, obj *model.Bom) (*model.Job, error) {
	return single(ctx, obj, r.JobBatch)
}

func (bomResolver) JobBatch(ctx context.Context, objs []*model.Bom) ([]*model.Job, error) {
	return loadEach(ctx, objs, loader.For(ctx).JobByID, func(b *model.Bom) int64 { return b.JobKey }, from[*model.Bom](newJob))
}

func (bomResolver) Warnings(ctx context.Context, obj *model.Bom, first *int, after *string, last *int, before *string) (*model.BomWarningConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, obj.Key, paging{first, after, last, before}, l.WarningsOfBom, l.CountWarnings, newWarning)
}
