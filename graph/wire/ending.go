package wire

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// End has the subscription that ctx is of end with an error: once its channel is
// closed, its client is told, and then that nothing more comes.
func End(ctx context.Context, err error) {
	if e, ok := ctx.Value(endingKey{}).(*ending); ok {
		e.with.Store(e.present(ctx, err))
	}
}

type endingKey struct{}

// ending is the error that a subscription ends with, if it does.
type ending struct {
	present graphql.ErrorPresenterFunc
	with    atomic.Pointer[gqlerror.Error]
}

// dispatch runs an operation. The last response is the error that it was ended with.
func (h *Handler) dispatch(ctx context.Context, oc *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	e := &ending{present: h.Present}
	responses, ctx := h.exec.DispatchOperation(context.WithValue(ctx, endingKey{}, e), oc)
	return func(ctx context.Context) *graphql.Response {
		if response := responses(ctx); response != nil {
			return response
		}
		if err := e.with.Swap(nil); err != nil {
			return &graphql.Response{Errors: gqlerror.List{err}}
		}
		return nil
	}, ctx
}
