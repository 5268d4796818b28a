package graph

import (
	"context"
	"errors"

	"loadline/enrich"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/sbom"
	"loadline/store"
	"loadline/upstream"
)

func newComponent(c store.Component) *model.Component {
	m := &model.Component{
		BomKey:     c.BomID,
		Seq:        c.Seq,
		PackageKey: c.PackageID,
		VersionKey: c.PackageVersionID,
		PURL:       model.Optional(model.PURL(c.PURL)),
		Name:       c.Name,
		Version:    model.Optional(c.Version),
		Type:       c.Type,
		Scope:      model.Optional(model.ComponentScope(c.Scope)),
		Direct:     c.Direct,
		Ref:        c.Ref,
		Licenses:   make([]*model.License, len(c.Licenses)),
		Hashes:     make([]*model.Hash, len(c.Hashes)),
	}
	for i, l := range c.Licenses {
		m.Licenses[i] = newLicense(l)
	}
	for i, h := range c.Hashes {
		m.Hashes[i] = &model.Hash{Algorithm: h.Algorithm, Value: h.Value}
	}
	return m
}

func newLicense(l sbom.License) *model.License {
	return &model.License{Expression: l.Expression, URL: model.Optional(model.URI(l.URL))}
}

func (r componentResolver) Package(ctx context.Context, obj *model.Component) (*model.Package, error) {
	return single(ctx, obj, r.PackageBatch)
}

func (componentResolver) PackageBatch(ctx context.Context, objs []*model.Component) ([]*model.Package, error) {
	return loadEach(ctx, objs, loader.For(ctx).PackageByID, func(c *model.Component) int64 { return c.PackageKey },
		func(c *model.Component, row store.Package) *model.Package {
			p := newPackage(row)
			p.VersionKey, p.Unversioned = c.VersionKey, c.VersionKey == 0
			return p
		})
}

func (r componentResolver) Bom(ctx context.Context, obj *model.Component) (*model.Bom, error) {
	return single(ctx, obj, r.BomBatch)
}

func (componentResolver) BomBatch(ctx context.Context, objs []*model.Component) ([]*model.Bom, error) {
	return loadEach(ctx, objs, loader.For(ctx).BomByID, func(c *model.Component) int64 { return c.BomKey }, from[*model.Component](newBom))
}

func (r componentResolver) Release(ctx context.Context, obj *model.Component) (*model.Release, error) {
	return single(ctx, obj, r.ReleaseBatch)
}

func (r componentResolver) ReleaseBatch(ctx context.Context, objs []*model.Component) ([]*model.Release, error) {
	boms, err := r.BomBatch(ctx, objs)
	if err != nil {
		return nil, err
	}
	return bomResolver{}.ReleaseBatch(ctx, boms)
}

func (r componentResolver) Findings(ctx context.Context, obj *model.Component) ([]*model.Finding, error) {
	return single(ctx, obj, r.FindingsBatch)
}

func (componentResolver) FindingsBatch(ctx context.Context, objs []*model.Component) ([][]*model.Finding, error) {
	l := loader.For(ctx)
	boms := make([]int64, len(objs))
	for i, obj := range objs {
		boms[i] = obj.BomKey
	}
	decided := l.Triage.LoadMany(ctx, boms)
	known, err := loadEach(ctx, objs, l.Findings, versionKey, from[*model.Component](itself[enrich.Findings]))
	if err != nil {
		return nil, err
	}
	decisions, errs := decided()
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	all := make([][]*model.Finding, len(objs))
	for i, obj := range objs {
		all[i] = newFindings(obj, known[i].Findings, decisions[i])
	}
	return all, nil
}

func itself[T any](v T) T { return v }

func versionKey(c *model.Component) int64 { return c.VersionKey }

func (r componentResolver) SourceStatus(ctx context.Context, obj *model.Component) ([]*model.SourceStatus, error) {
	return single(ctx, obj, r.SourceStatusBatch)
}

func (componentResolver) SourceStatusBatch(ctx context.Context, objs []*model.Component) ([][]*model.SourceStatus, error) {
	all, err := loadEach(ctx, objs, loader.For(ctx).Findings, versionKey, func(_ *model.Component, known enrich.Findings) []*model.SourceStatus {
		return statuses(known.Status)
	})
	if err != nil {
		return nil, err
	}
	for i, obj := range objs {
		switch {
		case obj.VersionKey != 0:
		case obj.PURL == nil:
			all[i] = statuses(enrich.Status{Source: upstream.OSV, State: enrich.NotApplicable, Reason: "The component has no purl to ask about."})
		default:
			all[i] = statuses(unversioned())
		}
	}
	return all, nil
}

func unversioned() enrich.Status {
	return enrich.Status{Source: upstream.OSV, State: enrich.NotApplicable, Reason: "The component has no version to judge by."}
}

func (componentResolver) Dependencies(ctx context.Context, obj *model.Component, first *int, after *string, last *int, before *string) (*model.ComponentConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, keyOf(obj), paging{first, after, last, before}, l.DependenciesOf, l.CountDependencies, newComponent)
}

func (componentResolver) Dependents(ctx context.Context, obj *model.Component, first *int, after *string, last *int, before *string) (*model.ComponentConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, keyOf(obj), paging{first, after, last, before}, l.DependentsOf, l.CountDependents, newComponent)
}

func keyOf(obj *model.Component) store.ComponentKey {
	return store.ComponentKey{BomID: obj.BomKey, Seq: obj.Seq}
}
