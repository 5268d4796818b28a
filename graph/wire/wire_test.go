package wire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"loadline/graph/wire"
	"loadline/graph/wire/testserver"
	"loadline/graph/wire/wiretest"
)

// serve starts a server of the test schema. Errors that a resolver returns are
// masked, as any server should.
func serve(t testing.TB, o wire.Options) string {
	t.Helper()
	o.Log = slog.New(slog.DiscardHandler)
	o.Present = func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		if shown.Unwrap() != nil {
			shown.Message = "masked"
		}
		return shown
	}
	o.Recover = func(context.Context, any) error { return gqlerror.Errorf("masked") }
	es := testserver.NewExecutableSchema(testserver.Config{Resolvers: &testserver.Resolver{}})
	server := httptest.NewServer(wire.New(es, o))
	t.Cleanup(server.Close)
	return server.URL
}

// request is a request; its zero value posts an empty body as JSON.
type request struct {
	method, path, body string
	header             map[string]string
}

func post(query string, variables ...any) request {
	b := map[string]any{"query": query}
	if len(variables) > 0 {
		b["variables"] = variables[0]
	}
	text, err := json.Marshal(b)
	if err != nil {
		panic(err)
	}
	return request{body: string(text)}
}

func (r request) with(name, value string) request {
	header := map[string]string{name: value}
	for k, v := range r.header {
		if k != name {
			header[k] = v
		}
	}
	r.header = header
	return r
}

func get(params ...string) request {
	q := make(url.Values)
	for i := 0; i < len(params); i += 2 {
		q.Set(params[i], params[i+1])
	}
	return request{method: http.MethodGet, path: "?" + q.Encode()}
}

// answer is a response that has been read.
type answer struct {
	status int
	header http.Header
	text   string
}

func (a answer) kind() string { return strings.SplitN(a.header.Get("Content-Type"), ";", 2)[0] }

func send(t testing.TB, base string, r request) answer {
	t.Helper()
	method := r.method
	if method == "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), method, base+r.path, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	resp, text := wiretest.Exchange(t, req)
	return answer{resp.StatusCode, resp.Header, text}
}

