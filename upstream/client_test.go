package upstream_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/upstream"
)

// fast are options under which nothing waits that need not.
func fast() upstream.Options {
	return upstream.Options{
		Budget:            20 * time.Second,
		AttemptTimeout:    10 * time.Second,
		Backoff:           time.Microsecond,
		MaxBackoff:        time.Microsecond,
		RequestsPerSecond: 1e6,
		Burst:             1e6,
	}
}

func client(t *testing.T, o upstream.Options) *upstream.Client {
	t.Helper()
	c := upstream.NewClient(upstream.OSV, o)
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

func get(srv *httptest.Server) upstream.Call {
	return upstream.Call{Op: "test", Method: http.MethodGet, URL: srv.URL + "/path?key=secret"}
}

func ignore(upstream.Answer) error { return nil }

// failure returns err as an *upstream.Error; it is nil where err is.
func failure(t *testing.T, err error) *upstream.Error {
	t.Helper()
	if err == nil {
		return nil
	}
	var e *upstream.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is a %T", err, err)
	}
	return e
}

func kind(t *testing.T, err error) upstream.Kind {
	t.Helper()
	if e := failure(t, err); e != nil {
		return e.Kind
	}
	return ""
}

// reset breaks the connection off without an answer.
func reset(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func TestAttempts(t *testing.T) {
	t.Parallel()
	status := func(code int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.WriteHeader(code); io.WriteString(w, `{"ok":true}`) }
	}
	truncated := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, `{"ok"`)
	}
	broken := func(w http.ResponseWriter) {
		io.WriteString(w, `{"ok":`)
		w.(http.Flusher).Flush()
		reset(w)
	}
	wrong := func(w http.ResponseWriter) { io.WriteString(w, `<html>welcome to the hotel</html>`) }
	type answers []func(http.ResponseWriter)
	always := func(f func(http.ResponseWriter)) answers { return answers{f, f, f, f, f, f} }
	tests := map[string]struct {
		answers  answers
		attempts int
		kind     upstream.Kind
		status   int
	}{
		"200 is an answer":                      {always(status(200)), 1, "", 0},
		"an expected 404 is an answer":          {always(status(404)), 1, "", 0},
		"429 then 200":                          {answers{status(429), status(200)}, 2, "", 0},
		"500 then 200":                          {answers{status(500), status(200)}, 2, "", 0},
		"502, 503, 504, then 200":               {answers{status(502), status(503), status(504), status(200)}, 4, "", 0},
		"reset then 200":                        {answers{reset, status(200)}, 2, "", 0},
		"truncated then 200":                    {answers{truncated, status(200)}, 2, "", 0},
		"broken off in a chunked body then 200": {answers{broken, status(200)}, 2, "", 0},
		"429 for ever":                          {always(status(429)), 4, upstream.RateLimited, 429},
		"500 for ever":                          {always(status(500)), 4, upstream.Status, 500},
		"502 for ever":                          {always(status(502)), 4, upstream.Status, 502},
		"503 for ever":                          {always(status(503)), 4, upstream.Status, 503},
		"504 for ever":                          {always(status(504)), 4, upstream.Status, 504},
		"reset for ever":                        {always(reset), 4, upstream.Refused, 0},
		"truncated for ever":                    {always(truncated), 4, upstream.Refused, 200},
		"400 fails at once":                     {always(status(400)), 1, upstream.Status, 400},
		"401 fails at once":                     {always(status(401)), 1, upstream.Status, 401},
		"403 fails at once":                     {always(status(403)), 1, upstream.Status, 403},
		"410 fails at once":                     {always(status(410)), 1, upstream.Status, 410},
		"501 fails at once":                     {always(status(501)), 1, upstream.Status, 501},
		"204 is no answer":                      {always(status(204)), 1, upstream.Status, 204},
		"wrong JSON fails at once":              {always(wrong), 1, upstream.BadAnswer, 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const sent = `{"queries":[]}`
			var calls atomic.Int64
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				n := calls.Add(1)
				if body, _ := io.ReadAll(r.Body); string(body) != sent {
					t.Errorf("attempt %d: body %q, want %q", n, body, sent)
				}
				test.answers[n-1](w)
			})
			c := client(t, fast())
			var got struct{ OK bool }
			err := c.Do(t.Context(), upstream.Call{
				Op: "test", Method: http.MethodPost, URL: srv.URL, Body: []byte(sent), Expect: []int{404},
			}, func(a upstream.Answer) error { return json.Unmarshal(a.Body, &got) })
			if n := int(calls.Load()); n != test.attempts {
				t.Errorf("%d attempts, want %d", n, test.attempts)
			}
			if test.kind == "" {
				if err != nil || !got.OK {
					t.Fatalf("got %+v, error %v", got, err)
				}
				return
			}
			e := failure(t, err)
			if e == nil || e.Kind != test.kind || e.Status != test.status {
				t.Fatalf("error %v, want kind %s, status %d", err, test.kind, test.status)
			}
			if h := c.Health(); h.Calls != int64(test.attempts) || h.Failures != h.Calls || h.State != upstream.Degraded || h.LastError != e.Reason() {
				t.Errorf("health %+v", h)
			}
		})
	}
}

