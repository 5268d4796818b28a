package wire_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"loadline/graph/wire"
)

// chain is a document whose fragments double with each, so that n of them ask
// for two to the power of n fields.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query { ...F%d ...F%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Query { motto }", n)
	return b.String()
}

// row is a document of n fragments, each of which spreads the next.
func row(n int) string {
	var b strings.Builder
	b.WriteString("{ ...F1 }")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, " fragment F%d on Query { ...F%d }", i, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Query { motto }", n)
	return b.String()
}

func deep(n int) string {
	return "{ books " + strings.Repeat("{ author { books ", n) + "{ id }" + strings.Repeat(" } }", n) + " }"
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestLimits(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	for name, test := range map[string]struct {
		query string
		want  string // a part of the error, or "" where it is accepted
	}{
		"as deep as allowed":              {deep(9), ""},
		"too deep":                        {deep(10), "fields inside each other; at most 20"},
		"as deep through fragments":       {"{ ...A } fragment A on Query { books { author { books { ...B } } } } fragment B on Book { author { books " + strings.Repeat("{ author { books ", 8) + "{ id }" + strings.Repeat(" } }", 8) + " } }", "fields inside each other"},
		"as many aliases as allowed":      {"{" + numbered(100, " a%d: motto") + "}", ""},
		"too many aliases":                {"{" + numbered(101, " a%d: motto") + "}", "101 aliases; at most 100"},
		"as many directives as allowed":   {"{" + strings.Repeat(" motto @skip(if: false)", 100) + "}", ""},
		"too many directives":             {"{" + strings.Repeat(" motto @skip(if: false)", 99) + " ...@include(if: true) @skip(if: false) { motto } }", "directives; at most 100"},
		"a directive that repeats":        {"{ motto " + strings.Repeat("@nothing ", 101) + "}", "directives; at most 100"},
		"too often the same field":        {"{" + strings.Repeat(" motto", 101) + "}", "times the same field in one place"},
		"too often, in fragments":         {"{" + strings.Repeat(" ... { motto }", 101) + "}", "101 times the same field in one place"},
		"too often, deep down":            {"{" + strings.Repeat(" books { author { id } "+strings.Repeat("... { author { id } } ", 10)+"}", 10) + "}", "110 times the same field in one place"},
		"fragments that double":           {chain(30), "when its fragments are written out"},
		"as many fragments as allowed":    {row(300), ""},
		"too many fragments":              {row(301), "301 fragments; at most 300"},
		"fragments that all spread all":   {"{ ...F0 }" + numbered(60, " fragment F%d on Query { "+numbered(60, "...F%d ")+"}"), "Cannot spread fragment"},
		"fragments that double, to none":  {strings.Replace(chain(30), "motto", "...G", 1), `Unknown fragment \"G\"`},
		"a fragment twice":                {"{ ...A } fragment A on Query { motto } fragment A on Query { motto }", `only one fragment named \"A\"`},
		"fragments that do not exist":     {"{" + numbered(4000, " ...F%d") + "}", "3900 more errors"},
		"a long name":                     {"{ " + strings.Repeat("x", 100<<10) + " }", "xxx…\""},
		"a fragment of itself":            {"{ ...A } fragment A on Query { ...A }", "Cannot spread fragment"},
		"too many tokens":                 {"{" + numbered(5000, " x(a: %d)") + "}", "exceeded token limit"},
		"too many bytes":                  {"{ motto } #" + strings.Repeat("x", 256<<10), "at most 262144 are accepted"},
		"nested lists":                    {"{ ints(value: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + ") }", "e"},
		"a field twice, merged at length": {"{" + strings.Repeat(" ... { books { author { books { author { books { id } } } } } }", 40) + "}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := send(t, base, post(test.query))
			if test.want == "" && strings.HasPrefix(a.text, `{"errors"`) || !strings.Contains(a.text, test.want) {
				t.Errorf("%.300s\nwant %q", a.text, test.want)
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{Timeout: 10 * time.Millisecond})
	if a := send(t, base, post("{ motto hangs }")); !strings.HasPrefix(a.text, `{"errors":[{`) || !strings.Contains(a.text, `"motto":"read on"`) {
		t.Errorf("%s", a.text)
	}
}

func TestTimeoutBeforeTheBeginning(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{Timeout: time.Nanosecond})
	if a := send(t, base, post("{ motto }")); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || !strings.Contains(a.text, `"code":"BUSY"`) {
		t.Errorf("%d %s", a.status, a.text)
	}
}

func long(query string) request {
	r := post(query)
	r.body += strings.Repeat(" ", 2<<20)
	return r
}

func TestTimeoutOverSockets(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{Timeout: 10 * time.Millisecond})
	s, _ := dial(t, base, nil, "graphql-transport-ws")
	s.send(begin, subscribe("a", "{ motto hangs }"))
	if got := s.next(); got != begun {
		t.Fatal(got)
	}
	if got := s.next(); !strings.HasPrefix(got, `{"id":"a","type":"next","payload":{"errors":[{`) || !strings.Contains(got, `"motto":"read on"`) {
		t.Error(got)
	}
}

