package wire_test

import (
	"fmt"
	"io"
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

// TestLongRequests keeps as many long requests on their way as are answered at a time.
func TestLongRequests(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{LongWait: time.Millisecond})
	// More than what is kept on its way to the server, so that who has sent all but
	// the last byte is known to have had a turn.
	long := request{body: `{"query":"{ motto }"` + strings.Repeat(" ", 16<<20) + "}"}
	var senders []*io.PipeWriter
	var answers sync.WaitGroup
	for range 8 {
		body, sender := io.Pipe()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		answers.Go(func() {
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Errorf("a long request that is sent slowly: %s", resp.Status)
			}
		})
		if _, err := io.WriteString(sender, long.body[:len(long.body)-1]); err != nil {
			t.Fatal(err)
		}
		senders = append(senders, sender)
	}
	if a := send(t, base, long); a.status != http.StatusServiceUnavailable || !strings.Contains(a.text, `"code":"BUSY"`) {
		t.Errorf("one more: %d %s", a.status, a.text)
	}
	if a := send(t, base, post("{ motto }")); a.status != http.StatusOK {
		t.Errorf("a short one: %d %s", a.status, a.text)
	}
	for _, sender := range senders {
		if _, err := io.WriteString(sender, "}"); err != nil {
			t.Error(err)
		}
		sender.Close()
	}
	answers.Wait()
	if a := send(t, base, long); a.status != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.status, a.text)
	}
}
