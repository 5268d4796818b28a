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
	applying   sync.Mutex

	mu        sync.Mutex
	now, next *look // the look under way, and the one after; nil where there is none
}

// look is a look at the database for all who came before it began.
type look struct {
	done       chan struct{}
	generation int64
	err        error
}

// Follow returns a Follower that tells each of apply what has changed. Nil
// Changes stand for everything.
func (s *Store) Follow(apply ...func(Changes)) *Follower {
	f := &Follower{store: s, apply: apply}
	f.generation.Store(-1)
	return f
}

// CatchUp tells of all changes up to a generation that is no older than the call,
// and returns it. What is in memory then is as good as the database. Those who
// call while another look at the database is under way share the next one.
func (f *Follower) CatchUp(ctx context.Context) (int64, error) {
	f.mu.Lock()
	mine := f.now == nil
	var l *look
	switch {
	case mine:
		f.now = &look{done: make(chan struct{})}
		l = f.now
	case f.next == nil:
		f.next = &look{done: make(chan struct{})}
		l = f.next
	default:
		l = f.next
	}
	f.mu.Unlock()
	if mine {
		f.run(ctx, l)
	}
	select {
	case <-l.done:
		return l.generation, l.err
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// run does a look, and has the next one done.
func (f *Follower) run(ctx context.Context, l *look) {
	l.generation, l.err = f.catchUp(ctx)
	close(l.done)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now, f.next = f.next, nil
	if f.now != nil {
		// It is for others, who may still be there when this one is not.
		go f.run(context.WithoutCancel(ctx), f.now)
	}
}

func (f *Follower) catchUp(ctx context.Context) (int64, error) {
	now, err := f.store.Generation(ctx)
	if err != nil {
		return 0, err
	}
	if now <= f.generation.Load() {
		return now, nil
	}
	f.applying.Lock()
	defer f.applying.Unlock()
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
