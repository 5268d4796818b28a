package cache

import (
	"sync"
	"sync/atomic"
)

// Table keeps values by key. What it returns is shared and must not be changed.
// It is safe for concurrent use.
type Table[K, T comparable, V any] struct {
	capacity int

	mu     sync.RWMutex
	values map[K]*entry[K, T, V]
	crowd  crowd[K, T, V]
	bytes  int
	made   index[K, T]
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

type entry[K, T comparable, V any] struct {
	key   K
	value V
	size  int
	tags  []T

	used  atomic.Bool // since the hand last came by
	place int         // in the crowd
}

// New returns an empty table that keeps values of about capacity bytes in all.
func New[K, T comparable, V any](capacity int) *Table[K, T, V] {
	t := &Table[K, T, V]{capacity: capacity, dropped: make(map[T]Stamp)}
	t.empty()
	return t
}

func (t *Table[K, T, V]) empty() {
	t.values = make(map[K]*entry[K, T, V])
	t.crowd = crowd[K, T, V]{}
	t.bytes = 0
	t.made = index[K, T]{keys: make(map[T][]K)}
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
	e, ok := t.values[key]
	t.mu.RUnlock()
	if !ok {
		t.misses.Add(1)
		var none V
		return none, false
	}
	t.hits.Add(1)
	if !e.used.Load() {
		e.used.Store(true)
	}
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
	t.remove(key)
	for t.bytes+size > t.capacity {
		t.remove(t.crowd.spare().key)
	}
	e := &entry[K, T, V]{key: key, value: v, size: size, tags: tags}
	t.values[key] = e
	t.crowd.add(e)
	t.bytes += size
	t.made.add(key, tags)
	if t.made.crowded() {
		t.made = index[K, T]{keys: make(map[T][]K)}
		for _, e := range t.values {
			t.made.add(e.key, e.tags)
		}
	}
}

func (t *Table[K, T, V]) remove(key K) {
	e, ok := t.values[key]
	if !ok {
		return
	}
	delete(t.values, key)
	t.crowd.remove(e)
	t.bytes -= e.size
	t.made.gone += len(e.tags)
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
		// A key may be there for a value that is gone: its present one goes with it,
		// which costs making it again and nothing else.
		for _, key := range t.made.take(tag) {
			t.remove(key)
		}
	}
}

// Clear forgets everything.
func (t *Table[K, T, V]) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clock++
	t.floor = t.clock
	clear(t.dropped)
	t.empty()
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
	return Stats{Hits: t.hits.Load(), Misses: t.misses.Load(), Bytes: t.bytes}
}
