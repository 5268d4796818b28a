package store

import (
	"context"

	"loadline/sbom"
)

// Component is one entry of a Bom.
type Component struct {
	BomID                          int64
	Seq                            int // its place in the document, from 0
	Ref, PURL, Name, Version, Type string
	Scope                          sbom.Scope
	Direct                         *bool // nil: the document does not say
	Licenses                       []sbom.License
	Hashes                         []sbom.Hash
	PackageID, PackageVersionID    int64 // 0: none
}

// ComponentKey names a component by its Bom and its place in it.
type ComponentKey struct {
	BomID int64
	Seq   int
}

// ComponentFilter keeps components that pass each condition that is set.
type ComponentFilter struct {
	NameContains string // the name or the purl contains it, in any letter case
	Direct       *bool
	PURLType     string
}

// ComponentsByKeys returns the components that exist, in any order.
func (r reads) ComponentsByKeys(ctx context.Context, keys []ComponentKey) ([]Component, error) {
	return nil, errNotBuilt
}

// ComponentsOfBoms returns a page of each Bom's components that pass the
// filter, in the order of the document, by Bom id.
func (r reads) ComponentsOfBoms(ctx context.Context, bomIDs []int64, f ComponentFilter, p Page) (map[int64]Slice[Component], error) {
	return nil, errNotBuilt
}

// CountComponents returns how many of each Bom's components pass the filter,
// by Bom id.
func (r reads) CountComponents(ctx context.Context, bomIDs []int64, f ComponentFilter) (map[int64]int, error) {
	return nil, errNotBuilt
}

// DependenciesOf returns a page of the components that each component depends
// on, in the order of the document.
func (r reads) DependenciesOf(ctx context.Context, keys []ComponentKey, p Page) (map[ComponentKey]Slice[Component], error) {
	return nil, errNotBuilt
}

// DependentsOf returns a page of the components that depend on each component,
// in the order of the document.
func (r reads) DependentsOf(ctx context.Context, keys []ComponentKey, p Page) (map[ComponentKey]Slice[Component], error) {
	return nil, errNotBuilt
}

// CountDependenciesOf returns how many components each component depends on.
func (r reads) CountDependenciesOf(ctx context.Context, keys []ComponentKey) (map[ComponentKey]int, error) {
	return nil, errNotBuilt
}

// CountDependentsOf returns how many components depend on each component.
func (r reads) CountDependentsOf(ctx context.Context, keys []ComponentKey) (map[ComponentKey]int, error) {
	return nil, errNotBuilt
}

// ComponentsUsingPackages returns a page of the components of current Boms that
// are a version of the package, by Bom id and place; by package id.
func (r reads) ComponentsUsingPackages(ctx context.Context, packageIDs []int64, p Page) (map[int64]Slice[Component], error) {
	return nil, errNotBuilt
}

// CountComponentsUsingPackages returns how many components
// ComponentsUsingPackages has on all pages, by package id.
func (r reads) CountComponentsUsingPackages(ctx context.Context, packageIDs []int64) (map[int64]int, error) {
	return nil, errNotBuilt
}

// ComponentsUsingVersions returns a page of the components of current Boms that
// are any of the package versions, by Bom id and place.
func (r reads) ComponentsUsingVersions(ctx context.Context, packageVersionIDs []int64, p Page) (Slice[Component], error) {
	return Slice[Component]{}, errNotBuilt
}

// CountComponentsUsingVersions returns how many components
// ComponentsUsingVersions has on all pages.
func (r reads) CountComponentsUsingVersions(ctx context.Context, packageVersionIDs []int64) (int, error) {
	return 0, errNotBuilt
}
