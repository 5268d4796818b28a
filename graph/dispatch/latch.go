package dispatch

import (
	"context"
	"sync"
)

// latch lets resolvers wait for something without holding tokens.
type latch struct {
	done chan struct{}

	mu     sync.Mutex
	opened bool
	parked []*call
}

func newLatch() latch { return latch{done: make(chan struct{})} }

// wait returns when the latch is open, or the error of ctx when that ends first.
// c is the call that waits; it is nil outside of a response.
func (l *latch) wait(ctx context.Context, c *call) error {
	select {
	case <-l.done:
		return nil
	default:
	}
	if c != nil {
		l.mu.Lock()
		park := !l.opened
		if park {
			l.parked = append(l.parked, c)
		}
		l.mu.Unlock()
		if park {
			c.park()
		}
	}
	select {
	case <-l.done:
		return nil
	case <-ctx.Done():
		if c != nil {
			l.leave(c)
		}
		return ctx.Err()
	}
}

// leave takes back c's parking, unless credit already has.
func (l *latch) leave(c *call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.opened {
		c.left.Add(1)
		c.unpark()
	}
}

// open lets all waiting calls go.
func (l *latch) open() {
	l.credit()
	close(l.done)
}

// credit gives the waiting calls their tokens back, before the first of them runs.
func (l *latch) credit() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.opened = true
	for _, c := range l.parked {
		if c.left.Load() > 0 {
			c.left.Add(-1)
			continue
		}
		c.unpark()
	}
	l.parked = nil
}
