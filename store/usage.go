package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// usingRelease is a Release with the part of its key that is its project's.
type usingRelease struct {
	Release
	project string
}

func (r *usingRelease) columns() []any { return append(r.Release.columns(), &r.project) }

func (r *usingRelease) key() []any { return []any{r.project, r.Version, r.ID} }

var (
	usingReleaseOrder   = order{columns: []string{"project.name", "release.version", "release.id"}, texts: 2}
	usingComponentOrder = order{columns: []string{"component.bom_id", "component.seq"}}
)

// ReleasesUsingPackages returns a page of the releases whose current Bom has a
// version of the package, by project name, version, id; by package id.
func (r reads) ReleasesUsingPackages(ctx context.Context, packageIDs []int64, p Page) (map[int64]Slice[Release], error) {
	c, err := p.cut(usingReleaseOrder)
	if err != nil {
		return nil, fmt.Errorf("store: releases using packages: %w", err)
	}
	found, err := selectSlices(ctx, r.conn, p, packageIDs, below[usingRelease], (*usingRelease).key, c.in(`
		SELECT
			k.value, `+releaseColumns+`,
			project.name
		FROM {{numbers k}}
		{{pick release (id)}}
			SELECT release.id
			FROM release
			JOIN project ON project.id = release.project_id
			WHERE release.bom_id IN (
				SELECT component.bom_id
				FROM component
				WHERE component.package_id = k.value
			) {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		JOIN project ON project.id = release.project_id
		ORDER BY k.value, {{order}}`), c.below(packageIDs)...)
	if err != nil {
		return nil, fmt.Errorf("store: releases using %d packages: %w", len(packageIDs), err)
	}
	releases := make(map[int64]Slice[Release], len(found))
	for id, s := range found {
		releases[id] = plain(s)
	}
	return releases, nil
}

// plain drops what only the keys needed.
func plain(s Slice[usingRelease]) Slice[Release] {
	rows := make([]Release, len(s.Rows))
	for i, r := range s.Rows {
		rows[i] = r.Release
	}
	return Slice[Release]{Rows: rows, Cursors: s.Cursors, HasNext: s.HasNext, HasPrevious: s.HasPrevious}
}

// CountReleasesUsingPackages returns how many releases ReleasesUsingPackages
// has on all pages, by package id.
func (r reads) CountReleasesUsingPackages(ctx context.Context, packageIDs []int64) (map[int64]int, error) {
	counts, err := selectMap[int64, int](ctx, r.conn, `
		SELECT
			k.value,
			(
				SELECT COUNT(*)
				FROM release
				WHERE release.bom_id IN (
					SELECT component.bom_id
					FROM component
					WHERE component.package_id = k.value
				)
			)
		FROM {{numbers k}}`, packageIDs)
	if err != nil {
		return nil, fmt.Errorf("store: count releases using %d packages: %w", len(packageIDs), err)
	}
	return counts, nil
}

// ReleasesUsingVersions returns a page of the releases whose current Bom has
// any of a set of package versions, by project name, version, id; by the set's
// name.
func (r reads) ReleasesUsingVersions(ctx context.Context, sets map[string][]int64, p Page) (map[string]Slice[Release], error) {
	c, err := p.cut(usingReleaseOrder)
	if err != nil {
		return nil, fmt.Errorf("store: releases using versions: %w", err)
	}
	names, list := setList(sets)
	found, err := selectSlices(ctx, r.conn, p, names, inSet[usingRelease], (*usingRelease).key, c.in(`
		SELECT
			k.name, `+releaseColumns+`,
			project.name
		FROM {{sets k}}
		{{pick release (id)}}
			SELECT release.id
			FROM release
			JOIN project ON project.id = release.project_id
			WHERE release.bom_id IN (
				SELECT component.bom_id
				FROM component
				WHERE {{in component.package_version_id of k}}
			) {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		JOIN project ON project.id = release.project_id
		ORDER BY k.name, {{order}}`), c.below(list)...)
	if err != nil {
		return nil, fmt.Errorf("store: releases using %d sets of versions: %w", len(sets), err)
	}
	releases := make(map[string]Slice[Release], len(found))
	for name, s := range found {
		releases[name] = plain(s)
	}
	return releases, nil
}

