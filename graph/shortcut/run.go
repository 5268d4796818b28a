package shortcut

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// Run resolves a whole plan, level by level: each field once for all objects
// that have it, fields that do not depend on each other at the same time. The
// values are kept in the order in which the objects are written.
type Run struct {
	start  Start
	values []any
	failed atomic.Bool
}

// Start starts f in a goroutine. The function returned waits for it.
type Start func(ctx context.Context, f func(context.Context) error) (wait func() error)

// NewRun returns a run of the plan that has its goroutines from start.
func NewRun(p *Plan, start Start) *Run { return &Run{start: start, values: make([]any, p.slots)} }

// Fail gives the run up.
func (r *Run) Fail() { r.failed.Store(true) }

// Write returns what write has written, or false when the run has failed.
func (r *Run) Write(write func(w *Writer) bool) (text graphql.Marshaler, ok bool) {
	if r.failed.Load() {
		return nil, false
	}
	w := NewWriter()
	defer w.End(&ok)
	if !write(w) {
		return nil, false
	}
	return w.Text(), true
}

// values are those of one field, in order.
type values[V any] struct {
	items []V
	next  int
}

// Put has the run keep the values of a field, one for each of n objects. It
// returns false, and the run has failed, when they are not all there.
func Put[V any](r *Run, f *Field, n int, items []V, err error) bool {
	if err != nil || len(items) != n {
		r.Fail()
		return false
	}
	r.values[f.slot] = &values[V]{items: items}
	return true
}

// Next returns the next value of a field.
func Next[V any](r *Run, f *Field) V {
	all := r.values[f.slot].(*values[V])
	v := all.items[all.next]
	all.next++
	return v
}

// Tasks are what one level of a run has to do.
type Tasks struct {
	run   *Run
	ctx   context.Context
	own   func(context.Context)
	waits []func() error
}

// Tasks returns an empty list of tasks.
func (r *Run) Tasks(ctx context.Context) *Tasks { return &Tasks{run: r, ctx: ctx} }

// Go adds a task. All but the last run in goroutines of their own.
func (t *Tasks) Go(f func(context.Context)) {
	if last := t.own; last != nil {
		t.waits = append(t.waits, t.run.start(t.ctx, func(ctx context.Context) error {
			last(ctx)
			return nil
		}))
	}
	t.own = f
}

// Wait returns when all tasks have ended. Where one panics, the run has failed.
func (t *Tasks) Wait() {
	if t.own != nil {
		t.run.try(t.ctx, t.own)
	}
	for _, wait := range t.waits {
		if wait() != nil {
			t.run.Fail()
		}
	}
}

func (r *Run) try(ctx context.Context, f func(context.Context)) {
	defer func() {
		if recover() != nil {
			r.Fail()
		}
	}()
	f(ctx)
}
