package enrich

import (
	"context"
	"fmt"
	"sync"

	"loadline/store"
)

// flight makes one fetch of concurrent fetches for the same key, batch by
// batch: of the keys asked for, those already being fetched by somebody else
// are waited for, and only the rest are fetched. What was fetched and is not yet
// in the store is not fetched again either.
type flight[K comparable, V any] struct {
	mu    sync.Mutex
	calls map[K]*call[V]
}

// fetch gets an outcome for each key, and what of them is to be stored.
type fetch[K comparable, V any] func(context.Context, []K) (map[K]outcome[V], store.Facts)

// group is goroutines that end with a context and are waited for.
type group struct {
	sync.WaitGroup
	ctx context.Context
}

// outlive runs work with the values of ctx, but not its end.
func (g *group) outlive(ctx context.Context, work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(g.ctx, cancel)
	g.Go(func() {
		defer cancel()
		defer stop()
		work(ctx)
	})
}

// outcome is what became of one key.
type outcome[V any] struct {
	value V
	err   error
}

type call[V any] struct {
	done chan struct{}
	outcome[V]
}

// do returns an outcome for every key. get runs in a goroutine of e, with a
// context that outlives ctx, because others may wait for it too; it has to end
// by itself, or when e is closed. Keys that get leaves out fail. When ctx ends
// first, the keys that are still missing fail with its error. What get returns
// is stored after do has returned. With Quietly nothing is fetched.
func (f *flight[K, V]) do(ctx context.Context, e *Service, keys []K, get fetch[K, V]) map[K]outcome[V] {
	if isQuiet(ctx) {
		return failed[K, V](keys, errNotAsked)
	}
	calls := make(map[K]*call[V], len(keys))
	var mine []K
	f.mu.Lock()
	if f.calls == nil {
		f.calls = make(map[K]*call[V])
	}
	for _, k := range keys {
		if calls[k] != nil {
			continue
		}
		c := f.calls[k]
		if c == nil {
			c = &call[V]{done: make(chan struct{})}
			f.calls[k] = c
			mine = append(mine, k)
		}
		calls[k] = c
	}
	f.mu.Unlock()

	if len(mine) > 0 {
		own := make(map[K]*call[V], len(mine))
		for _, k := range mine {
			own[k] = calls[k]
		}
		e.background.outlive(ctx, func(ctx context.Context) { f.run(ctx, &e.keeper, mine, own, get) })
	}
	return f.wait(ctx, calls)
}

func (f *flight[K, V]) run(ctx context.Context, k *keeper, keys []K, calls map[K]*call[V], get fetch[K, V]) {
	var (
		got   map[K]outcome[V]
		facts store.Facts
	)
	defer func() {
		missing := fmt.Errorf("no outcome for the key")
		if p := recover(); p != nil {
			missing = fmt.Errorf("fetch panicked: %v", p)
		}
		keep := facts.Len() > 0
		f.mu.Lock()
		for k, c := range calls {
			out, ok := got[k]
			if !ok {
				out.err = missing
			}
			c.outcome = out
			if out.err != nil || !keep {
				delete(f.calls, k)
				delete(calls, k)
			}
			close(c.done)
		}
		f.mu.Unlock()
		if keep {
			k.add(facts, func() { f.forget(calls) })
		}
	}()
	if err := k.room(ctx); err != nil {
		got = failed[K, V](keys, err)
		return
	}
	got, facts = get(ctx, keys)
}

// forget ends the calls: what they fetched is in the store.
func (f *flight[K, V]) forget(calls map[K]*call[V]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range calls {
		delete(f.calls, k)
	}
}

func (f *flight[K, V]) wait(ctx context.Context, calls map[K]*call[V]) map[K]outcome[V] {
	got := make(map[K]outcome[V], len(calls))
	for k, c := range calls {
		select {
		case <-c.done:
			got[k] = c.outcome
		case <-ctx.Done():
			got[k] = outcome[V]{err: context.Cause(ctx)}
		}
	}
	return got
}

// failed is the outcome when the fetch as a whole failed.
func failed[K comparable, V any](keys []K, err error) map[K]outcome[V] {
	got := make(map[K]outcome[V], len(keys))
	for _, k := range keys {
		got[k] = outcome[V]{err: err}
	}
	return got
}
