package upstream_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
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
