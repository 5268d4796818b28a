package dispatch_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/graph-gophers/dataloader/v7"
	"github.com/vektah/gqlparser/v2/ast"

	"loadline/graph/dispatch"
	"loadline/graph/dispatch/testserver"
)

// everywhere selects each kind of field twice, one below the other.
const everywhere = `label must now { label } one { label } twice { label } both fan
	many { label } strict { label } grid { label }
	things { ... on Item { label } ... on Box { one { label } wrap { tag } } }
	either { ... on Item { label } ... on Box { wrap { tag } } ... on Pair { left { label } } }
	wrap { tag one { label } wrap { tag } pair { left { label } } sibling { label } }
	wraps { tag sibling { label } } made { tag } method { label } sibling { label } odd(key: 3) { label }`

// TestBatchesStayTheSameForMoreParents counts the batches for parents that do
// not differ in how deep their loads go.
func TestBatchesStayTheSameForMoreParents(t *testing.T) {
	for _, tt := range []struct {
		name, query string
		item, label int
	}{
		{"one level", `{ label }`, 0, 1},
		{"two levels", `{ one { label } }`, 1, 1},
		{"a load after a load", `{ twice { label } }`, 2, 1},
		{"beside each other", `{ label a: label one { b: label one { label } } twice { c: label } }`, 2, 3},
		{"batch resolvers", `{ sibling { sibling { label } } }`, 2, 1},
		{"below a struct", `{ wrap { one { label } } }`, 1, 1},
		{"before a resolver", `{ wrap { wrap { one { id } } } one { label } }`, 2, 1},
		{"a list", `{ wraps { one { label } } }`, 1, 1},
		{"a method", `{ made { one { id } } method { label } }`, 2, 1},
		{"deferred", `{ one { ... @defer { label } } ... @defer { twice { label } } }`, 3, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, n := range []int{1, 50} {
				for range 200 {
					r := newRecord()
					l := &testserver.Loaders{
						Item:  dispatch.NewLoader(recorded(r, "item", anyItem)),
						Label: dispatch.NewLoader(recorded(r, "label", anyLabel)),
					}
					var stats dispatch.Stats
					srv := newPlainServer(func(ctx context.Context) context.Context { return testserver.With(ctx, l) }, &dispatch.Extension{},
						after(func(ctx context.Context) { stats = dispatch.StatsOf(ctx) }))
					w := post(t.Context(), srv, fmt.Sprintf("{ items(from: 2000, n: %d) %s }", n, tt.query), multipart)
					if strings.Contains(w.Body.String(), "errors") {
						t.Fatal(w.Body)
					}
					item, label := len(r.batches["item"]), len(r.batches["label"])
					if item != tt.item || label != tt.label || stats.Fallbacks > 0 {
						t.Fatalf("%d parents: %d batches of items, %d of labels, want %d and %d; %+v", n, item, label, tt.item, tt.label, r.batches)
					}
				}
			}
		})
	}
}

func anyItem(_ context.Context, keys []int) []*dataloader.Result[*testserver.Item] {
	return every(keys, func(id int) *testserver.Item { return &testserver.Item{ID: id} })
}

func anyLabel(_ context.Context, keys []int) []*dataloader.Result[string] {
	return every(keys, func(id int) string { return fmt.Sprint(id) })
}

// after is an extension that calls a function at the end of each response.
type after func(context.Context)

func (after) ExtensionName() string                   { return "After" }
func (after) Validate(graphql.ExecutableSchema) error { return nil }
func (f after) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	defer f(ctx)
	return next(ctx)
}

// around is an extension that runs around each resolver.
type around func(context.Context, *graphql.FieldContext, graphql.Resolver) (any, error)

func (around) ExtensionName() string                   { return "Around" }
func (around) Validate(graphql.ExecutableSchema) error { return nil }
func (f around) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	if fc := graphql.GetFieldContext(ctx); fc.IsResolver {
		return f(ctx, fc, next)
	}
	return next(ctx)
}

// send answers query with the usual loaders and extensions behind dispatch.
func send(ctx context.Context, query string, extensions ...graphql.HandlerExtension) (*httptest.ResponseRecorder, *record) {
	r := newRecord()
	l := loaders(r)
	extensions = append([]graphql.HandlerExtension{
		&dispatch.Extension{},
		after(r.end),
	}, extensions...)
	srv := newPlainServer(func(ctx context.Context) context.Context { return testserver.With(ctx, l) }, extensions...)
	return post(ctx, srv, query, ""), r
}

