package wire

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
)

// serveEvents writes responses as Server-Sent Events, in the "distinct
// connections" mode of GraphQL over SSE: `next` for each, `complete` at the end.
func serveEvents(ctx context.Context, w http.ResponseWriter, responses graphql.ResponseHandler) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w.Header().Set("Content-Type", eventType)
	w.Header().Set("Cache-Control", "no-store")
	s := newStream(w, cancel)
	// A first sign of life lets the client know that the request was accepted.
	s.send([]byte(":\n\n"))
	defer s.beat(ctx, ":\n\n")()
	for response := responses(ctx); response != nil; response = responses(ctx) {
		s.send(append(appendResponse([]byte("event: next\ndata: "), response), "\n\n"...))
	}
	// Browsers leave out events without data.
	s.end(ctx, "event: complete\ndata: \n\n")
}
