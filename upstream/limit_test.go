package upstream_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/upstream"
)

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	const limit = 1000
	compressed := func(w http.ResponseWriter, n int) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, strings.Repeat("x", n))
		z.Close()
	}
	for name, test := range map[string]struct {
		handler  http.HandlerFunc
		lowered  int64
		kind     upstream.Kind
		received int
	}{
		"at the limit":           {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("x", limit)) }, 0, "", limit},
		"announced beyond":       {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("x", limit+1)) }, 0, upstream.TooLarge, 0},
		"gzip is taken off":      {func(w http.ResponseWriter, r *http.Request) { compressed(w, limit) }, 0, "", limit},
		"gzip that grows beyond": {func(w http.ResponseWriter, r *http.Request) { compressed(w, 1<<20) }, 0, upstream.TooLarge, 0},
		"lowered for one call":   {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("x", 20)) }, 10, upstream.TooLarge, 0},
		"chunked beyond": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 100)); err != nil {
					return
				}
			}
		}, 0, upstream.TooLarge, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := fast()
			o.MaxBodyBytes = limit
			c := client(t, o)
			call := get(serve(t, test.handler))
			call.MaxBodyBytes = test.lowered
			received := 0
			err := c.Do(t.Context(), call, func(a upstream.Answer) error { received = len(a.Body); return nil })
			if kind(t, err) != test.kind || received != test.received {
				t.Errorf("error %v, %d bytes; want kind %q, %d bytes", err, received, test.kind, test.received)
			}
			if n := c.Health().Calls; n != 1 {
				t.Errorf("%d attempts, want 1", n)
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { t.Error("the other host was asked") })
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch left := r.URL.Query().Get("left"); {
		case r.URL.Path == "/other":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case left == "" || left == "0":
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s", r.Method, body)
		default:
			http.Redirect(w, r, fmt.Sprintf("/next?left=%d", left[0]-'1'), http.StatusTemporaryRedirect)
		}
	})
	for name, test := range map[string]struct {
		path string
		kind upstream.Kind
	}{
		"three":           {"/?left=3", ""},
		"four":            {"/?left=4", upstream.BadAnswer},
		"to another host": {"/other", upstream.BadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got string
			c := client(t, fast())
			err := c.Do(t.Context(), upstream.Call{Op: "test", Method: http.MethodPost, URL: srv.URL + test.path, Body: []byte("{}")},
				func(a upstream.Answer) error { got = string(a.Body); return nil })
			if kind(t, err) != test.kind {
				t.Fatalf("error %v, want kind %q", err, test.kind)
			}
			if err == nil && got != "POST {}" {
				t.Errorf("the last server saw %q", got)
			}
			if n := c.Health().Calls; n != 1 {
				t.Errorf("%d attempts, want 1", n)
			}
		})
	}
}

func TestHydrationRunsAtOnce(t *testing.T) {
	t.Parallel()
	const calls = 250
	var here sync.WaitGroup
	here.Add(calls)
	var conns atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Nobody is answered before everybody has asked.
		here.Done()
		here.Wait()
	}))
	srv.Config.ConnState = connCounter(&conns)
	srv.Start()
	t.Cleanup(srv.Close)
	c := client(t, fast())
	ask := func() {
		var all sync.WaitGroup
		for range calls {
			all.Go(func() {
				if err := c.Do(t.Context(), get(srv), ignore); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	ask()
	first := conns.Load()
	here.Add(calls)
	ask()
	if n := conns.Load(); n > first+6 || n > 256 {
		t.Errorf("%d connections after %d: idle ones are not used again", n, first)
	}
}

func TestMaxConcurrent(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
	})
	o := fast()
	o.MaxConcurrent = 3
	c := client(t, o)
	var all sync.WaitGroup
	for range 60 {
		all.Go(func() {
			if err := c.Do(t.Context(), get(srv), ignore); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := most.Load(); n > 3 {
		t.Errorf("%d calls at once, want at most 3", n)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	srv := serve(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	o := fast()
	o.RequestsPerSecond, o.Burst = 0.0001, 2
	c := client(t, o)
	var got []upstream.Kind
	for range 4 {
		got = append(got, kind(t, c.Do(t.Context(), get(srv), ignore)))
	}
	want := []upstream.Kind{"", "", upstream.RateLimited, upstream.RateLimited}
	if diff := cmp.Diff(want, got); diff != "" || calls.Load() != 2 {
		t.Errorf("%d calls; kinds (-want +got):\n%s", calls.Load(), diff)
	}
}

// connCounter counts the connections that a server accepts.
func connCounter(n *atomic.Int64) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			n.Add(1)
		}
	}
}

// BenchmarkHydration is a batch's hydration: 250 calls at once to a service that
// takes 20 ms to answer.
func BenchmarkHydration(b *testing.B) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-r.Context().Done():
		}
		io.WriteString(w, `{"id":"X"}`)
	}))
	defer srv.Close()
	for _, warm := range []bool{false, true} {
		b.Run(fmt.Sprintf("warm=%t", warm), func(b *testing.B) {
			c := upstream.NewClient(upstream.OSV, fast())
			defer c.Close()
			for b.Loop() {
				var all sync.WaitGroup
				for range 250 {
					all.Go(func() {
						if err := c.Do(b.Context(), get(srv), ignore); err != nil {
							b.Error(err)
						}
					})
				}
				all.Wait()
				if !warm {
					c.Close()
				}
			}
		})
	}
}
