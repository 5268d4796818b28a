package wire

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// serveMixed writes responses as the parts of a multipart/mixed body: the events
// of a subscription as Apollo's multipart subscriptions, the parts of an operation
// with @defer in the form of incremental delivery that the client has named.
func serveMixed(ctx context.Context, w http.ResponseWriter, oc *graphql.OperationContext, responses graphql.ResponseHandler, accepted map[string]string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w.Header().Set("Cache-Control", "no-store")
	s := newStream(w, cancel)
	if oc.Operation.Operation == ast.Subscription {
		w.Header().Set("Content-Type", `multipart/mixed; boundary="graphql"; subscriptionSpec=1.0`)
		s.send([]byte("\r\n--graphql"))
		defer s.beat(ctx, "\r\n"+partHeader+"{}\r\n--graphql")()
		for response := responses(ctx); response != nil; response = responses(ctx) {
			part := appendResponse([]byte("\r\n"+partHeader+`{"payload":`), response)
			s.send(append(part, "}\r\n--graphql"...))
		}
		s.end(ctx, "--\r\n")
		return
	}
	v02 := accepted["incrementalspec"] == "v0.2"
	spec := "deferSpec=20220824"
	if v02 {
		spec = "incrementalSpec=v0.2"
	}
	w.Header().Set("Content-Type", `multipart/mixed; boundary="-"; `+spec)
	s.send([]byte("\r\n---"))
	defer s.beat(ctx, "")()
	parts := newIncrements(oc, v02)
	for response := responses(ctx); response != nil; response = responses(ctx) {
		part := parts.append([]byte("\r\n"+partHeader), response)
		// A client takes a part for complete when it has seen the boundary behind it.
		s.send(append(part, "\r\n---"...))
	}
	s.end(ctx, "--\r\n")
	// What is still on its way, for a client that has gone, must find a reader.
	if ctx.Err() != nil {
		for responses(context.WithoutCancel(ctx)) != nil {
		}
	}
}

const partHeader = "Content-Type: application/json; charset=utf-8\r\n\r\n"
