package graph

import (
	"context"

	"loadline/dependency"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

const (
	// maxSteps is the most components of one path that are shown.
	maxSteps = 100
	// maxGraph is the most components that a picture has.
	maxGraph = 1000
)

func (componentResolver) DependencyPaths(ctx context.Context, obj *model.Component, first *int, after *string, last *int, before *string) (*model.DependencyPathConnection, error) {
	p := paging{first, after, last, before}
	if _, err := p.page(); err != nil {
		return nil, err
	}
	g, err := loader.For(ctx).Graph.Load(ctx, obj.BomKey)()
	if err != nil {
		return nil, err
	}
	if g == nil {
		return none[*model.DependencyPath](p)
	}
	routes := g.Routes(obj.Seq)
	slice, err := stretch(p, "path", routes.Starts, func(start int) place {
		return place{Number: float64(routes.Length(start)), Seq: start}
	})
	if err != nil {
		return nil, err
	}
	var seqs []int
	for _, start := range slice.Rows {
		seqs = append(seqs, routes.Path(start, maxSteps)...)
	}
	components, err := componentsAt(ctx, obj.BomKey, seqs)
	if err != nil {
		return nil, err
	}
	return connection(slice, len(routes.Starts), func(start int) *model.DependencyPath {
		length := routes.Length(start)
		shown := min(length, maxSteps)
		path := &model.DependencyPath{Length: length, Components: components[:shown], Truncated: shown < length}
		components = components[shown:]
		return path
	}), nil
}

func (releaseResolver) DependencyGraph(ctx context.Context, obj *model.Release, to []string, limit int) (*model.DependencyGraph, error) {
	switch {
	case len(to) == 0 || len(to) > maxPage:
		return nil, badInput("`to` has %d ids: give 1 to %d", len(to), maxPage)
	case limit < len(to) || limit > maxGraph:
		return nil, badInput("`limit` is %d: give at least the number of ids in `to`, and at most %d", limit, maxGraph)
	}
	chosen := make(map[int]bool, len(to))
	var seqs []int
	for _, id := range to {
		kind, parts, ok := model.DecodeID(id)
		if !ok || kind != model.KindComponent || len(parts) != 2 || number(parts[0]) != obj.BomKey || number(parts[1]) < 0 {
			return nil, badInput("`to` has %q, which is no component of the release's current Bom", id)
		}
		seqs = append(seqs, int(number(parts[1])))
		chosen[seqs[len(seqs)-1]] = true
	}
	g, err := loader.For(ctx).Graph.Load(ctx, obj.BomKey)()
	if err != nil {
		return nil, err
	}
	if g == nil {
		return nil, badInput("the release has no current Bom")
	}
	return newGraph(ctx, obj.BomKey, g, g.Towards(limit, seqs...), chosen)
}

func newGraph(ctx context.Context, bom int64, g *dependency.Graph, part dependency.Part, chosen map[int]bool) (*model.DependencyGraph, error) {
	components, err := componentsAt(ctx, bom, part.Nodes)
	if err != nil {
		return nil, err
	}
	m := &model.DependencyGraph{
		Nodes:       make([]*model.DependencyNode, len(components)),
		Edges:       make([]*model.DependencyLink, len(part.Edges)),
		Truncated:   part.Missing > 0 || part.Cut,
		HiddenCount: part.Missing,
	}
	for i, c := range components {
		m.Nodes[i] = &model.DependencyNode{Component: *c, Depth: g.Depth(c.Seq), Chosen: chosen[c.Seq]}
	}
	id := func(seq int) string { return (&model.Component{BomKey: bom, Seq: seq}).ID() }
	for i, e := range part.Edges {
		m.Edges[i] = &model.DependencyLink{From: id(e.From), To: id(e.To)}
	}
	return m, nil
}

// componentsAt are the components at the places of a Bom, in their order.
func componentsAt(ctx context.Context, bom int64, seqs []int) ([]*model.Component, error) {
	keys := make([]store.ComponentKey, len(seqs))
	for i, seq := range seqs {
		keys[i] = store.ComponentKey{BomID: bom, Seq: seq}
	}
	rows, err := loadAll(ctx, loader.For(ctx).ComponentByKey, keys)
	if err != nil {
		return nil, err
	}
	components := make([]*model.Component, len(rows))
	for i, row := range rows {
		components[i] = newComponent(row)
	}
	return components, nil
}
