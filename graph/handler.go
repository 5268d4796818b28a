package graph

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"loadline/enrich"
	"loadline/graph/dispatch"
	"loadline/graph/generated"
	"loadline/graph/loader"
	"loadline/graph/shortcut"
	"loadline/graph/wire"
	"loadline/spool"
	"loadline/store"
)

// Options are the limits of the handler.
type Options struct {
	// MaxUpload is the most bytes that the files of a request have.
	MaxUpload int64
	// Spool is where requests are kept while they are being sent (see wire.Options).
	Spool *spool.Spool
	// NoShortcuts has gqlgen's own code write all answers.
	NoShortcuts bool
	// OnBatch is told of every batch of keys that loaders send off, and OnFallback
	// when some leave because of a timer. Either may be nil.
	OnBatch    func(keys int)
	OnFallback func()
	// HideSchema refuses introspection, and errors make no suggestions.
	HideSchema bool
	// Known are operations that clients may name without having sent them, by their id.
	Known map[string]string
	// Documents, when not nil, are the only operations that are run, by their id.
	Documents map[string]string
}

// NewHandler serves the schema over POST, GET, multipart, WebSocket and SSE. It
// refuses what pages of other origins send, and requests that are too long.
func NewHandler(r *Resolver, o Options) http.Handler {
	es := generated.NewExecutableSchema(generated.Config{Resolvers: r, Complexity: complexity()})
	memory := loader.NewMemory()
	follower := r.Store.Follow(memory.Forget, r.Enrich.Forget)
	return newReuse(Serve(es, r.Log, o, responses{r, memory, follower}, tracer{}), follower, r.Enrich.Now)
}

// ReadDocuments reads a manifest of persisted documents (see wire.ReadDocuments).
func ReadDocuments(r io.Reader) (map[string]string, error) {
	return wire.ReadDocuments(generated.NewExecutableSchema(generated.Config{}), r)
}

// Serve serves any schema as NewHandler serves Loadline's.
func Serve(es graphql.ExecutableSchema, log *slog.Logger, o Options, extensions ...graphql.HandlerExtension) http.Handler {
	all := append([]graphql.HandlerExtension{
		extension.FixedComplexityLimit(maxCost),
		&dispatch.Extension{Whole: shortcut.IsWhole, OnBatch: o.OnBatch, OnFallback: o.OnFallback},
	}, extensions...)
	if o.NoShortcuts {
		all = append(all, shortcut.Off{})
	}
	return wire.New(es, wire.Options{
		MaxUpload:  o.MaxUpload,
		Spool:      o.Spool,
		HideSchema: o.HideSchema,
		Known:      o.Known,
		Documents:  o.Documents,
		Present:    presenter(log),
		Recover:    recoverer(log),
		Extensions: all,
		Log:        log,
	})
}

// responses gives every response loaders of its own, and says what it cost.
type responses struct {
	*Resolver
	memory   *loader.Memory
	follower *store.Follower
}

var _ interface {
	graphql.HandlerExtension
	graphql.ResponseInterceptor
} = responses{}

// ExtensionName names the extension.
func (responses) ExtensionName() string { return "Responses" }

// Validate accepts every schema.
func (responses) Validate(graphql.ExecutableSchema) error { return nil }

// remember lets the response use what is in memory, unless it is one to a mutation,
// which must see its own writes.
func (r responses) remember(ctx context.Context) (remembering context.Context, generation int64, recall *enrich.Recall) {
	if !graphql.HasOperationContext(ctx) {
		return ctx, 0, nil
	}
	if op := graphql.GetOperationContext(ctx).Operation; op == nil || op.Operation == ast.Mutation {
		return ctx, 0, nil
	}
	generation, err := r.follower.CatchUp(ctx)
	if err != nil {
		r.Log.WarnContext(ctx, "answering without memory", "error", err)
		return ctx, 0, nil
	}
	ctx, recall = enrich.WithMemory(ctx)
	return ctx, generation, recall
}

// InterceptResponse runs the operation with fresh loaders and counters.
func (r responses) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	ctx, spent := withCost(withTrace(ctx))
	remembering, generation, recall := r.remember(ctx)
	resp := next(loader.With(remembering, loader.New(r.Store, r.Enrich, r.memory)))
	if resp != nil {
		spent.report(ctx, resp)
		keep(ctx, resp, generation, recall)
	}
	return resp
}
