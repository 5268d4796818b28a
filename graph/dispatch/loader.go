package dispatch

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/graph-gophers/dataloader/v7"
)

// Loader is a dataloader whose batches leave when no resolver of the response
// can add to them. It belongs to one response: make a new one for each request
// and for each event of a subscription.
//
// What a key loads is kept, errors included, but not panics: a key is asked for
// once. A thunk must be called in the resolver that called Load, or in the
// goroutine started by Go that did.
//
// A Load whose context belongs to no response adds to an open batch too; it
// leaves as soon as one of its thunks is called.
type Loader[K comparable, V any] struct {
	batch    dataloader.BatchFunc[K, V]
	capacity int
	tracer   dataloader.Tracer[K, V]

	mu      sync.Mutex
	open    *window[K, V]
	entries map[K]*entry[K, V]
}

var _ dataloader.Interface[string, any] = (*Loader[string, any])(nil)

// Option changes how a Loader works.
type Option[K comparable, V any] func(*Loader[K, V])

// WithCapacity limits the keys in a batch to n. A batch that is full leaves at
// once. There is no limit when n is not positive.
func WithCapacity[K comparable, V any](n int) Option[K, V] {
	return func(l *Loader[K, V]) { l.capacity = n }
}

// WithTracer has calls of the batch function traced.
func WithTracer[K comparable, V any](t dataloader.Tracer[K, V]) Option[K, V] {
	return func(l *Loader[K, V]) { l.tracer = t }
}

// NewLoader returns a loader that calls batch with keys that all differ, in the
// order of their first Load. The answer must have a result for each key, in the
// order of the keys; a key without one, and all keys when batch panics or
// answers with another number of results, load as an error.
//
// The context of batch is that of the response, not that of one field, with the
// values and the end of that. Outside of a response it is that of the Load that
// opened the batch, without its end.
func NewLoader[K comparable, V any](batch dataloader.BatchFunc[K, V], opts ...Option[K, V]) *Loader[K, V] {
	l := &Loader[K, V]{
		batch:   batch,
		tracer:  dataloader.NoopTracer[K, V]{},
		entries: make(map[K]*entry[K, V]),
	}
	for _, opt := range opts {
		opt(l)
	}
	return l
}

// entry is what a key loads. window is nil for primed ones; value and err are
// set when the window's latch opens.
type entry[K comparable, V any] struct {
	window *window[K, V]
	value  V
	err    error
}

// Load adds key to the open batch, unless it has been loaded before. The thunk
// returns its value when the batch has ended, or the error of ctx when that ends first.
func (l *Loader[K, V]) Load(ctx context.Context, key K) dataloader.Thunk[V] {
	c := callOf(ctx)
	e := l.load(ctx, c, key)
	return func() (V, error) {
		if err := l.await(ctx, c, e); err != nil {
			var zero V
			return zero, err
		}
		return e.value, e.err
	}
}

func (l *Loader[K, V]) load(ctx context.Context, c *call, key K) *entry[K, V] {
	l.mu.Lock()
	if e, ok := l.entries[key]; ok {
		l.mu.Unlock()
		return e
	}
	var leaving, full *window[K, V]
	if l.open != nil && l.open.tracker != c.of() {
		leaving, l.open = l.open, nil
	}
	if l.open == nil {
		l.open = newWindow(ctx, l, c.of())
	}
	w := l.open
	e := &entry[K, V]{window: w}
	l.entries[key] = e
	w.keys = append(w.keys, key)
	w.entries = append(w.entries, e)
	if len(w.keys) == l.capacity {
		full, l.open = w, nil
	}
	l.mu.Unlock()

	if leaving != nil {
		leaving.start()
	}
	if full != nil {
		full.start()
	}
	return e
}

// await returns when e has been loaded.
func (l *Loader[K, V]) await(ctx context.Context, c *call, e *entry[K, V]) error {
	if e.window == nil {
		return nil
	}
	if c == nil || e.window.tracker == nil {
		dispatch([]dispatcher{e.window})
	}
	return e.window.wait(ctx, c)
}

// LoadMany loads keys like Load, each once. The errors are nil when there are
// none; otherwise they have the length and the order of the values. Outside of a
// response the batch leaves at once.
func (l *Loader[K, V]) LoadMany(ctx context.Context, keys []K) dataloader.ThunkMany[V] {
	c := callOf(ctx)
	entries := make([]*entry[K, V], len(keys))
	for i, key := range keys {
		entries[i] = l.load(ctx, c, key)
	}
	if c == nil {
		l.dispatchOpen()
	}
	return func() ([]V, []error) {
		values := make([]V, len(entries))
		var errs []error
		for i, e := range entries {
			err := l.await(ctx, c, e)
			if err == nil {
				values[i], err = e.value, e.err
			}
			if err != nil {
				if errs == nil {
					errs = make([]error, len(entries))
				}
				errs[i] = err
			}
		}
		return values, errs
	}
}

func (l *Loader[K, V]) dispatchOpen() {
	l.mu.Lock()
	w := l.open
	l.mu.Unlock()
	if w != nil {
		dispatch([]dispatcher{w})
	}
}

// Clear forgets what key loads, so that it is asked for again. It keeps a key
// that has not been asked for yet.
func (l *Loader[K, V]) Clear(_ context.Context, key K) dataloader.Interface[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.entries[key]; ok && (e.window == nil || e.window != l.open) {
		delete(l.entries, key)
	}
	return l
}

// ClearAll forgets what all keys load, as Clear does.
func (l *Loader[K, V]) ClearAll() dataloader.Interface[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, e := range l.entries {
		if e.window == nil || e.window != l.open {
			delete(l.entries, key)
		}
	}
	return l
}

// Prime makes key load value, unless it has been loaded already.
func (l *Loader[K, V]) Prime(_ context.Context, key K, value V) dataloader.Interface[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.entries[key]; !ok {
		l.entries[key] = &entry[K, V]{value: value}
	}
	return l
}

// forget drops entries that must not be kept.
func (l *Loader[K, V]) forget(keys []K, entries []*entry[K, V]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, key := range keys {
		if l.entries[key] == entries[i] {
			delete(l.entries, key)
		}
	}
}

// answer makes a result for each key of what the batch function returned, or of its error.
func answer[K comparable, V any](keys []K, results []*dataloader.Result[V], err error) []*dataloader.Result[V] {
	if err == nil && len(results) != len(keys) {
		err = fmt.Errorf("batch function answered %d keys with %d results", len(keys), len(results))
	}
	if err == nil && !slices.Contains(results, nil) {
		return results
	}
	whole := make([]*dataloader.Result[V], len(keys))
	for i, key := range keys {
		switch {
		case err != nil:
			whole[i] = &dataloader.Result[V]{Error: fmt.Errorf("dispatch: load %v: %w", key, err)}
		case results[i] == nil:
			whole[i] = &dataloader.Result[V]{Error: fmt.Errorf("dispatch: load %v: batch function gave no result", key)}
		default:
			whole[i] = results[i]
		}
	}
	return whole
}
