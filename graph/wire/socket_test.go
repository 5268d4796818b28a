package wire_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"loadline/graph/wire"
)

// socket is a client's end of a WebSocket.
type socket struct {
	*websocket.Conn
	t testing.TB
}

func dial(t testing.TB, base string, header http.Header, protocols ...string) (*socket, int) {
	t.Helper()
	conn, resp, err := websocket.Dial(t.Context(), base, &websocket.DialOptions{Subprotocols: protocols, HTTPHeader: header})
	if err != nil {
		if resp == nil {
			t.Fatal(err)
		}
		return nil, resp.StatusCode
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{conn, t}, resp.StatusCode
}

func (s *socket) send(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if err := s.Write(s.t.Context(), websocket.MessageText, []byte(text)); err != nil {
			s.t.Fatal(err)
		}
	}
}

// next returns a message, or "closed N" with the code that the server closes with.
func (s *socket) next() string {
	s.t.Helper()
	_, text, err := s.Read(s.t.Context())
	if err != nil {
		return fmt.Sprintf("closed %d", websocket.CloseStatus(err))
	}
	return string(text)
}

const (
	begin = `{"type":"connection_init"}`
	begun = `{"type":"connection_ack"}`
)

func subscribe(id, query string) string {
	text, err := json.Marshal(map[string]any{"id": id, "type": "subscribe", "payload": map[string]any{"query": query}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestSockets(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	const long = "subscription { tick(to: 100000, pause: 1000000) }"
	for name, test := range map[string]struct {
		send, want []string
	}{
		"a query":                        {[]string{begin, subscribe("a", "{ motto }")}, []string{begun, `{"id":"a","type":"next","payload":{"data":{"motto":"read on"}}}`, `{"id":"a","type":"complete"}`}},
		"a subscription":                 {[]string{begin, subscribe("a", "subscription { tick(to: 2, pause: 1) }")}, []string{begun, `{"id":"a","type":"next","payload":{"data":{"tick":1}}}`, `{"id":"a","type":"next","payload":{"data":{"tick":2}}}`, `{"id":"a","type":"complete"}`}},
		"an error of a field":            {[]string{begin, subscribe("a", "{ fails }")}, []string{begun, `{"id":"a","type":"next","payload":{"errors":[{"message":"masked","path":["fails"],"locations":[{"line":1,"column":3}]}],"data":{"fails":null}}}`, `{"id":"a","type":"complete"}`}},
		"an error of the document":       {[]string{begin, subscribe("a", "{ nothing }")}, []string{begun, `{"id":"a","type":"error","payload":[{"message":"Cannot query field \"nothing\" on type \"Query\".","locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`}},
		"a subscription that is refused": {[]string{begin, subscribe("a", "subscription { refused }")}, []string{begun, `{"id":"a","type":"error","payload":[{"message":"masked","path":["refused"],"locations":[{"line":1,"column":16}]}]}`}},
		"a ping":                         {[]string{`{"type":"ping"}`, begin, `{"type":"ping","payload":{"at":1}}`}, []string{`{"type":"pong"}`, begun, `{"type":"pong","payload":{"at":1}}`}},
		"a pong":                         {[]string{begin, `{"type":"pong"}`, subscribe("a", "{ motto }")}, []string{begun, `{"id":"a","type":"next","payload":{"data":{"motto":"read on"}}}`}},
		"what is deferred is not lost":   {[]string{begin, subscribe("a", deferred)}, []string{begun, `{"id":"a","type":"next","payload":{"data":{"books":[{"id":"book-1","review":"a good read"}]}}}`, `{"id":"a","type":"complete"}`}},
		"the end of what never was":      {[]string{begin, `{"id":"a","type":"complete"}`, `{"type":"ping"}`}, []string{begun, `{"type":"pong"}`}},
		"a silent end":                   {[]string{begin, subscribe("a", long), `{"id":"a","type":"complete"}`, `{"type":"ping"}`}, []string{begun, `{"type":"pong"}`}},
		"an id used again":               {[]string{begin, subscribe("a", long), `{"id":"a","type":"complete"}`, subscribe("a", "{ motto }")}, []string{begun, `{"id":"a","type":"next","payload":{"data":{"motto":"read on"}}}`, `{"id":"a","type":"complete"}`}},
		"an id used twice":               {[]string{begin, subscribe("a", long), subscribe("a", long)}, []string{begun, "closed 4409"}},
		"a beginning too many":           {[]string{begin, begin}, []string{begun, "closed 4429"}},
		"no beginning":                   {[]string{subscribe("a", "{ motto }")}, []string{"closed 4401"}},
		"a beginning with a text":        {[]string{`{"type":"connection_init","payload":"x"}`}, []string{"closed 4400"}},
		"a beginning that is none":       {[]string{"hello"}, []string{"closed 4400"}},
		"no JSON":                        {[]string{begin, `{"type":`}, []string{begun, "closed 4400"}},
		"no object":                      {[]string{begin, `"hello"`}, []string{begun, "closed 4400"}},
		"no type":                        {[]string{begin, `{}`}, []string{begun, "closed 4400"}},
		"another type":                   {[]string{begin, `{"type":"nonsense"}`}, []string{begun, "closed 4400"}},
		"a server's message":             {[]string{begin, begun}, []string{begun, "closed 4400"}},
		"a message of old":               {[]string{begin, `{"id":"a","type":"start","payload":{"query":"{ motto }"}}`}, []string{begun, "closed 4400"}},
		"no id":                          {[]string{begin, `{"type":"subscribe","payload":{"query":"{ motto }"}}`}, []string{begun, "closed 4400"}},
		"no payload":                     {[]string{begin, `{"id":"a","type":"subscribe"}`}, []string{begun, "closed 4400"}},
		"no query":                       {[]string{begin, `{"id":"a","type":"subscribe","payload":{}}`}, []string{begun, "closed 4400"}},
		"a query that is a number":       {[]string{begin, `{"id":"a","type":"subscribe","payload":{"query":1}}`}, []string{begun, "closed 4400"}},
		"variables that are a text":      {[]string{begin, `{"id":"a","type":"subscribe","payload":{"query":"{ motto }","variables":"x"}}`}, []string{begun, "closed 4400"}},
		"a message that is too long":     {[]string{begin, `"` + strings.Repeat("x", 1<<20) + `"`}, []string{begun, "closed 1009"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := dial(t, base, nil, "graphql-transport-ws")
			s.send(test.send...)
			var got []string
			for range test.want {
				got = append(got, s.next())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSocketsAreRefused(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	for name, origin := range map[string]string{"another site": "https://evil.example", "another site's frame": "null"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s, status := dial(t, base, http.Header{"Origin": {origin}}, "graphql-transport-ws"); s != nil || status != http.StatusForbidden {
				t.Errorf("status %d", status)
			}
		})
	}
	t.Run("another subprotocol", func(t *testing.T) {
		t.Parallel()
		s, _ := dial(t, base, nil, "nonsense")
		if got := s.next(); got != "closed 1002" {
			t.Error(got)
		}
	})
	t.Run("more operations than one socket has", func(t *testing.T) {
		t.Parallel()
		s, _ := dial(t, base, nil, "graphql-transport-ws")
		s.send(begin)
		s.next()
		for i := range 101 {
			s.send(subscribe(fmt.Sprint(i), "subscription { tick(pause: 1000000) }"))
		}
		if got := s.next(); !strings.HasPrefix(got, `{"id":"100","type":"error","payload":[{"message":"too many operations`) {
			t.Error(got)
		}
	})
}

func TestSubprotocols(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	s, _ := dial(t, base, nil, "graphql-ws", "graphql-transport-ws")
	if s.Subprotocol() != "graphql-transport-ws" {
		t.Errorf("of both, %q was taken", s.Subprotocol())
	}
	s, _ = dial(t, base, nil, "graphql-ws")
	s.send(begin, `{"id":"a","type":"start","payload":{"query":"subscription { tick(to: 1, pause: 1) }"}}`, `{"id":"b","type":"start","payload":{"query":"{ nothing }"}}`)
	got := map[string]bool{}
	for range 5 {
		got[s.next()] = true
	}
	want := map[string]bool{
		begun:           true,
		`{"type":"ka"}`: true,
		`{"id":"a","type":"data","payload":{"data":{"tick":1}}}`: true,
		`{"id":"a","type":"complete"}`:                           true,
		`{"id":"b","type":"error","payload":{"message":"Cannot query field \"nothing\" on type \"Query\".","locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}}`: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages of the older protocol (-want +got):\n%s", diff)
	}
}