func TestStats(t *testing.T) {
	t.Parallel()
	_, r := send(t.Context(), `{ items(from: 0, n: 5) { label one { label } } }`)
	if diff := cmp.Diff(dispatch.Stats{Batches: 3, Keys: 14}, r.stats); diff != "" {
		t.Errorf("%v (-want +got)\n%s", r.batches, diff)
	}
	if got := dispatch.StatsOf(t.Context()); got != (dispatch.Stats{}) {
		t.Errorf("outside of a response: %+v", got)
	}
}

func TestLoadersWorkWithoutTheExtension(t *testing.T) {
	t.Parallel()
	query := "{ items(from: 0, n: 20) { " + everywhere + " } }"
	r := newRecord()
	l := loaders(r)
	srv := newPlainServer(func(ctx context.Context) context.Context { return testserver.With(ctx, l) })
	got := readAnswer(t, post(t.Context(), srv, query, ""))
	if diff := cmp.Diff(reference(t, query), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	checkRecord(t, query, r)
}

func TestEachEventIsAResponse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query string
		first       int
	}{
		{"an object", `subscription { ticks(from: 1, n: 3) { ` + everywhere + ` } }`, 0},
		{"two resolvers of an object", `subscription { ticks(from: 1, n: 3) { a: label both } }`, 2},
		{"a list", `subscription { lists(from: 1, n: 3) { ` + everywhere + ` } }`, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var records []*record
			body := post(t.Context(), newServer(func(r *record) { records = append(records, r) }), tt.query, "text/event-stream").Body.String()
			if n := strings.Count(body, "event: next"); n != 3 {
				t.Errorf("%d events\n%s", n, body)
			}
			for i, r := range records {
				checkRecord(t, tt.query, r)
				if i < 3 && (r.stats.Batches == 0 || tt.first > 0 && r.batches["label"][0] != tt.first) {
					t.Errorf("event %d: %+v %v", i, r.stats, r.batches)
				}
			}
		})
	}
}

func TestMutationsRunOneAfterTheOther(t *testing.T) {
	t.Parallel()
	w, r := send(t.Context(), `mutation { a: touch(id: 1) { label one { label } } b: touch(id: 2) { label } odd(key: 2) { id } c: touch(id: 1) { label } }`)
	const want = `"data":{"a":{"label":"label 1","one":{"label":"label 59"}},"b":{"label":"label 2"},"odd":null,"c":{"label":"label 1"}}`
	if !strings.Contains(w.Body.String(), want) {
		t.Error(w.Body)
	}
	if diff := cmp.Diff(map[string][]int{"item": {1, 1, 1}, "label": {1, 1, 1}}, r.batches); diff != "" || r.stats.Fallbacks > 0 {
		t.Errorf("%+v (-want +got)\n%s", r.stats, diff)
	}
}

// TestUnreadableArguments has fields that gqlgen does not start. Below an
// interface the tracker cannot know that, and its fallback must help.
func TestUnreadableArguments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query string
		fallbacks   int
	}{
		{"at the root", `{ odd(key: 2) { id } item(id: 1) { label } }`, 0},
		{"only at the root", `{ odd(key: 2) { id } }`, 0},
		{"below an object", `{ items(from: 0, n: 5) { odd(key: 2) { id } label } }`, 0},
		{"below a struct", `{ items(from: 0, n: 5) { wrap { pair { left { odd(key: 2) { id } label } } } } }`, 0},
		{"below an interface", `{ things(from: 1, n: 1) { ... on Item { odd(key: 2) { id } label } } }`, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, r := send(t.Context(), tt.query)
			if diff := cmp.Diff(reference(t, tt.query), readAnswer(t, w)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if r.stats.Fallbacks > tt.fallbacks {
				t.Errorf("%d fallbacks, want at most %d", r.stats.Fallbacks, tt.fallbacks)
			}
		})
	}
}

func TestAFieldsOwnContextDoesNotEndTheBatch(t *testing.T) {
	t.Parallel()
	var cancelled sync.WaitGroup
	cancelled.Add(1)
	w, r := send(t.Context(), `{ a: item(id: 1) { id } b: item(id: 2) { id label } }`,
		around(func(ctx context.Context, fc *graphql.FieldContext, next graphql.Resolver) (any, error) {
			if fc.Field.Alias == "a" {
				var cancel context.CancelFunc
				ctx, cancel = context.WithCancel(ctx)
				cancel()
				defer cancelled.Done()
			} else if fc.Field.Alias == "b" {
				cancelled.Wait()
			}
			return next(ctx)
		}))
	if got := w.Body.String(); !strings.Contains(got, `"data":{"a":null,"b":{"id":2,"label":"label 2"}}`) || !strings.Contains(got, context.Canceled.Error()) || r.stats.Fallbacks != 0 {
		t.Errorf("%+v %s", r.stats, got)
	}
}

