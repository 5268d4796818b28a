package upstream

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// Client makes the calls to one source. It is safe for concurrent use, and all
// that call the source should share it: the limits, the circuit breaker and the
// health are its own.
type Client struct {
	bare, withBody http.Header // of a call without and with a body

	source  Source
	o       Options
	http    *http.Client
	breaker circuitbreaker.CircuitBreaker[none]
	limiter *rate.Limiter
	slots   *semaphore.Weighted
	hold    atomic.Int64 // no attempt before this time, in Unix nanoseconds
	record  record
}

// NewClient returns a Client for the source; fields of o that are zero become
// those of Defaults(source).
func NewClient(source Source, o Options) *Client {
	o = o.withDefaults(source)
	bare := http.Header{"Accept": {"application/json"}, "User-Agent": {o.UserAgent}}
	withBody := bare.Clone()
	withBody.Set("Content-Type", "application/json")
	return &Client{
		bare:     bare,
		withBody: withBody,
		source:   source,
		o:        o,
		http:     newHTTPClient(o.Transport),
		breaker:  newBreaker(o),
		limiter:  rate.NewLimiter(rate.Limit(o.RequestsPerSecond), o.Burst),
		slots:    semaphore.NewWeighted(int64(o.MaxConcurrent)),
	}
}

// Source returns the source that the Client calls.
func (c *Client) Source() Source { return c.source }

// Close lets go of idle connections. Calls may still be made.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Share has the Client make one of n parts of the calls a second that it may
// make: n processes share what the source allows one.
func (c *Client) Share(n int) {
	n = max(n, 1)
	c.limiter.SetLimit(rate.Limit(c.o.RequestsPerSecond / float64(n)))
	c.limiter.SetBurst(max(c.o.Burst/n, 1))
}

// Call is one question.
type Call struct {
	Op     string // short, for errors and hooks: "querybatch"
	Method string
	URL    string
	Header http.Header // beside those that every call has; may be nil
	Body   []byte      // JSON; sent again with each attempt
	// Expect lists the statuses beside 200 that are answers.
	Expect []int
	// MaxBodyBytes lowers the Client's limit; 0 leaves it.
	MaxBodyBytes int64
}

// Answer is a source's answer, read to its end and decompressed.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes the call and hands its answer to read, within the budget. A read that
// fails makes the answer a BadAnswer, which is not asked for again. Attempts are
// repeated after network errors, time-outs and the statuses 429, 500, 502, 503
// and 504, while the budget lasts. The error, if any, is an *Error.
func (c *Client) Do(ctx context.Context, call Call, read func(Answer) error) error {
	if c.o.Offline {
		return c.Fail(call.Op, Offline, nil)
	}
	began := time.Now()
	end := began.Add(budget(ctx, c.o.Budget))
	if other, ok := ctx.Deadline(); ok && other.Before(end) {
		end = other
	}
	for n := 1; ; n++ {
		e := c.attempt(ctx, end, call, n, read)
		if e == nil {
			return nil
		}
		again := e.again && n < c.o.Attempts && pause(ctx, end, e.wait) == nil
		switch {
		case ctx.Err() != nil:
			return c.ended(ctx, call.Op, ctx.Err())
		case !again:
			if e.Kind == Timeout {
				c.despair(began)
			}
			return e
		}
	}
}

// Fail returns an Error of this source that no attempt is behind.
func (c *Client) Fail(op string, kind Kind, err error) *Error {
	return &Error{Source: c.source, Op: op, Kind: kind, Err: err}
}

// attempt makes the call once, before the end of its budget, and keeps the
// records.
func (c *Client) attempt(ctx context.Context, end time.Time, call Call, n int, read func(Answer) error) *Error {
	if err := c.admit(ctx, end, call.Op); err != nil {
		return err
	}
	defer c.slots.Release(1)
	if !c.breaker.TryAcquirePermit() {
		return c.Fail(call.Op, CircuitOpen, nil)
	}
	probe := c.breaker.IsHalfOpen()

	start := time.Now()
	over := start.Add(c.o.AttemptTimeout)
	if end.Before(over) {
		over = end
	}
	timed, cancel := context.WithDeadline(ctx, over)
	defer cancel()
	countCall(ctx)
	status, path, err := c.exchange(timed, call, read)
	took := time.Since(start)

	var e *Error
	if err != nil {
		e = c.classify(timed, call.Op, status, err)
		c.plan(end, e, n)
	}
	c.settle(e, probe)
	c.record.add(c.o.Now(), e)
	observe, observed := ctx.Value(observerKey{}).(func(Attempt))
	if c.o.OnCall != nil || observed {
		a := Attempt{Source: c.source, Op: call.Op, Method: call.Method, Path: path, Status: status, Duration: took, Number: n}
		if e != nil {
			a.Err = e
		}
		if c.o.OnCall != nil {
			c.o.OnCall(ctx, a)
		}
		if observed {
			observe(a)
		}
	}
	return e
}

