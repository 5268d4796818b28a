package wire

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"loadline/spool"
)

// Options say what a Handler accepts. Zero values are the limits named with each.
type Options struct {
	// MaxOperation is the most bytes of a request without files; 32 MiB.
	MaxOperation int64
	// MaxUpload is the most bytes of the files of a request; 32 MiB.
	MaxUpload int64
	// Limits bound what a document asks for.
	Limits Limits
	// Timeout is how long a query or a mutation may take; 1 minute.
	Timeout time.Duration
	// Spool is where requests are kept while they are being sent; by default one of 1 GiB.
	Spool *spool.Spool
	// LongWait is how long a request of more than 1 MiB waits while as many others
	// as may are being answered; 30 seconds.
	LongWait time.Duration
	// HideSchema refuses introspection, and errors make no suggestions.
	HideSchema bool
	// Known are operations that clients may name without having sent them, by their id.
	Known map[string]string
	// Documents, when not nil, are the only operations that are run, by their id.
	Documents map[string]string

	// Present shows an error to a client; Recover makes an error of a panic.
	Present graphql.ErrorPresenterFunc
	Recover graphql.RecoverFunc
	// Extensions are gqlgen's, in order.
	Extensions []graphql.HandlerExtension
	Log        *slog.Logger
}

const (
	defaultBytes   = 32 << 20
	defaultSpool   = 1 << 30
	defaultTimeout = time.Minute
	defaultWait    = 30 * time.Second
)

// Handler serves a schema.
type Handler struct {
	Options
	exec      *executor.Executor
	documents *documents
	persisted *persisted
	compress  func(http.Handler) http.HandlerFunc
	// long has an entry for each long request that is being answered.
	long chan struct{}
}

// New returns a handler of the schema.
func New(es graphql.ExecutableSchema, o Options) *Handler {
	if o.MaxOperation == 0 {
		o.MaxOperation = defaultBytes
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = defaultBytes
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Spool == nil {
		o.Spool = spool.New(defaultSpool)
	}
	if o.LongWait == 0 {
		o.LongWait = defaultWait
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Present == nil {
		o.Present = graphql.DefaultErrorPresenter
	}
	if o.Recover == nil {
		o.Recover = graphql.DefaultRecover
	}
	o.Limits = o.Limits.orDefaults()
	h := &Handler{
		Options:   o,
		exec:      executor.New(es),
		documents: newDocuments(es.Schema(), o.Limits, o.HideSchema),
		persisted: newPersisted(o.Known, o.Documents),
		compress:  newCompressor(),
		long:      make(chan struct{}, longRequests),
	}
	h.exec.SetErrorPresenter(o.Present)
	h.exec.SetRecoverFunc(o.Recover)
	h.exec.SetQueryCache(prepared{})
	if !o.HideSchema {
		h.exec.Use(introspection{})
	}
	for _, e := range o.Extensions {
		h.exec.Use(e)
	}
	return h
}

// ServeHTTP answers a request in the form that its Accept header asks for.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	accept := parseAccept(r.Header)
	defer h.recover(w, r, accept)
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	switch {
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", methods)
		w.WriteHeader(http.StatusNoContent)
	case foreign(r):
		h.refuse(w, accept, http.StatusForbidden, "FORBIDDEN", "this request comes from a page of another site; open the page from the server itself, or send the request from a program")
	case upgrades(r):
		h.serveSocket(w, r)
	case r.Method == http.MethodPost, r.Method == http.MethodGet, r.Method == http.MethodHead:
		h.serveRequest(w, r, accept)
	default:
		w.Header().Set("Allow", methods)
		h.refuse(w, accept, http.StatusMethodNotAllowed, codeBadRequest, "the method is "+r.Method+"; send POST, or GET for a query")
	}
}

const methods = "GET, HEAD, OPTIONS, POST"

// serveRequest runs the operation of a request over HTTP.
func (h *Handler) serveRequest(w http.ResponseWriter, r *http.Request, accept accept) {
	params, problem := h.read(w, r)
	if problem != nil {
		h.refuse(w, accept, problem.status, problem.code, problem.message)
		return
	}
	defer params.close()
	ctx := r.Context()
	oc, doc, list := h.operation(ctx, params, accept.takes(mixedType))
	if list != nil {
		h.answerErrors(ctx, w, accept, oc, list)
		return
	}
	kind := oc.Operation.Operation
	if r.Method != http.MethodPost && kind == ast.Mutation {
		w.Header().Set("Allow", http.MethodPost)
		h.refuse(w, accept, http.StatusMethodNotAllowed, codeBadRequest, "a mutation has to be sent by POST")
		return
	}
	form := accept.choose(kind == ast.Subscription, doc.deferred)
	if form == formNone {
		message := "none of the accepted media types is one of " + strings.Join([]string{responseType, jsonType, eventType, mixedType}, ", ")
		if kind == ast.Subscription {
			message = "a subscription is answered by WebSocket, or as " + eventType + " or " + mixedType + ": name one of them in Accept"
		}
		h.refuse(w, accept, http.StatusNotAcceptable, codeBadRequest, message)
		return
	}
	if kind == ast.Subscription && params.long {
		// It would keep its turn for as long as it lasts.
		problem := tooLarge(shortRequest)
		h.refuse(w, accept, problem.status, problem.code, problem.message)
		return
	}
	if kind != ast.Subscription {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, h.Timeout)
		defer cancel()
	}
	responses, ctx := h.dispatch(ctx, oc)
	switch form {
	case formEvents:
		serveEvents(ctx, w, responses)
	case formMixed:
		serveMixed(ctx, w, oc, responses, accept.mixed)
	default:
		response := responses(ctx)
		params.close() // the client may take its time to read
		if response == nil {
			h.refuse(w, accept, http.StatusServiceUnavailable, codeBusy, "the time for the request was over before it was begun; send it again in a moment")
			return
		}
		h.answer(w, r, accept, response)
	}
}

