package store

import (
	"context"
	"fmt"
)

// Package is what a purl names without its version.
type Package struct {
	ID           int64
	PURL         string
	Type         string
	Name         string // as its ecosystem writes it: "@angular/core"
	Ecosystem    string // as OSV names it, without suffix; empty where OSV covers none
	AdvisoryName string // as OSV's records name it, in the one spelling that match.NormalName gives
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

const packageColumns = `
	package.id,
	package.purl,
	package.type,
	package.name,
	package.ecosystem,
	package.advisory_name`

func (p *Package) columns() []any {
	return []any{&p.ID, &p.PURL, &p.Type, &p.Name, &p.Ecosystem, &p.AdvisoryName}
}

const packageVersionColumns = `
	package_version.id,
	package_version.package_id,
	package_version.purl,
	package_version.version,
	package_version.ecosystem`

func (v *PackageVersion) columns() []any {
	return []any{&v.ID, &v.PackageID, &v.PURL, &v.Version, &v.Ecosystem}
}

var packageVersionOrder = order{columns: []string{"package_version.version", "package_version.id"}, texts: 1}

// PackagesByIDs returns the packages that exist, in any order.
func (r reads) PackagesByIDs(ctx context.Context, ids []int64) ([]Package, error) {
	packages, err := selectRows[Package](ctx, r.conn, `
		SELECT `+packageColumns+`
		FROM package
		WHERE {{in package.id}}`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d packages by id: %w", len(ids), err)
	}
	return packages, nil
}

// PackagesByPURLs returns the packages that exist, in any order. The purls are
// canonical and without version, qualifiers and subpath.
func (r reads) PackagesByPURLs(ctx context.Context, purls []string) ([]Package, error) {
	packages, err := selectRows[Package](ctx, r.conn, `
		SELECT `+packageColumns+`
		FROM package
		WHERE {{in package.purl}}`, purls)
	if err != nil {
		return nil, fmt.Errorf("store: %d packages by purl: %w", len(purls), err)
	}
	return packages, nil
}

// PackageVersionsByIDs returns the package versions that exist, in any order.
func (r reads) PackageVersionsByIDs(ctx context.Context, ids []int64) ([]PackageVersion, error) {
	versions, err := selectRows[PackageVersion](ctx, r.conn, `
		SELECT `+packageVersionColumns+`
		FROM package_version
		WHERE {{in package_version.id}}`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d package versions by id: %w", len(ids), err)
	}
	return versions, nil
}

// VersionsOfPackages returns a page of each package's versions, by version text
// and id; by package id.
func (r reads) VersionsOfPackages(ctx context.Context, packageIDs []int64, p Page) (map[int64]Slice[PackageVersion], error) {
	c, err := p.cut(packageVersionOrder)
	if err != nil {
		return nil, fmt.Errorf("store: versions: %w", err)
	}
	versions, err := selectSlices(ctx, r.conn, p, packageIDs, below[PackageVersion],
		func(v *PackageVersion) []any { return []any{v.Version, v.ID} }, c.in(`
		SELECT
			k.value, `+packageVersionColumns+`
		FROM {{numbers k}}
		{{pick package_version (id)}}
			SELECT package_version.id
			FROM package_version
			WHERE package_version.package_id = k.value {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY k.value, {{order}}`), c.below(packageIDs)...)
	if err != nil {
		return nil, fmt.Errorf("store: versions of %d packages: %w", len(packageIDs), err)
	}
	return versions, nil
}

// CountVersions returns how many versions each package has, by package id.
func (r reads) CountVersions(ctx context.Context, packageIDs []int64) (map[int64]int, error) {
	counts, err := selectMap[int64, int](ctx, r.conn, `
		SELECT
			package_version.package_id,
			COUNT(*)
		FROM package_version
		WHERE {{in package_version.package_id}}
		GROUP BY package_version.package_id`, packageIDs)
	if err != nil {
		return nil, fmt.Errorf("store: count versions of %d packages: %w", len(packageIDs), err)
	}
	return fill(counts, packageIDs), nil
}

// PackageVersionsNamed returns the package versions that an advisory about any
// of the packages may touch, by id. Distribution packages are also found by the
// name of their source package.
func (r reads) PackageVersionsNamed(ctx context.Context, packages []AdvisoryPackage) ([]PackageVersion, error) {
	keys := make([][2]any, len(packages))
	for i, p := range packages {
		keys[i] = [2]any{p.Ecosystem, p.Name}
	}
	versions, err := selectRows[PackageVersion](ctx, r.conn, `
		SELECT `+packageVersionColumns+`
		FROM package_version
		WHERE package_version.id IN (
			SELECT package_version.id
			FROM {{pairs k ecosystem TEXT name TEXT}}
			JOIN package_version ON package_version.advisory_name = k.name AND package_version.base_ecosystem = k.ecosystem
			WHERE package_version.advisory_name <> ''
			UNION
			SELECT package_version.id
			FROM {{pairs k ecosystem TEXT name TEXT}}
			JOIN package_version ON package_version.source_name = k.name AND package_version.base_ecosystem = k.ecosystem
			WHERE package_version.source_name <> ''
		)
		ORDER BY package_version.id`, keys, keys)
	if err != nil {
		return nil, fmt.Errorf("store: versions of %d packages by advisory name: %w", len(packages), err)
	}
	return versions, nil
}

// PackageIDsOfBom returns the packages of a Bom's components, ascending.
func (r reads) PackageIDsOfBom(ctx context.Context, bomID int64) ([]int64, error) {
	ids, err := selectInto(ctx, r.conn, func(id *int64) []any { return []any{id} }, `
		SELECT DISTINCT component.package_id
		FROM component
		WHERE component.bom_id = ?
			AND component.package_id IS NOT NULL
		ORDER BY component.package_id`, bomID)
	if err != nil {
		return nil, fmt.Errorf("store: packages of bom %d: %w", bomID, err)
	}
	return ids, nil
}
