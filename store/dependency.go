package store

import (
	"context"
	"fmt"
)

// DependenciesOf returns a page of the components that each component depends
// on, in the order of the document.
func (r reads) DependenciesOf(ctx context.Context, keys []ComponentKey, p Page) (map[ComponentKey]Slice[Component], error) {
	found, err := r.neighbours(ctx, keys, p, order{columns: []string{"d.to_seq"}}, `
		SELECT
			bom.id,
			k.seq, `+componentColumns+`
		FROM {{pairs k bom_id BIGINT seq BIGINT}}
		JOIN bom ON bom.id = k.bom_id AND bom.state = 'READY'
		{{pick component (bom_id, seq)}}
			SELECT
				d.bom_id,
				d.to_seq
			FROM dependency AS d
			WHERE d.bom_id = bom.id AND d.from_seq = k.seq {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY bom.id, k.seq, component.seq`)
	if err != nil {
		return nil, fmt.Errorf("store: dependencies of %d components: %w", len(keys), err)
	}
	return found, nil
}

// DependentsOf returns a page of the components that depend on each component,
// in the order of the document.
func (r reads) DependentsOf(ctx context.Context, keys []ComponentKey, p Page) (map[ComponentKey]Slice[Component], error) {
	found, err := r.neighbours(ctx, keys, p, order{columns: []string{"d.from_seq"}}, `
		SELECT
			bom.id,
			k.seq, `+componentColumns+`
		FROM {{pairs k bom_id BIGINT seq BIGINT}}
		JOIN bom ON bom.id = k.bom_id AND bom.state = 'READY'
		{{pick component (bom_id, seq)}}
			SELECT
				d.bom_id,
				d.from_seq
			FROM dependency AS d
			WHERE d.bom_id = bom.id AND d.to_seq = k.seq {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY bom.id, k.seq, component.seq`)
	if err != nil {
		return nil, fmt.Errorf("store: dependents of %d components: %w", len(keys), err)
	}
	return found, nil
}

func (r reads) neighbours(ctx context.Context, keys []ComponentKey, p Page, o order, stmt string) (map[ComponentKey]Slice[Component], error) {
	c, err := p.cut(o)
	if err != nil {
		return nil, err
	}
	into := func(k *ComponentKey, row *Component) []any {
		return append([]any{&k.BomID, &k.Seq}, row.columns()...)
	}
	return selectSlices(ctx, r.conn, p, keys, into, (*Component).key, c.in(stmt), c.below(pairs(keys))...)
}

// CountDependenciesOf returns how many components each component depends on.
func (r reads) CountDependenciesOf(ctx context.Context, keys []ComponentKey) (map[ComponentKey]int, error) {
	counts, err := r.countNeighbours(ctx, keys, `
		SELECT
			bom.id,
			k.seq,
			COUNT(*)
		FROM {{pairs k bom_id BIGINT seq BIGINT}}
		JOIN bom ON bom.id = k.bom_id AND bom.state = 'READY'
		JOIN dependency AS d ON d.bom_id = bom.id AND d.from_seq = k.seq
		GROUP BY bom.id, k.seq`)
	if err != nil {
		return nil, fmt.Errorf("store: count dependencies of %d components: %w", len(keys), err)
	}
	return counts, nil
}

// CountDependentsOf returns how many components depend on each component.
func (r reads) CountDependentsOf(ctx context.Context, keys []ComponentKey) (map[ComponentKey]int, error) {
	counts, err := r.countNeighbours(ctx, keys, `
		SELECT
			bom.id,
			k.seq,
			COUNT(*)
		FROM {{pairs k bom_id BIGINT seq BIGINT}}
		JOIN bom ON bom.id = k.bom_id AND bom.state = 'READY'
		JOIN dependency AS d ON d.bom_id = bom.id AND d.to_seq = k.seq
		GROUP BY bom.id, k.seq`)
	if err != nil {
		return nil, fmt.Errorf("store: count dependents of %d components: %w", len(keys), err)
	}
	return counts, nil
}

func (r reads) countNeighbours(ctx context.Context, keys []ComponentKey, stmt string) (map[ComponentKey]int, error) {
	rows, err := selectInto(ctx, r.conn, func(v *child[ComponentKey, int]) []any {
		return []any{&v.parent.BomID, &v.parent.Seq, &v.row}
	}, stmt, pairs(keys))
	if err != nil {
		return nil, err
	}
	counts := make(map[ComponentKey]int, len(keys))
	for _, row := range rows {
		counts[row.parent] = row.row
	}
	return fill(counts, keys), nil
}
