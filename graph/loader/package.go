package loader

import (
	"context"

	"loadline/enrich"
	"loadline/store"
)

// Use is a package, and the package version through which it was reached; 0 when
// it was reached in another way.
type Use struct{ PackageID, VersionID int64 }

func (l *Loaders) ofPackages(s *store.Store, e *enrich.Service) {
	l.PackageByID = oneKept(l.packages, s.PackagesByIDs, func(p store.Package) int64 { return p.ID }, nil)
	l.PackageByPURL = one(s.PackagesByPURLs, func(p store.Package) string { return p.PURL })
	l.VersionsOfPackage = pages(s.VersionsOfPackages)
	l.CountVersions = each(s.CountVersions)
	l.EndOfLife = each(e.EndsOfLife)
	l.Latest = remembering[Use, enrich.Latest]{each(func(ctx context.Context, uses []Use) (map[Use]enrich.Latest, error) {
		return latest(ctx, s, e, uses)
	}), func(ctx context.Context, uses []Use) ([]enrich.Latest, []int) {
		ids := make([]int64, len(uses))
		for i, u := range uses {
			ids[i] = u.PackageID
		}
		return e.RememberedLatest(ctx, ids)
	}}
}

func latest(ctx context.Context, s *store.Store, e *enrich.Service, uses []Use) (map[Use]enrich.Latest, error) {
	packageIDs := make([]int64, len(uses))
	versionIDs := make([]int64, len(uses))
	for i, u := range uses {
		packageIDs[i], versionIDs[i] = u.PackageID, u.VersionID
	}
	packages, err := s.PackagesByIDs(ctx, packageIDs)
	if err != nil {
		return nil, err
	}
	versions, err := s.PackageVersionsByIDs(ctx, versionIDs)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]string, len(versions))
	for _, v := range versions {
		byID[v.PackageID] = v.Version
	}
	asked := make([]enrich.Use, len(packages))
	for i, p := range packages {
		asked[i] = enrich.Use{Package: p, Version: byID[p.ID]}
	}
	known, err := e.Latest(ctx, asked)
	if err != nil {
		return nil, err
	}
	found := make(map[Use]enrich.Latest, len(uses))
	for _, u := range uses {
		found[u] = known[u.PackageID]
	}
	return found, nil
}
