package graph

import (
	"context"

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

func (componentResolver) Package(ctx context.Context, obj *model.Component) (*model.Package, error) {
	if obj.PackageKey == 0 {
		return nil, nil
	}
	p, err := required(newPackage)(loader.For(ctx).PackageByID.Load(ctx, obj.PackageKey)())
	if err == nil {
		p.VersionKey, p.Unversioned = obj.VersionKey, obj.VersionKey == 0
	}
	return p, err
}

func (componentResolver) Bom(ctx context.Context, obj *model.Component) (*model.Bom, error) {
	return required(newBom)(loader.For(ctx).BomByID.Load(ctx, obj.BomKey)())
}

func (r componentResolver) Release(ctx context.Context, obj *model.Component) (*model.Release, error) {
	b, err := r.Bom(ctx, obj)
	if err != nil {
		return nil, err
	}
	return bomResolver{}.Release(ctx, b)
}

func (componentResolver) Findings(ctx context.Context, obj *model.Component) ([]*model.Finding, error) {
	if obj.VersionKey == 0 {
		return nil, nil
	}
	known, err := loader.For(ctx).Findings.Load(ctx, obj.VersionKey)()
	if err != nil || known.Findings == nil {
		return nil, err
	}
	findings := make([]*model.Finding, len(known.Findings))
	for i, f := range known.Findings {
		findings[i] = newFinding(obj, f)
	}
	return findings, nil
}

func (componentResolver) SourceStatus(ctx context.Context, obj *model.Component) ([]*model.SourceStatus, error) {
	status, err := osvStatus(ctx, obj)
	if err != nil {
		return nil, err
	}
	return statuses(status), nil
}

// osvStatus is what OSV did for a component.
func osvStatus(ctx context.Context, obj *model.Component) (enrich.Status, error) {
	if obj.VersionKey == 0 {
		if obj.PURL == nil {
			return enrich.Status{Source: upstream.OSV, State: enrich.NotApplicable, Reason: "The component has no purl to ask about."}, nil
		}
		return unversioned(), nil
	}
	known, err := loader.For(ctx).Findings.Load(ctx, obj.VersionKey)()
	return known.Status, err
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
