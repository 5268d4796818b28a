package loader

import (
	"context"

	"github.com/graph-gophers/dataloader/v7"

	"loadline/graph/dispatch"
	"loadline/store"
)

// Loader loads one V for each K, in batches.
type Loader[K comparable, V any] = dataloader.Interface[K, V]

// Paged loads a page of each ID's list, in batches of the same page.
type Paged[ID comparable, V any] = Loader[PageKey[ID], store.Slice[V]]

// PageKey is a page of one list among many alike.
type PageKey[ID comparable] struct {
	ID   ID
	Page store.Page
}

// one batches fetch, which returns rows in any order and omits keys that it does
// not know; such a key loads as store.ErrNotFound. A failed fetch fails every
// key of the batch.
func one[K comparable, V any](fetch func(context.Context, []K) ([]V, error), keyOf func(V) K) Loader[K, V] {
	return dispatch.NewLoader(func(ctx context.Context, keys []K) []*dataloader.Result[V] {
		defer observe(ctx, fetch, len(keys))()
		rows, err := fetch(ctx, keys)
		byKey := make(map[K]V, len(rows))
		for _, row := range rows {
			byKey[keyOf(row)] = row
		}
		return results(keys, byKey, err, store.ErrNotFound)
	})
}

// each batches fetch, which returns values by key; a key that it leaves out
// loads as the zero V.
func each[K comparable, V any](fetch func(context.Context, []K) (map[K]V, error)) Loader[K, V] {
	return dispatch.NewLoader(func(ctx context.Context, keys []K) []*dataloader.Result[V] {
		defer observe(ctx, fetch, len(keys))()
		values, err := fetch(ctx, keys)
		return results(keys, values, err, nil)
	})
}

// pages batches fetch, once for every different page that is asked for.
func pages[ID comparable, V any](fetch func(context.Context, []ID, store.Page) (map[ID]store.Slice[V], error)) Paged[ID, V] {
	return dispatch.NewLoader(func(ctx context.Context, keys []PageKey[ID]) []*dataloader.Result[store.Slice[V]] {
		defer observe(ctx, fetch, len(keys))()
		ids := make(map[store.Page][]ID)
		for _, k := range keys {
			ids[k.Page] = append(ids[k.Page], k.ID)
		}
		type answer struct {
			slices map[ID]store.Slice[V]
			err    error
		}
		answers := make(map[store.Page]answer, len(ids))
		for page, ids := range ids {
			slices, err := fetch(ctx, ids, page)
			answers[page] = answer{slices, err}
		}
		out := make([]*dataloader.Result[store.Slice[V]], len(keys))
		for i, k := range keys {
			a := answers[k.Page]
			out[i] = &dataloader.Result[store.Slice[V]]{Data: a.slices[k.ID], Error: a.err}
		}
		return out
	})
}

// results puts values in the order of keys. A key without a value gets missing.
func results[K comparable, V any](keys []K, values map[K]V, err, missing error) []*dataloader.Result[V] {
	out := make([]*dataloader.Result[V], len(keys))
	for i, k := range keys {
		v, ok := values[k]
		switch {
		case err != nil:
			out[i] = &dataloader.Result[V]{Error: err}
		case !ok:
			out[i] = &dataloader.Result[V]{Error: missing}
		default:
			out[i] = &dataloader.Result[V]{Data: v}
		}
	}
	return out
}
