package shortcut_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	gocmp "github.com/google/go-cmp/cmp"

	"loadline/graph/dispatch"
	"loadline/graph/shortcut"
	"loadline/graph/shortcut/testserver"
)

// servers are the same server, with shortcuts and without.
func servers() (with, without http.Handler) {
	server := func() *handler.Server {
		srv := handler.New(testserver.NewExecutableSchema(testserver.Config{Resolvers: testserver.Resolver{}}))
		srv.AddTransport(transport.MultipartMixed{})
		srv.AddTransport(transport.POST{})
		srv.Use(&dispatch.Extension{Whole: shortcut.IsWhole})
		return srv
	}
	plain := server()
	plain.Use(shortcut.Off{})
	return server(), plain
}

// part is a part of an answer. Errors are in no order, because fields fail at
// the same time.
type part struct {
	Data   json.RawMessage
	Errors []string
	Path   json.RawMessage
	Label  string
}

func ask(t testing.TB, h http.Handler, query string, variables map[string]any) []part {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(string(body)))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if strings.Contains(query, "@defer") {
		req.Header.Set("Accept", "multipart/mixed")
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	var parts []part
	for _, text := range bodies(t, rec.Result()) {
		parts = append(parts, readParts(t, query, text)...)
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(string(a.Path), string(b.Path)), cmp.Compare(a.Label, b.Label))
	})
	return parts
}

// bodies are the body of a response, or its parts.
func bodies(t testing.TB, resp *http.Response) [][]byte {
	t.Helper()
	kind, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "multipart/mixed" {
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return [][]byte{text}
	}
	var all [][]byte
	for r := multipart.NewReader(resp.Body, params["boundary"]); ; {
		p, err := r.NextPart()
		if err != nil {
			return all
		}
		text, err := io.ReadAll(p)
		if err != nil {
			return all
		}
		all = append(all, text)
	}
}

func readParts(t testing.TB, query string, text []byte) []part {
	t.Helper()
	type raw struct {
		Data        json.RawMessage
		Path        json.RawMessage
		Label       string
		Errors      []json.RawMessage
		Incremental []json.RawMessage
	}
	var r raw
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatalf("%s\nanswer is not JSON: %v: %s", query, err, text)
	}
	var parts []part
	if r.Data != nil || r.Errors != nil {
		p := part{Data: r.Data, Path: r.Path, Label: r.Label}
		for _, e := range r.Errors {
			p.Errors = append(p.Errors, string(e))
		}
		slices.Sort(p.Errors)
		parts = append(parts, p)
	}
	for _, i := range r.Incremental {
		parts = append(parts, readParts(t, query, i)...)
	}
	return parts
}

func same(t *testing.T, with, without http.Handler, query string, variables map[string]any) []part {
	t.Helper()
	want, got := ask(t, without, query, variables), ask(t, with, query, variables)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("%s\n%v\nanswers (-without +with shortcuts):\n%s", query, variables, diff)
	}
	return got
}

const leafFields = `__typename id text strict value { x y } optValue { x y }`

const plainFields = `id text opt small big float flag optFlag tags optTags grid kind optKind kinds stamp optStamp day leaf {` + leafFields + `} optLeaf {` + leafFields + `} optLeaves {` + leafFields + `} values { x y } made { ` + leafFields + `}`

