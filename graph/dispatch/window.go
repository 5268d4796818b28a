package dispatch

import (
	"context"

	"github.com/graph-gophers/dataloader/v7"
)

// window collects the keys of a batch until it leaves.
type window[K comparable, V any] struct {
	latch
	loader  *Loader[K, V]
	tracker *tracker
	ctx     context.Context

	// keys and entries go together. The loader's lock guards them while the window is open.
	keys    []K
	entries []*entry[K, V]
}

func newWindow[K comparable, V any](ctx context.Context, l *Loader[K, V], t *tracker) *window[K, V] {
	w := &window[K, V]{latch: newLatch(), loader: l, tracker: t}
	if t == nil {
		w.ctx = context.WithoutCancel(ctx)
		return w
	}
	w.ctx = t.opened(w)
	return w
}

// of returns the tracker of the call, nil outside of a response.
func (c *call) of() *tracker {
	if c == nil {
		return nil
	}
	return c.tracker
}

// seal closes the window: the loader puts keys into another one.
func (w *window[K, V]) seal() bool {
	l := w.loader
	l.mu.Lock()
	defer l.mu.Unlock()
	open := l.open == w
	if open {
		l.open = nil
	}
	return open
}

func (w *window[K, V]) start() { go w.run() }

// run runs the batch of a window that takes no more keys.
func (w *window[K, V]) run() {
	if err := w.ctx.Err(); err != nil {
		for _, e := range w.entries {
			e.err = err
		}
		w.latch.open()
		return
	}
	if w.tracker != nil {
		w.tracker.batches.Add(1)
		w.tracker.keys.Add(int64(len(w.keys)))
		if tell := w.tracker.op.onBatch; tell != nil {
			tell(len(w.keys))
		}
	}
	ctx, finish := w.loader.tracer.TraceBatch(w.ctx, w.keys)
	var results []*dataloader.Result[V]
	protect(func() error {
		results = w.loader.batch(ctx, w.keys)
		return nil
	}, func(err error) {
		results = answer(w.keys, results, err)
		finish(results)
		for i, r := range results {
			w.entries[i].value, w.entries[i].err = r.Data, r.Error
		}
		if err != nil {
			w.loader.forget(w.keys, w.entries)
		}
		w.latch.open()
	})
}
