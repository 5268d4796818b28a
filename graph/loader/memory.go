package loader

import (
	"context"
	"strconv"

	"github.com/graph-gophers/dataloader/v7"

	"loadline/cache"
	"loadline/enrich"
	"loadline/graph/dispatch"
	"loadline/graph/model"
	"loadline/store"
	"loadline/triage"
)

// How much is kept in memory of what the database holds, in bytes.
const (
	shippedBytes = 4 << 20
	pageBytes    = 24 << 20
	packageBytes = 8 << 20
)

// Memory keeps what responses have read from the database, for the next ones. It
// is asked by those responses that have caught up with the database.
type Memory struct {
	// The tags of projects and of their releases are the projects' ids.
	projects *cache.Table[string, string, store.Project]
	releases *cache.Table[store.ReleaseKey, string, store.Release]
	decided  *cache.Table[int64, struct{}, triage.Set]
	// What follows never changes once it is there.
	packages   *cache.Table[int64, struct{}, store.Package]
	counts     *cache.Table[BomFilter, struct{}, int]
	components *cache.Table[PageKey[BomFilter], struct{}, *model.ComponentConnection]
}

// NewMemory returns an empty Memory.
func NewMemory() *Memory {
	return &Memory{
		projects:   cache.New[string, string, store.Project](shippedBytes),
		releases:   cache.New[store.ReleaseKey, string, store.Release](shippedBytes),
		decided:    cache.New[int64, struct{}, triage.Set](shippedBytes),
		packages:   cache.New[int64, struct{}, store.Package](packageBytes),
		counts:     cache.New[BomFilter, struct{}, int](shippedBytes),
		components: cache.New[PageKey[BomFilter], struct{}, *model.ComponentConnection](pageBytes),
	}
}

// Forget drops what has changed; nil changes stand for everything.
func (m *Memory) Forget(c store.Changes) {
	switch ids, changed := c[store.TopicShipped]; {
	case c == nil || changed && len(ids) == 0:
		m.projects.Clear()
		m.releases.Clear()
	case changed:
		m.projects.Drop(ids...)
		m.releases.Drop(ids...)
	}
	if _, changed := c[store.TopicTriage]; changed || c == nil {
		m.decided.Clear()
	}
	if c == nil {
		m.packages.Clear()
		m.counts.Clear()
		m.components.Clear()
	}
}

// Components returns the page of a published Bom's components that is in memory,
// without its total count.
func (m *Memory) Components(ctx context.Context, key PageKey[BomFilter]) (*model.ComponentConnection, bool) {
	if !enrich.Remembers(ctx) {
		return nil, false
	}
	return m.components.Get(key)
}

// KeepComponents keeps the page of a published Bom's components.
func (m *Memory) KeepComponents(key PageKey[BomFilter], c *model.ComponentConnection) {
	size := 500
	for _, e := range c.Edges {
		size += 600 + len(e.Cursor) + len(e.Node.Name) + len(e.Node.Ref) + 100*len(e.Node.Licenses) + 150*len(e.Node.Hashes)
	}
	m.components.Put(key, c, size, m.components.Now())
}

// remembering is a loader that has a look at what is in memory first.
type remembering[K comparable, V any] struct {
	Loader[K, V]
	// recall returns the values of keys that are in memory, in order, and the places
	// of the others.
	recall func(ctx context.Context, keys []K) (values []V, missing []int)
}

// Load loads one key.
func (r remembering[K, V]) Load(ctx context.Context, key K) dataloader.Thunk[V] {
	values, missing := r.recall(ctx, []K{key})
	if len(missing) > 0 {
		return r.Loader.Load(ctx, key)
	}
	return func() (V, error) { return values[0], nil }
}

// LoadMany loads keys, of which only those are asked for that are not in memory.
func (r remembering[K, V]) LoadMany(ctx context.Context, keys []K) dataloader.ThunkMany[V] {
	values, missing := r.recall(ctx, keys)
	if len(missing) == 0 {
		return func() ([]V, []error) { return values, nil }
	}
	asked := make([]K, len(missing))
	for i, place := range missing {
		asked[i] = keys[place]
	}
	load := r.Loader.LoadMany(ctx, asked)
	return func() ([]V, []error) {
		loaded, failed := load()
		var errs []error
		if failed != nil {
			errs = make([]error, len(keys))
		}
		for i, place := range missing {
			values[place] = loaded[i]
			if failed != nil {
				errs[place] = failed[i]
			}
		}
		return values, errs
	}
}

// from is a recall of what is in a table.
func from[K, T comparable, V any](t *cache.Table[K, T, V]) func(context.Context, []K) ([]V, []int) {
	return func(ctx context.Context, keys []K) (values []V, missing []int) {
		values = make([]V, len(keys))
		remembers := enrich.Remembers(ctx)
		for i, key := range keys {
			ok := false
			if remembers {
				values[i], ok = t.Get(key)
			}
			if !ok {
				missing = append(missing, i)
			}
		}
		return values, missing
	}
}

// ofProject are the tags of what changes with a project.
func ofProject(id int64) []string { return []string{strconv.FormatInt(id, 10)} }

// rowBytes is about how much memory a row takes.
const rowBytes = 400

// oneKept is one, with a table that keeps the rows under the tags that tagsOf
// says; nil: they never change.
func oneKept[K, T comparable, V any](t *cache.Table[K, T, V], fetch func(context.Context, []K) ([]V, error), keyOf func(V) K, tagsOf func(V) []T) Loader[K, V] {
	if tagsOf == nil {
		tagsOf = func(V) []T { return nil }
	}
	return remembering[K, V]{dispatch.NewLoader(func(ctx context.Context, keys []K) []*dataloader.Result[V] {
		defer observe(ctx, fetch, len(keys))()
		since := t.Now()
		rows, err := fetch(ctx, keys)
		byKey := make(map[K]V, len(rows))
		for _, row := range rows {
			byKey[keyOf(row)] = row
			t.Put(keyOf(row), row, rowBytes, since, tagsOf(row)...)
		}
		return results(keys, byKey, err, store.ErrNotFound)
	}), from(t)}
}

// eachKept is each, with a table that keeps the values.
func eachKept[K comparable, V any](t *cache.Table[K, struct{}, V], fetch func(context.Context, []K) (map[K]V, error)) Loader[K, V] {
	return remembering[K, V]{dispatch.NewLoader(func(ctx context.Context, keys []K) []*dataloader.Result[V] {
		defer observe(ctx, fetch, len(keys))()
		since := t.Now()
		values, err := fetch(ctx, keys)
		for _, key := range keys {
			if err == nil {
				t.Put(key, values[key], rowBytes, since)
			}
		}
		return results(keys, values, err, nil)
	}), from(t)}
}
