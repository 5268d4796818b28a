package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/gzip"
	"github.com/vektah/gqlparser/v2/ast"

	"loadline/cache"
	"loadline/enrich"
	"loadline/store"
)

const (
	// answerBytes is how much memory whole answers may take.
	answerBytes = 48 << 20
	// maxReused is the longest request whose answer is kept.
	maxReused = 64 << 10
	// minCompressed is the length from which it pays to compress an answer.
	minCompressed = 1 << 10
)

// reuse answers requests again with the same bytes, as long as nothing has been
// written since that an answer may be made of, on this node or another, and no
// fact in it has ended to be fresh. A request is the same when its bytes are;
// who does not want that sends Cache-Control: no-store.
type reuse struct {
	next     http.Handler
	follower *store.Follower
	now      func() time.Time
	answers  *cache.Table[string, struct{}, *kept]
}

func newReuse(next http.Handler, f *store.Follower, now func() time.Time) *reuse {
	return &reuse{next: next, follower: f, now: now, answers: cache.New[string, struct{}, *kept](answerBytes)}
}

// kept is an answer that may be given again.
type kept struct {
	generation int64
	until      time.Time
	kind       string // its media type
	etag       string
	body       []byte
	compressed func() []byte
}

// keeping is filled by the response to a request whose answer may be kept.
type keeping struct {
	header http.Header
	made   *kept
}

type keepingKey struct{}

// ServeHTTP answers a request with what is kept, or has it answered.
func (u *reuse) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, ok := requestKey(r)
	if !ok {
		u.next.ServeHTTP(w, r)
		return
	}
	if a, ok := u.answers.Get(key); ok && u.holds(r.Context(), a) {
		a.serve(w, r)
		return
	}
	k := &keeping{header: w.Header()}
	if r.Method != http.MethodPost {
		w = &conditional{ResponseWriter: w, match: r.Header.Get("If-None-Match")}
	}
	u.next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), keepingKey{}, k)))
	if k.made != nil {
		k.made.kind = k.header.Get("Content-Type")
		u.answers.Put(key, k.made, len(k.made.body)+len(key)+500, u.answers.Now())
	}
}

func (u *reuse) holds(ctx context.Context, a *kept) bool {
	generation, err := u.follower.CatchUp(ctx)
	return err == nil && generation == a.generation && u.now().Before(a.until)
}

// requestKey is what the answer to a request depends on, but for the data; false
// when it is not to be kept.
func requestKey(r *http.Request) (string, bool) {
	h := r.Header
	if h.Get("Upgrade") != "" || h.Get(traceHeader) != "" || strings.Contains(h.Get("Cache-Control"), "no-store") {
		return "", false
	}
	if site := h.Get("Sec-Fetch-Site"); site != "same-origin" && site != "none" && (site != "" || h.Get("Origin") != "") {
		return "", false
	}
	var key strings.Builder
	key.WriteString(h.Get("Accept"))
	key.WriteByte('\n')
	switch r.Method {
	case http.MethodGet:
		if len(r.URL.RawQuery) > maxReused {
			return "", false
		}
		key.WriteByte('?')
		key.WriteString(r.URL.RawQuery)
	case http.MethodPost:
		if r.ContentLength <= 0 || r.ContentLength > maxReused || h.Get("Content-Encoding") != "" {
			return "", false
		}
		key.WriteString(h.Get("Content-Type"))
		key.WriteByte('\n')
		start := key.Len()
		n, err := io.Copy(&key, r.Body)
		body := key.String()[start:]
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(strings.NewReader(body), failing{err}), r.Body}
		if err != nil || n != r.ContentLength {
			return "", false
		}
	default:
		return "", false
	}
	return key.String(), true
}

// failing is the end of a body that could not be read whole.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}

// serve writes the answer, or that it has not changed.
func (a *kept) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", a.etag)
	h.Set("Cache-Control", "private, no-cache")
	h["Vary"] = []string{"Accept", "Accept-Encoding"}
	if r.Method != http.MethodPost && matches(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if len(body) >= minCompressed && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.compressed()
	}
	h.Set("Content-Type", a.kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// acceptsGzip reports whether a client takes gzip. One that weighs its encodings
// gets what was not compressed.
func acceptsGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		if strings.TrimSpace(coding) == "gzip" {
			return true
		}
	}
	return false
}

