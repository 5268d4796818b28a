// Package upstream is the one road to the services that facts come from: it
// bounds every call in time and size, retries what may be retried, stops asking
// a service that is down, and keeps count. It knows HTTP and nothing of what the
// services say; osv, epss, kev and depsdev beside it do.
package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Source is a service that facts come from, by its name in the schema.
type Source string

// The sources.
const (
	OSV       Source = "OSV"
	EPSS      Source = "EPSS"
	KEV       Source = "KEV"
	DepsDev   Source = "DEPS_DEV"
	EndOfLife Source = "END_OF_LIFE" // from a mirror alone
)

// Name returns what people call the source.
func (s Source) Name() string {
	switch s {
	case OSV:
		return "osv.dev"
	case EPSS:
		return "FIRST EPSS"
	case KEV:
		return "CISA KEV"
	case DepsDev:
		return "deps.dev"
	case EndOfLife:
		return "endoflife.date"
	}
	return string(s)
}

// ErrNotFound says that the source answered, and does not know what it was
// asked for.
var ErrNotFound = errors.New("not known to the source")

// Options bound what a Client may do. A zero field means the source's default;
// see Defaults.
type Options struct {
	// UserAgent names the program and where to find who runs it:
	// "loadline/1.4.0 (+https://…)".
	UserAgent string
	// Offline makes every call fail with the kind Offline, without touching the
	// network.
	Offline bool

	// Budget bounds a call from its start to the last byte of its answer, with
	// every wait and every repeated attempt. WithBudget gives a call another.
	Budget time.Duration
	// AttemptTimeout bounds one attempt, its answer's body included.
	AttemptTimeout time.Duration
	// Attempts is how often a call is tried in all.
	Attempts int
	// Backoff is the wait before the second attempt; it doubles each time, up to
	// MaxBackoff, and half of it is left to chance.
	Backoff    time.Duration
	MaxBackoff time.Duration
	// MaxRetryAfter caps the Retry-After that a source may ask for.
	MaxRetryAfter time.Duration

	// RequestsPerSecond and Burst limit attempts, in a token bucket.
	RequestsPerSecond float64
	Burst             int
	// MaxConcurrent limits attempts in flight.
	MaxConcurrent int
	// MaxBodyBytes limits an answer's body, after decompression.
	MaxBodyBytes int64

	// BreakerFailures in a row open the circuit: calls then fail at once for
	// BreakerPause, after which one call may try.
	BreakerFailures int
	BreakerPause    time.Duration

	// OnCall is told of every attempt, after it, in the attempt's goroutine.
	OnCall func(context.Context, Attempt)
	// Now is the clock for health and Retry-After.
	Now func() time.Time
	// Transport is the network. It must be safe for concurrent use.
	Transport http.RoundTripper
}

// Attempt is what OnCall is told.
type Attempt struct {
	Source   Source
	Op       string // the client's name for the call: "querybatch"
	Method   string
	Path     string // without the query
	Status   int    // zero where no answer came
	Duration time.Duration
	Number   int   // 1 for a call's first attempt
	Err      error // nil, or an *Error
}

// Defaults returns the options of a source where none are given. A person waits
// for most calls, so a call ends within 8 s; the KEV catalogue is fetched in the
// background and may take 40 s. None of the sources states a rate limit: the
// rates let one question over 100 components through at once and slow a flood.
func Defaults(s Source) Options {
	o := Options{
		UserAgent:         "loadline",
		Budget:            8 * time.Second,
		AttemptTimeout:    4 * time.Second,
		Attempts:          4,
		Backoff:           100 * time.Millisecond,
		MaxBackoff:        2 * time.Second,
		MaxRetryAfter:     30 * time.Second,
		RequestsPerSecond: 100,
		Burst:             500,
		MaxConcurrent:     128,
		MaxBodyBytes:      32 << 20,
		BreakerFailures:   10,
		BreakerPause:      15 * time.Second,
		Now:               time.Now,
	}
	switch s {
	case OSV:
		// Its own 95th percentile is about 6 s: a shorter attempt would give up
		// on good answers. A batch's hydration is hundreds of small calls, and OSV
		// says that it has no limit: what bounds them is how many are in flight.
		o.AttemptTimeout = 7 * time.Second
		o.RequestsPerSecond, o.Burst = 20_000, 20_000
		o.MaxConcurrent = maxConns
	case EPSS:
		o.RequestsPerSecond, o.Burst = 10, 50
		o.MaxConcurrent = 16
		o.MaxBodyBytes = 4 << 20
	case KEV:
		o.Budget, o.AttemptTimeout = 40*time.Second, 20*time.Second
		o.RequestsPerSecond, o.Burst = 1, 10
		o.MaxConcurrent = 2
	}
	return o
}

func (o Options) withDefaults(s Source) Options {
	d := Defaults(s)
	if o.UserAgent == "" {
		o.UserAgent = d.UserAgent
	}
	if o.Now == nil {
		o.Now = d.Now
	}
	fill(&o.Budget, d.Budget)
	fill(&o.AttemptTimeout, d.AttemptTimeout)
	fill(&o.Attempts, d.Attempts)
	fill(&o.Backoff, d.Backoff)
	fill(&o.MaxBackoff, d.MaxBackoff)
	fill(&o.MaxRetryAfter, d.MaxRetryAfter)
	fill(&o.RequestsPerSecond, d.RequestsPerSecond)
	fill(&o.Burst, d.Burst)
	fill(&o.MaxConcurrent, d.MaxConcurrent)
	fill(&o.MaxBodyBytes, d.MaxBodyBytes)
	fill(&o.BreakerFailures, d.BreakerFailures)
	fill(&o.BreakerPause, d.BreakerPause)
	return o
}

func fill[T int | int64 | float64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

// CheckBaseURL returns what is wrong with a source's base URL, or nil. A base
// URL is http or https with a host, and may have a path; it has no query.
func CheckBaseURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return fmt.Errorf("%q is not a URL; give one such as https://api.example.org", raw)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%q does not start with http:// or https://", raw)
	case u.Hostname() == "":
		return fmt.Errorf("%q names no host; give one such as https://api.example.org", raw)
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%q has a query or a fragment; give the address without it", raw)
	}
	return nil
}

// Base returns a base URL ready to have a path that starts with a slash put
// behind it.
func Base(raw string) string { return strings.TrimRight(strings.TrimSpace(raw), "/") }
