package store

import (
	"context"
	"sync"
	"sync/atomic"
)

// Follower keeps what is in memory up with the database, whichever process
// writes to that. It is safe for concurrent use.
type Follower struct {
	store *Store
	apply []func(Changes)

	generation atomic.Int64
	mu         sync.Mutex
}

// Follow returns a Follower that tells each of apply what has changed. Nil
// Changes stand for everything.
func (s *Store) Follow(apply ...func(Changes)) *Follower {
	f := &Follower{store: s, apply: apply}
	f.generation.Store(-1)
	return f
}

// CatchUp tells of all changes up to a generation that is no older than the call,
// and returns it. What is in memory then is as good as the database.
func (f *Follower) CatchUp(ctx context.Context) (int64, error) {
	now, err := f.store.Generation(ctx)
	if err != nil {
		return 0, err
	}
	if now <= f.generation.Load() {
		return now, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	at := f.generation.Load()
	if now <= at {
		return now, nil
	}
	var changes Changes
	known := false
	if at >= 0 {
		var upTo int64
		if changes, upTo, known, err = f.store.ChangesAfter(ctx, at); err != nil {
			return 0, err
		}
		now = max(now, upTo)
	}
	if !known {
		changes = nil
	}
	for _, apply := range f.apply {
		apply(changes)
	}
	f.generation.Store(now)
	return now, nil
}
