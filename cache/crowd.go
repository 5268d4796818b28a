package cache

import "math/rand/v2"

// crowd says which value to do without next. A hand goes round, spares those that
// were used since it last came by, and stops at the first that was not (CLOCK); but
// values stand in no order. Where the values that are asked for in turn have no room
// as a whole, a hand that meets them in that order takes each just before it is
// asked for again; this one leaves most of them.
type crowd[K, T comparable, V any] struct {
	all  []*entry[K, T, V]
	hand int
}

func (c *crowd[K, T, V]) add(e *entry[K, T, V]) {
	c.all = append(c.all, e)
	e.place = len(c.all) - 1
	c.swap(e.place, rand.IntN(len(c.all)))
}

func (c *crowd[K, T, V]) remove(e *entry[K, T, V]) {
	last := len(c.all) - 1
	c.swap(e.place, last)
	c.all[last] = nil
	c.all = c.all[:last]
}

func (c *crowd[K, T, V]) swap(i, j int) {
	c.all[i], c.all[j] = c.all[j], c.all[i]
	c.all[i].place, c.all[j].place = i, j
}

// spare returns the value to do without; there must be one.
func (c *crowd[K, T, V]) spare() *entry[K, T, V] {
	for {
		if c.hand >= len(c.all) {
			c.hand = 0
		}
		e := c.all[c.hand]
		c.hand++
		if !e.used.Swap(false) {
			return e
		}
	}
}
