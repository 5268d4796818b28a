package dispatch

import (
	"context"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
)

// isWhole reports whether Run will resolve all that is below the result.
func (c *call) isWhole(res any) bool {
	op := c.tracker.op
	info := op.field(c.fc)
	if op.whole == nil || info == nil || isNil(reflect.ValueOf(res)) {
		return false
	}
	if _, written := res.(graphql.Marshaler); written {
		return false
	}
	if info.typ.Elem != nil && info.typ.Elem.Elem != nil {
		return false
	}
	of := op.schema.types[info.typ.Name()]
	return of.composite && !of.abstract && op.whole(op.context, of.name, c.fc.Field.Selections)
}

// IsWhole reports whether Run is to resolve all that is below the field of ctx.
func IsWhole(ctx context.Context) bool {
	c := callOf(ctx)
	return c != nil && c.whole != nil && c.fc == fieldOf(ctx)
}

// fieldOf returns the innermost field of ctx, which may be in an element of its list.
func fieldOf(ctx context.Context) *graphql.FieldContext {
	fc := graphql.GetFieldContext(ctx)
	for fc != nil && fc.Field.Field == nil {
		fc = fc.Parent
	}
	return fc
}

// Run calls f, which resolves all that is below the field of ctx with loaders, in
// its own goroutine and in those that it starts with Go. When f returns false,
// gqlgen is to resolve it after all. IsWhole must have said that Run is to.
func Run(ctx context.Context, f func(context.Context) bool) bool {
	c := callOf(ctx)
	r := &call{Context: ctx, tracker: c.tracker, above: c, fc: c.fc}
	r.tokens.Store(1)
	done := false
	defer func() {
		r.end()
		res := c.whole
		c.whole = nil
		if done {
			c.frame.end(c.tracker)
		} else {
			c.spreadBelow(res)
		}
	}()
	done = f(r)
	return done
}
