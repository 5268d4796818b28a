package graph

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"loadline/graph/loader"
	"loadline/graph/shortcut"
	"loadline/upstream"
)

const (
	traceHeader = "Loadline-Trace"
	// tracing is the key of an operation's trace in gqlgen's statistics.
	tracing = "LoadlineTrace"
	// maxSpans is the most spans of each kind in a trace.
	maxSpans = 5000
)

// span is when something started and ended, in microseconds from the operation's start.
type span struct {
	Start int64 `json:"start"`
	End   int64 `json:"end"`
}

type fieldSpan struct {
	Path []any `json:"path"`
	span
}

type batchSpan struct {
	Name string `json:"name"`
	Keys int    `json:"keys"`
	span
}

type callSpan struct {
	Source  string `json:"source"`
	Name    string `json:"name"`
	Attempt int    `json:"attempt"`
	Status  int    `json:"status"`
	Failed  bool   `json:"failed"`
	span
}

// trace is `extensions.trace`: what an operation has done, and when.
type trace struct {
	start time.Time

	mu      sync.Mutex
	fields  []fieldSpan
	batches []batchSpan
	calls   []callSpan
	omitted int
}

// traceReport is a trace as a client gets it.
type traceReport struct {
	Fields  []fieldSpan `json:"fields"`
	Batches []batchSpan `json:"batches"`
	Calls   []callSpan  `json:"calls"`
	// Omitted counts the spans for which there was no room.
	Omitted int `json:"omitted"`
}

// tracer traces the operations whose request asks for it, by the header
// `Loadline-Trace: true` or by `"extensions": {"trace": true}`.
type tracer struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = tracer{}

// ExtensionName names the extension.
func (tracer) ExtensionName() string { return "Tracer" }

// Validate accepts every schema.
func (tracer) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext prepares the operation for being traced. gqlgen's own
// code writes the answer then, because it alone tells of every resolver.
func (tracer) MutateOperationContext(ctx context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	if asked, _ := oc.Extensions["trace"].(bool); !asked && oc.Headers.Get(traceHeader) != "true" {
		return nil
	}
	t := &trace{start: time.Now()}
	oc.Stats.SetExtension(tracing, t)
	inner := oc.ResolverMiddleware
	oc.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		fc := graphql.GetFieldContext(ctx)
		if !fc.IsResolver {
			return inner(ctx, next)
		}
		start := time.Now()
		value, err := inner(ctx, next)
		var path []any
		for _, step := range fc.Path() {
			path = append(path, step)
		}
		add(t, &t.fields, fieldSpan{path, t.since(start)})
		return value, err
	}
	return shortcut.Off{}.MutateOperationContext(ctx, oc)
}

// withTrace returns a context that tells the operation's trace of batches and
// calls, where it has one.
func withTrace(ctx context.Context) context.Context {
	if !graphql.HasOperationContext(ctx) {
		return ctx
	}
	t, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(tracing).(*trace)
	if !ok {
		return ctx
	}
	ctx = loader.WithObserver(ctx, func(name string, keys int, start time.Time) {
		add(t, &t.batches, batchSpan{name, keys, t.since(start)})
	})
	return upstream.WithObserver(ctx, func(a upstream.Attempt) {
		s := t.since(time.Now())
		s.Start = s.End - a.Duration.Microseconds()
		add(t, &t.calls, callSpan{string(a.Source), a.Op, a.Number, a.Status, a.Err != nil, s})
	})
}

// since is the span from a moment until now.
func (t *trace) since(start time.Time) span {
	return span{start.Sub(t.start).Microseconds(), time.Since(t.start).Microseconds()}
}

func add[S any](t *trace, spans *[]S, s S) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(*spans) == maxSpans {
		t.omitted++
		return
	}
	*spans = append(*spans, s)
}

// report returns what has been traced since the last report, in the order of its start.
func (t *trace) report() traceReport {
	t.mu.Lock()
	defer t.mu.Unlock()
	// Lists, not null, for clients that walk through them.
	r := traceReport{Fields: append([]fieldSpan{}, t.fields...), Batches: append([]batchSpan{}, t.batches...), Calls: append([]callSpan{}, t.calls...), Omitted: t.omitted}
	t.fields, t.batches, t.calls, t.omitted = nil, nil, nil, 0
	slices.SortStableFunc(r.Fields, func(a, b fieldSpan) int { return cmp.Compare(a.Start, b.Start) })
	slices.SortStableFunc(r.Batches, func(a, b batchSpan) int { return cmp.Compare(a.Start, b.Start) })
	slices.SortStableFunc(r.Calls, func(a, b callSpan) int { return cmp.Compare(a.Start, b.Start) })
	return r
}