func TestAnswersAreTheSame(t *testing.T) {
	t.Parallel()
	with, without := servers()
	for name, query := range map[string]string{
		"plain":                  `query($n: Int!) { row(n: $n) {` + plainFields + `} }`,
		"list":                   `query($n: Int!) { rows(from: $n, n: 5) {` + plainFields + `} }`,
		"list of one":            `query($n: Int!) { rows(from: $n, n: 1) {` + plainFields + ` slow } }`,
		"empty list":             `{ rows(from: 0, n: 0) { id } leaves(n: 0) { id } }`,
		"null in a list":         `query($n: Int!) { maybe(from: $n, n: 3) { id slow slowLeaf { id } } }`,
		"aliases":                `query($n: Int!) { a: row(n: $n) { id: text text: id a: small b: small l: leaf { z: id y: text } } b: row(n: 3) { id } }`,
		"typename":               `query($n: Int!) { __typename row(n: $n) { __typename t: __typename leaf { __typename } } }`,
		"fragments":              `query($n: Int!) { row(n: $n) { ...A ...A leaf { id } ... { text } ... on Node { id } ... on Row { small } } } fragment A on Row { id leaf { text ...L } slow } fragment L on Leaf { strict }`,
		"skip and include":       `query($n: Int!, $yes: Boolean = true, $no: Boolean = false) { row(n: $n) { id @skip(if: $yes) text @include(if: $yes) leaf @skip(if: $no) { id @include(if: $no) text } ... @include(if: $no) { slow } } }`,
		"nothing selected":       `query($n: Int!, $no: Boolean = false) { row(n: $n) { id @include(if: $no) leaf { id @include(if: $no) } } }`,
		"null where it must not": `query($n: Int!) { row(n: $n) { id strict } must(n: $n) { mustLeaf { id } } }`,
		"null below":             `query($n: Int!) { row(n: $n) { id leaves { ` + leafFields + ` } } maybe(from: $n, n: 4) { mustLeaf { strict } } }`,
		"null in a strict list":  `query($n: Int!) { row(n: $n) { id strictLeaves { id } strictTags } }`,
		"not a number":           `query($n: Int!) { rows(from: $n, n: 4) { wild } }`,
		"failing methods":        `query($n: Int!) { maybe(from: $n, n: 4) { failing mustFailing id } }`,
		"panics":                 `query($n: Int!) { maybe(from: $n, n: 4) { id panics } }`,
		"panics beside others":   `query($n: Int!) { maybe(from: $n, n: 4) { id panics slow leaf { id } } }`,
		"arguments":              `query($n: Int!) { row(n: $n) { repeat a: repeat(times: $n) b: repeat(times: 5) } }`,
		"context":                `query($n: Int!) { row(n: $n) { context id } }`,
		"interfaces":             `query($n: Int!) { node(n: $n) { __typename id ... on Leaf { value { x } } ... on Row { small slow } } row(n: $n) { node { id ... on Row { leaf { id } } } } }`,
		"unions":                 `query($n: Int!) { row(n: $n) { either { __typename ... on Leaf { id strict } ... on Node { text } } } }`,
		"resolvers below":        `query($n: Int!) { row(n: $n) { id next { id slow } nexts { id slow slowLeaf { id } } mustNext { slow } } }`,
		"none below":             `query($n: Int!) { row(n: $n) { id slow next { id next { id nexts { id } } } nexts { id text } } }`,
		"resolvers fail":         `query($n: Int!) { maybe(from: $n, n: 4) { id slowRow { id slowRow { strict } } slowLeaf { id } } }`,
		"lists in lists":         `query($n: Int!) { rows(from: $n, n: 3) { slowRows { id slowRows { slowRows { id text } } slowLeaves { id } } } }`,
		"strict below":           `query($n: Int!) { row(n: $n) { slowRows { id slowRows { strict } } } }`,
		"defer":                  `query($n: Int!) { row(n: $n) { id ... @defer(label: "a") { slow slowRow { id } } next { ... @defer(label: "b") { slowRows { id } } text } } }`,
		"defer what is plain":    `query($n: Int!) { row(n: $n) { id ... @defer { text leaf { id } } } }`,
		"defer in lists":         `query($n: Int!) { row(n: $n) { slowRows { id ... @defer(label: "c") { slowLeaf { id } slow } } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := range 12 {
				got := same(t, with, without, query, map[string]any{"n": n})
				if len(got) == 0 || len(got[0].Data) == 0 {
					t.Fatalf("no answer to %s: %v", query, got)
				}
			}
		})
	}
}

// Queries made by chance find what nobody thought of.
func TestAnswersToRandomQueriesAreTheSame(t *testing.T) {
	t.Parallel()
	with, without := servers()
	failed := 0
	for seed := range uint64(1500) {
		q := &querier{Rand: rand.New(rand.NewPCG(seed, 7))}
		query := q.query()
		for _, p := range same(t, with, without, query, map[string]any{"yes": true, "no": false}) {
			if strings.Contains(fmt.Sprint(p.Errors), "VALIDATION") {
				t.Fatalf("%s: %v", query, p.Errors)
			}
			failed += min(1, len(p.Errors))
		}
	}
	t.Logf("%d of 1500 answers had errors", failed)
}

// querier makes queries.
type querier struct {
	*rand.Rand
	aliases int
}

var (
	scalars = map[string][]string{
		"Row":   {"id", "text", "opt", "strict", "small", "big", "float", "wild", "flag", "optFlag", "tags", "optTags", "strictTags", "grid", "kind", "optKind", "kinds", "stamp", "optStamp", "day", "repeat", "failing", "mustFailing", "panics", "context", "slow", "__typename"},
		"Leaf":  {"id", "text", "strict", "__typename"},
		"Value": {"x", "y", "__typename"},
		"Node":  {"id", "text", "__typename"},
	}
	objects = map[string]map[string]string{
		"Row": {"leaf": "Leaf", "mustLeaf": "Leaf", "optLeaf": "Leaf", "leaves": "Leaf", "optLeaves": "Leaf", "strictLeaves": "Leaf", "values": "Value", "made": "Leaf", "node": "Node",
			"next": "Row", "mustNext": "Row", "nexts": "Row", "slowRow": "Row", "slowRows": "Row", "slowLeaf": "Leaf", "slowLeaves": "Leaf"},
		"Leaf": {"value": "Value", "optValue": "Value"},
		"Node": {},
	}
)

func (q *querier) query() string {
	var b strings.Builder
	b.WriteString("query($yes: Boolean!, $no: Boolean!) { _: __typename @skip(if: $no) @include(if: $yes) ")
	for range 1 + q.IntN(3) {
		n := q.IntN(12)
		root := [...]string{"row(n: %d)", "must(n: %d)", "rows(from: %d, n: 3)", "maybe(from: %d, n: 3)"}[q.IntN(4)]
		fmt.Fprintf(&b, "%s: "+root+" %s ", q.alias(), n, q.selection("Row", 3))
	}
	return b.String() + "}"
}

func (q *querier) alias() string {
	q.aliases++
	return fmt.Sprint("a", q.aliases)
}

func (q *querier) selection(of string, depth int) string {
	var b strings.Builder
	b.WriteString("{ " + q.alias() + ": __typename ")
	for range 1 + q.IntN(5) {
		directive := [...]string{"", "", "", " @skip(if: $no)", " @include(if: $no)", " @include(if: $yes)"}[q.IntN(6)]
		names := make([]string, 0, len(objects[of]))
		for name := range objects[of] {
			names = append(names, name)
		}
		slices.Sort(names)
		switch kind := q.IntN(8); {
		case kind == 0 && of != "Value":
			on := [...]string{"", " on " + of, " on Node"}[q.IntN(3)]
			in := of
			if on == " on Node" {
				in = "Node"
			}
			b.WriteString("... " + on + directive + q.selection(in, depth-1))
		case kind < 4 && depth > 0 && len(names) > 0:
			name := names[q.IntN(len(names))]
			b.WriteString(q.alias() + ": " + name + directive + q.selection(objects[of][name], depth-1))
		default:
			name := scalars[of][q.IntN(len(scalars[of]))]
			if q.IntN(2) == 0 {
				b.WriteString(q.alias() + ": ")
			} else if of == "Node" || q.IntN(2) == 0 {
				b.WriteString(q.alias() + ": ")
			}
			b.WriteString(name + directive)
		}
		b.WriteByte(' ')
	}
	return b.String() + "}"
}