// admit waits until an attempt may start, and holds one of the slots when it
// returns nil.
func (c *Client) admit(ctx context.Context, end time.Time, op string) *Error {
	if c.breaker.RemainingDelay() > 0 {
		return c.Fail(op, CircuitOpen, nil)
	}
	if err := ctx.Err(); err != nil {
		return c.ended(ctx, op, err)
	}
	slot := c.slots.TryAcquire(1)
	if slot && c.held() <= 0 && c.limiter.Allow() {
		return nil
	}
	// Only who has to wait needs a context for it.
	within, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	if !slot {
		if err := c.slots.Acquire(within, 1); err != nil {
			return c.ended(ctx, op, err)
		}
	}
	if err := c.turn(within, end, op); err != nil {
		c.slots.Release(1)
		return err
	}
	return nil
}

// turn waits until the rate allows another attempt and the source does not want
// to be left alone any more.
func (c *Client) turn(ctx context.Context, end time.Time, op string) *Error {
	if err := c.limiter.Wait(ctx); err != nil {
		if ctx.Err() == nil {
			return c.Fail(op, RateLimited, err)
		}
		return c.ended(ctx, op, err)
	}
	wait := c.held()
	if err := pause(ctx, end, wait); err != nil {
		if ctx.Err() == nil {
			e := c.Fail(op, RateLimited, err)
			e.RetryAfter = wait
			return e
		}
		return c.ended(ctx, op, err)
	}
	return nil
}

// held returns how long the source still wants to be left alone.
func (c *Client) held() time.Duration {
	until := c.hold.Load()
	if until == 0 {
		return 0
	}
	return time.Unix(0, until).Sub(c.o.Now())
}

// pause waits for d, or returns an error at once when the end comes before that.
func pause(ctx context.Context, end time.Time, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	if time.Until(end) < d {
		return fmt.Errorf("the source asked for a pause of %v, beyond the time left", d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var (
	errTooLarge = errors.New("answer too large")
	errBadURL   = errors.New("not an address of a web service")
)

// readError is an answer that came whole and was not understood.
type readError struct{ err error }

func (e readError) Error() string { return e.err.Error() }
func (e readError) Unwrap() error { return e.err }

// exchange sends the call and reads its answer; status is zero where none came.
func (c *Client) exchange(ctx context.Context, call Call, read func(Answer) error) (status int, path string, err error) {
	var body io.Reader
	if call.Body != nil {
		body = bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, call.URL, body)
	if err != nil {
		return 0, "", fmt.Errorf("%w: %w", errBadURL, err)
	}
	if s := req.URL.Scheme; s != "http" && s != "https" || req.URL.Host == "" {
		return 0, "", fmt.Errorf("%w: %q", errBadURL, req.URL.Redacted())
	}
	req.Header = c.header(call)
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, req.URL.Path, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && !slices.Contains(call.Expect, resp.StatusCode) {
		return resp.StatusCode, req.URL.Path, c.unexpected(resp, call.Op)
	}
	limit := c.o.MaxBodyBytes
	if call.MaxBodyBytes > 0 {
		limit = min(limit, call.MaxBodyBytes)
	}
	data, err := readAll(resp, limit)
	if err != nil {
		return resp.StatusCode, req.URL.Path, err
	}
	if err := read(Answer{Status: resp.StatusCode, Header: resp.Header, Body: data}); err != nil {
		return resp.StatusCode, req.URL.Path, readError{err}
	}
	return resp.StatusCode, req.URL.Path, nil
}

// header returns the headers of a call. Requests share them: nobody changes them.
func (c *Client) header(call Call) http.Header {
	common := c.bare
	if call.Body != nil {
		common = c.withBody
	}
	if len(call.Header) == 0 {
		return common
	}
	all := call.Header.Clone()
	maps.Copy(all, common)
	return all
}

// trusted is the largest announced length that memory is set aside for.
const trusted = 1 << 20

// readAll reads a body of at most limit bytes.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, fmt.Errorf("%w: %d bytes announced, %d allowed", errTooLarge, resp.ContentLength, limit)
	}
	if n := resp.ContentLength; n >= 0 && n <= trusted {
		// A byte more, to see the end: else the connection is not used again.
		data := make([]byte, n+1)
		got, err := io.ReadFull(resp.Body, data)
		if int64(got) == n && (err == io.EOF || err == io.ErrUnexpectedEOF) {
			return data[:n], nil
		}
		return nil, cmp.Or(err, errTooLarge)
	}
	var buf bytes.Buffer
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, fmt.Errorf("%w: more than the %d bytes allowed", errTooLarge, limit)
	}
	return buf.Bytes(), nil
}

