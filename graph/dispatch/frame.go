package dispatch

import (
	"reflect"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// frame follows one object whose plan is staged, so that the resolvers of the
// next stage have their tokens before the last of this stage gives up its own.
type frame struct {
	plan *plan
	// above is told when the object has ended.
	above *frame
	// step is the next of the plan's inline fields; one past the last are the
	// concurrent fields, then the deferred ones.
	step int
	// invalid says that the object has turned out to be null.
	invalid atomic.Bool
	// pending is the number of ends that the present stage has yet to report.
	pending atomic.Int32
}

// frameOf returns the frame of the object that fc is a field of.
func (c *call) frameOf(fc *graphql.FieldContext, p *plan) *frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.frames[fc.Parent]
	if f != nil {
		return f
	}
	f = &frame{plan: p, above: c.frame}
	if len(p.inline) == 0 {
		f.step = 1
		f.pending.Store(int32(p.concurrent))
	}
	if c.frames == nil {
		c.frames = make(map[*graphql.FieldContext]*frame)
	}
	c.frames[fc.Parent] = f
	return f
}

// invalidate notes that the object below c whose fields have the parent object is null.
func (c *call) invalidate(object *graphql.FieldContext) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.frames[object]; f != nil {
		f.invalid.Store(true)
	}
}

// end reports the end of a field with all that is below it, and passes its token on.
func (f *frame) end(t *tracker) {
	for f != nil && f.pending.Add(-1) == 0 {
		if f.step < len(f.plan.inline) {
			return
		}
		if f.step == len(f.plan.inline) {
			f.step++
			if n := f.plan.concurrent; n > 0 {
				f.pending.Store(int32(n))
				t.add(n - 1)
				return
			}
		}
		if n := f.plan.deferred; n > 0 && !f.invalid.Load() {
			t.add(n)
		}
		f = f.above
	}
	t.release(1)
}

// each calls f for each object in a result of type t. It returns whether the
// result is an answer for t: not null where that must not be.
func each(v reflect.Value, t *ast.Type, f func(reflect.Value)) (ok bool) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer && t.Elem != nil {
		if v.IsNil() {
			return !t.NonNull
		}
		v = v.Elem()
	}
	if t.Elem == nil {
		if isNil(v) {
			return !t.NonNull
		}
		f(v)
		return true
	}
	if v.Kind() != reflect.Slice {
		return true
	}
	whole := true
	for i := range v.Len() {
		whole = each(v.Index(i), t.Elem, f) && whole
	}
	return whole || !t.NonNull
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return v.IsNil()
	default:
		return false
	}
}
