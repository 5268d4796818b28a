package store

import (
	"context"
	"fmt"
	"strings"

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
	NameContains string // the name or the purl contains it, in any case of the letters A to Z
	Direct       *bool
	PURLType     string
}

const componentColumns = `
	component.bom_id,
	component.seq,
	component.ref,
	component.purl,
	component.name,
	component.version,
	component.type,
	component.scope,
	component.direct,
	component.licenses,
	component.hashes,
	component.package_id,
	component.package_version_id`

func (c *Component) columns() []any {
	return []any{
		&c.BomID,
		&c.Seq,
		&c.Ref,
		&c.PURL,
		&c.Name,
		&c.Version,
		&c.Type,
		&c.Scope,
		&c.Direct,
		listColumn[sbom.License]{&c.Licenses},
		listColumn[sbom.Hash]{&c.Hashes},
		(*optionalID)(&c.PackageID),
		(*optionalID)(&c.PackageVersionID),
	}
}

var componentOrder = order{columns: []string{"component.seq"}}

func (c *Component) key() []any { return []any{c.Seq} }

// ComponentsByKeys returns the components that exist, in any order.
func (r reads) ComponentsByKeys(ctx context.Context, keys []ComponentKey) ([]Component, error) {
	components, err := selectRows[Component](ctx, r.conn, `
		SELECT `+componentColumns+`
		FROM {{pairs k bom_id BIGINT seq BIGINT}}
		JOIN bom ON bom.id = k.bom_id AND bom.state = 'READY'
		JOIN component ON component.bom_id = k.bom_id AND component.seq = k.seq`, pairs(keys))
	if err != nil {
		return nil, fmt.Errorf("store: %d components by key: %w", len(keys), err)
	}
	return components, nil
}

func pairs(keys []ComponentKey) [][2]any {
	p := make([][2]any, len(keys))
	for i, k := range keys {
		p[i] = [2]any{k.BomID, k.Seq}
	}
	return p
}

// ComponentsOfBoms returns a page of each Bom's components that pass the
// filter, in the order of the document, by Bom id.
func (r reads) ComponentsOfBoms(ctx context.Context, bomIDs []int64, f ComponentFilter, p Page) (map[int64]Slice[Component], error) {
	c, err := p.cut(componentOrder)
	if err != nil {
		return nil, fmt.Errorf("store: components: %w", err)
	}
	where, args := f.where()
	components, err := selectSlices(ctx, r.conn, p, bomIDs, below[Component], (*Component).key, c.in(`
		SELECT
			bom.id, `+componentColumns+`
		FROM {{numbers k}}
		JOIN bom ON bom.id = k.value AND bom.state = 'READY'
		{{pick component (bom_id, seq)}}
			SELECT
				component.bom_id,
				component.seq
			FROM component
			WHERE component.bom_id = bom.id `+where+` {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY bom.id, {{order}}`), c.below(bomIDs, args...)...)
	if err != nil {
		return nil, fmt.Errorf("store: components of %d boms: %w", len(bomIDs), err)
	}
	return components, nil
}

// CountComponents returns how many of each Bom's components pass the filter,
// by Bom id.
func (r reads) CountComponents(ctx context.Context, bomIDs []int64, f ComponentFilter) (map[int64]int, error) {
	stmt := `
		SELECT
			bom.id,
			bom.component_count
		FROM bom
		WHERE {{in bom.id}} AND bom.state = 'READY'`
	where, args := f.where()
	if where != "" {
		stmt = `
		SELECT
			bom.id,
			COUNT(*)
		FROM {{numbers k}}
		JOIN bom ON bom.id = k.value AND bom.state = 'READY'
		JOIN component ON component.bom_id = bom.id
		WHERE TRUE ` + where + `
		GROUP BY bom.id`
	}
	counts, err := selectMap[int64, int](ctx, r.conn, stmt, append([]any{bomIDs}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("store: count components of %d boms: %w", len(bomIDs), err)
	}
	return fill(counts, bomIDs), nil
}

// where returns the filter as conditions on c.
func (f ComponentFilter) where() (string, []any) {
	var where string
	var args []any
	if f.NameContains != "" {
		where += ` AND (component.name {{like}} ? ESCAPE '\' OR component.purl {{like}} ? ESCAPE '\')`
		args = append(args, containing(f.NameContains), containing(f.NameContains))
	}
	if f.Direct != nil {
		where += ` AND component.direct = ?`
		args = append(args, *f.Direct)
	}
	if f.PURLType != "" {
		where += ` AND component.purl {{like}} ? ESCAPE '\'`
		args = append(args, strings.TrimPrefix(containing("pkg:"+strings.ToLower(f.PURLType)+"/"), "%"))
	}
	return where, args
}
