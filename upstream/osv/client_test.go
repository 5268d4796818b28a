package osv_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/upstream"
	"loadline/upstream/osv"
	"loadline/upstream/upstreamtest"
)

func kind(err error) upstream.Kind {
	var e *upstream.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if errors.Is(err, upstream.ErrNotFound) {
		return "NOT_FOUND"
	}
	if err != nil {
		return "OTHER"
	}
	return ""
}

func kinds(results []osv.Result) []upstream.Kind {
	all := make([]upstream.Kind, len(results))
	for i, r := range results {
		all[i] = kind(r.Err)
	}
	return all
}

func ids(r osv.Result) string {
	var all []string
	for _, ref := range r.Refs {
		all = append(all, ref.ID)
	}
	return strings.Join(all, " ")
}

// named returns a query per name.
func named(names ...string) []osv.Query {
	queries := make([]osv.Query, len(names))
	for i, name := range names {
		queries[i] = osv.Query{Ecosystem: "npm", Name: name, Version: "1.0.0"}
	}
	return queries
}

type request struct {
	Queries []query `json:"queries"`
}

type query struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Version   string `json:"version"`
	PageToken string `json:"page_token"`
}

func (r request) names() string {
	var all []string
	for _, q := range r.Queries {
		all = append(all, q.Package.Name+q.PageToken)
	}
	return strings.Join(all, " ")
}

// api answers querybatch with what h writes, and keeps the requests.
type api struct {
	mu       sync.Mutex
	requests []request
	url      string
}

func newAPI(t *testing.T, h func(w http.ResponseWriter, r request)) *api {
	a := &api{}
	a.url = upstreamtest.Serve(t, func(w http.ResponseWriter, hr *http.Request) {
		var r request
		if err := json.NewDecoder(hr.Body).Decode(&r); err != nil {
			t.Error(err)
		}
		a.mu.Lock()
		a.requests = append(a.requests, r)
		a.mu.Unlock()
		h(w, r)
	})
	return a
}

func (a *api) asked() []string {
	var all []string
	for _, r := range a.requests {
		all = append(all, r.names())
	}
	return all
}

// results answers with one text per query.
func results(w http.ResponseWriter, r request, each func(q query) string) {
	var all []string
	for _, q := range r.Queries {
		all = append(all, each(q))
	}
	fmt.Fprintf(w, `{"results":[%s]}`, strings.Join(all, ","))
}

// vuln is a result with one id, made of the package's name.
func vuln(q query) string { return fmt.Sprintf(`{"vulns":[{"id":"V-%s"}]}`, q.Package.Name) }

func refuse(w http.ResponseWriter, index int, why string) {
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `{"code":3,"message":"error in query at index %d: rpc error: code = InvalidArgument desc = %s"}`, index, why)
}

