package testserver

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"loadline/graph/dispatch"
)

// Resolver is the root of the resolvers.
type Resolver struct{}

// Query returns the resolvers of the query root.
func (Resolver) Query() QueryResolver { return queryResolver{} }

// Mutation returns the resolvers of the mutation root.
func (Resolver) Mutation() MutationResolver { return mutationResolver{} }

// Subscription returns the resolvers of the subscription root.
func (Resolver) Subscription() SubscriptionResolver { return subscriptionResolver{} }

// Item returns the resolvers of items.
func (Resolver) Item() ItemResolver { return itemResolver{} }

// Box returns the resolvers of boxes.
func (Resolver) Box() BoxResolver { return boxResolver{} }

// Wrap returns the resolvers of wraps.
func (Resolver) Wrap() WrapResolver { return wrapResolver{} }

// Needs returns the resolvers of needs.
func (Resolver) Needs() NeedsResolver { return needsResolver{} }

type queryResolver struct{}

func (queryResolver) Item(ctx context.Context, id int) (*Item, error) { return load(ctx, id) }

func (queryResolver) Items(_ context.Context, from, n int) ([]*Item, error) {
	return span(from, n), nil
}

func (queryResolver) Things(_ context.Context, from, n int) ([]Thing, error) {
	return things(from, n), nil
}

func (queryResolver) Odd(ctx context.Context, key Odd) (*Item, error) { return load(ctx, int(key)) }

func (queryResolver) Now(context.Context) (*Item, error) { return newItem(1), nil }

func (queryResolver) Needs(_ context.Context, id int) (*Needs, error) { return &Needs{id}, nil }

type mutationResolver struct{}

func (mutationResolver) Touch(ctx context.Context, id int) (*Item, error) { return load(ctx, id) }

func (mutationResolver) Odd(ctx context.Context, key Odd) (*Item, error) { return load(ctx, int(key)) }

type subscriptionResolver struct{}

func (subscriptionResolver) Ticks(ctx context.Context, from, n int) (<-chan *Item, error) {
	return stream(ctx, n, func(i int) *Item { return newItem(from + i) }), nil
}

func (subscriptionResolver) Lists(ctx context.Context, from, n int) (<-chan []*Item, error) {
	return stream(ctx, n, func(i int) []*Item { return span(from+i, 3) }), nil
}

