package upstream

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tlsClient returns a Client that trusts srv, over the transport that is used
// where none is given.
func tlsClient(t *testing.T, srv *httptest.Server) *Client {
	rt := newTransport()
	trust := srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	rt.wide.TLSClientConfig = &tls.Config{RootCAs: trust}
	rt.narrow.TLSClientConfig = &tls.Config{RootCAs: trust}
	c := NewClient(OSV, Options{Transport: rt})
	t.Cleanup(c.Close)
	return c
}

func TestTLS(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		http2    bool
		proto    string
		calls    int
		maxConns int64
	}{
		"HTTP/2 where offered, over few connections": {true, "HTTP/2.0", 250, 50},
		"HTTP/1.1 otherwise, over many at once":      {false, "HTTP/1.1", 40, 41},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var conns atomic.Int64
			var here sync.WaitGroup
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Proto", r.Proto)
				if r.URL.Path == "/all" {
					// Nobody is answered before everybody has asked.
					here.Done()
					here.Wait()
				}
			}))
			srv.EnableHTTP2 = test.http2
			srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
				if s == http.StateNew {
					conns.Add(1)
				}
			}
			srv.StartTLS()
			t.Cleanup(srv.Close)
			c := tlsClient(t, srv)
			ask := func(path string) {
				err := c.Do(t.Context(), Call{Op: "test", Method: http.MethodGet, URL: srv.URL + path}, func(a Answer) error {
					if got := a.Header.Get("X-Proto"); got != test.proto {
						t.Errorf("protocol %q, want %q", got, test.proto)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
			if !test.http2 {
				ask("/first")
			}
			here.Add(test.calls)
			var all sync.WaitGroup
			for range test.calls {
				all.Go(func() { ask("/all") })
			}
			all.Wait()
			if n := conns.Load(); n > test.maxConns {
				t.Errorf("%d connections, want at most %d", n, test.maxConns)
			}
		})
	}
}

// The proxy is read from the environment once per process, so this test runs
// itself again with the variable set.
func TestProxyFromEnvironment(t *testing.T) {
	t.Parallel()
	const child = "LOADLINE_TEST_PROXY_CHILD"
	if os.Getenv(child) != "" {
		c := NewClient(OSV, Options{Attempts: 1})
		err := c.Do(t.Context(), Call{Op: "test", Method: http.MethodGet, URL: "http://upstream.invalid/path"}, func(Answer) error { return nil })
		if err != nil {
			t.Error(err)
		}
		return
	}
	asked := make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked <- r.URL.String() }))
	t.Cleanup(proxy.Close)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyFromEnvironment$")
	cmd.Env = append(os.Environ(), child+"=1", "HTTP_PROXY="+proxy.URL, "NO_PROXY=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := <-asked; got != "http://upstream.invalid/path" {
		t.Errorf("the proxy was asked for %q", got)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	o := Options{Now: func() time.Time { return now }, MaxRetryAfter: time.Minute}
	for value, want := range map[string]time.Duration{
		"":                      0,
		"0":                     0,
		"7":                     7 * time.Second,
		" 7 ":                   7 * time.Second,
		"-7":                    0,
		"61":                    time.Minute,
		"99999999999999999999":  time.Minute,
		"1e999":                 time.Minute,
		"NaN":                   0,
		"soon":                  0,
		at(now.Add(9 * second)): 9 * time.Second,
		at(now.Add(time.Hour)):  time.Minute,
		at(now.Add(-time.Hour)): 0,
	} {
		if got := o.retryAfter(http.Header{"Retry-After": {value}}); got != want {
			t.Errorf("Retry-After %q is %v, want %v", value, got, want)
		}
	}
}

const second = time.Second

func at(t time.Time) string { return t.Format(http.TimeFormat) }

func TestBackoff(t *testing.T) {
	t.Parallel()
	o := Options{Backoff: 100 * time.Millisecond, MaxBackoff: time.Second}
	for n, most := range map[int]time.Duration{
		1: 100 * time.Millisecond, 2: 200 * time.Millisecond, 4: 800 * time.Millisecond, 5: time.Second, 1000: time.Second,
	} {
		different := map[time.Duration]bool{}
		for range 100 {
			d := o.backoff(n)
			if d < most/2 || d > most {
				t.Errorf("after attempt %d: %v, want %v to %v", n, d, most/2, most)
			}
			different[d] = true
		}
		if len(different) < 2 {
			t.Errorf("after attempt %d: always the same wait", n)
		}
	}
}

// A probe of a half-open circuit that its caller cancels must not use up the
// only permit.
func TestCancelledProbeGivesItsPermitBack(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	hang := true
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hang {
			arrived <- struct{}{}
			<-r.Context().Done()
		}
	}))
	t.Cleanup(srv.Close)
	c := NewClient(OSV, Options{BreakerPause: time.Nanosecond})
	t.Cleanup(c.Close)
	c.breaker.HalfOpen()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	call := Call{Op: "test", Method: http.MethodGet, URL: srv.URL}
	if err := c.Do(ctx, call, func(Answer) error { return nil }); err == nil {
		t.Fatal("no error")
	}
	hang = false
	if err := c.Do(t.Context(), call, func(Answer) error { return nil }); err != nil {
		t.Errorf("the next probe: %v", err)
	}
}

func TestDefaultsAreBounded(t *testing.T) {
	t.Parallel()
	for _, s := range []Source{OSV, EPSS, KEV, DepsDev} {
		d := Defaults(s)
		if got := (Options{}).withDefaults(s); got.Budget != d.Budget || got.Attempts != d.Attempts || got.MaxBodyBytes != d.MaxBodyBytes {
			t.Errorf("%s: zero options become %+v", s, got)
		}
		if d.AttemptTimeout > d.Budget || d.Budget <= 0 || d.MaxBodyBytes <= 0 || d.Burst <= 0 || d.MaxConcurrent <= 0 || d.BreakerFailures <= 0 {
			t.Errorf("%s: %+v", s, d)
		}
	}
}
