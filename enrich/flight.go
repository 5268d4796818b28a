package enrich

import (
	"context"
	"fmt"
	"sync"
)

// flight makes one fetch of concurrent fetches for the same key, batch by
// batch: of the keys asked for, those already being fetched by somebody else
// are waited for, and only the rest are fetched.
type flight[K comparable, V any] struct {
	mu    sync.Mutex
	calls map[K]*call[V]
}

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

// do returns an outcome for every key. fetch runs in a goroutine of in, with a
// context that outlives ctx, because others may wait for it too; it has to end
// by itself, or when in ends. Keys that fetch leaves out fail. When ctx ends first, the keys that
// are still missing fail with its error. With Quietly nothing is fetched.
func (f *flight[K, V]) do(ctx context.Context, in *group, keys []K, fetch func(context.Context, []K) map[K]outcome[V]) map[K]outcome[V] {
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
		in.outlive(ctx, func(ctx context.Context) { f.run(ctx, mine, own, fetch) })
	}
	return f.wait(ctx, calls)
}

func (f *flight[K, V]) run(ctx context.Context, keys []K, calls map[K]*call[V], fetch func(context.Context, []K) map[K]outcome[V]) {
	var got map[K]outcome[V]
	defer func() {
		missing := fmt.Errorf("no outcome for the key")
		if p := recover(); p != nil {
			missing = fmt.Errorf("fetch panicked: %v", p)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		for k, c := range calls {
			out, ok := got[k]
			if !ok {
				out.err = missing
			}
			c.outcome = out
			delete(f.calls, k)
			close(c.done)
		}
	}()
	got = fetch(ctx, keys)
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
