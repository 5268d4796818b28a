package store

import "context"

// Package is what a purl names without its version.
type Package struct {
	ID           int64
	PURL         string
	Type         string
	Name         string // as its ecosystem writes it: "@angular/core"
	Ecosystem    string // as OSV names it, without suffix; empty where OSV covers none
	AdvisoryName string // as OSV's records name it
}

// PackageVersion is what a purl names with its version.
type PackageVersion struct {
	ID, PackageID int64
	PURL, Version string
	Ecosystem     string // as OSV names it, with suffix: "Debian:12"; empty where OSV covers none
}

// AdvisoryPackage is a package as an advisory names it, its ecosystem without
// suffix.
type AdvisoryPackage struct{ Ecosystem, Name string }

// PackagesByIDs returns the packages that exist, in any order.
func (r reads) PackagesByIDs(ctx context.Context, ids []int64) ([]Package, error) {
	return nil, errNotBuilt
}

// PackagesByPURLs returns the packages that exist, in any order. The purls are
// canonical and without version, qualifiers and subpath.
func (r reads) PackagesByPURLs(ctx context.Context, purls []string) ([]Package, error) {
	return nil, errNotBuilt
}

// PackageVersionsByIDs returns the package versions that exist, in any order.
func (r reads) PackageVersionsByIDs(ctx context.Context, ids []int64) ([]PackageVersion, error) {
	return nil, errNotBuilt
}

// VersionsOfPackages returns a page of each package's versions, by version text
// and id; by package id.
func (r reads) VersionsOfPackages(ctx context.Context, packageIDs []int64, p Page) (map[int64]Slice[PackageVersion], error) {
	return nil, errNotBuilt
}

// CountVersions returns how many versions each package has, by package id.
func (r reads) CountVersions(ctx context.Context, packageIDs []int64) (map[int64]int, error) {
	return nil, errNotBuilt
}

// PackageVersionsNamed returns the package versions that an advisory about any
// of the packages may touch, in any order. Distribution packages are also found
// by the name of their source package.
func (r reads) PackageVersionsNamed(ctx context.Context, packages []AdvisoryPackage) ([]PackageVersion, error) {
	return nil, errNotBuilt
}
