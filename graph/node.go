package graph

import (
	"context"
	"errors"
	"strconv"

	"loadline/graph/dispatch"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

func (queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	return node(ctx, id)
}

func (queryResolver) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > maxPage {
		return nil, badInput("`ids` has %d entries: at most %d are accepted", len(ids), maxPage)
	}
	nodes := make([]model.Node, len(ids))
	waits := make([]func() error, len(ids))
	for i, id := range ids {
		waits[i] = dispatch.Go(ctx, func(ctx context.Context) (err error) {
			nodes[i], err = node(ctx, id)
			return err
		})
	}
	errs := make([]error, len(ids))
	for i, wait := range waits {
		errs[i] = wait()
	}
	return nodes, errors.Join(errs...)
}

// node is the object with that id, whatever its type, or nil. What is not an id
// of ours may be the id of a vulnerability.
func node(ctx context.Context, id string) (model.Node, error) {
	l := loader.For(ctx)
	kind, parts, ok := model.DecodeID(id)
	if !ok {
		return found(newVulnerability)(l.Vulnerability.Load(ctx, id)())
	}
	var keys [2]int64
	for i, part := range parts[:min(len(parts), len(keys))] {
		if keys[i] = number(part); keys[i] < 0 {
			return nil, nil
		}
	}
	switch {
	case len(parts) == 1 && kind == model.KindProject:
		return found(newProject)(l.ProjectByID.Load(ctx, keys[0])())
	case len(parts) == 1 && kind == model.KindRelease:
		return found(newRelease)(l.ReleaseByID.Load(ctx, keys[0])())
	case len(parts) == 1 && kind == model.KindBom:
		return found(newBom)(l.BomByID.Load(ctx, keys[0])())
	case len(parts) == 1 && kind == model.KindPackage:
		return found(newPackage)(l.PackageByID.Load(ctx, keys[0])())
	case len(parts) == 1 && kind == model.KindJob:
		return found(newJob)(l.JobByID.Load(ctx, keys[0])())
	case len(parts) == 1 && kind == model.KindNotificationChannel:
		return found(newChannel)(l.ChannelByID.Load(ctx, keys[0])())
	case len(parts) == 2 && kind == model.KindComponent:
		return found(newComponent)(l.ComponentByKey.Load(ctx, store.ComponentKey{BomID: keys[0], Seq: int(keys[1])})())
	case len(parts) == 3 && kind == model.KindFinding:
		return findingNode(ctx, store.ComponentKey{BomID: keys[0], Seq: int(keys[1])}, parts[2])
	default:
		return nil, nil
	}
}

// number is the number in a part of an id, and -1 where there is none.
func number(part string) int64 {
	n, err := strconv.ParseInt(part, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// found converts a row; one that does not exist is nil.
func found[R any, P model.Node](convert func(R) P) func(R, error) (model.Node, error) {
	return func(row R, err error) (model.Node, error) {
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		default:
			return convert(row), nil
		}
	}
}

// findingNode is the finding of the component that has the vulnerability among
// its ids, or nil.
func findingNode(ctx context.Context, key store.ComponentKey, vulnerabilityID string) (model.Node, error) {
	c, err := optional(newComponent)(loader.For(ctx).ComponentByKey.Load(ctx, key)())
	if err != nil || c == nil {
		return nil, err
	}
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
