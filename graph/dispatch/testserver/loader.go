package testserver

import (
	"context"
	"strconv"

	"github.com/graph-gophers/dataloader/v7"
)

// Loaders are what the resolvers of one response load with.
type Loaders struct {
	Item  dataloader.Interface[int, *Item]
	Label dataloader.Interface[int, string]
	List  dataloader.Interface[int, []int]
}

type loadersKey struct{}

// With returns a context with loaders in it.
func With(ctx context.Context, l *Loaders) context.Context {
	return context.WithValue(ctx, loadersKey{}, l)
}

// LoadersOf returns the loaders of the response that ctx belongs to.
func LoadersOf(ctx context.Context) *Loaders { return ctx.Value(loadersKey{}).(*Loaders) }

// Items answers a batch of items: an error for some, nil for others.
func Items(_ context.Context, keys []int) []*dataloader.Result[*Item] {
	return answer(keys, func(id int) (*Item, error) {
		switch {
		case id%13 == 12:
			return nil, errAt(id)
		case id%11 == 10:
			return nil, nil
		default:
			return newItem(id), nil
		}
	})
}

// Labels answers a batch of labels.
func Labels(_ context.Context, keys []int) []*dataloader.Result[string] {
	return answer(keys, func(id int) (string, error) {
		if id%17 == 16 {
			return "", errAt(id)
		}
		return "label " + strconv.Itoa(id), nil
	})
}

// Lists answers a batch of lists of ids, none to four each.
func Lists(_ context.Context, keys []int) []*dataloader.Result[[]int] {
	return answer(keys, func(id int) ([]int, error) {
		list := make([]int, id%5)
		for i := range list {
			list[i] = next(id, i)
		}
		return list, nil
	})
}

func answer[V any](keys []int, f func(int) (V, error)) []*dataloader.Result[V] {
	out := make([]*dataloader.Result[V], len(keys))
	for i, k := range keys {
		v, err := f(k)
		out[i] = &dataloader.Result[V]{Data: v, Error: err}
	}
	return out
}