// matches says whether a list of entity tags has this one.
func matches(list, etag string) bool {
	for tag := range strings.SplitSeq(list, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
			return etag != ""
		}
	}
	return false
}

// conditional makes an answer that the client has already one without a body.
type conditional struct {
	http.ResponseWriter
	match     string
	began     bool
	unchanged bool
}

// WriteHeader begins the answer.
func (c *conditional) WriteHeader(status int) {
	c.began = true
	if status == http.StatusOK && c.match != "" && matches(c.match, c.Header().Get("ETag")) {
		c.unchanged = true
		c.Header().Del("Content-Length")
		c.Header().Del("Content-Encoding")
		c.Header().Del("Content-Type")
		status = http.StatusNotModified
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write writes a part of the answer.
func (c *conditional) Write(b []byte) (int, error) {
	if !c.began {
		c.WriteHeader(http.StatusOK)
	}
	if c.unchanged {
		return len(b), nil
	}
	return c.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer below.
func (c *conditional) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// keep has the response kept, if it may be: all that it is made of is in the
// database as of the generation or in the recall.
func keep(ctx context.Context, resp *graphql.Response, generation int64, recall *enrich.Recall) {
	k, _ := ctx.Value(keepingKey{}).(*keeping)
	if k == nil || recall == nil || len(resp.Errors) > 0 || resp.HasNext != nil || len(resp.Data) == 0 {
		return
	}
	oc := graphql.GetOperationContext(ctx)
	until, known := recall.Until()
	reported, ok := resp.Extensions["cost"].(costReport)
	if !known || !ok || len(resp.Extensions) != 1 || oc.Operation.Operation != ast.Query || !lasts(oc.Operation.SelectionSet) {
		return
	}
	reported.SQLStatements, reported.UpstreamCalls, reported.CacheHits = 1, 0, 1
	cost, err := json.Marshal(reported)
	if err != nil {
		return
	}
	var body bytes.Buffer
	body.Grow(len(resp.Data) + len(cost) + 40)
	body.WriteString(`{"data":`)
	body.Write(resp.Data)
	body.WriteString(`,"extensions":{"cost":`)
	body.Write(cost)
	body.WriteString("}}")
	k.made = &kept{generation: generation, until: until, body: body.Bytes(), etag: etagOf(resp.Data)}
	k.made.compressed = sync.OnceValue(func() []byte { return compress(k.made.body) })
	k.header.Set("ETag", k.made.etag)
	k.header.Set("Cache-Control", "private, no-cache")
}

// etagOf is weak: what an answer has cost may differ.
func etagOf(data []byte) string {
	return `W/"` + strconv.FormatUint(xxhash.Sum64(data), 36) + "-" + strconv.FormatInt(int64(len(data)), 36) + `"`
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		panic(err) // of a level that is a constant
	}
	_, err = z.Write(body)
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err) // of a buffer that takes everything
	}
	return b.Bytes()
}

// lasting are the types whose objects change only with the database, and facts in
// them at times that are known.
var lasting = map[string]bool{
	"Query": true, "PageInfo": true, "Node": true,
	"Project": true, "ProjectConnection": true, "ProjectEdge": true,
	"Release": true, "ReleaseConnection": true, "ReleaseEdge": true,
	"ReleaseChange": true, "ReleaseChangeConnection": true, "ReleaseChangeEdge": true,
	"Bom": true, "BomConnection": true, "BomEdge": true,
	"BomWarning": true, "BomWarningConnection": true, "BomWarningEdge": true,
	"Component": true, "ComponentConnection": true, "ComponentEdge": true,
	"License": true, "Hash": true,
	"Package": true, "PackageVersion": true, "PackageVersionConnection": true, "PackageVersionEdge": true,
	"Finding": true, "Triage": true, "TriageConnection": true, "TriageEdge": true,
	"Vulnerability": true, "Advisory": true, "Severity": true, "Epss": true, "Kev": true, "SourceStatus": true,
}

// lasts reports whether all objects that are selected are of lasting types.
func lasts(set ast.SelectionSet) bool {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if s.ObjectDefinition == nil || !lasting[s.ObjectDefinition.Name] || !lasts(s.SelectionSet) {
				return false
			}
		case *ast.InlineFragment:
			if !lasts(s.SelectionSet) {
				return false
			}
		case *ast.FragmentSpread:
			if s.Definition == nil || !lasts(s.Definition.SelectionSet) {
				return false
			}
		}
	}
	return true
}
