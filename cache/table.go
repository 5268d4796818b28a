package cache

import (
	"sync"
	"sync/atomic"
)

// Table keeps values by key. What it returns is shared and must not be changed.
// It is safe for concurrent use.
type Table[K, T comparable, V any] struct {
	capacity int

	mu sync.RWMutex
	// Values are put into young; when that is half of the capacity it becomes old,
	// and what was old and has not been used since is forgotten.
	young, old half[K, T, V]
	// clock counts drops. dropped says when each tag was last dropped, floor when
	// those were that it no longer has.
	clock   Stamp
	floor   Stamp
	dropped map[T]Stamp

	hits, misses atomic.Int64
}

// Stamp is a moment in the life of a Table.
type Stamp uint64

// maxDropped is how many dropped tags are remembered for the sake of values that
// are being made.
const maxDropped = 1 << 14

type half[K, T comparable, V any] struct {
	values map[K]entry[T, V]
	made   map[T][]K // the values that were made of something
	bytes  int
}

type entry[T comparable, V any] struct {
	value V
	size  int
	tags  []T
}

// New returns an empty table that keeps values of about capacity bytes in all.
func New[K, T comparable, V any](capacity int) *Table[K, T, V] {
	return &Table[K, T, V]{capacity: capacity, dropped: make(map[T]Stamp)}
}

// Now returns the present moment: take it before reading what a value is made of.
func (t *Table[K, T, V]) Now() Stamp {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.clock
}

// Get returns the value of a key.
func (t *Table[K, T, V]) Get(key K) (V, bool) {
	t.mu.RLock()
	e, ok := t.young.values[key]
	if !ok {
		if _, aged := t.old.values[key]; aged {
			t.mu.RUnlock()
			return t.renew(key)
		}
	}
	t.mu.RUnlock()
	if ok {
		t.hits.Add(1)
	} else {
		t.misses.Add(1)
	}
	return e.value, ok
}

// renew returns a value that is old, and keeps it for longer.
func (t *Table[K, T, V]) renew(key K) (V, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.old.values[key]
	if !ok {
		e, ok = t.young.values[key]
		return e.value, ok
	}
	t.old.remove(key)
	t.keep(key, e)
	t.hits.Add(1)
	return e.value, true
}

// Put keeps a value of about size bytes that was made of tags, as they were at
// since. It keeps nothing when one of them has been dropped meanwhile.
func (t *Table[K, T, V]) Put(key K, v V, size int, since Stamp, tags ...T) {
	if size > t.capacity/2 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if since < t.floor {
		return
	}
	for _, tag := range tags {
		if t.dropped[tag] > since {
			return
		}
	}
	t.old.remove(key)
	t.young.remove(key)
	t.keep(key, entry[T, V]{value: v, size: size, tags: tags})
}

func (t *Table[K, T, V]) keep(key K, e entry[T, V]) {
	if t.young.bytes+e.size > t.capacity/2 {
		t.old, t.young = t.young, half[K, T, V]{}
	}
	if t.young.values == nil {
		t.young.values, t.young.made = make(map[K]entry[T, V]), make(map[T][]K)
	}
	t.young.values[key] = e
	t.young.bytes += e.size
	for _, tag := range e.tags {
		if keys := t.young.made[tag]; len(keys) == 0 || keys[len(keys)-1] != key {
			t.young.made[tag] = append(keys, key)
		}
	}
}

func (h *half[K, T, V]) remove(key K) {
	if e, ok := h.values[key]; ok {
		h.bytes -= e.size
		delete(h.values, key)
	}
}

// Drop forgets every value that was made of one of the tags.
func (t *Table[K, T, V]) Drop(tags ...T) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clock++
	if len(t.dropped)+len(tags) > maxDropped {
		t.floor = t.clock
		clear(t.dropped)
	}
	for _, tag := range tags {
		t.dropped[tag] = t.clock
		t.young.drop(tag)
		t.old.drop(tag)
	}
}

func (h *half[K, T, V]) drop(tag T) {
	for _, key := range h.made[tag] {
		h.remove(key)
	}
	delete(h.made, tag)
}

// Clear forgets everything.
func (t *Table[K, T, V]) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clock++
	t.floor = t.clock
	clear(t.dropped)
	t.young, t.old = half[K, T, V]{}, half[K, T, V]{}
}

// Stats say how often Get has found something, how often not, and about how many
// bytes are kept.
type Stats struct {
	Hits, Misses int64
	Bytes        int
}

// Stats returns what has happened so far.
func (t *Table[K, T, V]) Stats() Stats {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return Stats{Hits: t.hits.Load(), Misses: t.misses.Load(), Bytes: t.young.bytes + t.old.bytes}
}
