package store

import (
	"context"
	"fmt"

	"loadline/cache"
	"loadline/dependency"
)

// graphBytes is about how much memory the graphs of Boms may take that are kept.
// One of 30,000 components takes about 1 MB.
const graphBytes = 32 << 20

// graphs keeps what has been read: a Bom that is READY never changes. Nobody sees
// one that has been deleted, because its components are gone.
type graphs = cache.Table[int64, struct{}, *dependency.Graph]

// Graphs returns what depends on what in each Bom, by the places of its
// components, for those that are READY; by Bom id. It must not be changed.
func (s *Store) Graphs(ctx context.Context, bomIDs []int64) (map[int64]*dependency.Graph, error) {
	found := make(map[int64]*dependency.Graph, len(bomIDs))
	var due []int64
	for _, id := range distinct(bomIDs) {
		if g, ok := s.graphs.Get(id); ok {
			found[id] = g
		} else {
			due = append(due, id)
		}
	}
	if len(due) == 0 {
		return found, nil
	}
	now := s.graphs.Now()
	read, err := s.readGraphs(ctx, due)
	if err != nil {
		return nil, fmt.Errorf("store: graphs of %d boms: %w", len(due), err)
	}
	for id, g := range read {
		s.graphs.Put(id, g, g.Size(), now)
		found[id] = g
	}
	return found, nil
}

func (r reads) readGraphs(ctx context.Context, bomIDs []int64) (map[int64]*dependency.Graph, error) {
	uses, err := r.UsesInBoms(ctx, bomIDs)
	if err != nil {
		return nil, err
	}
	direct := make(map[int64][]bool, len(bomIDs))
	for _, u := range uses {
		// Places count from 0 without gaps.
		direct[u.BomID] = append(direct[u.BomID], u.Direct != nil && *u.Direct)
	}
	edges, err := r.EdgesInBoms(ctx, bomIDs)
	if err != nil {
		return nil, err
	}
	read := make(map[int64]*dependency.Graph, len(direct))
	for id, d := range direct {
		read[id] = dependency.New(d, edges[id])
	}
	return read, nil
}

// EdgesInBoms returns what depends on what in each Bom, by the places of its
// components, by Bom id.
func (r reads) EdgesInBoms(ctx context.Context, bomIDs []int64) (map[int64][]dependency.Edge, error) {
	rows, err := selectInto(ctx, r.conn, func(v *child[int64, dependency.Edge]) []any {
		return []any{&v.parent, &v.row.From, &v.row.To}
	}, `
		SELECT
			d.bom_id,
			d.from_seq,
			d.to_seq
		FROM dependency AS d
		WHERE {{in d.bom_id}}
		ORDER BY d.bom_id, d.from_seq, d.to_seq`, bomIDs)
	if err != nil {
		return nil, fmt.Errorf("store: edges in %d boms: %w", len(bomIDs), err)
	}
	edges := make(map[int64][]dependency.Edge, len(bomIDs))
	for _, v := range rows {
		edges[v.parent] = append(edges[v.parent], v.row)
	}
	return edges, nil
}
