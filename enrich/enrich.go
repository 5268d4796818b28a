// Package enrich answers what upstreams know about packages and
// vulnerabilities: from the store where that is recent enough, else from the
// upstream, else from the store as stale. Every answer says which. It works on
// whole batches and knows nothing of GraphQL.
package enrich

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"loadline/store"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/epss"
	"loadline/upstream/kev"
	"loadline/upstream/osv"
)

// State says what stands behind a fact.
type State string

// The states of a fact, as the schema's SourceState has them.
const (
	Fresh         State = "FRESH"
	Stale         State = "STALE"
	Unavailable   State = "UNAVAILABLE"
	NotCovered    State = "NOT_COVERED"
	NotApplicable State = "NOT_APPLICABLE"
)

// Status is what one source did for one object.
type Status struct {
	Source upstream.Source
	State  State
	AsOf   time.Time // of what the source said, or when it was last asked in vain in the background; else zero
	Reason string    // empty when FRESH
}

// How long an answer counts as fresh. OSV is at most 15 minutes behind its
// sources; EPSS and deps.dev change once a day; CISA publishes on weekdays.
const (
	osvLifetime  = time.Hour
	epssLifetime = 24 * time.Hour
	kevLifetime  = 12 * time.Hour
	depsLifetime = 24 * time.Hour
)

// Upstreams are the clients that a Service asks. In offline mode their
// transport refuses every call.
type Upstreams struct {
	OSV     *osv.Client
	EPSS    *epss.Client
	KEV     *kev.Client
	DepsDev *depsdev.Client
}

// Service answers from the store and the upstreams. It is safe for concurrent
// use; identical fetches of concurrent requests are one.
type Service struct {
	store *store.Store
	up    Upstreams
	now   func() time.Time
	log   *slog.Logger

	answers    flight[int64, store.Answer]
	advisories flight[string, record]
	scores     flight[string, store.Score]
	catalogue  flight[struct{}, struct{}]
	latest     flight[int64, store.Latest]
	decoded    decoded
	memory     memory

	portfolio portfolio

	keeper     keeper
	background group
	stop       context.CancelFunc
	packages   *queue
	ahead      *ahead
}

// New returns a Service. Close it to end its background work.
func New(s *store.Store, up Upstreams, now func() time.Time, log *slog.Logger) *Service {
	ctx, stop := context.WithCancel(context.Background())
	e := &Service{store: s, up: up, now: now, log: log, stop: stop, background: group{ctx: ctx}, packages: newQueue(), memory: newMemory(), decoded: newDecoded(), ahead: newAhead()}
	e.keeper.store, e.keeper.log = s, log
	e.background.Go(func() { e.refreshPackages(ctx) })
	e.background.Go(func() { e.refreshAhead(ctx) })
	return e
}

// Close stops the background work and waits for it, for fetches under way, and
// until what they learnt is stored.
func (e *Service) Close() {
	e.stop()
	e.background.Wait()
	e.keeper.close()
}

// Now is the time by which facts are fresh or not.
func (e *Service) Now() time.Time { return e.now() }

// Settle waits until all that was answered with so far is stored, or ctx ends.
func (e *Service) Settle(ctx context.Context) error { return e.keeper.settle(ctx) }

// fresh says whether a fact that was fetched at t is still to be relied on.
func (e *Service) fresh(t time.Time, lifetime time.Duration) bool {
	return !t.IsZero() && e.now().Sub(t) < lifetime
}

// fallback is the status of a fact that could not be fetched because of err:
// stale where it was known at asOf, else unavailable, as of when that was found.
func fallback(source upstream.Source, asOf time.Time, err error) Status {
	state := Stale
	if asOf.IsZero() {
		state = Unavailable
		var lookup *lookupError
		if errors.As(err, &lookup) {
			asOf = lookup.at
		}
	}
	return Status{Source: source, State: state, AsOf: asOf, Reason: reasonOf(err)}
}

// reasonOf is err in a sentence that may be shown to anyone.
func reasonOf(err error) string {
	var known *upstream.Error
	switch {
	case errors.As(err, &known):
		return known.Reason()
	case errors.Is(err, errNotAsked):
		return "It is answered from what is stored, and this is not, or is too old."
	case errors.Is(err, errPending):
		return "The newest version is being looked up in the background; ask again in a moment."
	case errors.Is(err, errCatalogue):
		return "The catalogue is being fetched; ask again in a moment."
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "The request ended before the answer came."
	default:
		return upstream.Reason(err)
	}
}