func TestCancellationEndsTheResponse(t *testing.T) {
	base := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	l := loaders(newRecord())
	l.Label = dispatch.NewLoader(func(ctx context.Context, keys []int) []*dataloader.Result[string] {
		cancel()
		<-ctx.Done()
		return testserver.Labels(ctx, keys)
	})
	srv := newPlainServer(func(ctx context.Context) context.Context { return testserver.With(ctx, l) }, &dispatch.Extension{})
	w := post(ctx, srv, `{ items(from: 0, n: 50) { label one { label } twice { id } } }`, "")
	if n := strings.Count(w.Body.String(), context.Canceled.Error()); n == 0 {
		t.Error(w.Body)
	}
	waitForGoroutines(t, base)
}

// TestAResolverBlockedElsewhere waits in one resolver for the batch of another.
func TestAResolverBlockedElsewhere(t *testing.T) {
	t.Parallel()
	labelled := make(chan struct{})
	r := newRecord()
	l := loaders(r)
	l.Label = dispatch.NewLoader(func(ctx context.Context, keys []int) []*dataloader.Result[string] {
		close(labelled)
		return testserver.Labels(ctx, keys)
	})
	var stats dispatch.Stats
	srv := newPlainServer(func(ctx context.Context) context.Context { return testserver.With(ctx, l) },
		&dispatch.Extension{Patience: time.Millisecond},
		around(func(ctx context.Context, fc *graphql.FieldContext, next graphql.Resolver) (any, error) {
			if fc.Field.Name == "one" {
				<-labelled
			}
			return next(ctx)
		}), after(func(ctx context.Context) { stats = dispatch.StatsOf(ctx) }))
	w := post(t.Context(), srv, `{ item(id: 1) { label one { id } } }`, "")
	if want := `{"data":{"item":{"label":"label 1","one":{"id":59}}}}`; w.Body.String() != want || stats.Fallbacks != 1 {
		t.Errorf("%+v %s", stats, w.Body)
	}
}

// TestGoroutinesOfAResolver loads in goroutines that the tracker does not know
// of: the keys may come in several batches, but none is lost.
func TestGoroutinesOfAResolver(t *testing.T) {
	t.Parallel()
	r := newRecord()
	l := loaders(r)
	var stats dispatch.Stats
	srv := newPlainServer(func(ctx context.Context) context.Context { return testserver.With(ctx, l) }, &dispatch.Extension{},
		around(func(ctx context.Context, fc *graphql.FieldContext, next graphql.Resolver) (any, error) {
			if fc.Field.Name == "fan" {
				var wg sync.WaitGroup
				for i := range 5 {
					wg.Go(func() {
						for n := range 3 {
							if _, err := l.Label.Load(ctx, n*5+i)(); err != nil {
								t.Error(err)
							}
						}
					})
				}
				wg.Wait()
			}
			return next(ctx)
		}), after(func(ctx context.Context) { stats = dispatch.StatsOf(ctx) }))
	w := post(t.Context(), srv, `{ items(from: 0, n: 3) { fan label } }`, "")
	if strings.Contains(w.Body.String(), "errors") || stats.Fallbacks != 0 || len(r.keys["label"]) != 15 {
		t.Errorf("%+v %v %s", stats, r.keys["label"], w.Body)
	}
}