// until sends the request until it is answered with the status, or it is clear
// that it never will be.
func until(t *testing.T, base string, r request, status int) answer {
	t.Helper()
	var a answer
	for patience := time.Now().Add(time.Minute); time.Now().Before(patience); {
		if a = send(t, base, r); a.status == status {
			return a
		}
	}
	t.Fatalf("in a minute no answer was %d; the last one is %d %s", status, a.status, a.text)
	return a
}

// TestLongRequests has as many long requests answered as may be at a time.
func TestLongRequests(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{LongWait: time.Millisecond})
	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for ctx.Err() == nil { // one that finds no turn asks again
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, base, strings.NewReader(long("{ hangs }").body))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("Content-Type", "application/json")
				if resp, err := http.DefaultClient.Do(req); err == nil {
					resp.Body.Close()
				}
			}
		})
	}
	a := until(t, base, long("{ motto }"), http.StatusServiceUnavailable)
	if !strings.Contains(a.text, `"code":"BUSY"`) || a.header.Get("Retry-After") == "" {
		t.Errorf("one more: %v %s", a.header, a.text)
	}
	if a := send(t, base, post("{ motto }")); a.status != http.StatusOK {
		t.Errorf("a short one: %d %s", a.status, a.text)
	}
	stop()
	clients.Wait()
	until(t, base, long("{ motto }"), http.StatusOK)
}

// Those who send slowly, read slowly or subscribe keep nobody from having a turn.
func TestLongRequestsKeepNoTurn(t *testing.T) {
	t.Parallel()
	head := func(length int) string {
		return fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", length)
	}
	echo := post("query($v: String!) { text(value: $v) }", map[string]string{"v": strings.Repeat("x", 8<<20)}).body
	for name, sent := range map[string]string{
		"all but the last byte":       head(len(long("{ motto }").body)+1) + long("{ motto }").body,
		"answers that nobody reads":   head(len(echo)) + echo,
		"subscriptions that are long": strings.Replace(head(len(long("subscription { tick(pause: 1000000) }").body)), "\r\n", "\r\nAccept: text/event-stream\r\n", 1) + long("subscription { tick(pause: 1000000) }").body,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := serve(t, wire.Options{LongWait: 20 * time.Second})
			for range 9 {
				conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				if _, err := io.WriteString(conn, sent); err != nil {
					t.Fatal(err)
				}
			}
			if a := send(t, base, long("{ motto }")); a.status != http.StatusOK {
				t.Errorf("%d %s", a.status, a.text)
			}
		})
	}
	t.Run("a subscription is told why", func(t *testing.T) {
		t.Parallel()
		base := serve(t, wire.Options{})
		a := send(t, base, long("subscription { tick }").with("Accept", "text/event-stream"))
		if a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.text, "at most 1048576 bytes") {
			t.Errorf("%d %s", a.status, a.text)
		}
	})
}
