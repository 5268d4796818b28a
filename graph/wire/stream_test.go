package wire_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/graph/wire"
	"loadline/graph/wire/testserver"
)

const (
	part     = "\r\nContent-Type: application/json; charset=utf-8\r\n\r\n"
	deferred = `{ books(first: 1) { id ... on Book @defer(label: "late") { review } } }`
)

func TestStreams(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	const (
		events = "text/event-stream"
		mixed  = "multipart/mixed"
	)
	for name, test := range map[string]struct {
		request request
		kind    string
		want    string
	}{
		"a query as events":               {post("{ motto }").with("Accept", events), events, ":\n\nevent: next\ndata: {\"data\":{\"motto\":\"read on\"}}\n\nevent: complete\ndata: \n\n"},
		"a subscription as events":        {post("subscription { tick(to: 2, pause: 1) }").with("Accept", events), events, ":\n\nevent: next\ndata: {\"data\":{\"tick\":1}}\n\nevent: next\ndata: {\"data\":{\"tick\":2}}\n\nevent: complete\ndata: \n\n"},
		"an event source":                 {get("query", "subscription { tick(to: 1, pause: 1) }").with("Accept", events), events, ":\n\nevent: next\ndata: {\"data\":{\"tick\":1}}\n\nevent: complete\ndata: \n\n"},
		"a subscription in parts":         {post("subscription { tick(to: 1, pause: 1) }").with("Accept", mixed+";boundary=graphql;subscriptionSpec=1.0, application/json"), mixed, "\r\n--graphql" + part + `{"payload":{"data":{"tick":1}}}` + "\r\n--graphql--\r\n"},
		"a query in parts":                {post("{ motto }").with("Accept", mixed), mixed, "\r\n---" + part + `{"data":{"motto":"read on"}}` + "\r\n-----\r\n"},
		"a deferred part":                 {post(deferred).with("Accept", mixed+", application/json"), mixed, "\r\n---" + part + `{"data":{"books":[{"id":"book-1"}]},"hasNext":true}` + "\r\n---" + part + `{"incremental":[{"data":{"review":"a good read"},"label":"late","path":["books",0]}],"hasNext":false}` + "\r\n-----\r\n"},
		"a deferred part is not lost":     {post(deferred), jsonType, `{"data":{"books":[{"id":"book-1","review":"a good read"}]}}`},
		"nor as an event":                 {post(deferred).with("Accept", events), events, ":\n\nevent: next\ndata: {\"data\":{\"books\":[{\"id\":\"book-1\",\"review\":\"a good read\"}]}}\n\nevent: complete\ndata: \n\n"},
		"@defer that is switched off":     {post(`{ books(first: 1) { ... @defer(if: false) { review } } }`).with("Accept", mixed), mixed, "\r\n---" + part + `{"data":{"books":[{"review":"a good read"}]}}` + "\r\n-----\r\n"},
		"what is asked for now and later": {post(`{ books(first: 1) { review ... @defer { review author { id } } } }`).with("Accept", mixed), mixed, "\r\n---" + part + `{"data":{"books":[{"review":"a good read"}]},"hasNext":true}` + "\r\n---" + part + `{"incremental":[{"data":{"author":{"id":"author-1"}},"path":["books",0]}],"hasNext":false}` + "\r\n-----\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := send(t, base, test.request)
			if a.status != 200 || a.kind() != test.kind {
				t.Errorf("%d %s, want 200 %s", a.status, a.kind(), test.kind)
			}
			if diff := cmp.Diff(test.want, a.text); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if test.kind != jsonType && !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
				t.Error("a stream that may be cached")
			}
		})
	}
}

// A server that goes away breaks its streams off: a client that were told of their
// end would not come back.
func TestStreamsOfAServerThatGoesAway(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"text/event-stream": ":\n\n",
		"multipart/mixed":   "\r\n--graphql",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			ctx, goAway := context.WithCancel(t.Context())
			defer goAway()
			es := testserver.NewExecutableSchema(testserver.Config{Resolvers: &testserver.Resolver{}})
			server := httptest.NewUnstartedServer(wire.New(es, wire.Options{}))
			server.Config.BaseContext = func(net.Listener) context.Context { return ctx }
			server.Start()
			defer server.Close()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(post("subscription { tick(pause: 1000000) }").body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", jsonType)
			req.Header.Set("Accept", kind)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			got := make([]byte, len(want))
			if _, err := io.ReadFull(resp.Body, got); err != nil {
				t.Fatal(err)
			}
			goAway()
			rest, err := io.ReadAll(resp.Body)
			if diff := cmp.Diff(want, string(append(got, rest...))); diff != "" || err != nil {
				t.Errorf("%v, stream (-want +got):\n%s", err, diff)
			}
		})
	}
}