// TestGoroutinesLeftBehind has resolvers return while goroutines of their own wait.
func TestGoroutinesLeftBehind(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	list := dispatch.NewLoader(func(ctx context.Context, keys []int) []*dataloader.Result[[]int] {
		<-release
		return testserver.Lists(ctx, keys)
	})
	var wg sync.WaitGroup
	query := `{ items(from: 0, n: 5) { now { label } one { label } } }`
	w, r := send(t.Context(), query,
		around(func(ctx context.Context, fc *graphql.FieldContext, next graphql.Resolver) (any, error) {
			if fc.Field.Name == "now" {
				wg.Go(func() {
					if _, err := list.Load(ctx, 1)(); err != nil {
						t.Error(err)
					}
				})
				for dispatch.Waits(ctx) == 0 {
					runtime.Gosched()
				}
			}
			return next(ctx)
		}))
	close(release)
	wg.Wait()
	if diff := cmp.Diff(reference(t, query), readAnswer(t, w)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	checkRecord(t, query, r)
}

// TestALoadAfterACancelledOne has a resolver go on when one of its loads has
// ended with a context of its own.
func TestALoadAfterACancelledOne(t *testing.T) {
	t.Parallel()
	query := `{ items(from: 0, n: 5) { twice { label } one { label } } }`
	_, r := send(t.Context(), query,
		around(func(ctx context.Context, fc *graphql.FieldContext, next graphql.Resolver) (any, error) {
			if fc.Field.Name == "twice" {
				short, cancel := context.WithCancel(ctx)
				cancel()
				if _, err := testserver.LoadersOf(ctx).Label.Load(short, 1)(); err == nil {
					t.Error("no error")
				}
			}
			return next(ctx)
		}))
	checkRecord(t, query, r)
}

// TestGoroutinesStartedByGo load in one batch.
func TestGoroutinesStartedByGo(t *testing.T) {
	t.Parallel()
	for range 100 {
		_, r := send(t.Context(), `{ items(from: 0, n: 7) { fan } }`)
		if len(r.batches["list"]) != 1 || r.stats.Fallbacks != 0 {
			t.Fatalf("%+v %v", r.stats, r.batches)
		}
	}
}

// TestABatchLoads has a batch function use another loader of the response.
func TestABatchLoads(t *testing.T) {
	t.Parallel()
	r := newRecord()
	l := loaders(r)
	l.Item = dispatch.NewLoader(recorded(r, "item", func(ctx context.Context, keys []int) []*dataloader.Result[*testserver.Item] {
		labels, errs := testserver.LoadersOf(ctx).Label.LoadMany(ctx, keys)()
		if errs != nil {
			t.Error(errs)
		}
		return every(keys, func(id int) *testserver.Item { return &testserver.Item{ID: id, Name: &labels[0]} })
	}))
	var stats dispatch.Stats
	srv := newPlainServer(func(ctx context.Context) context.Context { return testserver.With(ctx, l) }, &dispatch.Extension{},
		after(func(ctx context.Context) { stats = dispatch.StatsOf(ctx) }))
	w := post(t.Context(), srv, `{ a: item(id: 1) { name } b: item(id: 2) { label } }`, "")
	if strings.Contains(w.Body.String(), "errors") || stats.Fallbacks != 0 || len(r.batches["item"]) != 1 || len(r.batches["label"]) != 1 {
		t.Errorf("%+v %v %s", stats, r.batches, w.Body)
	}
}

// TestALoadAfterTheResolvers has an extension load when all resolvers are done.
func TestALoadAfterTheResolvers(t *testing.T) {
	t.Parallel()
	var got string
	w, r := send(t.Context(), `{ item(id: 1) { id } }`, after(func(ctx context.Context) {
		got, _ = testserver.LoadersOf(ctx).Label.Load(ctx, 3)()
	}))
	if got != "label 3" || r.stats.Batches != 2 || r.stats.Fallbacks != 0 {
		t.Errorf("%q %+v %s", got, r.stats, w.Body)
	}
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	query := `{ __typename __type(name: "Item") { name } a: item(id: 1) { __typename label } }`
	w, r := send(t.Context(), query)
	if diff := cmp.Diff(reference(t, query), readAnswer(t, w)); diff != "" || r.stats.Fallbacks != 0 {
		t.Errorf("%+v (-want +got)\n%s", r.stats, diff)
	}
}

type foreign struct{ graphql.ExecutableSchema }

func (foreign) Schema() *ast.Schema { return &ast.Schema{} }

func TestAForeignSchemaIsRefused(t *testing.T) {
	t.Parallel()
	for _, es := range []graphql.ExecutableSchema{foreign{}, &foreign{}} {
		if err := (&dispatch.Extension{}).Validate(es); err == nil {
			t.Errorf("%T was accepted", es)
		}
	}
	if err := (&dispatch.Extension{}).Validate(testserver.NewExecutableSchema(testserver.Config{})); err != nil {
		t.Error(err)
	}
}

func TestErrorsAndPanicsOfResolvers(t *testing.T) {
	t.Parallel()
	query := `{ items(from: 0, n: 60) { must panics { label } label one { must } strict { must } } needs(id: 1) { must list { must needs { must } } } }`
	w, r := send(t.Context(), query)
	if diff := cmp.Diff(reference(t, query), readAnswer(t, w)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	checkRecord(t, query, r)
	if !strings.Contains(w.Body.String(), errPanicked.Error()) {
		t.Error("nothing panicked")
	}
}
