package dispatch

import (
	"context"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// tracker knows how many resolvers of one response are running or certain to be
// started. Each of them holds a token; when none is left, nothing can add to
// the open windows any more and they are dispatched.
type tracker struct {
	op *operation

	// state holds the tokens in its low half and counts every change in its high one.
	state atomic.Int64

	// gate is held until the response first waits for a batch; then it is nil.
	gate atomic.Pointer[chan struct{}]

	mu sync.Mutex
	// ctx lives as long as the response; batches run under it.
	ctx context.Context
	// below says that ctx is the one of a root field, with all that other
	// extensions have put into it.
	below bool
	open  []dispatcher
	timer *time.Timer
	armed bool
	// seen is the progress at the last look, looks the number of looks since it changed.
	seen  uint32
	looks int

	batches, keys, fallbacks atomic.Int64
}

// operation is what the responses of one operation share.
type operation struct {
	schema   *schema
	context  *graphql.OperationContext
	patience time.Duration
	whole    func(oc *graphql.OperationContext, object string, sel ast.SelectionSet) bool

	onBatch    func(keys int)
	onFallback func()
	// defers says that a plan with deferred fields has been made.
	defers atomic.Bool

	mu    sync.Mutex
	plans map[planKey]*plan
}

// dispatcher is an open window of a loader.
type dispatcher interface {
	// seal closes the window. It returns false when that has been done before.
	seal() bool
	// start runs the batch of a sealed window in a goroutine of its own.
	start()
}

// runUnder has batches run under ctx, that of a root field, unless they have one already.
func (t *tracker) runUnder(ctx context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.below {
		t.ctx, t.below = ctx, true
	}
}

// add takes or, when n is negative, gives back tokens without a look at the windows.
func (t *tracker) add(n int) { t.state.Add(1<<32 + int64(n)) }

// release gives back tokens, and dispatches the open windows when none is left.
func (t *tracker) release(n int) {
	if int32(t.state.Add(1<<32-int64(n))) <= 0 {
		t.flush()
	}
}

func (t *tracker) tokens() int32    { return int32(t.state.Load()) }
func (t *tracker) progress() uint32 { return uint32(t.state.Load() >> 32) }

// flush dispatches all open windows, unless a batch that ended meanwhile has set
// resolvers going again; whichever of them is the last flushes then.
func (t *tracker) flush() {
	t.mu.Lock()
	if t.tokens() > 0 {
		t.mu.Unlock()
		return
	}
	open := t.open
	t.open = nil
	t.mu.Unlock()
	if dispatch(open) {
		t.leave()
	}
}

// leave lets another response run.
func (t *tracker) leave() {
	if gate := t.gate.Swap(nil); gate != nil {
		<-*gate
	}
}

// dispatch starts the batches of open windows, and returns whether there was one.
// All are sealed before the first starts, so that what that leads to does not
// come into the others.
func dispatch(open []dispatcher) bool {
	sealed := open[:0]
	for _, d := range open {
		if d.seal() {
			sealed = append(sealed, d)
		}
	}
	for _, d := range sealed {
		d.start()
	}
	return len(sealed) > 0
}

// opened makes d one of the open windows.
// It returns the context that its batch is to run under.
func (t *tracker) opened(d dispatcher) context.Context {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open = append(t.open, d)
	return t.ctx
}

// arm starts the fallback, which must not be needed: see watch.
func (t *tracker) arm() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.armed || len(t.open) == 0 {
		return
	}
	t.armed = true
	t.seen, t.looks = t.progress(), 1
	if t.timer == nil {
		t.timer = time.AfterFunc(t.op.patience, t.watch)
	} else {
		t.timer.Reset(t.op.patience)
	}
}

// idleLooks and busyLooks are how many looks in a row must find that nothing has
// moved before the fallback gives up: few when nothing else runs in the process
// either, though goroutines that help the garbage collector look like that for a
// while; many in a busy one, where a resolver may be waiting for a processor.
const (
	idleLooks = 4
	busyLooks = 40
)

// watch dispatches the open windows when no resolver makes progress although
// some hold tokens: they are blocked by something else than a loader, or the
// count is wrong.
func (t *tracker) watch() {
	if !t.stuck() {
		return
	}
	t.mu.Lock()
	open := t.open
	t.open = nil
	t.armed = false
	cancelled := t.ctx.Err() != nil
	t.mu.Unlock()
	if dispatch(open) && !cancelled {
		t.fallbacks.Add(1)
		if t.op.onFallback != nil {
			t.op.onFallback()
		}
	}
}

// stuck reports whether open windows must leave now. If not, it arms the next look.
func (t *tracker) stuck() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.open) == 0 {
		t.armed = false
		return false
	}
	if now := t.progress(); now != t.seen {
		t.seen, t.looks = now, 0
	}
	t.looks++
	if t.looks > busyLooks || t.looks > idleLooks && idle() {
		return true
	}
	t.timer.Reset(t.op.patience)
	return false
}

// idle reports whether no goroutine of the process is running or ready to, but
// the one that asks.
func idle() bool {
	samples := []metrics.Sample{
		{Name: "/sched/goroutines/runnable:goroutines"},
		{Name: "/sched/goroutines/running:goroutines"},
	}
	metrics.Read(samples)
	n := uint64(0)
	for _, s := range samples {
		if s.Value.Kind() == metrics.KindUint64 {
			n += s.Value.Uint64()
		}
	}
	return n <= 1
}

// Stats are what the loaders of one response have done so far.
type Stats struct {
	// Batches counts calls of batch functions, Keys the keys in them.
	Batches, Keys int
	// Fallbacks counts how often batches left because nothing had moved for
	// a while, not because all resolvers were known to wait.
	Fallbacks int
}

// StatsOf returns the statistics of the response that ctx belongs to. They are
// zero outside of one.
func StatsOf(ctx context.Context) Stats {
	c := callOf(ctx)
	if c == nil {
		return Stats{}
	}
	return Stats{
		Batches:   int(c.tracker.batches.Load()),
		Keys:      int(c.tracker.keys.Load()),
		Fallbacks: int(c.tracker.fallbacks.Load()),
	}
}
