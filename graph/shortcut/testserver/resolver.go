package testserver

import (
	"context"
	"errors"
)

// Resolver resolves what rows have no methods for.
type Resolver struct{}

type (
	queryResolver struct{}
	rowResolver   struct{}
)

// Query returns the resolvers of the root fields.
func (Resolver) Query() QueryResolver { return queryResolver{} }

// Row returns the resolvers of rows.
func (Resolver) Row() RowResolver { return rowResolver{} }

func rows(from, n int) []*Row {
	all := make([]*Row, n)
	for i := range all {
		all[i] = &Row{N: from + i}
	}
	return all
}

func (queryResolver) Row(_ context.Context, n int) (*Row, error)  { return &Row{N: n}, nil }
func (queryResolver) Must(_ context.Context, n int) (*Row, error) { return &Row{N: n}, nil }
func (queryResolver) Node(_ context.Context, n int) (Node, error) { return (&Row{N: n}).Node(), nil }

func (queryResolver) Rows(_ context.Context, from, n int) ([]*Row, error) { return rows(from, n), nil }

func (queryResolver) Maybe(_ context.Context, from, n int) ([]*Row, error) {
	all := rows(from, n)
	if n > 1 {
		all[1] = nil
	}
	return all, nil
}

func (queryResolver) Leaves(_ context.Context, n int) ([]*Leaf, error) {
	all := make([]*Leaf, n)
	for i := range all {
		all[i] = leaf(i + 1)
	}
	return all, nil
}

func (rowResolver) Slow(_ context.Context, r *Row) (*string, error) { return r.Opt(), nil }

func (rowResolver) SlowRow(_ context.Context, r *Row) (*Row, error) {
	switch r.N % 4 {
	case 0:
		return nil, errors.New("failed")
	case 1:
		panic("slow row")
	default:
		return r.Next(), nil
	}
}

func (rowResolver) SlowRows(_ context.Context, r *Row) ([]*Row, error) {
	if r.N%4 == 0 {
		return nil, nil
	}
	return r.Nexts(), nil
}

func (rowResolver) SlowLeaf(_ context.Context, r *Row) (*Leaf, error) { return r.MustLeaf(), nil }

func (rowResolver) SlowLeaves(_ context.Context, r *Row) ([]*Leaf, error) { return r.Leaves(), nil }

// each resolves a field of many rows. It fails as a whole where one fails.
func each[V any](ctx context.Context, rows []*Row, field func(context.Context, *Row) (V, error)) ([]V, error) {
	values := make([]V, len(rows))
	for i, r := range rows {
		v, err := field(ctx, r)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

func (q rowResolver) SlowBatch(ctx context.Context, rows []*Row) ([]*string, error) {
	return each(ctx, rows, q.Slow)
}

func (q rowResolver) SlowRowBatch(ctx context.Context, rows []*Row) ([]*Row, error) {
	return each(ctx, rows, q.SlowRow)
}

func (q rowResolver) SlowRowsBatch(ctx context.Context, rows []*Row) ([][]*Row, error) {
	return each(ctx, rows, q.SlowRows)
}

func (q rowResolver) SlowLeavesBatch(ctx context.Context, rows []*Row) ([][]*Leaf, error) {
	return each(ctx, rows, q.SlowLeaves)
}
