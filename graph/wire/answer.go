package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// minCompressed is the length from which it pays to compress a response.
const minCompressed = 1 << 10

func newCompressor() func(http.Handler) http.HandlerFunc {
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		panic(err) // of options that are constants
	}
	return compress
}

// refuse answers a request that never becomes an operation.
func (h *Handler) refuse(w http.ResponseWriter, accept accept, status int, code, message string) {
	body := appendResponse(nil, &graphql.Response{Errors: gqlerror.List{coded(code, message)}})
	w.Header().Set("Content-Type", accept.errorType()+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	w.WriteHeader(status)
	w.Write(body)
}

// answerErrors answers an operation that cannot be run. Clients of
// application/json read the body of a 200 alone.
func (h *Handler) answerErrors(ctx context.Context, w http.ResponseWriter, accept accept, oc *graphql.OperationContext, list gqlerror.List) {
	status := http.StatusOK
	if accept.errorType() == responseType {
		status = http.StatusBadRequest
	}
	body := appendResponse(nil, h.failed(ctx, oc, list))
	w.Header().Set("Content-Type", accept.errorType()+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// failed is the response to an operation that cannot be run.
func (h *Handler) failed(ctx context.Context, oc *graphql.OperationContext, list gqlerror.List) *graphql.Response {
	if oc != nil {
		ctx = graphql.WithOperationContext(ctx, oc)
	}
	return h.exec.DispatchError(ctx, bounded(list))
}

const (
	// maxErrors is the most errors that a document is answered with, and maxErrorMessage
	// the most bytes of what one of them says: they quote what was sent.
	maxErrors       = 100
	maxErrorMessage = 1000
)

// bounded returns the first errors of a list, and says how many it leaves out.
func bounded(list gqlerror.List) gqlerror.List {
	if more := len(list) - maxErrors; more > 0 {
		list = append(list[:maxErrors:maxErrors], coded(errcode.ValidationFailed, fmt.Sprintf("%d more errors are not shown", more)))
	}
	for _, e := range list {
		if len(e.Message) > maxErrorMessage {
			e.Message = strings.ToValidUTF8(e.Message[:maxErrorMessage], "") + "…"
		}
	}
	return list
}

// maxBody is the largest body whose memory is used again.
const maxBody = 1 << 20

var bodies = sync.Pool{New: func() any { return new([]byte) }}

// answer writes a response at once, with its length, and compressed for clients
// that ask for it.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, accept accept, response *graphql.Response) {
	buffer := bodies.Get().(*[]byte)
	body := appendResponse((*buffer)[:0], response)
	defer func() {
		if cap(body) <= maxBody {
			*buffer = body
			bodies.Put(buffer)
		}
	}()
	w.Header().Set("Content-Type", accept.json+"; charset=utf-8")
	w.Header().Add("Vary", "Accept")
	h.compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	})).ServeHTTP(w, r)
}

func coded(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// appendResponse appends the response as JSON. Data is JSON already; a response
// to what was never executed has none.
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
	if r.Data != nil {
		b = append(append(append(b, comma), `"data":`...), r.Data...)
		comma = ','
	}
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
	if comma == '{' {
		b = append(b, '{')
	}
	return append(b, '}')
}
