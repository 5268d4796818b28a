package store

import (
	"context"
	"time"
)

// Release is one version of a project.
type Release struct {
	ID, ProjectID int64
	Version       string
	CreatedAt     time.Time
	BomID         int64 // the current Bom; 0 before there is one
}

// ReleaseKey names a release by its project and version.
type ReleaseKey struct {
	ProjectID int64
	Version   string
}

// ReleasesByIDs returns the releases that exist, in any order.
func (r reads) ReleasesByIDs(ctx context.Context, ids []int64) ([]Release, error) {
	return nil, errNotBuilt
}

// ReleasesByVersions returns the releases that exist, in any order.
func (r reads) ReleasesByVersions(ctx context.Context, keys []ReleaseKey) ([]Release, error) {
	return nil, errNotBuilt
}

// ReleasesOfProjects returns a page of each project's releases, the newest
// first, by project id.
func (r reads) ReleasesOfProjects(ctx context.Context, projectIDs []int64, p Page) (map[int64]Slice[Release], error) {
	return nil, errNotBuilt
}

// CountReleases returns how many releases each project has, by project id.
func (r reads) CountReleases(ctx context.Context, projectIDs []int64) (map[int64]int, error) {
	return nil, errNotBuilt
}

// ReleaseTags returns the tags of releases, sorted, by release id.
func (r reads) ReleaseTags(ctx context.Context, ids []int64) (map[int64][]string, error) {
	return nil, errNotBuilt
}

// ReleasesUsingPackages returns a page of the releases whose current Bom has a
// version of the package, by project name, version, id; by package id.
func (r reads) ReleasesUsingPackages(ctx context.Context, packageIDs []int64, p Page) (map[int64]Slice[Release], error) {
	return nil, errNotBuilt
}

// CountReleasesUsingPackages returns how many releases ReleasesUsingPackages
// has on all pages, by package id.
func (r reads) CountReleasesUsingPackages(ctx context.Context, packageIDs []int64) (map[int64]int, error) {
	return nil, errNotBuilt
}

// ReleasesUsingVersions returns a page of the releases whose current Bom has
// any of the package versions, by project name, version, id.
func (r reads) ReleasesUsingVersions(ctx context.Context, packageVersionIDs []int64, p Page) (Slice[Release], error) {
	return Slice[Release]{}, errNotBuilt
}

// CountReleasesUsingVersions returns how many releases ReleasesUsingVersions
// has on all pages.
func (r reads) CountReleasesUsingVersions(ctx context.Context, packageVersionIDs []int64) (int, error) {
	return 0, errNotBuilt
}

// CreateRelease returns the new release, ErrNotFound if there is no such
// project, or ErrConflict if it has this version already.
func (tx *Tx) CreateRelease(ctx context.Context, projectID int64, version string, tags []string) (Release, error) {
	return Release{}, errNotBuilt
}

// RenameRelease returns the renamed release, ErrNotFound, or ErrConflict if its
// project has this version already.
func (tx *Tx) RenameRelease(ctx context.Context, id int64, version string) (Release, error) {
	return Release{}, errNotBuilt
}

// TagRelease replaces all tags and returns the release, or ErrNotFound.
func (tx *Tx) TagRelease(ctx context.Context, id int64, tags []string) (Release, error) {
	return Release{}, errNotBuilt
}

// DeleteRelease removes a release with its Boms. It returns ErrNotFound when
// there is none.
func (tx *Tx) DeleteRelease(ctx context.Context, id int64) error { return errNotBuilt }
