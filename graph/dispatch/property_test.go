package dispatch_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/graph-gophers/dataloader/v7"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"loadline/graph/dispatch"
	"loadline/graph/dispatch/testserver"
)

var seed = flag.Int64("seed", 1, "seed of the random queries")

func testSchema() *ast.Schema {
	return testserver.NewExecutableSchema(testserver.Config{}).Schema()
}

// queries returns n random queries, some of them mutations, the same ones for the same seed.
func queries(t *testing.T, seed int64, n int, without ...string) []string {
	t.Helper()
	g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 0)), schema: testSchema(), without: without}
	out := make([]string, n)
	for i := range out {
		g.defers = i%4 == 3
		if i%8 == 2 {
			out[i] = g.mutation()
		} else {
			out[i] = g.query()
		}
		if _, err := gqlparser.LoadQueryWithRules(g.schema, out[i], nil); err != nil {
			t.Fatalf("generated %s: %v", out[i], err)
		}
	}
	return out
}

// answer is a response in a form that does not depend on the order in which
// resolvers ran.
type answer struct {
	Data   map[string]map[string]any
	Errors []string
}

func (a *answer) add(t *testing.T, body []byte) {
	t.Helper()
	type payload struct {
		Label       string
		Path        []any
		Data        any
		Errors      []json.RawMessage
		Incremental []json.RawMessage
	}
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for _, e := range p.Errors {
		a.Errors = append(a.Errors, string(e))
	}
	for _, i := range p.Incremental {
		a.add(t, i)
	}
	if len(p.Incremental) > 0 {
		return
	}
	// A field deferred under two labels comes with either of them.
	at := fmt.Sprint(p.Path)
	fields, ok := p.Data.(map[string]any)
	if !ok {
		at += " " + p.Label
	}
	if a.Data[at] == nil {
		a.Data[at] = fields
	}
	maps.Copy(a.Data[at], fields)
}

func readAnswer(t *testing.T, w *httptest.ResponseRecorder) answer {
	t.Helper()
	a := answer{Data: make(map[string]map[string]any)}
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "multipart/mixed") {
		a.add(t, w.Body.Bytes())
	} else {
		for part := range strings.SplitSeq(w.Body.String(), "\r\n--") {
			if _, body, ok := strings.Cut(part, "\r\n\r\n"); ok {
				a.add(t, []byte(strings.TrimSpace(body)))
			}
		}
	}
	slices.Sort(a.Errors)
	return a
}

const multipart = "multipart/mixed"

// reference answers query with loaders that batch nothing.
func reference(t *testing.T, query string) answer {
	t.Helper()
	srv := newPlainServer(func(ctx context.Context) context.Context {
		return testserver.With(ctx, &testserver.Loaders{
			Item:  single(testserver.Items),
			Label: single(testserver.Labels),
			List:  single(testserver.Lists),
		})
	})
	return readAnswer(t, post(t.Context(), srv, query, multipart))
}

func single[V any](batch dataloader.BatchFunc[int, V]) dataloader.Interface[int, V] {
	return dataloader.NewBatchedLoader(batch, dataloader.WithBatchCapacity[int, V](1))
}

// TestAnswersAreThoseWithoutBatching runs random queries at 1 and 64 in flight.
func TestAnswersAreThoseWithoutBatching(t *testing.T) {
	for _, tt := range []struct {
		name     string
		inFlight int
	}{{"1 in flight", 1}, {"64 in flight", 64}} {
		t.Run(tt.name, func(t *testing.T) {
			list := queries(t, *seed, 300)
			wants := make([]answer, len(list))
			for i, q := range list {
				wants[i] = reference(t, q)
			}
			base := runtime.NumGoroutine()
			var wg sync.WaitGroup
			next := make(chan int)
			for range tt.inFlight {
				wg.Go(func() {
					for i := range next {
						var mu sync.Mutex
						var records []*record
						srv := newServer(func(r *record) { mu.Lock(); records = append(records, r); mu.Unlock() })
						got := readAnswer(t, post(t.Context(), srv, list[i], multipart))
						if diff := cmp.Diff(wants[i], got); diff != "" {
							t.Errorf("%s (-want +got)\n%s", list[i], diff)
						}
						for _, r := range records {
							checkRecord(t, list[i], r)
						}
					}
				})
			}
			for i := range list {
				next <- i
			}
			close(next)
			wg.Wait()
			waitForGoroutines(t, base)
		})
	}
}

func checkRecord(t *testing.T, query string, r *record) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stats.Fallbacks != 0 {
		t.Errorf("%s: %d fallbacks", query, r.stats.Fallbacks)
	}
	if r.tokens != 0 && !strings.Contains(query, "@defer") {
		t.Errorf("%s: %d tokens left", query, r.tokens)
	}
	for loader, keys := range r.keys {
		for k, n := range keys {
			if n > 1 {
				t.Errorf("%s: %s %v loaded %d times", query, loader, k, n)
			}
		}
	}
}