func TestRefusedConnection(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(nil)
	srv.Close()
	c := client(t, fast())
	err := c.Do(t.Context(), get(srv), ignore)
	if kind(t, err) != upstream.Refused {
		t.Errorf("error %v, want %s", err, upstream.Refused)
	}
	if n := c.Health().Calls; n != 4 {
		t.Errorf("%d attempts, want 4", n)
	}
}

func TestNotWorthRepeating(t *testing.T) {
	t.Parallel()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = nil
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	for name, url := range map[string]string{
		"an untrusted certificate":  untrusted.URL,
		"a scheme that is not HTTP": "ftp://host/path",
		"no host":                   "http:///path",
		"no URL":                    "http://host:port%zz/",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := client(t, fast())
			err := c.Do(t.Context(), upstream.Call{Op: "test", Method: http.MethodGet, URL: url}, ignore)
			if kind(t, err) != upstream.Refused || c.Health().Calls != 1 {
				t.Errorf("error %v after %d attempts, want %s after 1", err, c.Health().Calls, upstream.Refused)
			}
		})
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"seconds, capped": "3600",
		"a date, capped":  time.Now().Add(time.Hour).UTC().Format(http.TimeFormat),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var times []time.Time
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				times = append(times, time.Now())
				if len(times) == 1 {
					w.Header().Set("Retry-After", value)
					w.WriteHeader(http.StatusTooManyRequests)
				}
			})
			o := fast()
			o.MaxRetryAfter = 50 * time.Millisecond
			if err := client(t, o).Do(t.Context(), get(srv), ignore); err != nil {
				t.Fatal(err)
			}
			if len(times) != 2 || times[1].Sub(times[0]) < o.MaxRetryAfter {
				t.Errorf("attempts at %v, want two, at least %v apart", times, o.MaxRetryAfter)
			}
		})
	}
}

func TestRetryAfterBeyondTheBudget(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	o := fast()
	o.MaxRetryAfter = time.Hour
	c := client(t, o)
	for range 2 {
		// The second call must respect what the first was told.
		e := failure(t, c.Do(t.Context(), get(srv), ignore))
		if e == nil || e.Kind != upstream.RateLimited || e.RetryAfter < time.Minute {
			t.Errorf("error %#v, want %s with RetryAfter", e, upstream.RateLimited)
		}
	}
	if n := calls.Load(); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
	if h := c.Health(); h.State != upstream.Degraded || h.Calls != 1 {
		t.Errorf("health %+v", h)
	}
}

func TestNoWaitBeyondTheBudget(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	o := fast()
	o.Backoff, o.MaxBackoff = time.Hour, time.Hour
	c := client(t, o)
	start := time.Now()
	if err := c.Do(t.Context(), get(srv), ignore); kind(t, err) != upstream.Status {
		t.Errorf("error %v, want %s", err, upstream.Status)
	}
	if took := time.Since(start); took > o.Budget/2 || c.Health().Calls != 1 {
		t.Errorf("%d attempts in %v, want 1 and no wait for an end that is known", c.Health().Calls, took)
	}
}

func TestCancelDuringBackoff(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	ctx, cancel := context.WithCancel(t.Context())
	o := fast()
	o.Budget, o.Backoff, o.MaxBackoff = 3*time.Hour, time.Hour, time.Hour
	attempted := make(chan upstream.Attempt, 10)
	o.OnCall = func(_ context.Context, a upstream.Attempt) { attempted <- a }
	c := client(t, o)
	done := make(chan error)
	go func() { done <- c.Do(ctx, get(srv), ignore) }()
	<-attempted
	cancel()
	start := time.Now()
	if err := <-done; kind(t, err) != upstream.Cancelled || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %s", err, upstream.Cancelled)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("returned %v after the cancellation", took)
	}
	if n := len(attempted); n != 0 {
		t.Errorf("%d attempts after the cancellation", n)
	}
}

func TestCancelDuringAttempt(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	c := client(t, fast())
	go func() { <-arrived; cancel() }()
	if err := c.Do(ctx, get(srv), ignore); kind(t, err) != upstream.Cancelled {
		t.Errorf("error %v, want %s", err, upstream.Cancelled)
	}
	if h := c.Health(); h.Calls != 1 || h.Failures != 0 || h.State != upstream.Unknown {
		t.Errorf("a cancelled call is held against the source: %+v", h)
	}
}

