package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"loadline/spool"
)

// The codes of errors that are about a request, not about its operation.
const (
	codeBadRequest = "BAD_REQUEST"
	codeTooLarge   = "TOO_LARGE"
	codeInternal   = "INTERNAL_SERVER_ERROR"
	codeBusy       = "BUSY"
	codeTooSlow    = "TOO_SLOW"
)

// problem is why a request cannot be read.
type problem struct {
	status  int
	code    string
	message string
}

func bad(format string, args ...any) *problem {
	return &problem{http.StatusBadRequest, codeBadRequest, fmt.Sprintf(format, args...)}
}

func tooLarge(limit int64) *problem {
	return &problem{http.StatusRequestEntityTooLarge, codeTooLarge,
		fmt.Sprintf("the request is too long; at most %d bytes are accepted. Send documents as files", limit)}
}

// params are what a request asks for.
type params struct {
	graphql.RawParams
	// document is the id of a persisted document.
	document string
	// long says that the request has taken a turn.
	long    bool
	cleanup []func()
}

// close removes files that were uploaded, and ends the request's turn. It may be
// called again.
func (p *params) close() {
	for _, f := range p.cleanup {
		f()
	}
	p.cleanup = nil
}

// body is a request as JSON has it.
type body struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
	DocumentID    string         `json:"documentId"`
}

func (b body) params(header http.Header) *params {
	return &params{
		RawParams: graphql.RawParams{Query: b.Query, OperationName: b.OperationName, Variables: b.Variables, Extensions: b.Extensions, Headers: header},
		document:  b.DocumentID,
	}
}

// read reads a request.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) (*params, *problem) {
	start := graphql.Now()
	p, problem := h.readBody(w, r)
	if problem != nil {
		return nil, problem
	}
	if p.Query == "" && p.document == "" && p.Extensions["persistedQuery"] == nil {
		p.close()
		return nil, bad("give the operation as `query`")
	}
	p.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return p, nil
}

func (h *Handler) readBody(w http.ResponseWriter, r *http.Request) (*params, *problem) {
	if r.Method != http.MethodPost {
		return readQuery(r)
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, &problem{http.StatusUnsupportedMediaType, codeBadRequest,
			fmt.Sprintf("the Content-Encoding is %q; send the request uncompressed", coding)}
	}
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := options["charset"]; err != nil || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, unsupported(r)
	}
	switch kind {
	case jsonType:
		return h.readJSON(w, r)
	case "multipart/form-data":
		return h.readForm(w, r)
	default:
		return nil, unsupported(r)
	}
}

func unsupported(r *http.Request) *problem {
	return &problem{http.StatusUnsupportedMediaType, codeBadRequest,
		fmt.Sprintf("the Content-Type is %q; send application/json, or multipart/form-data with files, in UTF-8", r.Header.Get("Content-Type"))}
}

const (
	// shortRequest is up to how many bytes a request is answered at once. Longer ones
	// take turns, because each of them is in memory as a whole.
	shortRequest = 1 << 20
	// longRequests is how many of them are answered at a time.
	longRequests = 8
)

// readJSON has all of a request come before it takes its turn, so that who sends
// slowly keeps nobody waiting.
func (h *Handler) readJSON(w http.ResponseWriter, r *http.Request) (_ *params, failed *problem) {
	if r.ContentLength > h.MaxOperation {
		return nil, tooLarge(h.MaxOperation)
	}
	sent := h.Spool.Content(r.ContentLength)
	defer sent.Close()
	if _, err := sent.ReadFrom(http.MaxBytesReader(w, r.Body, h.MaxOperation)); err != nil {
		return nil, unread(err)
	}
	end := func() {}
	if sent.Size() > shortRequest {
		var problem *problem
		if end, problem = h.takeTurn(r.Context()); problem != nil {
			return nil, problem
		}
	}
	defer func() {
		if failed != nil {
			end()
		}
	}()
	text, err := sent.Bytes()
	if err != nil {
		return nil, unread(err)
	}
	b, problem := parseBody(text)
	if problem != nil {
		return nil, problem
	}
	p := b.params(r.Header)
	p.long = sent.Size() > shortRequest
	p.cleanup = append(p.cleanup, end)
	return p, nil
}

// takeTurn waits until a long request may be answered; end lets the next one have
// its turn.
func (h *Handler) takeTurn(ctx context.Context) (end func(), _ *problem) {
	ctx, cancel := context.WithTimeout(ctx, h.LongWait)
	defer cancel()
	select {
	case h.long <- struct{}{}:
		return func() { <-h.long }, nil
	case <-ctx.Done():
		return nil, &problem{http.StatusServiceUnavailable, codeBusy,
			fmt.Sprintf("%d requests of more than %d bytes are being answered; try again later, or send documents as files", longRequests, shortRequest)}
	}
}

// unread tells why a body could not be read to its end.
func unread(err error) *problem {
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return tooLarge(long.Limit)
	case errors.Is(err, spool.ErrFull):
		return &problem{http.StatusServiceUnavailable, codeBusy, "the requests that are being sent take all the space that the server has for them; try again in a moment"}
	case errors.Is(err, spool.ErrDisk):
		panic(err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &problem{http.StatusRequestTimeout, codeTooSlow, "the request's body came too slowly"}
	}
	return bad("the request's body ended early")
}

// parseBody parses a request, which must be one JSON object and nothing else.
// Numbers stay as they are written.
func parseBody(text []byte) (body, *problem) {
	var b body
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	if len(trimmed) == 0 {
		return b, bad("the request has no body; send JSON such as {\"query\": \"{ __typename }\"}")
	}
	if trimmed[0] != '{' {
		return b, bad("the request's body is not a JSON object; send one operation, such as {\"query\": \"{ __typename }\"}")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err := d.Decode(&b)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		return b, bad("`%s` is of JSON type %s; `query`, `operationName` and `documentId` are strings, `variables` and `extensions` are objects", wrong.Field, wrong.Value)
	case err != nil:
		return b, bad("the request's body is not JSON: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return b, bad("the request's body goes on after its JSON object, at byte %d", d.InputOffset())
	}
	return b, nil
}

// readQuery reads the parameters of a GET request.
func readQuery(r *http.Request) (*params, *problem) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, bad("the URL's query cannot be read: %v", err)
	}
	b := body{Query: q.Get("query"), OperationName: q.Get("operationName"), DocumentID: q.Get("documentId")}
	for name, into := range map[string]*map[string]any{"variables": &b.Variables, "extensions": &b.Extensions} {
		text := q.Get(name)
		if text == "" {
			continue
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		err := d.Decode(into)
		if _, more := d.Token(); err != nil || !errors.Is(more, io.EOF) {
			return nil, bad("the parameter `%s` is not a JSON object", name)
		}
	}
	return b.params(r.Header), nil
}
