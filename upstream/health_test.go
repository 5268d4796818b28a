package upstream_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/upstream"
)

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