func TestEveryCallEndsInTime(t *testing.T) {
	t.Parallel()
	drip := func(w http.ResponseWriter, r *http.Request) {
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-tick.C:
				io.WriteString(w, " ")
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				tick.Stop()
				return
			}
		}
	}
	hang := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, test := range map[string]struct {
		handler         http.HandlerFunc
		budget, attempt time.Duration
		attempts        int64
	}{
		"slow drip, cut by the budget":   {drip, 100 * time.Millisecond, time.Hour, 1},
		"slow drip, cut by the attempts": {drip, time.Hour, 20 * time.Millisecond, 4},
		"hanging, cut by the budget":     {hang, 100 * time.Millisecond, time.Hour, 1},
		"hanging, cut by the attempts":   {hang, time.Hour, 20 * time.Millisecond, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := fast()
			o.Budget, o.AttemptTimeout = test.budget, test.attempt
			c := client(t, o)
			start := time.Now()
			err := c.Do(t.Context(), get(serve(t, test.handler)), ignore)
			if kind(t, err) != upstream.Timeout {
				t.Errorf("error %v, want %s", err, upstream.Timeout)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if n := c.Health().Calls; n != test.attempts {
				t.Errorf("%d attempts, want %d", n, test.attempts)
			}
		})
	}
	t.Run("WithBudget", func(t *testing.T) {
		t.Parallel()
		ctx := upstream.WithBudget(t.Context(), 50*time.Millisecond)
		if err := client(t, fast()).Do(ctx, get(serve(t, hang)), ignore); kind(t, err) != upstream.Timeout {
			t.Errorf("error %v, want %s", err, upstream.Timeout)
		}
	})
	t.Run("the caller's deadline", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := client(t, fast()).Do(ctx, get(serve(t, hang)), ignore); kind(t, err) != upstream.Timeout {
			t.Errorf("error %v, want %s", err, upstream.Timeout)
		}
	})
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	var calls, failing atomic.Int64
	failing.Store(1)
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if failing.Load() == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	o := fast()
	o.Attempts, o.BreakerFailures, o.BreakerPause = 1, 3, time.Hour

	t.Run("opens after failures in a row", func(t *testing.T) {
		o := o
		o.RequestsPerSecond, o.Burst = 0.0001, 3 // an open circuit asks for no turn
		c := client(t, o)
		for range 3 {
			if err := c.Do(t.Context(), get(srv), ignore); kind(t, err) != upstream.Status {
				t.Fatalf("error %v, want %s", err, upstream.Status)
			}
		}
		before := calls.Load()
		for range 5 {
			if err := c.Do(t.Context(), get(srv), ignore); kind(t, err) != upstream.CircuitOpen {
				t.Fatalf("error %v, want %s", err, upstream.CircuitOpen)
			}
		}
		if n := calls.Load() - before; n != 0 {
			t.Errorf("%d calls while the circuit is open", n)
		}
		if h := c.Health(); h.State != upstream.Down || h.Calls != 3 {
			t.Errorf("health %+v, want DOWN after 3 calls", h)
		}
	})
	t.Run("recovers", func(t *testing.T) {
		o := o
		o.BreakerPause = time.Nanosecond
		now := time.Now()
		o.Now = func() time.Time { return now }
		c := client(t, o)
		for range 4 { // the fourth is a probe, and opens the circuit again
			if err := c.Do(t.Context(), get(srv), ignore); kind(t, err) != upstream.Status {
				t.Fatalf("error %v, want %s", err, upstream.Status)
			}
		}
		if s := c.Health().State; s != upstream.Down {
			t.Errorf("state %s, want DOWN", s)
		}
		failing.Store(0)
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Do(cancelled, get(srv), ignore); kind(t, err) != upstream.Cancelled {
			t.Errorf("error %v, want %s", err, upstream.Cancelled)
		}
		now = now.Add(time.Second)
		if err := c.Do(t.Context(), get(srv), ignore); err != nil {
			t.Fatalf("after recovery: %v", err)
		}
		if s := c.Health().State; s != upstream.Degraded {
			t.Errorf("state %s within a minute of a failure, want DEGRADED", s)
		}
		now = now.Add(2 * time.Minute)
		if s := c.Health().State; s != upstream.Up {
			t.Errorf("state %s, want UP", s)
		}
	})
	t.Run("stays closed when the fault is the question's", func(t *testing.T) {
		c := client(t, o)
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusForbidden) })
		for range 10 {
			if err := c.Do(t.Context(), get(srv), ignore); kind(t, err) != upstream.Status {
				t.Fatalf("error %v, want %s", err, upstream.Status)
			}
		}
	})
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	const limit = 1000
	compressed := func(w http.ResponseWriter, n int) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, strings.Repeat("x", n))
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

