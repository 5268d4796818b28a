package graph

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"loadline/graph/dispatch"
	"loadline/graph/generated"
	"loadline/graph/loader"
	"loadline/graph/shortcut"
)

const (
	// maxMemory is how much of a multipart request's files is kept in memory.
	maxMemory = 1 << 20
	// documents is how many parsed documents are kept.
	documents = 1000
	// maxTokens is the most lexical tokens a document has.
	maxTokens = 10_000
	keepAlive = 15 * time.Second
)

// Options are the limits of the handler.
type Options struct {
	// MaxUpload is the most bytes that a multipart request has.
	MaxUpload int64
	// NoShortcuts has gqlgen's own code write all answers.
	NoShortcuts bool
	// OnBatch is told of every batch of keys that loaders send off, and OnFallback
	// when some leave because of a timer. Either may be nil.
	OnBatch    func(keys int)
	OnFallback func()
}

// NewHandler serves the schema over POST, GET, multipart, WebSocket and SSE. It
// refuses what pages of other origins send, and requests that are too long.
func NewHandler(r *Resolver, o Options) http.Handler {
	srv := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: r, Complexity: complexity()}))
	srv.SetErrorPresenter(presenter(r.Log))
	srv.SetRecoverFunc(recoverer(r.Log))
	srv.SetParserTokenLimit(maxTokens)
	srv.SetQueryCache(lru.New[*ast.QueryDocument](documents))

	srv.AddTransport(transport.Websocket{KeepAlivePingInterval: keepAlive, InitTimeout: keepAlive})
	srv.AddTransport(transport.Options{})
	srv.AddTransport(transport.SSE{KeepAlivePingInterval: keepAlive})
	srv.AddTransport(transport.MultipartMixed{})
	srv.AddTransport(newWhole(transport.GET{}))
	srv.AddTransport(newWhole(transport.POST{}))
	srv.AddTransport(transport.MultipartForm{MaxUploadSize: o.MaxUpload, MaxMemory: maxMemory})

	srv.Use(extension.Introspection{})
	srv.Use(extension.FixedComplexityLimit(maxCost))
	srv.Use(&dispatch.Extension{Whole: shortcut.IsWhole, OnBatch: o.OnBatch, OnFallback: o.OnFallback})
	srv.Use(responses{r})
	if o.NoShortcuts {
		srv.Use(shortcut.Off{})
	}
	return http.NewCrossOriginProtection().Handler(limitBody(srv, o.MaxUpload))
}

// responses gives every response loaders of its own, and says what it cost.
type responses struct{ *Resolver }

var _ interface {
	graphql.HandlerExtension
	graphql.ResponseInterceptor
} = responses{}

// ExtensionName names the extension.
func (responses) ExtensionName() string { return "Responses" }

// Validate accepts every schema.
func (responses) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse runs the operation with fresh loaders and counters.
func (r responses) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	ctx, spent := withCost(ctx)
	resp := next(loader.With(ctx, loader.New(r.Store, r.Enrich)))
	if resp != nil {
		spent.report(ctx, resp)
	}
	return resp
}