// operation makes an operation of a request: it finds its document, checks it
// and its variables. The list is of errors that are the client's to mend.
func (h *Handler) operation(ctx context.Context, p *params, incremental bool) (*graphql.OperationContext, *document, gqlerror.List) {
	text, keep, err := h.persisted.find(&p.RawParams, p.document)
	if err != nil {
		return nil, nil, gqlerror.List{err}
	}
	p.Query = text
	doc, list := h.documents.load(text, incremental)
	if list != nil {
		return nil, nil, list
	}
	if op := doc.Operations.ForName(p.OperationName); op != nil {
		if err := checkVariables(h.documents.schema, op, p.Variables); err != nil {
			return nil, nil, gqlerror.List{err}
		}
	}
	oc, list := h.exec.CreateOperationContext(context.WithValue(ctx, preparedKey{}, doc), &p.RawParams)
	if list != nil {
		for _, e := range list {
			if len(e.Path) > 0 && e.Path[0] == ast.PathName("variable") {
				errcode.Set(e, codeBadInput)
			}
		}
		return oc, nil, list
	}
	keep()
	return oc, doc, nil
}

// recover answers for what has panicked outside of resolvers.
func (h *Handler) recover(w http.ResponseWriter, r *http.Request, accept accept) {
	panicked := recover()
	if panicked == nil {
		return
	}
	if err, ok := panicked.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(panicked)
	}
	h.refuse(w, accept, http.StatusInternalServerError, codeInternal, h.panicked(r.Context(), panicked))
}

// panicked is what a client is told of a panic.
func (h *Handler) panicked(ctx context.Context, value any) string {
	var shown *gqlerror.Error
	if err := h.exec.PresentRecoveredError(ctx, value); errors.As(err, &shown) {
		return shown.Message
	}
	return "internal error"
}
