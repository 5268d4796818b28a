package dispatch

import (
	"context"
	"errors"
	"math"
	"time"

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

func newWindow[K comparable, V any](l *Loader[K, V], ctx context.Context, t *tracker) *window[K, V] {
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

// dispatch starts the batch, unless it has left already.
func (w *window[K, V]) dispatch() bool {
	l := w.loader
	l.mu.Lock()
	open := l.open == w
	if open {
		l.open = nil
	}
	l.mu.Unlock()
	if open {
		go w.run()
	}
	return open
}

// run runs the batch of a window that takes no more keys.
func (w *window[K, V]) run() {
	defer w.latch.open()
	if err := w.ctx.Err(); err != nil {
		for _, e := range w.entries {
			e.err = err
		}
		return
	}
	if w.tracker != nil {
		w.tracker.batches.Add(1)
		w.tracker.keys.Add(int64(len(w.keys)))
	}
	panicked := false
	for i, thunk := range w.thunks() {
		e := w.entries[i]
		e.value, e.err = thunk()
		var p *PanicError
		panicked = panicked || errors.As(e.err, &p)
	}
	if panicked {
		w.loader.forget(w.keys, w.entries)
	}
}

// thunks has a dataloader of its own run the batch: it is full with the last
// key, so that its clock never decides.
func (w *window[K, V]) thunks() []dataloader.Thunk[V] {
	n := len(w.keys)
	inner := dataloader.NewBatchedLoader(w.loader.call,
		dataloader.WithCache[K, V](&dataloader.NoCache[K, V]{}),
		dataloader.WithBatchCapacity[K, V](n),
		dataloader.WithInputCapacity[K, V](n),
		dataloader.WithWait[K, V](time.Duration(math.MaxInt64)),
		dataloader.WithTracer(w.loader.tracer),
	)
	thunks := make([]dataloader.Thunk[V], n)
	for i, key := range w.keys {
		thunks[i] = inner.Load(w.ctx, key)
	}
	return thunks
}