// CountReleasesUsingVersions returns how many releases ReleasesUsingVersions
// has on all pages, by the set's name.
func (r reads) CountReleasesUsingVersions(ctx context.Context, sets map[string][]int64) (map[string]int, error) {
	names, list := setList(sets)
	counts, err := selectMap[string, int](ctx, r.conn, `
		SELECT
			k.name,
			(
				SELECT COUNT(*)
				FROM release
				WHERE release.bom_id IN (
					SELECT component.bom_id
					FROM component
					WHERE {{in component.package_version_id of k}}
				)
			)
		FROM {{sets k}}`, list)
	if err != nil {
		return nil, fmt.Errorf("store: count releases using %d sets of versions: %w", len(sets), err)
	}
	return fill(counts, names), nil
}

// setList returns the names of the sets, sorted, and the sets with their names.
func setList(sets map[string][]int64) (names []string, list [][2]any) {
	names = slices.Sorted(maps.Keys(sets))
	list = make([][2]any, len(names))
	for i, name := range names {
		// nil would become JSON's null, which is not a list
		list[i] = [2]any{name, append([]int64{}, sets[name]...)}
	}
	return names, list
}

// inSet puts the columns of a row behind the name of its set.
func inSet[T any, P columns[T]](name *string, row *T) []any {
	return append([]any{name}, P(row).columns()...)
}

// ComponentsUsingPackages returns a page of the components of current Boms that
// are a version of the package, by Bom id and place; by package id.
func (r reads) ComponentsUsingPackages(ctx context.Context, packageIDs []int64, p Page) (map[int64]Slice[Component], error) {
	c, err := p.cut(usingComponentOrder)
	if err != nil {
		return nil, fmt.Errorf("store: components using packages: %w", err)
	}
	found, err := selectSlices(ctx, r.conn, p, packageIDs, below[Component], (*Component).usingKey, c.in(`
		SELECT
			k.value, `+componentColumns+`
		FROM {{numbers k}}
		{{pick component (bom_id, seq)}}
			SELECT
				component.bom_id,
				component.seq
			FROM component
			JOIN release ON release.bom_id = component.bom_id
			WHERE component.package_id = k.value {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY k.value, {{order}}`), c.below(packageIDs)...)
	if err != nil {
		return nil, fmt.Errorf("store: components using %d packages: %w", len(packageIDs), err)
	}
	return found, nil
}

func (c *Component) usingKey() []any { return []any{c.BomID, c.Seq} }

// CountComponentsUsingPackages returns how many components
// ComponentsUsingPackages has on all pages, by package id.
func (r reads) CountComponentsUsingPackages(ctx context.Context, packageIDs []int64) (map[int64]int, error) {
	counts, err := selectMap[int64, int](ctx, r.conn, `
		SELECT
			component.package_id,
			COUNT(*)
		FROM component
		JOIN release ON release.bom_id = component.bom_id
		WHERE {{in component.package_id}}
		GROUP BY component.package_id`, packageIDs)
	if err != nil {
		return nil, fmt.Errorf("store: count components using %d packages: %w", len(packageIDs), err)
	}
	return fill(counts, packageIDs), nil
}

// ComponentsUsingVersions returns a page of the components of current Boms that
// are any of a set of package versions, by Bom id and place; by the set's name.
func (r reads) ComponentsUsingVersions(ctx context.Context, sets map[string][]int64, p Page) (map[string]Slice[Component], error) {
	c, err := p.cut(usingComponentOrder)
	if err != nil {
		return nil, fmt.Errorf("store: components using versions: %w", err)
	}
	names, list := setList(sets)
	found, err := selectSlices(ctx, r.conn, p, names, inSet[Component], (*Component).usingKey, c.in(`
		SELECT
			k.name, `+componentColumns+`
		FROM {{sets k}}
		{{pick component (bom_id, seq)}}
			SELECT
				component.bom_id,
				component.seq
			FROM component
			JOIN release ON release.bom_id = component.bom_id
			WHERE {{in component.package_version_id of k}} {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY k.name, {{order}}`), c.below(list)...)
	if err != nil {
		return nil, fmt.Errorf("store: components using %d sets of versions: %w", len(sets), err)
	}
	return found, nil
}

// CountComponentsUsingVersions returns how many components
// ComponentsUsingVersions has on all pages, by the set's name.
func (r reads) CountComponentsUsingVersions(ctx context.Context, sets map[string][]int64) (map[string]int, error) {
	names, list := setList(sets)
	counts, err := selectMap[string, int](ctx, r.conn, `
		SELECT
			k.name,
			(
				SELECT COUNT(*)
				FROM component
				JOIN release ON release.bom_id = component.bom_id
				WHERE {{in component.package_version_id of k}}
			)
		FROM {{sets k}}`, list)
	if err != nil {
		return nil, fmt.Errorf("store: count components using %d sets of versions: %w", len(sets), err)
	}
	return fill(counts, names), nil
}
