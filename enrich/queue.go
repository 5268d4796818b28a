package enrich

import (
	"context"
	"sync"
)

// queue hands out package ids, each once however often it was added while it
// waited or was at work.
type queue struct {
	mu    sync.Mutex
	known map[int64]bool
	ids   []int64
	ready chan struct{}
}

func newQueue() *queue {
	return &queue{known: make(map[int64]bool), ready: make(chan struct{}, packagesAtOnce)}
}

func (q *queue) add(ids ...int64) {
	q.mu.Lock()
	for _, id := range ids {
		if !q.known[id] && len(q.ids) < maxQueued {
			q.known[id] = true
			q.ids = append(q.ids, id)
		}
	}
	q.mu.Unlock()
	for range min(len(ids), packagesAtOnce) {
		q.wake()
	}
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

func (q *queue) done(id int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.known, id)
}