func TestRequestHeaders(t *testing.T) {
	t.Parallel()
	var got []http.Header
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header)
		http.SetCookie(w, &http.Cookie{Name: "who", Value: "you"})
	})
	o := fast()
	o.UserAgent = "loadline/1.2.3 (+https://example.org)"
	c := client(t, o)
	for range 2 {
		if err := c.Do(t.Context(), get(srv), ignore); err != nil {
			t.Fatal(err)
		}
	}
	want := http.Header{
		"User-Agent":      {"loadline/1.2.3 (+https://example.org)"},
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip"},
	}
	for _, h := range got {
		if diff := cmp.Diff(want, h); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
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

func TestCountersAndHooks(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	var seen []upstream.Attempt
	o := fast()
	o.OnCall = func(_ context.Context, a upstream.Attempt) {
		if a.Duration <= 0 {
			t.Errorf("attempt %d took %v", a.Number, a.Duration)
		}
		a.Duration = 0
		seen = append(seen, a)
	}
	c := client(t, o)
	ctx := upstream.WithCounter(t.Context())
	if err := c.Do(ctx, get(srv), ignore); err != nil {
		t.Fatal(err)
	}
	want := []upstream.Attempt{
		{Source: upstream.OSV, Op: "test", Method: "GET", Path: "/path", Status: 503, Number: 1},
		{Source: upstream.OSV, Op: "test", Method: "GET", Path: "/path", Status: 200, Number: 2},
	}
	if kind(t, seen[0].Err) != upstream.Status || seen[1].Err != nil {
		t.Errorf("errors %v, %v", seen[0].Err, seen[1].Err)
	}
	seen[0].Err = nil
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	if got := upstream.CallsFrom(ctx); got != 2 {
		t.Errorf("CallsFrom = %d, want 2", got)
	}
	if got := upstream.CallsFrom(t.Context()); got != 0 {
		t.Errorf("CallsFrom without a counter = %d, want 0", got)
	}
	if h := c.Health(); h.Calls != 2 || h.Failures != 1 || h.LastSuccess.IsZero() || h.LastFailure.IsZero() {
		t.Errorf("health %+v", h)
	}
}

type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	n.t.Error("the network was used")
	return nil, errors.New("no network")
}

func TestOffline(t *testing.T) {
	t.Parallel()
	o := fast()
	o.Offline, o.Transport = true, noNetwork{t}
	c := client(t, o)
	ctx := upstream.WithCounter(t.Context())
	err := c.Do(ctx, upstream.Call{Op: "test", Method: http.MethodGet, URL: "http://upstream.invalid"}, ignore)
	if kind(t, err) != upstream.Offline {
		t.Errorf("error %v, want %s", err, upstream.Offline)
	}
	if h := c.Health(); h.State != upstream.Off || h.Calls != 0 || upstream.CallsFrom(ctx) != 0 {
		t.Errorf("health %+v", h)
	}
}

func TestReasonTellsNothingInternal(t *testing.T) {
	t.Parallel()
	inner := &url.Error{Op: "Get", URL: "http://user:secret@10.1.2.3/key", Err: errors.New("dial tcp: connect: connection refused")}
	for _, k := range []upstream.Kind{
		upstream.Timeout, upstream.RateLimited, upstream.Refused, upstream.CircuitOpen, upstream.BadAnswer,
		upstream.TooLarge, upstream.Status, upstream.BadQuery, upstream.Cancelled, upstream.Offline,
	} {
		e := &upstream.Error{Source: upstream.DepsDev, Op: "test", Kind: k, Status: 503, Err: inner}
		reason := upstream.Reason(fmt.Errorf("wrapped: %w", e))
		if !strings.Contains(reason, "deps.dev") || !strings.HasSuffix(reason, ".") || len(reason) > 80 {
			t.Errorf("%s: reason %q", k, reason)
		}
		for _, secret := range []string{"http", "10.1", "secret", "dial", "tcp", string(k)} {
			if strings.Contains(reason, secret) {
				t.Errorf("%s: reason %q tells %q", k, reason, secret)
			}
		}
		if !errors.Is(e, inner) {
			t.Errorf("%s does not unwrap", k)
		}
	}
}

func TestCheckBaseURL(t *testing.T) {
	t.Parallel()
	for raw, ok := range map[string]bool{
		"https://api.osv.dev":        true,
		"http://127.0.0.1:8080/osv/": true,
		"api.osv.dev":                false,
		"":                           false,
		"https://":                   false,
		"ftp://host":                 false,
		"https://host?key=1":         false,
		"https://host/%zz":           false,
	} {
		if err := upstream.CheckBaseURL(raw); (err == nil) != ok {
			t.Errorf("CheckBaseURL(%q) = %v", raw, err)
		}
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