func stream[T any](ctx context.Context, n int, f func(int) T) <-chan T {
	c := make(chan T)
	go func() {
		defer close(c)
		for i := range n {
			select {
			case c <- f(i):
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

type itemResolver struct{}

func (itemResolver) Label(ctx context.Context, obj *Item) (*string, error) { return label(ctx, obj.ID) }

func (itemResolver) Must(ctx context.Context, obj *Item) (string, error) {
	s, err := label(ctx, next(obj.ID, 9))
	if err != nil || obj.ID%7 == 6 {
		return "", errAt(obj.ID)
	}
	return *s, nil
}

func (itemResolver) Now(_ context.Context, obj *Item) (*Item, error) {
	if obj.ID%5 == 4 {
		return nil, nil
	}
	return newItem(next(obj.ID, 6)), nil
}

func (itemResolver) One(ctx context.Context, obj *Item) (*Item, error) {
	return load(ctx, next(obj.ID, 1))
}

func (itemResolver) Twice(ctx context.Context, obj *Item) (*Item, error) {
	i, err := load(ctx, next(obj.ID, 2))
	if i == nil || err != nil {
		return nil, err
	}
	return load(ctx, next(i.ID, 2))
}

func (itemResolver) Both(ctx context.Context, obj *Item) (*string, error) {
	l := LoadersOf(ctx)
	item := l.Item.Load(ctx, next(obj.ID, 3))
	label := l.Label.Load(ctx, next(obj.ID, 4))
	i, err := item()
	if err != nil {
		return nil, err
	}
	s, err := label()
	if err != nil || i == nil {
		return nil, err
	}
	s += *i.Name
	return &s, nil
}

func (itemResolver) Fan(ctx context.Context, obj *Item) (*int, error) {
	sums := make([]int, 3)
	waits := make([]func() error, len(sums))
	for n := range sums {
		waits[n] = dispatch.Go(ctx, func(ctx context.Context) error {
			list, err := LoadersOf(ctx).List.Load(ctx, next(obj.ID, n))()
			for _, id := range list {
				sums[n] += id
			}
			return err
		})
	}
	sum := 0
	for n, wait := range waits {
		if err := wait(); err != nil {
			return nil, err
		}
		sum += sums[n]
	}
	return &sum, nil
}

func (itemResolver) Panics(ctx context.Context, obj *Item) (*Item, error) {
	i, err := load(ctx, next(obj.ID, 8))
	if obj.ID%3 == 2 {
		panic("as told")
	}
	return i, err
}

func (itemResolver) Many(ctx context.Context, obj *Item) ([]*Item, error) {
	return many(ctx, obj.ID)
}

func (itemResolver) Strict(ctx context.Context, obj *Item) ([]*Item, error) {
	return many(ctx, next(obj.ID, 5))
}

func (itemResolver) Grid(ctx context.Context, obj *Item) ([][]*Item, error) {
	row, err := many(ctx, obj.ID)
	if err != nil {
		return nil, err
	}
	return [][]*Item{row, nil, {newItem(obj.ID), nil, newItem(next(obj.ID, 1))}}, nil
}

func (itemResolver) Things(ctx context.Context, obj *Item) ([]Thing, error) {
	list, err := LoadersOf(ctx).List.Load(ctx, next(obj.ID, 12))()
	return things(obj.ID, len(list)), err
}

func (itemResolver) Either(ctx context.Context, obj *Item) (Either, error) {
	switch obj.ID % 5 {
	case 0:
		return &Box{ID: obj.ID, Wrap: newWrap(obj.ID, 1)}, nil
	case 1:
		return *newPair(obj.ID, 1), nil
	case 2:
		return nil, nil
	case 3:
		return (*Item)(nil), nil
	default:
		i, err := load(ctx, next(obj.ID, 10))
		if i == nil {
			return nil, err
		}
		return i, err
	}
}

func (itemResolver) Sibling(ctx context.Context, objs []*Item) ([]*Item, error) {
	return siblings(ctx, objs, func(i *Item) int { return i.ID })
}

func (itemResolver) Odd(ctx context.Context, obj *Item, key Odd) (*Item, error) {
	return load(ctx, next(obj.ID, int(key)))
}

type boxResolver struct{}

func (boxResolver) One(ctx context.Context, obj *Box) (*Item, error) {
	return load(ctx, next(obj.ID, 1))
}

type wrapResolver struct{}

func (wrapResolver) Tag(ctx context.Context, obj *Wrap) (*string, error) { return label(ctx, obj.ID) }

func (wrapResolver) One(ctx context.Context, obj *Wrap) (*Item, error) {
	return load(ctx, next(obj.ID, 1))
}

func (wrapResolver) Sibling(ctx context.Context, objs []*Wrap) ([]*Item, error) {
	return siblings(ctx, objs, func(w *Wrap) int { return w.ID })
}

type needsResolver struct{}

func (needsResolver) Item(ctx context.Context, obj *Needs) (*Item, error) { return load(ctx, obj.ID) }

func (needsResolver) Must(ctx context.Context, obj *Needs) (string, error) {
	s, err := label(ctx, obj.ID)
	if err != nil {
		return "", err
	}
	return *s, nil
}

func (needsResolver) Needs(_ context.Context, obj *Needs) (*Needs, error) {
	return &Needs{next(obj.ID, 1)}, nil
}

func (needsResolver) List(ctx context.Context, obj *Needs) ([]*Needs, error) {
	list, err := LoadersOf(ctx).List.Load(ctx, obj.ID)()
	out := make([]*Needs, len(list))
	for i, id := range list {
		out[i] = &Needs{id}
	}
	return out, err
}

func load(ctx context.Context, id int) (*Item, error) { return LoadersOf(ctx).Item.Load(ctx, id)() }

func label(ctx context.Context, id int) (*string, error) {
	s, err := LoadersOf(ctx).Label.Load(ctx, id)()
	return &s, err
}

func many(ctx context.Context, id int) ([]*Item, error) {
	l := LoadersOf(ctx)
	list, err := l.List.Load(ctx, id)()
	if err != nil {
		return nil, err
	}
	items, errs := l.Item.LoadMany(ctx, list)()
	for i := range errs {
		if errs[i] != nil {
			graphql.AddError(ctx, errs[i])
		}
	}
	return items, nil
}

func siblings[T any](ctx context.Context, objs []*T, id func(*T) int) ([]*Item, error) {
	items, errs := make([]*Item, len(objs)), make(graphql.BatchErrorList, len(objs))
	thunks := make([]func() (*Item, error), len(objs))
	for i, o := range objs {
		if o != nil {
			thunks[i] = LoadersOf(ctx).Item.Load(ctx, next(id(o), 14))
		}
	}
	for i, thunk := range thunks {
		if thunk != nil {
			items[i], errs[i] = thunk()
		}
	}
	return items, errs
}

func span(from, n int) []*Item {
	items := make([]*Item, n)
	for i := range items {
		if id := bounded(from + i); id%9 != 8 {
			items[i] = newItem(id)
		}
	}
	return items
}

func things(from, n int) []Thing {
	out := make([]Thing, n)
	for i := range out {
		switch id := bounded(from + i); id % 4 {
		case 0:
			out[i] = &Box{ID: id, Wrap: newWrap(id, 1)}
		case 1, 2:
			out[i] = newItem(id)
		}
	}
	return out
}