func TestQueryBatchIsCutAndOrdered(t *testing.T) {
	t.Parallel()
	a := newAPI(t, func(w http.ResponseWriter, r request) {
		if len(r.Queries) > osv.MaxQueries {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		results(w, r, vuln)
	})
	var names []string
	for i := range 2500 {
		names = append(names, fmt.Sprint("p", i))
	}
	got, err := osv.New(a.url+"/", upstreamtest.Client(t, upstream.OSV)).QueryBatch(t.Context(), named(names...))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got {
		if r.Err != nil || ids(r) != "V-"+names[i] {
			t.Fatalf("result %d is %q, error %v", i, ids(r), r.Err)
		}
	}
	var sizes []int
	for _, r := range a.requests {
		sizes = append(sizes, len(r.Queries))
	}
	slices.Sort(sizes)
	if diff := cmp.Diff([]int{500, 1000, 1000}, sizes); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestFailedBatchCostsOnlyItsQueries(t *testing.T) {
	t.Parallel()
	a := newAPI(t, func(w http.ResponseWriter, r request) {
		if r.Queries[0].Package.Name == "p1000" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		results(w, r, vuln)
	})
	var names []string
	for i := range 2001 {
		names = append(names, fmt.Sprint("p", i))
	}
	got, err := osv.New(a.url, upstreamtest.Client(t, upstream.OSV)).QueryBatch(t.Context(), named(names...))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got {
		want := upstream.Kind("")
		if i >= 1000 && i < 2000 {
			want = upstream.Status
		}
		if kind(r.Err) != want {
			t.Fatalf("result %d: error %v, want %q", i, r.Err, want)
		}
	}
}

func TestPagesAreFollowed(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"a":      `{"vulns":[{"id":"A1"},{"id":"A2"}],"next_page_token":"-2"}`,
		"a-2":    `{"next_page_token":"-3"}`, // only a token
		"a-3":    `{"vulns":[{"id":"A3"}]}`,
		"b":      `{}`,
		"c":      `{"vulns":[{"id":"C1"}],"next_page_token":"-2"}`,
		"c-2":    `{"vulns":[{"id":"C2"}]}`,
		"loop":   `{"vulns":[{"id":"L1"}],"next_page_token":"-1"}`,
		"loop-1": `{"vulns":[{"id":"L2"}],"next_page_token":"-1"}`,
	}
	a := newAPI(t, func(w http.ResponseWriter, r request) {
		results(w, r, func(q query) string {
			if q.Version != "1.0.0" || q.Package.Ecosystem != "npm" {
				t.Errorf("the query has changed: %+v", q)
			}
			return pages[q.Package.Name+q.PageToken]
		})
	})
	got, err := osv.New(a.url, upstreamtest.Client(t, upstream.OSV)).QueryBatch(t.Context(), named("a", "b", "c", "loop"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a b c loop", "a-2 c-2 loop-1", "a-3"}
	if diff := cmp.Diff(want, a.asked()); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	var found []string
	for _, r := range got {
		found = append(found, ids(r))
	}
	if diff := cmp.Diff([]string{"A1 A2 A3", "", "C1 C2", "L1 L2"}, found); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]upstream.Kind{"", "", "", upstream.BadAnswer}, kinds(got)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestEndlessPagesEnd(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	a := newAPI(t, func(w http.ResponseWriter, r request) {
		results(w, r, func(query) string { return fmt.Sprintf(`{"next_page_token":"%d"}`, n.Add(1)) })
	})
	got, err := osv.New(a.url, upstreamtest.Client(t, upstream.OSV)).QueryBatch(t.Context(), named("a"))
	if err != nil || kind(got[0].Err) != upstream.BadAnswer {
		t.Errorf("errors %v, %v; want %s", err, got[0].Err, upstream.BadAnswer)
	}
}

func TestBadQueryCostsOnlyItself(t *testing.T) {
	t.Parallel()
	// As the service does, report the first query that is bad.
	a := newAPI(t, func(w http.ResponseWriter, r request) {
		for i, q := range r.Queries {
			switch {
			case strings.HasPrefix(q.Package.Name, "odd"):
				refuse(w, i, "odd name")
				return
			case q.Package.Ecosystem == "Atlantis":
				refuse(w, i, "invalid ecosystem")
				return
			}
		}
		results(w, r, vuln)
	})
	queries := named("a", "odd1", "b", "odd2", "c", "d", "e", "f")
	for _, i := range []int{4, 5, 6} {
		queries[i].Ecosystem = "Atlantis"
	}
	got, err := osv.New(a.url, upstreamtest.Client(t, upstream.OSV)).QueryBatch(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	bad := upstream.BadQuery
	if diff := cmp.Diff([]upstream.Kind{"", bad, "", bad, bad, bad, bad, ""}, kinds(got)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	for _, i := range []int{0, 2, 7} {
		if ids(got[i]) != "V-"+queries[i].Name {
			t.Errorf("result %d is %q", i, ids(got[i]))
		}
	}
	// An ecosystem that is refused once is not tried again.
	want := []string{"a odd1 b odd2 c d e f", "a b odd2 c d e f", "a b c d e f", "a b f"}
	if diff := cmp.Diff(want, a.asked()); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestQueryBatchFaults(t *testing.T) {
	t.Parallel()
	answer := func(text string) func(http.ResponseWriter, request) {
		return func(w http.ResponseWriter, _ request) { io.WriteString(w, text) }
	}
	bad, lie := upstream.BadQuery, upstream.BadAnswer
	for name, test := range map[string]struct {
		answer func(http.ResponseWriter, request)
		want   []upstream.Kind
		calls  int
	}{
		"too few results":      {answer(`{"results":[{}]}`), []upstream.Kind{lie, lie}, 1},
		"too many results":     {answer(`{"results":[{},{},{}]}`), []upstream.Kind{lie, lie}, 1},
		"no results":           {answer(`{}`), []upstream.Kind{lie, lie}, 1},
		"null":                 {answer(`null`), []upstream.Kind{lie, lie}, 1},
		"not JSON":             {answer(`<html>`), []upstream.Kind{lie, lie}, 1},
		"cut JSON":             {answer(`{"results":[{},`), []upstream.Kind{lie, lie}, 1},
		"a null result":        {answer(`{"results":[null,{}]}`), []upstream.Kind{lie, ""}, 1},
		"a result of a kind":   {answer(`{"results":[{},{"vulns":7}]}`), []upstream.Kind{"", lie}, 1},
		"a nameless record":    {answer(`{"results":[{},{"vulns":[{"modified":"2026-01-01T00:00:00Z"}]}]}`), []upstream.Kind{"", lie}, 1},
		"an unheard-of date":   {answer(`{"results":[{},{"vulns":[{"id":"A","modified":"yesterday"}]}]}`), []upstream.Kind{"", ""}, 1},
		"bad index":            {func(w http.ResponseWriter, _ request) { refuse(w, 2, "odd") }, []upstream.Kind{bad, bad}, 1},
		"400 without an index": {func(w http.ResponseWriter, _ request) { w.WriteHeader(400); io.WriteString(w, `{"message":"no"}`) }, []upstream.Kind{bad, bad}, 1},
		"400 without JSON":     {func(w http.ResponseWriter, _ request) { w.WriteHeader(400); io.WriteString(w, `no`) }, []upstream.Kind{bad, bad}, 1},
		"504 for ever":         {func(w http.ResponseWriter, _ request) { w.WriteHeader(504) }, []upstream.Kind{upstream.Status, upstream.Status}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, test.answer)
			got, err := osv.New(a.url, upstreamtest.Client(t, upstream.OSV)).QueryBatch(t.Context(), named("a", "b"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, kinds(got)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if len(a.requests) != test.calls {
				t.Errorf("%d calls, want %d", len(a.requests), test.calls)
			}
		})
	}
}

func TestQueriesThatAreNotSent(t *testing.T) {
	t.Parallel()
	a := newAPI(t, func(w http.ResponseWriter, r request) { results(w, r, vuln) })
	got, err := osv.New(a.url, upstreamtest.Client(t, upstream.OSV)).QueryBatch(t.Context(), []osv.Query{
		{},
		{Commit: "main"},
		{Name: "a"},
		{Name: "a", PURL: "pkg:npm/a@1"},
		{Ecosystem: "npm"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got {
		if kind(r.Err) != upstream.BadQuery {
			t.Errorf("query %d: error %v, want %s", i, r.Err, upstream.BadQuery)
		}
	}
	if len(a.requests) != 0 {
		t.Errorf("%d calls, want none", len(a.requests))
	}
}

func TestQueryBatchOfflineAndCancelled(t *testing.T) {
	t.Parallel()
	up := upstreamtest.ClientWith(t, upstream.OSV, upstream.Options{Offline: true})
	got, err := osv.New("http://upstream.invalid", up).QueryBatch(t.Context(), named("a"))
	if err != nil || kind(got[0].Err) != upstream.Offline {
		t.Errorf("offline: errors %v, %v", err, got[0].Err)
	}
	arrived := make(chan struct{}, 1)
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	got, err = osv.New(url, upstreamtest.Client(t, upstream.OSV)).QueryBatch(ctx, named("a"))
	if !errors.Is(err, context.Canceled) || kind(got[0].Err) != upstream.Cancelled {
		t.Errorf("cancelled: errors %v, %v", err, got[0].Err)
	}
}

func record(id string) string {
	return fmt.Sprintf(`{"id":%q,"modified":"2026-01-02T03:04:05Z"}`, id)
}

func TestVulns(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		switch id := strings.TrimPrefix(r.URL.EscapedPath(), "/mirror/v1/vulns/"); id {
		case "GHSA-1", "GHSA-2", "A%2F..%2FB%25":
			io.WriteString(w, record(r.URL.Path[len("/mirror/v1/vulns/"):]))
		case "CVE-1":
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `{"message":"Vulnerability not found, but the following aliases were: GHSA-1 CVE-1 GO-1","code":5}`)
		case "CVE-2":
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `Bug not found.`)
		case "LIE-1":
			io.WriteString(w, record("LIE-2"))
		case "TEXT-1":
			io.WriteString(w, `sorry`)
		case "DOWN-1":
			w.WriteHeader(http.StatusInternalServerError)
		default:
			t.Errorf("asked for %q", id)
		}
	})
	asked := []string{"GHSA-2", "CVE-1", "LIE-1", "GHSA-1", "TEXT-1", "GHSA-2", "CVE-2", "DOWN-1", "A/../B%", strings.Repeat("x", 101), "", "..", "a b"}
	c := osv.New(url+"/mirror/", upstreamtest.Client(t, upstream.OSV))
	got := c.Vulns(t.Context(), asked)
	want := []upstream.Kind{"", "NOT_FOUND", upstream.BadAnswer, "", upstream.BadAnswer, "", "NOT_FOUND", upstream.Status, "", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"}
	for i, r := range got {
		if kind(r.Err) != want[i] {
			t.Errorf("%q: error %v, want %q", asked[i], r.Err, want[i])
		}
		if r.Err == nil && (r.Advisory.ID != asked[i] || string(r.Raw) != record(asked[i])) {
			t.Errorf("%q: got %q, %s", asked[i], r.Advisory.ID, r.Raw)
		}
		if r.Err == nil && !r.Advisory.Modified.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) {
			t.Errorf("%q: modified %v", asked[i], r.Advisory.Modified)
		}
	}
	var missing *osv.NotFoundError
	if !errors.As(got[1].Err, &missing) {
		t.Fatalf("error %v", got[1].Err)
	}
	if diff := cmp.Diff([]string{"GHSA-1", "GO-1"}, missing.Aliases); diff != "" {
		t.Errorf("aliases (-want +got):\n%s", diff)
	}
	// Eight different ids that can be, one of them four times.
	if n := calls.Load(); n != 8+3 {
		t.Errorf("%d calls, want 11", n)
	}
}

func TestVulnsAtOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ ids, hydrators, atOnce int }{
		"all of a batch": {250, 0, 250},
		"as configured":  {20, 4, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now, most atomic.Int64
			full := make(chan struct{})
			url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				n := now.Add(1)
				defer now.Add(-1)
				if n > most.Load() {
					most.Store(n)
				}
				if n == int64(test.atOnce) {
					select {
					case <-full:
					default:
						close(full)
					}
				}
				<-full
				io.WriteString(w, record(strings.TrimPrefix(r.URL.Path, "/v1/vulns/")))
			})
			c := osv.New(url, upstreamtest.Client(t, upstream.OSV))
			c.Hydrators = test.hydrators
			var asked []string
			for i := range test.ids {
				asked = append(asked, fmt.Sprint("V-", i))
			}
			for i, r := range c.Vulns(t.Context(), asked) {
				if r.Err != nil || r.Advisory.ID != asked[i] {
					t.Fatalf("%s: got %s, error %v", asked[i], r.Advisory.ID, r.Err)
				}
			}
			if n := most.Load(); n > int64(test.atOnce) {
				t.Errorf("%d at once, want at most %d", n, test.atOnce)
			}
		})
	}
}
