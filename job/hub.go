package job

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"loadline/store"
)

// lookEvery is how often the store is asked about what is watched, for the
// changes that other processes have made.
const lookEvery = time.Second

// Hub hands those who watch something its newest state. Nobody waits for a slow
// watcher, nothing is queued for it: it finds the newest state when it comes, and
// misses those that have been overtaken. All watchers of all processes' changes
// together cost two statements a second.
type Hub struct {
	jobs     watchers[store.Job]
	findings watchers[store.FindingsState]
	look     chan struct{}
}

// NewHub returns a Hub without watchers.
func NewHub() *Hub { return &Hub{look: make(chan struct{}, 1)} }

// Watch returns a channel with the newest state of a job, whenever it has changed
// since the last receive, and a function that ends the watch. A job that has been
// deleted comes with its ID alone.
func (h *Hub) Watch(id int64) (<-chan store.Job, func()) { return h.jobs.watch(id) }

// WatchFindings is Watch for whether the findings of a project have changed. A
// project that has been deleted comes as Gone.
func (h *Hub) WatchFindings(projectID int64) (<-chan store.FindingsState, func()) {
	return h.findings.watch(projectID)
}

// Look has Keep ask the store at once: something may have changed.
func (h *Hub) Look() {
	select {
	case h.look <- struct{}{}:
	default:
	}
}

// Keep asks the store about what is watched, until ctx ends.
func (h *Hub) Keep(ctx context.Context, s *store.Store, log *slog.Logger) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-h.look:
		}
		if err := h.lookOnce(ctx, s); err != nil && ctx.Err() == nil {
			log.Error("watched jobs and projects not read", "error", err)
		}
	}
}

func (h *Hub) lookOnce(ctx context.Context, s *store.Store) error {
	if ids := h.jobs.watched(); len(ids) > 0 {
		rows, err := s.JobsByIDs(ctx, ids)
		if err != nil {
			return err
		}
		gone := make(map[int64]bool, len(ids))
		for _, id := range ids {
			gone[id] = true
		}
		for _, j := range rows {
			delete(gone, j.ID)
			h.jobs.tell(j.ID, j.Revision, j)
		}
		for id := range gone {
			h.jobs.tell(id, over, store.Job{ID: id})
		}
	}
	if ids := h.findings.watched(); len(ids) > 0 {
		states, err := s.FindingsStates(ctx, ids)
		if err != nil {
			return err
		}
		for id, state := range states {
			revision := state.Revision
			if state.Gone {
				revision = over
			}
			h.findings.tell(id, revision, state)
		}
	}
	return nil
}

// tell hands on the state of a job.
func (h *Hub) tell(j store.Job) { h.jobs.tell(j.ID, j.Revision, j) }

// over is the revision of what has been deleted: there is none behind it.
const over = int64(^uint64(0) >> 1)

// watchers are those who watch objects of one kind.
type watchers[V any] struct {
	mu  sync.Mutex
	all map[int64]*watched[V]
}

// watched is an object that somebody watches.
type watched[V any] struct {
	revision int64 // the newest that was told
	channels map[chan V]bool
}

func (w *watchers[V]) watch(id int64) (<-chan V, func()) {
	ch := make(chan V, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = make(map[int64]*watched[V])
	}
	if w.all[id] == nil {
		w.all[id] = &watched[V]{channels: make(map[chan V]bool)}
	}
	w.all[id].channels[ch] = true
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if o := w.all[id]; o != nil {
			delete(o.channels, ch)
			if len(o.channels) == 0 {
				delete(w.all, id)
			}
		}
	}
}

func (w *watchers[V]) watched() []int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Keys(w.all))
}

// tell puts the state into every watcher's channel, in the place of an older one.
func (w *watchers[V]) tell(id, revision int64, v V) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := w.all[id]
	if o == nil || revision <= o.revision {
		return
	}
	o.revision = revision
	for ch := range o.channels {
		select {
		case <-ch:
		default:
		}
		ch <- v // there is room: only this sends, under the lock
	}
}
