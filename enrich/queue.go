package enrich

import (
	"context"
	"sync"
	"time"
)

// retryLookup is how long a package is not asked about again after that has
// failed.
const retryLookup = 5 * time.Minute

// queue hands out package ids, each once however often it was added while it
// waited or was at work, and remembers what is known of them meanwhile.
type queue struct {
	mu     sync.Mutex
	known  map[int64]bool   // waiting or at work
	older  map[int64]string // the version that was found not to be the newest, of what is known or failed
	failed map[int64]*lookupError
	ids    []int64
	ready  chan struct{}
}

// lookupError is why the last lookup of a package failed, and when.
type lookupError struct {
	at  time.Time
	err error
}

func (e *lookupError) Error() string { return e.err.Error() }
func (e *lookupError) Unwrap() error { return e.err }

func newQueue() *queue {
	return &queue{
		known:  make(map[int64]bool),
		older:  make(map[int64]string),
		failed: make(map[int64]*lookupError),
		ready:  make(chan struct{}, packagesAtOnce),
	}
}

func (q *queue) add(ids ...int64) {
	q.mu.Lock()
	added := 0
	for _, id := range ids {
		if q.put(id) {
			added++
		}
	}
	q.mu.Unlock()
	for range min(added, packagesAtOnce) {
		q.wake()
	}
}

func (q *queue) put(id int64) bool {
	if q.known[id] || len(q.ids) >= maxQueued {
		return false
	}
	q.known[id] = true
	q.ids = append(q.ids, id)
	return true
}

// addOlder adds a package of which one version is known not to be the newest, and
// returns why the newest is not known: errPending, or how a lookup failed not
// long ago, in which case there is no other yet.
func (q *queue) addOlder(id int64, version string, now time.Time) error {
	q.mu.Lock()
	if f := q.failedSince(id, now); f != nil && !q.known[id] {
		q.older[id] = version
		q.mu.Unlock()
		return f
	}
	added := q.put(id)
	if q.known[id] {
		q.older[id] = version
	}
	q.mu.Unlock()
	if added {
		q.wake()
	}
	return errPending
}

// standing returns why the newest version of a package is not known, where the
// source needs not be asked whether the version is: it was, or there is none.
func (q *queue) standing(id int64, version string, now time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if version != "" && q.older[id] != version {
		return nil
	}
	if q.known[id] {
		return errPending
	}
	if f := q.failedSince(id, now); f != nil {
		return f
	}
	return nil
}

func (q *queue) failedSince(id int64, now time.Time) *lookupError {
	if f := q.failed[id]; f != nil && now.Sub(f.at) < retryLookup {
		return f
	}
	return nil
}

func (q *queue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// next waits for an id; it is false when ctx has ended.
func (q *queue) next(ctx context.Context) (int64, bool) {
	for ctx.Err() == nil {
		if id, ok := q.take(); ok {
			return id, true
		}
		select {
		case <-ctx.Done():
		case <-q.ready:
		}
	}
	return 0, false
}

func (q *queue) take() (int64, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.ids) == 0 {
		return 0, false
	}
	id := q.ids[0]
	q.ids = q.ids[1:]
	return id, true
}

// done ends the work on a package; err is why it failed, or nil.
func (q *queue) done(id int64, err error, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.known, id)
	if err == nil {
		delete(q.failed, id)
		delete(q.older, id)
		return
	}
	if len(q.failed) >= maxQueued {
		for old := range q.failed {
			if q.failedSince(old, now) == nil {
				q.forget(old)
			}
		}
	}
	if len(q.failed) >= maxQueued {
		q.forget(id)
		return
	}
	q.failed[id] = &lookupError{at: now, err: err}
}

func (q *queue) forget(id int64) {
	delete(q.failed, id)
	if !q.known[id] {
		delete(q.older, id)
	}
}
