package upstream

import (
	"sync"
	"time"
)

// State says whether a source answers, by its name in the schema.
type State string

// The states of a source.
const (
	// Up: the last call succeeded, and none failed in the last minute.
	Up State = "UP"
	// Degraded: calls fail now and then, or the source asked for fewer of them.
	Degraded State = "DEGRADED"
	// Down: calls fail, and are not even tried for a while.
	Down State = "DOWN"
	// Unknown: not asked since the process started.
	Unknown State = "UNKNOWN"
	// Off: never asked, because the server runs offline.
	Off State = "OFF"
)

// degradedFor is how long a failure is remembered beside later successes.
const degradedFor = time.Minute

// Health is how well a source is doing, as seen from here.
type Health struct {
	Source      Source
	State       State
	LastSuccess time.Time // zero where there was none
	LastFailure time.Time // zero where there was none
	LastError   string    // the Reason of the last failure
	Calls       int64     // attempts, repeated ones included
	Failures    int64     // of those, how many failed
}

type record struct {
	mu       sync.Mutex
	h        Health
	answered time.Time // by the system's clock
}

// add counts one attempt. A cancelled one is neither a success nor a failure of
// the source.
func (r *record) add(now time.Time, err *Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.h.Calls++
	switch {
	case err == nil:
		r.h.LastSuccess = now
		r.answered = time.Now()
	case err.Kind != Cancelled:
		r.h.LastFailure = now
		r.h.LastError = err.Reason()
		r.h.Failures++
	}
}

// answeredSince says whether a call has succeeded after t.
func (r *record) answeredSince(t time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answered.After(t)
}

// Health returns how the source is doing now. It is safe for concurrent use.
func (c *Client) Health() Health {
	c.record.mu.Lock()
	h := c.record.h
	c.record.mu.Unlock()
	h.Source = c.source
	now := c.o.Now()
	switch {
	case c.o.Offline:
		h.State = Off
	case h.LastSuccess.IsZero() && h.LastFailure.IsZero():
		h.State = Unknown
	case !c.breaker.IsClosed():
		h.State = Down
	case h.LastFailure.After(h.LastSuccess),
		!h.LastFailure.IsZero() && now.Sub(h.LastFailure) < degradedFor,
		c.held() > 0:
		h.State = Degraded
	default:
		h.State = Up
	}
	return h
}
