package graph

import (
	"context"
	"strconv"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

func (r queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	return loadNode(ctx, id)()
}

func (r queryResolver) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > maxPage {
		return nil, badInput("`ids` has %d entries: at most %d are accepted", len(ids), maxPage)
	}
	loads := make([]func() (model.Node, error), len(ids))
	for i, id := range ids {
		loads[i] = loadNode(ctx, id)
	}
	nodes := make([]model.Node, len(ids))
	for i, load := range loads {
		node, err := load()
		if err != nil {
			return nil, err
		}
		nodes[i] = node
	}
	return nodes, nil
}

// loadNode begins to load the object with that id, whatever its type. What is
// not an id of ours may be the id of a vulnerability.
func loadNode(ctx context.Context, id string) func() (model.Node, error) {
	l := loader.For(ctx)
	kind, parts, ok := model.DecodeID(id)
	if !ok {
		return nodeOf(newVulnerability, l.Vulnerability.Load(ctx, id))
	}
	keys := make([]int64, 0, 2)
	for _, part := range parts[:min(len(parts), 2)] {
		key, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return noNode
		}
		keys = append(keys, key)
	}
	switch {
	case len(parts) == 1 && kind == model.KindProject:
		return nodeOf(newProject, l.ProjectByID.Load(ctx, keys[0]))
	case len(parts) == 1 && kind == model.KindRelease:
		return nodeOf(newRelease, l.ReleaseByID.Load(ctx, keys[0]))
	case len(parts) == 1 && kind == model.KindBom:
		return nodeOf(newBom, l.BomByID.Load(ctx, keys[0]))
	case len(parts) == 1 && kind == model.KindPackage:
		return nodeOf(newPackage, l.PackageByID.Load(ctx, keys[0]))
	case len(parts) == 1 && kind == model.KindJob:
		return nodeOf(newJob, l.JobByID.Load(ctx, keys[0]))
	case len(parts) == 2 && kind == model.KindComponent:
		return nodeOf(newComponent, l.ComponentByKey.Load(ctx, store.ComponentKey{BomID: keys[0], Seq: int(keys[1])}))
	case len(parts) == 3 && kind == model.KindFinding:
		key := store.ComponentKey{BomID: keys[0], Seq: int(keys[1])}
		return findingNode(ctx, key, parts[2])
	default:
		return noNode
	}
}

func noNode() (model.Node, error) { return nil, nil }

// nodeOf converts what load loads.
func nodeOf[R any, T any, P interface {
	*T
	model.Node
}](convert func(R) P, load func() (R, error)) func() (model.Node, error) {
	return func() (model.Node, error) {
		row, err := load()
		switch {
		case isMissing(err):
			return nil, nil
		case err != nil:
			return nil, err
		default:
			return convert(row), nil
		}
	}
}

// findingNode begins to load the finding of the component that has the
// vulnerability among its ids.
func findingNode(ctx context.Context, key store.ComponentKey, vulnerabilityID string) func() (model.Node, error) {
	l := loader.For(ctx)
	load := l.ComponentByKey.Load(ctx, key)
	return func() (model.Node, error) {
		row, err := load()
		if isMissing(err) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		c := newComponent(row)
		findings, err := componentResolver{}.Findings(ctx, c)
		if err != nil {
			return nil, err
		}
		for _, f := range findings {
			if f.Vulnerability.Of.Has(vulnerabilityID) {
				return f, nil
			}
		}
		return nil, nil
	}
}
