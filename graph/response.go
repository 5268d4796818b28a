package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

// minCompressed is the length from which it pays to compress a response.
const minCompressed = 1 << 10

// whole is a transport that writes a response at once: as it is, where gqlgen
// would parse its JSON once more, with its length, and compressed for clients
// that ask for it.
type whole struct {
	graphql.Transport
	compress func(http.Handler) http.HandlerFunc
}

// newWhole returns a transport that answers as t does.
func newWhole(t graphql.Transport) whole {
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		panic(err) // of options that are constants
	}
	return whole{t, compress}
}

// Do answers the request.
func (t whole) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	c := &captured{ResponseWriter: w}
	t.Transport.Do(c, r, capturing{exec, c})
	if c.response == nil {
		if c.status != 0 {
			w.WriteHeader(c.status)
		}
		return
	}
	body := appendResponse(make([]byte, 0, len(c.response.Data)+1<<10), c.response)
	t.compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		if c.status != 0 {
			w.WriteHeader(c.status)
		}
		w.Write(body)
	})).ServeHTTP(w, r)
}

// captured keeps back what a transport writes for a response that is known.
type captured struct {
	http.ResponseWriter
	response *graphql.Response
	status   int
}

func (c *captured) WriteHeader(status int) { c.status = status }

func (c *captured) Write(b []byte) (int, error) {
	if c.response != nil {
		return len(b), nil
	}
	if c.status != 0 {
		c.ResponseWriter.WriteHeader(c.status)
		c.status = 0
	}
	return c.ResponseWriter.Write(b)
}

// capturing is an executor that keeps the response of an operation.
type capturing struct {
	graphql.GraphExecutor
	captured *captured
}

// DispatchOperation runs the operation and gives the transport an empty response.
func (e capturing) DispatchOperation(ctx context.Context, oc *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	next, ctx := e.GraphExecutor.DispatchOperation(ctx, oc)
	return func(ctx context.Context) *graphql.Response {
		e.captured.response = next(ctx)
		return &graphql.Response{}
	}, ctx
}

// appendResponse appends the response as JSON, like json.Marshal, but for the
// data, which is JSON already.
func appendResponse(b []byte, r *graphql.Response) []byte {
	comma := byte('{')
	field := func(name string, value any) {
		text, err := json.Marshal(value)
		if err != nil {
			text = []byte("null")
		}
		b = append(append(append(append(b, comma, '"'), name...), '"', ':'), text...)
		comma = ','
	}
	if len(r.Errors) > 0 {
		field("errors", r.Errors)
	}
	data := r.Data
	if data == nil {
		data = json.RawMessage("null")
	}
	b = append(append(append(b, comma), `"data":`...), data...)
	comma = ','
	if r.Label != "" {
		field("label", r.Label)
	}
	if len(r.Path) > 0 {
		field("path", r.Path)
	}
	if r.HasNext != nil {
		field("hasNext", *r.HasNext)
	}
	if len(r.Extensions) > 0 {
		field("extensions", r.Extensions)
	}
	return append(b, '}')
}
