package dispatch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/graph-gophers/dataloader/v7"
	"github.com/vektah/gqlparser/v2/ast"

	"loadline/graph/dispatch"
	"loadline/graph/dispatch/testserver"
)

// run executes query as often as the benchmark asks, without a transport.
func run(b *testing.B, query string, with func() *testserver.Loaders, extensions ...graphql.HandlerExtension) {
	b.Helper()
	exec := executor.New(testserver.NewExecutableSchema(testserver.Config{Resolvers: testserver.Resolver{}}))
	exec.SetQueryCache(graphql.MapCache[*ast.QueryDocument]{})
	for _, e := range extensions {
		exec.Use(e)
	}
	b.ReportAllocs()
	for b.Loop() {
		ctx := graphql.StartOperationTrace(testserver.With(b.Context(), with()))
		oc, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query})
		if errs != nil {
			b.Fatal(errs)
		}
		responses, ctx := exec.DispatchOperation(ctx, oc)
		if r := responses(ctx); len(r.Errors) > 0 {
			b.Fatal(r.Errors)
		}
	}
}

// fields is how many fields of the same kind BenchmarkField resolves at once.
const fields = 1000

// BenchmarkField measures what the extension adds to a field of a struct and to
// a resolver that loads nothing: compare with and without it.
func BenchmarkField(b *testing.B) {
	for _, kind := range []struct{ name, field string }{
		{"leaf", "a%d: id "},
		{"resolver", "a%d: now { __typename } "},
	} {
		var q strings.Builder
		for i := range fields {
			fmt.Fprintf(&q, kind.field, i)
		}
		query := "{ now { " + q.String() + "} }"
		none := func() *testserver.Loaders { return nil }
		b.Run(kind.name+"/without", func(b *testing.B) { run(b, query, none, passThrough{}) })
		b.Run(kind.name+"/with", func(b *testing.B) { run(b, query, none, &dispatch.Extension{}) })
	}
}

// passThrough is a field interceptor that does nothing.
type passThrough struct{}

func (passThrough) ExtensionName() string                   { return "PassThrough" }
func (passThrough) Validate(graphql.ExecutableSchema) error { return nil }
func (passThrough) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	return next(ctx)
}

// BenchmarkDispatch measures a query of two levels of loads below n parents.
func BenchmarkDispatch(b *testing.B) {
	for _, n := range []int{10, 100} {
		query := fmt.Sprintf("{ items(from: 0, n: %d) { one { label } } }", n)
		for _, mode := range []struct {
			name string
			item func(dataloader.BatchFunc[int, *testserver.Item]) dataloader.Interface[int, *testserver.Item]
			text func(dataloader.BatchFunc[int, string]) dataloader.Interface[int, string]
		}{
			{"dispatch", tracked[*testserver.Item], tracked[string]},
			{"wait=1ms", timed[*testserver.Item](time.Millisecond), timed[string](time.Millisecond)},
			{"wait=16ms", timed[*testserver.Item](16 * time.Millisecond), timed[string](16 * time.Millisecond)},
		} {
			b.Run(fmt.Sprintf("n=%d/%s", n, mode.name), func(b *testing.B) {
				batches := 0
				run(b, query, func() *testserver.Loaders {
					return &testserver.Loaders{
						Item: mode.item(func(_ context.Context, keys []int) []*dataloader.Result[*testserver.Item] {
							batches++
							return every(keys, func(id int) *testserver.Item { return &testserver.Item{ID: id} })
						}),
						Label: mode.text(func(_ context.Context, keys []int) []*dataloader.Result[string] {
							batches++
							return every(keys, func(int) string { return "label" })
						}),
					}
				}, &dispatch.Extension{})
				b.ReportMetric(float64(batches)/float64(b.N), "batches/op")
			})
		}
	}
}

func tracked[V any](batch dataloader.BatchFunc[int, V]) dataloader.Interface[int, V] {
	return dispatch.NewLoader(batch)
}

func timed[V any](wait time.Duration) func(dataloader.BatchFunc[int, V]) dataloader.Interface[int, V] {
	return func(batch dataloader.BatchFunc[int, V]) dataloader.Interface[int, V] {
		return dataloader.NewBatchedLoader(batch, dataloader.WithWait[int, V](wait))
	}
}

func every[V any](keys []int, f func(int) V) []*dataloader.Result[V] {
	out := make([]*dataloader.Result[V], len(keys))
	for i, k := range keys {
		out[i] = &dataloader.Result[V]{Data: f(k)}
	}
	return out
}

// BenchmarkLoader measures a batch of n keys outside of a response.
func BenchmarkLoader(b *testing.B) {
	for _, n := range []int{1, 100} {
		keys := make([]int, n)
		for i := range keys {
			keys[i] = i
		}
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l := dispatch.NewLoader(func(_ context.Context, keys []int) []*dataloader.Result[int] {
					return every(keys, func(k int) int { return k })
				})
				if _, errs := l.LoadMany(b.Context(), keys)(); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}
