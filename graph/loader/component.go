package loader

import (
	"context"

	"loadline/store"
)

// BomFilter is a Bom and conditions on its components.
type BomFilter struct {
	BomID        int64
	NameContains string
	Direct       Tri
	PURLType     string
}

// Tri is a condition that may be left out.
type Tri int8

// The values of a Tri.
const (
	Either Tri = iota
	Yes
	No
)

func (f BomFilter) filter() store.ComponentFilter {
	filter := store.ComponentFilter{NameContains: f.NameContains, PURLType: f.PURLType}
	if f.Direct != Either {
		direct := f.Direct == Yes
		filter.Direct = &direct
	}
	return filter
}

func (l *Loaders) ofComponents(s *store.Store) {
	l.ComponentByKey = one(s.ComponentsByKeys, func(c store.Component) store.ComponentKey {
		return store.ComponentKey{BomID: c.BomID, Seq: c.Seq}
	})
	l.ComponentsOfBom = pages(func(ctx context.Context, keys []BomFilter, p store.Page) (map[BomFilter]store.Slice[store.Component], error) {
		return byFilter(keys, func(ids []int64, f store.ComponentFilter) (map[int64]store.Slice[store.Component], error) {
			return s.ComponentsOfBoms(ctx, ids, f, p)
		})
	})
	l.CountComponents = eachKept(l.counts, func(ctx context.Context, keys []BomFilter) (map[BomFilter]int, error) {
		return byFilter(keys, func(ids []int64, f store.ComponentFilter) (map[int64]int, error) {
			return s.CountComponents(ctx, ids, f)
		})
	})
	l.DependenciesOf = pages(s.DependenciesOf)
	l.CountDependencies = each(s.CountDependenciesOf)
	l.DependentsOf = pages(s.DependentsOf)
	l.CountDependents = each(s.CountDependentsOf)
	l.ComponentsUsing = pages(s.ComponentsUsingPackages)
	l.CountComponentsUsing = each(s.CountComponentsUsingPackages)
}

// byFilter calls fetch once for every different filter among the keys.
func byFilter[V any](keys []BomFilter, fetch func([]int64, store.ComponentFilter) (map[int64]V, error)) (map[BomFilter]V, error) {
	groups := make(map[BomFilter][]int64)
	for _, k := range keys {
		filter := k
		filter.BomID = 0
		groups[filter] = append(groups[filter], k.BomID)
	}
	found := make(map[BomFilter]V, len(keys))
	for filter, ids := range groups {
		values, err := fetch(ids, filter.filter())
		if err != nil {
			return nil, err
		}
		for id, v := range values {
			filter.BomID = id
			found[filter] = v
		}
	}
	return found, nil
}
