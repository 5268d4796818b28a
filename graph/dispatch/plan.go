package dispatch

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// plan is what gqlgen will do with an object of one type under one selection
// set, as far as resolvers are concerned: first the inline fields with resolvers
// below them, one after the other, each with all its subtree; then all
// concurrent fields at once; and when these are done, with all their subtrees,
// the deferred ones.
type plan struct {
	inline     []*ast.Field
	concurrent int
	deferred   int
}

func (p *plan) empty() bool { return len(p.inline) == 0 && p.concurrent == 0 && p.deferred == 0 }

// staged reports whether something starts only when something else has ended,
// so that the end must be watched.
func (p *plan) staged() bool {
	return p.deferred > 0 || len(p.inline) > 1 || len(p.inline) == 1 && p.concurrent > 0
}

// tokens is the number of resolvers that are certain to start next. The
// goroutine on its way to an inline field counts as one.
func (p *plan) tokens() int {
	switch {
	case len(p.inline) > 0:
		return 1
	case p.concurrent > 0:
		return p.concurrent
	default:
		return p.deferred
	}
}

// ends is how often the object reports an end to the frame above it.
func (p *plan) ends() int {
	if len(p.inline) > 0 || p.deferred > 0 && p.concurrent > 0 {
		return 1
	}
	return p.concurrent
}

func (p *plan) step(f graphql.CollectedField) int { return slices.Index(p.inline, f.Field) }

type planKey struct {
	of  *typeInfo
	sel uintptr
	len int
	// checked tells plans whose fields' arguments were tried from those where gqlgen gives no way to.
	checked bool
}

// plan returns the plan of objects of type of in the field of fc, made once per
// operation. gqlgen keeps collected fields likewise, so that sel stays where it is.
func (t *tracker) plan(ctx context.Context, fc *graphql.FieldContext, of *typeInfo, sel ast.SelectionSet) *plan {
	key := planKey{of: of, sel: reflect.ValueOf(sel).Pointer(), len: len(sel), checked: fc != nil}
	t.op.mu.Lock()
	p, ok := t.op.plans[key]
	t.op.mu.Unlock()
	if ok {
		return p
	}
	p = t.makePlan(ctx, fc, of, sel)
	t.op.mu.Lock()
	t.op.plans[key] = p
	t.op.mu.Unlock()
	return p
}

func (t *tracker) makePlan(ctx context.Context, fc *graphql.FieldContext, of *typeInfo, sel ast.SelectionSet) *plan {
	p := &plan{}
	for _, f := range graphql.CollectFields(t.op.context, sel, of.satisfies) {
		info := of.fields[f.Name]
		if info == nil || strings.HasPrefix(f.Name, "__") {
			continue
		}
		below := t.op.schema.types[info.typ.Name()]
		if info.kind == inline && !below.composite {
			continue
		}
		child, refused := childContext(ctx, fc, f, info)
		switch {
		case refused:
		case info.kind == inline:
			if t.startsResolvers(ctx, child, below, f.Selections) {
				p.inline = append(p.inline, f.Field)
			}
		case f.IsDeferred():
			p.deferred++
			t.op.defers.Store(true)
		default:
			p.concurrent++
		}
	}
	return p
}

// startsResolvers reports whether anything in an inline field of type of may start resolvers.
func (t *tracker) startsResolvers(ctx context.Context, fc *graphql.FieldContext, of *typeInfo, sel ast.SelectionSet) bool {
	if !of.abstract {
		return !t.plan(ctx, fc, of, sel).empty()
	}
	return slices.ContainsFunc(of.possible, func(of *typeInfo) bool {
		return !t.plan(ctx, nil, of, sel).empty()
	})
}

// childContext returns the context that a field of fc will run in, where gqlgen
// can tell, which is not below an interface or union. A field is refused when
// its arguments cannot be read; gqlgen reports that and never runs it.
func childContext(ctx context.Context, fc *graphql.FieldContext, f graphql.CollectedField, info *fieldInfo) (child *graphql.FieldContext, refused bool) {
	if fc == nil || fc.Child == nil || info.kind != inline && len(f.Arguments) == 0 {
		return nil, false
	}
	silent := graphql.WithResponseContext(ctx,
		func(context.Context, error) *gqlerror.Error { return nil }, graphql.DefaultRecover)
	child, err := fc.Child(silent, f)
	if err != nil {
		return nil, child != nil
	}
	return child, false
}
