package job

import "sync"

// Hub tells watchers that a job has changed. It holds no states: a watcher reads
// the newest one from the store, so a slow watcher costs nothing and misses
// only what has been overtaken.
type Hub struct {
	mu       sync.Mutex
	watchers map[int64]map[chan struct{}]bool
}

// NewHub returns a Hub without watchers.
func NewHub() *Hub { return &Hub{watchers: make(map[int64]map[chan struct{}]bool)} }

// Watch returns a channel that becomes readable when the job has changed since
// it was last read, and a function that ends the watch.
func (h *Hub) Watch(id int64) (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers[id] == nil {
		h.watchers[id] = make(map[chan struct{}]bool)
	}
	h.watchers[id][ch] = true
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers[id], ch)
		if len(h.watchers[id]) == 0 {
			delete(h.watchers, id)
		}
	}
}

func (h *Hub) changed(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.watchers[id] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
