package dispatch

import (
	"context"
	"math"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

type callKey struct{}

// call is a field on its way: a resolver, or an inline field with resolvers below
// it. It is the context that the resolver and the fields below it run in.
type call struct {
	context.Context
	tracker *tracker
	// above is the call that this one is a field below of.
	above *call
	// fc is the field; nil for the root of an operation or event.
	fc *graphql.FieldContext
	// frame is told when the call has ended with all that is below it. Nil when nothing waits for that.
	frame *frame

	// plan is that of the object below, made before the fields of that start. Below an
	// interface or union there are objects of several types.
	plan    *plan
	objects map[string]*plan

	mu     sync.Mutex
	frames map[*graphql.FieldContext]*frame
	// lazy says that the tokens of the object below are taken when its first field arrives.
	lazy bool
	// arrived says, below a root field, that its resolver has been called.
	arrived bool

	// whole is the result when Run resolves all that is below it, else nil.
	whole any

	// waits counts the goroutines of the call that are parked; it is far below
	// zero when the call's resolver has returned.
	waits atomic.Int32
	// left counts the parkings that ended with their context, not with their latch.
	left atomic.Int32
	// tokens is what the call holds while it runs; zero until it is needed.
	tokens atomic.Int32
}

const ended = math.MinInt32 / 2

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// park gives back the call's tokens while one of its goroutines waits. Goroutines
// that a resolver started by itself share them: the first that waits gives them back.
func (c *call) park() {
	t := c.tracker
	n := 0
	if c.waits.Add(1) == 1 {
		n = c.weight()
	}
	t.release(n)
	if t.tokens() > 0 {
		t.arm()
	}
}

func (c *call) unpark() {
	if c.waits.Add(-1) == 0 {
		c.tracker.add(c.weight())
	}
}

// weight is the number of tokens that the call holds: all its siblings wait for
// the one that runs a batch resolver.
func (c *call) weight() int {
	if n := c.tokens.Load(); n > 0 {
		return int(n)
	}
	n := 1
	if info := c.tracker.op.field(c.fc); info != nil && info.kind == batched {
		n = siblings(c.Context, c.fc.Object)
	}
	c.tokens.Store(int32(n))
	return n
}

// siblings returns how many parents a batch resolver below object serves.
func siblings(ctx context.Context, object string) int {
	group := graphql.GetBatchParentGroup(ctx, object)
	if group == nil {
		return 1
	}
	if _, ok := graphql.BatchParentIndex(ctx); !ok {
		return 1
	}
	n := 0
	parents := reflect.ValueOf(group.Parents)
	for i := range parents.Len() {
		if !isNil(parents.Index(i)) {
			n++
		}
	}
	return max(n, 1)
}

// end closes the call: what still waits in it no longer counts, and it holds its
// own token in any case.
func (c *call) end() {
	if c.waits.Swap(ended) > 0 {
		c.tracker.add(c.weight())
	}
}

// resolve runs the resolver of fc, a field below c.
func (c *call) resolve(ctx context.Context, fc *graphql.FieldContext, next graphql.Resolver) (any, error) {
	r := c.enter(ctx, fc)
	returned := false
	defer func() {
		if !returned {
			r.end()
			r.fail()
			r.frame.end(r.tracker)
		}
	}()
	res, err := next(r)
	returned = true
	r.end()
	r.spread(res, err)
	return res, err
}

// enter returns the call of a resolver that is about to run, with its token.
func (c *call) enter(ctx context.Context, fc *graphql.FieldContext) *call {
	r := &call{Context: ctx, tracker: c.tracker, above: c, fc: fc}
	p := c.planOf(fc)
	if p == nil || c.tracker.op.field(fc).kind == inline {
		r.tracker.add(1)
		return r
	}
	c.arrive(ctx, p)
	switch {
	case fc.Field.IsDeferred():
	case p.staged():
		r.frame = c.frameOf(fc, p)
	default:
		r.frame = c.frame
	}
	return r
}

// pass runs an inline field below c. The goroutine comes with a token when the
// plan has the field as one of its steps.
func (c *call) pass(ctx context.Context, fc *graphql.FieldContext, next graphql.Resolver) (any, error) {
	p := c.planOf(fc)
	if p == nil {
		return next(ctx)
	}
	step := p.step(fc.Field)
	if step < 0 {
		return next(ctx)
	}
	c.arrive(ctx, p)
	r := &call{Context: ctx, tracker: c.tracker, above: c, fc: fc, frame: c.frame}
	r.waits.Store(ended)
	if p.staged() {
		r.frame = c.frameOf(fc, p)
		r.frame.step = step + 1
		r.frame.pending.Store(1)
	}
	returned := false
	defer func() {
		if !returned {
			r.fail()
			r.frame.end(r.tracker)
		}
	}()
	res, err := next(r)
	returned = true
	r.spread(res, err)
	return res, err
}

// planOf returns the plan of the object that fc is a field of, or nil when the
// call knows nothing of it.
func (c *call) planOf(fc *graphql.FieldContext) *plan {
	above := fc.Parent
	for above != nil && above.Field.Field == nil {
		above = above.Parent
	}
	if above != c.fc {
		return nil
	}
	if c.plan != nil {
		return c.plan
	}
	return c.objects[fc.Object]
}

// arrive notes the arrival of a field below the root, and takes the tokens of an
// object that could not be foretold.
func (c *call) arrive(ctx context.Context, p *plan) {
	if c.fc != nil {
		return
	}
	c.tracker.runUnder(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived = true
	if c.lazy {
		c.lazy = false
		c.tracker.add(p.tokens())
	}
}

// spread passes the token of a call that has returned on to the resolvers which
// gqlgen will start for its result.
func (c *call) spread(res any, err error) {
	t := c.tracker
	if err != nil || res == nil {
		c.fail()
		c.frame.end(t)
		return
	}
	if len(c.fc.Field.Selections) == 0 {
		c.frame.end(t)
		return
	}
	if c.isWhole(res) {
		c.whole = res
		return
	}
	c.spreadBelow(res)
}

// spreadBelow passes the token on to the resolvers in the result.
func (c *call) spreadBelow(res any) {
	t := c.tracker
	tokens, ends := c.count(res)
	if ends == 0 {
		t.add(tokens)
		c.frame.end(t)
		return
	}
	if c.frame != nil {
		c.frame.pending.Add(int32(ends - 1))
	}
	t.add(tokens - 1)
}

// count makes the plans for the objects in res. It returns how many resolvers
// will start and how many ends they will report.
func (c *call) count(res any) (tokens, ends int) {
	s := c.tracker.op.schema
	info := c.tracker.op.field(c.fc)
	if info == nil || !s.types[info.typ.Name()].composite {
		return 0, 0
	}
	if _, written := res.(graphql.Marshaler); written {
		return 0, 0
	}
	of := s.types[info.typ.Name()]
	sel := c.fc.Field.Selections
	if of.abstract {
		c.objects = make(map[string]*plan)
	} else if p := c.tracker.plan(c, c.fc, of, sel); !p.empty() {
		c.plan = p
	} else if !c.tracker.op.defers.Load() {
		return 0, 0
	}
	whole := each(reflect.ValueOf(res), info.typ, func(v reflect.Value) {
		p := c.plan
		if of.abstract {
			p = c.planFor(s.objectType(of, v.Type()), sel)
		}
		if p != nil {
			tokens += p.tokens()
			ends += p.ends()
		}
	})
	if !whole {
		c.fail()
	}
	return tokens, ends
}

// planFor returns the plan of an object below an interface or union, nil when
// its type is not known.
func (c *call) planFor(of *typeInfo, sel ast.SelectionSet) *plan {
	if of == nil {
		return nil
	}
	p := c.objects[of.name]
	if p == nil {
		p = c.tracker.plan(c, nil, of, sel)
		c.objects[of.name] = p
	}
	return p
}

// fail notes that the field is null. Where it must not be, gqlgen nulls the
// object around it and never starts the deferred fields of that; and so on upwards.
func (c *call) fail() {
	op := c.tracker.op
	if !op.defers.Load() {
		return
	}
	for c.above != nil {
		info := op.field(c.fc)
		if info == nil || !info.typ.NonNull || c.above.planOf(c.fc) == nil {
			return
		}
		c.above.invalidate(c.fc.Parent)
		c = c.above
		around := op.field(c.fc)
		if around == nil {
			return
		}
		for typ := around.typ; typ.Elem != nil; typ = typ.Elem {
			if !typ.Elem.NonNull {
				return
			}
		}
	}
}
