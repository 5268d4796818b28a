package wire

import (
	"container/list"
	"sync"
)

// cache keeps values up to a number of bytes; those that were not used for
// longest leave first.
type cache[V any] struct {
	limit int

	mu      sync.Mutex
	size    int
	entries map[string]*list.Element
	used    list.List // of *entry[V], the last used in front
}

type entry[V any] struct {
	key   string
	value V
	size  int
}

// entryBytes is about what an entry takes beside its key and value.
const entryBytes = 200

// share is the part of a cache that one value may take: a sixteenth.
const share = 16

func newCache[V any](limit int) *cache[V] {
	return &cache[V]{limit: limit, entries: make(map[string]*list.Element)}
}

func (c *cache[V]) get(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok {
		var none V
		return none, false
	}
	c.used.MoveToFront(e)
	return e.Value.(*entry[V]).value, true
}

// add keeps a value of about size bytes, unless it is too large.
func (c *cache[V]) add(key string, value V, size int) {
	size += len(key) + entryBytes
	if size > c.limit/share {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[key]; ok {
		return
	}
	c.entries[key] = c.used.PushFront(&entry[V]{key, value, size})
	c.size += size
	for c.size > c.limit {
		last := c.used.Remove(c.used.Back()).(*entry[V])
		delete(c.entries, last.key)
		c.size -= last.size
	}
}
