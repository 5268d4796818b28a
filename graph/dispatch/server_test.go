package dispatch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/graph-gophers/dataloader/v7"

	"loadline/graph/dispatch"
	"loadline/graph/dispatch/testserver"
)

// record is what happened in one response.
type record struct {
	mu      sync.Mutex
	batches map[string][]int
	keys    map[string]map[any]int
	stats   dispatch.Stats
	// tokens is how many are out at the end of the response.
	tokens int
}

func newRecord() *record {
	return &record{batches: make(map[string][]int), keys: make(map[string]map[any]int)}
}

func (r *record) add(loader string, keys []int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.batches[loader] = append(r.batches[loader], len(keys))
	if r.keys[loader] == nil {
		r.keys[loader] = make(map[any]int)
	}
	for _, k := range keys {
		r.keys[loader][k]++
	}
}

// end notes how the response that ctx belongs to has ended.
func (r *record) end(ctx context.Context) {
	r.stats, r.tokens = dispatch.StatsOf(ctx), dispatch.Tokens(ctx)
}

// recorded has calls of batch noted in r.
func recorded[V any](r *record, loader string, batch dataloader.BatchFunc[int, V]) dataloader.BatchFunc[int, V] {
	return func(ctx context.Context, keys []int) []*dataloader.Result[V] {
		r.add(loader, keys)
		return batch(ctx, keys)
	}
}

func loaders(r *record) *testserver.Loaders {
	return &testserver.Loaders{
		Item:  dispatch.NewLoader(recorded(r, "item", testserver.Items)),
		Label: dispatch.NewLoader(recorded(r, "label", testserver.Labels)),
		List:  dispatch.NewLoader(recorded(r, "list", testserver.Lists)),
	}
}

// newServer returns a server whose responses have their records sent to done.
func newServer(done func(*record)) *handler.Server {
	srv := newPlainServer(nil, &dispatch.Extension{})
	srv.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		r := newRecord()
		res := next(testserver.With(ctx, loaders(r)))
		r.end(ctx)
		done(r)
		return res
	})
	return srv
}

// newPlainServer returns a server with extensions, which gives each operation the context of with.
func newPlainServer(with func(context.Context) context.Context, extensions ...graphql.HandlerExtension) *handler.Server {
	srv := handler.New(testserver.NewExecutableSchema(testserver.Config{Resolvers: testserver.Resolver{}}))
	srv.AddTransport(transport.SSE{})
	srv.AddTransport(transport.MultipartMixed{})
	srv.AddTransport(transport.POST{})
	srv.SetRecoverFunc(func(context.Context, any) error { return errPanicked })
	for _, e := range extensions {
		srv.Use(e)
	}
	if with != nil {
		srv.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			return next(with(ctx))
		})
	}
	return srv
}

type panicked struct{}

func (panicked) Error() string { return "panicked" }

var errPanicked = panicked{}

func post(ctx context.Context, srv http.Handler, query, accept string) *httptest.ResponseRecorder {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		panic(err)
	}
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, req)
	return w
}
