package graph

import (
	"context"
	"errors"

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

func (r packageResolver) LatestVersion(ctx context.Context, obj *model.Package) (*model.PackageVersion, error) {
	return single(ctx, obj, r.LatestVersionBatch)
}

func (packageResolver) LatestVersionBatch(ctx context.Context, objs []*model.Package) ([]*model.PackageVersion, error) {
	known, err := loadAll(ctx, loader.For(ctx).Latest, uses(objs))
	if err != nil {
		return nil, err
	}
	versions := make([]*model.PackageVersion, len(objs))
	for i, l := range known {
		if l.Version == "" {
			continue
		}
		p, err := purl.Parse(string(objs[i].PURL))
		if err != nil {
			return nil, err
		}
		p.Version = l.Version
		versions[i] = &model.PackageVersion{
			Version:     l.Version,
			PURL:        model.PURL(p.String()),
			PublishedAt: model.OptionalTime(l.PublishedAt),
		}
	}
	return versions, nil
}

func (r packageResolver) SourceStatus(ctx context.Context, obj *model.Package) ([]*model.SourceStatus, error) {
	return single(ctx, obj, r.SourceStatusBatch)
}

func (packageResolver) SourceStatusBatch(ctx context.Context, objs []*model.Package) ([][]*model.SourceStatus, error) {
	l := loader.For(ctx)
	newest := l.Latest.LoadMany(ctx, uses(objs))
	affecting, err := loadEach(ctx, objs, l.Findings, func(p *model.Package) int64 { return p.VersionKey },
		func(_ *model.Package, known enrich.Findings) enrich.Status { return known.Status })
	if err != nil {
		return nil, err
	}
	known, errs := newest()
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	all := make([][]*model.SourceStatus, len(objs))
	for i, obj := range objs {
		switch {
		case obj.Unversioned:
			all[i] = statuses(unversioned(), known[i].Status)
		case obj.VersionKey != 0:
			all[i] = statuses(affecting[i], known[i].Status)
		default:
			all[i] = statuses(known[i].Status)
		}
	}
	return all, nil
}

// uses are the packages with the versions through which they were reached.
func uses(objs []*model.Package) []loader.Use {
	all := make([]loader.Use, len(objs))
	for i, obj := range objs {
		all[i] = loader.Use{PackageID: obj.Key, VersionID: obj.VersionKey}
	}
	return all
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