// waitForGoroutines fails unless the number of goroutines comes back to base.
func waitForGoroutines(t *testing.T, base int) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > base {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), base, buf[:runtime.Stack(buf, true)])
		}
		runtime.Gosched()
	}
}

// mutexes are fields whose siblings wait for each other on a mutex in gqlgen,
// which keeps the clock of a synctest bubble from going on.
const mutexes = "sibling"

// TestBatchesLeaveWhenNothingMoves gives every batch a duration of its own, on a
// clock that moves only when all goroutines are blocked. So resolvers may load
// at an instant only before a batch leaves at that instant, and a loader's
// batch leaves only once.
func TestBatchesLeaveWhenNothingMoves(t *testing.T) {
	for i, q := range queries(t, *seed+1, 600, mutexes) {
		synctest.Test(t, func(t *testing.T) {
			c := &clock{start: time.Now(), left: make(map[time.Duration][]string)}
			srv := newPlainServer(func(ctx context.Context) context.Context {
				return testserver.With(ctx, &testserver.Loaders{
					Item:  watched(c, "item", testserver.Items),
					Label: watched(c, "label", testserver.Labels),
					List:  watched(c, "list", testserver.Lists),
				})
			}, &dispatch.Extension{}, c)
			got := post(t.Context(), srv, q, multipart)
			time.Sleep(time.Second) // on the bubble's clock: batches that nobody waits for end
			if t.Failed() || len(c.wrong) > 0 {
				t.Fatalf("query %d %s: %v\n%s", i, q, c.wrong, got.Body)
			}
			if c.stats.Fallbacks != 0 {
				t.Fatalf("query %d %s: %d fallbacks", i, q, c.stats.Fallbacks)
			}
		})
	}
}

// clock watches what happens when.
type clock struct {
	start time.Time

	mu      sync.Mutex
	batches int
	left    map[time.Duration][]string
	wrong   []string
	stats   dispatch.Stats
}

func (*clock) ExtensionName() string                   { return "Clock" }
func (*clock) Validate(graphql.ExecutableSchema) error { return nil }
func (c *clock) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	r := next(ctx)
	c.stats = dispatch.StatsOf(ctx)
	return r
}

// watched returns a loader that notes when it is used.
func watched[V any](c *clock, name string, batch dataloader.BatchFunc[int, V]) dataloader.Interface[int, V] {
	return loadWatcher[V]{dispatch.NewLoader(func(ctx context.Context, keys []int) []*dataloader.Result[V] {
		time.Sleep(c.leave(name))
		return batch(ctx, keys)
	}), c, name}
}

func (c *clock) leave(name string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Since(c.start)
	if slices.Contains(c.left[now], name) {
		c.wrong = append(c.wrong, fmt.Sprintf("%s left twice at %v", name, now))
	}
	c.left[now] = append(c.left[now], name)
	c.batches++
	return 100*time.Microsecond + time.Duration(c.batches)
}

func (c *clock) load(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Since(c.start); len(c.left[now]) > 0 {
		c.wrong = append(c.wrong, fmt.Sprintf("%s loaded at %v when %v had left", name, now, c.left[now]))
	}
}

type loadWatcher[V any] struct {
	dataloader.Interface[int, V]
	clock *clock
	name  string
}

func (w loadWatcher[V]) Load(ctx context.Context, key int) dataloader.Thunk[V] {
	w.clock.load(w.name)
	return w.Interface.Load(ctx, key)
}

// TestNoMoreBatchesThanLevels has all batches that are under way end together,
// before any other leaves.
func TestNoMoreBatchesThanLevels(t *testing.T) {
	schema := testSchema()
	for i, q := range queries(t, *seed+2, 600, mutexes) {
		synctest.Test(t, func(t *testing.T) {
			r := newRecord()
			srv := newPlainServer(func(ctx context.Context) context.Context {
				return testserver.With(ctx, &testserver.Loaders{
					Item:  dispatch.NewLoader(recorded(r, "item", inStep(testserver.Items))),
					Label: dispatch.NewLoader(recorded(r, "label", inStep(testserver.Labels))),
					List:  dispatch.NewLoader(recorded(r, "list", inStep(testserver.Lists))),
				})
			}, &dispatch.Extension{})
			post(t.Context(), srv, q, multipart)
			time.Sleep(time.Second)
			doc, err := gqlparser.LoadQueryWithRules(schema, q, nil)
			if err != nil {
				t.Fatal(err)
			}
			for loader, batches := range r.batches {
				if n := levels(schema, doc); len(batches) > n {
					t.Errorf("query %d %s: %d batches of %s for %d levels: %v", i, q, len(batches), loader, n, batches)
				}
			}
		})
	}
}

// inStep holds other batches back until this one and all beside it have ended.
func inStep[V any](batch dataloader.BatchFunc[int, V]) dataloader.BatchFunc[int, V] {
	return func(ctx context.Context, keys []int) []*dataloader.Result[V] {
		release := dispatch.Hold(ctx)
		time.AfterFunc(100*time.Microsecond+1, release)
		time.Sleep(100 * time.Microsecond)
		return batch(ctx, keys)
	}
}
