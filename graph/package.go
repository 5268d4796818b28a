package graph

import (
	"context"

	"loadline/enrich"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/purl"
	"loadline/store"
)

func newPackage(p store.Package) *model.Package {
	return &model.Package{
		Key:       p.ID,
		PURL:      model.PURL(p.PURL),
		Type:      p.Type,
		Name:      p.Name,
		Ecosystem: model.Optional(p.Ecosystem),
	}
}

func newPackageVersion(v store.PackageVersion) *model.PackageVersion {
	return &model.PackageVersion{Version: v.Version, PURL: model.PURL(v.PURL)}
}

func (r queryResolver) Package(ctx context.Context, p model.PURL) (*model.Package, error) {
	parsed, err := purl.Parse(string(p))
	if err != nil {
		return nil, badInput("%v", err)
	}
	return optional(newPackage)(loader.For(ctx).PackageByPURL.Load(ctx, parsed.Package().String())())
}

func (packageResolver) LatestVersion(ctx context.Context, obj *model.Package) (*model.PackageVersion, error) {
	known, err := latest(ctx, obj)
	if err != nil || known.Version == "" {
		return nil, err
	}
	p, err := purl.Parse(string(obj.PURL))
	if err != nil {
		return nil, err
	}
	p.Version = known.Version
	return &model.PackageVersion{
		Version:     known.Version,
		PURL:        model.PURL(p.String()),
		PublishedAt: model.OptionalTime(known.PublishedAt),
	}, nil
}

func (packageResolver) SourceStatus(ctx context.Context, obj *model.Package) ([]*model.SourceStatus, error) {
	l := loader.For(ctx)
	newest := l.Latest.Load(ctx, loader.Use{PackageID: obj.Key, VersionID: obj.VersionKey})
	all := make([]enrich.Status, 0, 2)
	switch {
	case obj.Unversioned:
		all = append(all, unversioned())
	case obj.VersionKey != 0:
		affecting, err := l.Findings.Load(ctx, obj.VersionKey)()
		if err != nil {
			return nil, err
		}
		all = append(all, affecting.Status)
	}
	known, err := newest()
	if err != nil {
		return nil, err
	}
	return statuses(append(all, known.Status)...), nil
}

func latest(ctx context.Context, obj *model.Package) (enrich.Latest, error) {
	return loader.For(ctx).Latest.Load(ctx, loader.Use{PackageID: obj.Key, VersionID: obj.VersionKey})()
}

func (packageResolver) Versions(ctx context.Context, obj *model.Package, first *int, after *string, last *int, before *string) (*model.PackageVersionConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, obj.Key, paging{first, after, last, before}, l.VersionsOfPackage, l.CountVersions, newPackageVersion)
}

func (packageResolver) Releases(ctx context.Context, obj *model.Package, first *int, after *string, last *int, before *string) (*model.ReleaseConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, obj.Key, paging{first, after, last, before}, l.ReleasesUsing, l.CountReleasesUsing, newRelease)
}

func (packageResolver) Components(ctx context.Context, obj *model.Package, first *int, after *string, last *int, before *string) (*model.ComponentConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, obj.Key, paging{first, after, last, before}, l.ComponentsUsing, l.CountComponentsUsing, newComponent)
}
