package cache_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"loadline/cache"
)

type table = cache.Table[int, string, string]

func want(t *testing.T, c *table, key int, value string) {
	t.Helper()
	got, ok := c.Get(key)
	if got != value || ok != (value != "") {
		t.Errorf("Get(%d) = %q, %v, want %q", key, got, ok, value)
	}
}

func TestDroppedTagsTakeTheirValuesAlong(t *testing.T) {
	t.Parallel()
	c := cache.New[int, string, string](1000)
	c.Put(1, "one", 10, c.Now(), "a", "b")
	c.Put(2, "two", 10, c.Now(), "b")
	c.Put(3, "three", 10, c.Now(), "c")
	c.Drop("a")
	if s := c.Stats(); s.Misses != 0 {
		t.Errorf("what was used was missing %d times", s.Misses)
	}
	want(t, c, 2, "two")
	c.Drop("b", "unknown")
	want(t, c, 2, "")
	want(t, c, 3, "three")
	c.Clear()
	want(t, c, 3, "")
}

func TestWhatChangesWhileAValueIsMadeKeepsItOut(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*table){
		"its tag":    func(c *table) { c.Drop("a") },
		"everything": func(c *table) { c.Clear() },
		"its tag, and so much more that it is forgotten": func(c *table) {
			c.Drop("a")
			for i := range 20_000 {
				c.Drop(fmt.Sprint(i))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := cache.New[int, string, string](1000)
			since := c.Now()
			change(c)
			c.Put(1, "as it was", 10, since, "a")
			if s := c.Stats(); s.Misses != 0 {
				t.Errorf("what was used was missing %d times", s.Misses)
			}
			c.Put(1, "as it is", 10, c.Now(), "a")
			want(t, c, 1, "as it is")
		})
	}
	c := cache.New[int, string, string](1000)
	since := c.Now()
	c.Drop("another")
	c.Put(1, "one", 10, since, "a")
	want(t, c, 1, "one")
}

func TestWhatIsUsedIsKeptLonger(t *testing.T) {
	t.Parallel()
	c := cache.New[int, string, string](100)
	for i := range 100 {
		c.Put(i, "value", 10, c.Now(), "tag")
		want(t, c, 0, "value")
		if s := c.Stats(); s.Bytes > 100 {
			t.Fatalf("%d bytes are kept", s.Bytes)
		}
	}
	if s := c.Stats(); s.Misses != 0 {
		t.Errorf("what was used was missing %d times", s.Misses)
	}
	c.Put(1000, "too large", 60, c.Now())
	want(t, c, 1000, "")
	c.Drop("tag")
	want(t, c, 0, "")
	if s := c.Stats(); s.Bytes != 0 {
		t.Errorf("%d bytes are kept of nothing", s.Bytes)
	}
}

// What is asked for in turn, and is more than there is room for, is found in part.
func TestALoopThatIsTooLongStillHits(t *testing.T) {
	t.Parallel()
	c := cache.New[int, string, string](1000)
	const keys, rounds = 120, 10 // of which 100 have room
	for range rounds {
		for key := range keys {
			if _, ok := c.Get(key); !ok {
				c.Put(key, "value", 10, c.Now(), "tag")
			}
		}
	}
	if s := c.Stats(); s.Hits < rounds*keys/2 {
		t.Errorf("found %d of %d, and there is room for 100 of 120", s.Hits, rounds*keys)
	}
}

// Values that come and go under the same tag are all found by it, and leave
// nothing behind.
func TestValuesThatComeAndGoAreFoundByTheirTag(t *testing.T) {
	t.Parallel()
	c := cache.New[int, string, string](100)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 1_000_000 {
		c.Put(i, "value", 10, c.Now(), "tag", "other")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 10<<20 {
		t.Errorf("%d bytes are in use for 10 values", grown)
	}
	want(t, c, 999_999, "value")
	c.Drop("tag")
	if s := c.Stats(); s.Bytes != 0 {
		t.Errorf("%d bytes are kept of nothing", s.Bytes)
	}
}

// A value is never older than the last drop of a tag that it was made of.
func TestNothingStaleUnderConcurrency(t *testing.T) {
	t.Parallel()
	c := cache.New[int, int, [2]int64](4000)
	var mu sync.Mutex
	var facts [8]int64
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(worker), 1))
			for range 5000 {
				a, b := r.IntN(len(facts)), r.IntN(len(facts))
				if r.IntN(4) == 0 {
					mu.Lock()
					facts[a]++
					c.Drop(a)
					mu.Unlock()
					continue
				}
				key := a*len(facts) + b
				mu.Lock()
				v, ok := c.Get(key)
				if ok && v != [2]int64{facts[a], facts[b]} {
					t.Errorf("key %d is %v, its facts are %d and %d", key, v, facts[a], facts[b])
				}
				mu.Unlock()
				if !ok {
					since := c.Now()
					mu.Lock()
					v := [2]int64{facts[a], facts[b]}
					mu.Unlock()
					c.Put(key, v, 50, since, a, b)
				}
			}
		})
	}
	group.Wait()
}
