package upstream_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"loadline/upstream"
)

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
	hanging := func(t *testing.T) *httptest.Server {
		return serve(t, func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			if r.URL.Query().Has("key") {
				<-r.Context().Done()
			}
		})
	}
	t.Run("opens when a source hangs for the whole of a budget", func(t *testing.T) {
		o := o
		o.Attempts, o.AttemptTimeout, o.Budget = 3, 20*time.Millisecond, 30*time.Millisecond
		c := client(t, o)
		srv := hanging(t)
		if err := c.Do(t.Context(), get(srv), ignore); kind(t, err) != upstream.Timeout {
			t.Fatalf("error %v, want %s", err, upstream.Timeout)
		}
		before := calls.Load()
		if err := c.Do(t.Context(), get(srv), ignore); kind(t, err) != upstream.CircuitOpen || calls.Load() != before {
			t.Errorf("error %v, want %s at once", err, upstream.CircuitOpen)
		}
	})
	t.Run("stays closed when others are answered meanwhile", func(t *testing.T) {
		o := o
		o.AttemptTimeout, o.Budget = 2*time.Second, 2*time.Second
		c := client(t, o)
		srv := hanging(t)
		hung := make(chan error)
		before := calls.Load()
		go func() { hung <- c.Do(t.Context(), get(srv), ignore) }()
		for calls.Load() == before {
			runtime.Gosched()
		}
		answered := upstream.Call{Op: "test", Method: http.MethodGet, URL: srv.URL}
		if err := c.Do(t.Context(), answered, ignore); err != nil {
			t.Fatal(err)
		}
		if err := <-hung; kind(t, err) != upstream.Timeout {
			t.Fatalf("error %v, want %s", err, upstream.Timeout)
		}
		if err := c.Do(t.Context(), answered, ignore); err != nil {
			t.Error(err)
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