// unexpected describes an answer whose status is not one, and lets the
// connection be used again.
func (c *Client) unexpected(resp *http.Response, op string) *Error {
	const shown, drained = 300, 64 << 10
	data, _ := io.ReadAll(io.LimitReader(resp.Body, drained))
	e := c.Fail(op, Status, fmt.Errorf("answer: %.*q", shown, data))
	if resp.StatusCode == http.StatusTooManyRequests {
		e.Kind = RateLimited
	}
	e.Status = resp.StatusCode
	if e.again = retryStatus(resp.StatusCode); e.again {
		e.RetryAfter = c.o.retryAfter(resp.Header)
	}
	return e
}

// classify turns what went wrong in an attempt into an Error.
func (c *Client) classify(ctx context.Context, op string, status int, err error) *Error {
	var (
		e       *Error
		bad     readError
		timeout interface{ Timeout() bool }
		cert    *tls.CertificateVerificationError
	)
	if errors.As(err, &e) {
		return e
	}
	e = c.Fail(op, Refused, err)
	e.Status = status
	switch {
	case errors.As(err, &bad):
		e.Kind = BadAnswer
	case errors.Is(ctx.Err(), context.Canceled):
		e.Kind = Cancelled
	case errors.Is(err, errTooLarge):
		e.Kind = TooLarge
	case errors.Is(err, errRedirect):
		e.Kind = BadAnswer
	case ctx.Err() != nil, errors.As(err, &timeout) && timeout.Timeout():
		e.Kind, e.again = Timeout, true
	case errors.Is(err, errBadURL), errors.As(err, &cert):
		// Neither gets better by itself.
	default:
		e.again = true
	}
	return e
}

// ended is the Error of a call whose context ended between two attempts.
func (c *Client) ended(ctx context.Context, op string, err error) *Error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return c.Fail(op, Cancelled, err)
	}
	return c.Fail(op, Timeout, err)
}

// plan decides how long to wait before another attempt, and that there is none
// when the budget would end first.
func (c *Client) plan(end time.Time, e *Error, n int) {
	if e.RetryAfter > 0 {
		c.holdOff(e.RetryAfter)
	}
	if !e.again {
		return
	}
	e.wait = max(c.o.backoff(n), e.RetryAfter)
	if time.Until(end) <= e.wait {
		e.again = false
	}
}

// holdOff keeps every call away for d: a source that asks one caller to wait
// means all of them.
func (c *Client) holdOff(d time.Duration) {
	until := c.o.Now().Add(d).UnixNano()
	for {
		old := c.hold.Load()
		if old >= until || c.hold.CompareAndSwap(old, until) {
			return
		}
	}
}

// despair opens the circuit when a call has waited in vain for as long as an
// attempt may take and nobody else has had an answer meanwhile: everyone else
// would wait as long, and few at a time are not enough failures in a row.
func (c *Client) despair(began time.Time) {
	if time.Since(began) >= c.o.AttemptTimeout && !c.record.answeredSince(began) {
		c.breaker.Open()
	}
}

// settle tells the breaker. A cancelled attempt says nothing of the source, but
// must give back the permit of a half-open circuit.
func (c *Client) settle(e *Error, probe bool) {
	switch {
	case e == nil, e.Kind == BadAnswer, e.Kind == TooLarge, e.Kind == Status && e.Status < 500:
		c.breaker.RecordSuccess()
	case e.Kind != Cancelled || probe:
		c.breaker.RecordFailure()
	}
}