const (
	jsonType     = "application/json"
	responseType = "application/graphql-response+json"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{MaxOperation: 1 << 20})
	motto := post("{ motto }")
	for name, test := range map[string]struct {
		request request
		status  int
		kind    string // its Content-Type
		want    string // what the answer begins with
	}{
		"without Accept":                      {motto, 200, jsonType, `{"data":{"motto":`},
		"for any type":                        {motto.with("Accept", "*/*"), 200, jsonType, `{"data":`},
		"for any application type":            {motto.with("Accept", "application/*"), 200, jsonType, `{"data":`},
		"for the type of GraphQL over HTTP":   {motto.with("Accept", responseType), 200, responseType, `{"data":`},
		"for the type that is liked better":   {motto.with("Accept", jsonType+";q=0.2, "+responseType+";q=0.9"), 200, responseType, `{"data":`},
		"for a type that is not refused":      {motto.with("Accept", responseType+";q=0, "+jsonType), 200, jsonType, `{"data":`},
		"JSON before streams":                 {motto.with("Accept", responseType+", "+jsonType+", text/event-stream, multipart/mixed"), 200, responseType, `{"data":`},
		"multipart beside JSON":               {motto.with("Accept", "multipart/mixed;deferSpec=20220824, "+responseType+", "+jsonType+";q=0.9"), 200, responseType, `{"data":`},
		"with an offer of HTTP/2":             {motto.with("Connection", "Upgrade, HTTP2-Settings").with("Upgrade", "h2c").with("HTTP2-Settings", "AAMAAABk"), 200, jsonType, `{"data":`},
		"for a picture":                       {motto.with("Accept", "image/png"), 406, responseType, `{"errors":[{"message":"none of the accepted media types`},
		"by GET":                              {get("query", "{ motto }"), 200, jsonType, `{"data":`},
		"by GET with variables":               {get("query", "query($v: Int!) { int(value: $v) }", "variables", `{"v":7}`), 200, jsonType, `{"data":{"int":7}}`},
		"by HEAD":                             {request{method: "HEAD", path: "?query=%7Bmotto%7D"}, 200, jsonType, ""},
		"OPTIONS":                             {request{method: "OPTIONS"}, 204, "", ""},
		"PUT":                                 {request{method: "PUT"}, 405, jsonType, `{"errors":[{"message":"the method is PUT`},
		"a mutation by GET":                   {get("query", "mutation { count }"), 405, jsonType, `{"errors":[{"message":"a mutation has to be sent by POST`},
		"a subscription that cannot stream":   {post("subscription { tick }"), 406, jsonType, `{"errors":[{"message":"a subscription is answered by WebSocket`},
		"variables that are no JSON":          {get("query", "{ motto }", "variables", "{"), 400, jsonType, "{\"errors\":[{\"message\":\"the parameter `variables` is not"},
		"variables and something behind them": {get("query", "{ motto }", "variables", "{} {}"), 400, jsonType, "{\"errors\":[{\"message\":\"the parameter `variables` is not"},
		"compressed":                          {motto.with("Content-Encoding", "gzip"), 415, jsonType, `{"errors":[{"message":"the Content-Encoding is \"gzip\"; send the request uncompressed`},
		"not compressed, and said so":         {motto.with("Content-Encoding", "identity"), 200, jsonType, `{"data":`},
		"a bad escape":                        {request{method: "GET", path: "?query=%zz"}, 400, jsonType, `{"errors":[{"message":"the URL's query`},
		"XML":                                 {motto.with("Content-Type", "application/xml"), 415, jsonType, `{"errors":[{"message":"the Content-Type is \"application/xml\"`},
		"UTF-16":                              {motto.with("Content-Type", "application/json; charset=utf-16"), 415, jsonType, `{"errors":`},
		"no body":                             {request{}, 400, jsonType, `{"errors":[{"message":"the request has no body`},
		"half a body":                         {request{body: `{"query":`}, 400, jsonType, `{"errors":[{"message":"the request's body is not JSON`},
		"a list":                              {request{body: `[]`}, 400, jsonType, `{"errors":[{"message":"the request's body is not a JSON object`},
		"null":                                {request{body: `null`}, 400, jsonType, `{"errors":`},
		"more than one object":                {request{body: `{"query":"{ motto }"} {}`}, 400, jsonType, `{"errors":[{"message":"the request's body goes on`},
		"no query":                            {request{body: `{}`}, 400, jsonType, "{\"errors\":[{\"message\":\"give the operation as `query`"},
		"a query that is a number":            {request{body: `{"query":1}`}, 400, jsonType, "{\"errors\":[{\"message\":\"`query` is of JSON type number"},
		"variables that are a list":           {request{body: `{"query":"{ motto }","variables":[]}`}, 400, jsonType, "{\"errors\":[{\"message\":\"`variables` is of"},
		"too long":                            {request{body: `{"query":"{ motto }","variables":{"x":"` + strings.Repeat("x", 1<<20) + `"}}`}, 413, jsonType, `{"errors":[{"message":"the request is too long`},
		"a syntax error, for older clients":   {post("{"), 200, jsonType, `{"errors":[{"message":"Expected Name, found \u003cEOF\u003e","locations"`},
		"a syntax error":                      {post("{").with("Accept", responseType), 400, responseType, `{"errors":[`},
		"an unknown field, for older clients": {post("{ mot }"), 200, jsonType, `{"errors":[{"message":"Cannot query field \"mot\" on type \"Query\". Did you mean \"motto\"`},
		"an unknown field":                    {post("{ mot }").with("Accept", responseType), 400, responseType, `{"errors":[`},
		"an unknown field, for a stream":      {post("{ mot }").with("Accept", "multipart/mixed"), 400, responseType, `{"errors":[`},
		"a missing variable":                  {post("query($v: Int!) { int(value: $v) }").with("Accept", responseType), 400, responseType, `{"errors":[{"message":"must be defined","path":["variable","v"],"extensions":{"code":"BAD_USER_INPUT"}`},
		"no operation of that name":           {request{body: `{"query":"query A { motto }","operationName":"B"}`}, 200, jsonType, `{"errors":[{"message":"operation B not found"`},
		"a field that fails":                  {post("{ motto fails }").with("Accept", responseType), 200, responseType, `{"errors":[{"message":"masked","path":["fails"]`},
		"a field that panics":                 {post("{ panics }"), 200, jsonType, `{"errors":[{"message":"masked"`},
		"a field that must not fail":          {post("{ mustFail }"), 200, jsonType, `{"errors":[{"message":"masked"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := send(t, base, test.request)
			if a.status != test.status || a.kind() != test.kind || !strings.HasPrefix(a.text, test.want) {
				t.Errorf("%d %s %.300s\nwant %d %s %s…", a.status, a.kind(), a.text, test.status, test.kind, test.want)
			}
			if a.text != "" && !json.Valid([]byte(a.text)) {
				t.Errorf("not JSON: %s", a.text)
			}
			if strings.Contains(a.text, "hunter2") {
				t.Errorf("the answer tells a secret: %s", a.text)
			}
			if a.status == http.StatusMethodNotAllowed && a.header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			if a.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("no nosniff")
			}
			// The specification: what was never executed has no data, not even null.
			executed := strings.Contains(a.text, `"path":["fails"]`) || strings.Contains(a.text, "masked") || strings.HasPrefix(a.text, `{"data"`)
			if has := strings.Contains(a.text, `"data":`); a.text != "" && has != executed {
				t.Errorf("has data is %t: %s", has, a.text)
			}
		})
	}
}

func TestForeignPages(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	host := strings.TrimPrefix(base, "http://")
	for name, test := range map[string]struct {
		request request
		status  int
	}{
		"a program":                     {post("{ motto }"), 200},
		"a page of ours":                {post("{ motto }").with("Origin", "http://"+host).with("Sec-Fetch-Site", "same-origin"), 200},
		"a page of ours, older browser": {post("{ motto }").with("Origin", "http://"+host), 200},
		"a page of ours behind a proxy": {post("{ motto }").with("Origin", "https://loadline.example").with("Sec-Fetch-Site", "same-origin"), 200},
		"another site":                  {post("mutation { count }").with("Origin", "https://evil.example"), 403},
		"another site's frame":          {post("mutation { count }").with("Origin", "null"), 403},
		"another site's text":           {post("mutation { count }").with("Content-Type", "text/plain").with("Sec-Fetch-Site", "cross-site"), 403},
		"a sister site":                 {post("mutation { count }").with("Sec-Fetch-Site", "same-site"), 403},
		"another site by GET":           {get("query", "{ motto }").with("Sec-Fetch-Site", "cross-site"), 403},
		"another site's event source":   {get("query", "subscription { tick }").with("Origin", "https://evil.example").with("Accept", "text/event-stream"), 403},
		"an address that was typed":     {get("query", "{ motto }").with("Sec-Fetch-Site", "none"), 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a := send(t, base, test.request); a.status != test.status {
				t.Errorf("%d %s, want %d", a.status, a.text, test.status)
			}
		})
	}
}

func TestHiddenSchema(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{HideSchema: true})
	for name, query := range map[string]string{
		"introspection":               "{ __schema { types { name } } }",
		"a type":                      `{ __type(name: "Query") { name } }`,
		"in a fragment":               `{ ...F } fragment F on Query { a: __schema { types { name } } }`,
		"a field that is nearly one":  "{ mott }",
		"an argument nearly one":      "{ books(frist: 1) { id } }",
		"a type that is nearly one":   "{ ... on Querry { motto } }",
		"a value that is nearly one":  "{ shelf(value: INN) }",
		"a selection that is missing": "{ books }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := send(t, base, post(query))
			if !strings.HasPrefix(a.text, `{"errors":`) || strings.Contains(a.text, "Did you mean") || strings.Contains(a.text, `"data"`) {
				t.Errorf("%s", a.text)
			}
		})
	}
	if a := send(t, base, post("{ __typename }")); a.text != `{"data":{"__typename":"Query"}}` {
		t.Errorf("__typename: %s", a.text)
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	for name, test := range map[string]struct {
		query, value string
		want         string // how the answer begins
	}{
		"an Int":                        {"query($v: Int!) { int(value: $v) }", "7", `{"data":{"int":7}}`},
		"an Int with an exponent":       {"query($v: Int!) { int(value: $v) }", "1e2", `{"data":{"int":100}}`},
		"an Int with zeros behind":      {"query($v: Int!) { int(value: $v) }", "1.0", `{"data":{"int":1}}`},
		"half an Int":                   {"query($v: Int!) { int(value: $v) }", "1.5", `{"errors":[{"message":"1.5 is not of type Int","path":["variable","v"]`},
		"an Int of 33 bits":             {"query($v: Int!) { int(value: $v) }", "2147483648", `{"errors"`},
		"a text for an Int":             {"query($v: Int!) { int(value: $v) }", `"1"`, `{"errors":[{"message":"\"1\" is not of type Int"`},
		"a text for a Float":            {"query($v: Float!) { float(value: $v) }", `"1.5"`, `{"errors"`},
		"a number for a String":         {"query($v: String!) { text(value: $v) }", "1", `{"errors"`},
		"a number for a Boolean":        {"query($v: Boolean!) { boolean(value: $v) }", "1", `{"errors"`},
		"a number for an ID":            {"query($v: ID!) { id(value: $v) }", "12", `{"data":{"id":"12"}}`},
		"a long number for an ID":       {"query($v: ID!) { id(value: $v) }", "123456789012345678901234567890", `{"data":{"id":"123456789012345678901234567890"}}`},
		"half a number for an ID":       {"query($v: ID!) { id(value: $v) }", "1.5", `{"errors"`},
		"one for a list":                {"query($v: [Int!]!) { ints(value: $v) }", "3", `{"data":{"ints":[3]}}`},
		"a text in a list":              {"query($v: [Int!]!) { ints(value: $v) }", `[1,"2"]`, `{"errors":[{"message":"\"2\" is not of type Int","path":["variable","v",1]`},
		"an enum":                       {"query($v: Shelf!) { shelf(value: $v) }", `"IN"`, `{"data":{"shelf":"IN"}}`},
		"an enum in other letters":      {"query($v: Shelf!) { shelf(value: $v) }", `"in"`, `{"errors"`},
		"one of a choice":               {"query($v: BookBy!) { bookBy(by: $v) { id } }", `{"id":"x"}`, `{"data":{"bookBy":{"id":"book-1"}}}`},
		"none of a choice":              {"query($v: BookBy!) { bookBy(by: $v) { id } }", `{}`, `{"errors":[{"message":"give exactly one field of BookBy`},
		"two of a choice":               {"query($v: BookBy!) { bookBy(by: $v) { id } }", `{"id":"x","title":"y"}`, `{"errors"`},
		"null of a choice":              {"query($v: BookBy!) { bookBy(by: $v) { id } }", `{"id":null}`, `{"errors"`},
		"a wrong field of an object":    {"mutation($v: NewBook!) { addBook(input: $v) { id } }", `{"title":1,"author":"a"}`, `{"errors":[{"message":"1 is not of type String","path":["variable","v","title"]`},
		"a list for an object":          {"mutation($v: NewBook!) { addBook(input: $v) { id } }", `[]`, `{"errors"`},
		"a text for a file":             {"mutation($v: Upload!) { receive(file: $v) { size } }", `"x"`, `{"errors"`},
		"null where a default would be": {"query($v: String) { optional(value: $v) }", "null", `{"data":{"optional":null}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := send(t, base, post(test.query, json.RawMessage(`{"v":`+test.value+`}`)))
			if !strings.HasPrefix(a.text, test.want) {
				t.Errorf("%s\nwant %s…", a.text, test.want)
			}
		})
	}
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	a := send(t, base, post(`{ a: __type(name: "String") { fields { name } possibleTypes { name } enumValues { name } inputFields { name } interfaces { name } isOneOf }
		b: __type(name: "BookBy") { fields { name } inputFields { name } isOneOf }
		c: __type(name: "Node") { possibleTypes { name } inputFields { name } } }`))
	want := `{"data":{"a":{"fields":null,"possibleTypes":null,"enumValues":null,"inputFields":null,"interfaces":null,"isOneOf":null},` +
		`"b":{"fields":null,"inputFields":[{"name":"id"},{"name":"title"}],"isOneOf":true},` +
		`"c":{"possibleTypes":[{"name":"Author"},{"name":"Book"},{"name":"Note"}],"inputFields":null}}}`
	if a.text != want {
		t.Errorf("got  %s\nwant %s", a.text, want)
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	a := send(t, base, post("{ __schema { types { name description } } }").with("Accept-Encoding", "gzip"))
	if a.header.Get("Content-Encoding") != "gzip" || !bytes.HasPrefix([]byte(a.text), []byte{0x1f, 0x8b}) {
		t.Errorf("a long answer is not compressed: %v", a.header)
	}
}
