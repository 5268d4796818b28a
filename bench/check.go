package main

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"

	"loadline/bench/dataset"
)

// checker compares answers with the facts: the first to each request in full, the
// others with the bytes of that one.
type checker struct {
	name   string
	verify func(request int, body []byte) error
	seed   maphash.Seed
	right  []atomic.Uint64 // hash of the right answer by request; 0: none yet

	statements, counted atomic.Int64

	mu      sync.Mutex
	pending map[int][]byte // first answers, to be read when the window is over
}

func newChecker(name string, requests int, verify func(request int, body []byte) error) *checker {
	return &checker{name: name, verify: verify, seed: maphash.MakeSeed(), right: make([]atomic.Uint64, requests), pending: map[int][]byte{}}
}

// reportChecker checks the answers of s about projects.
func reportChecker(facts *dataset.Data, s subject, projects []dataset.Project) *checker {
	return newChecker(s.name, len(projects), func(request int, body []byte) error {
		got, err := s.read(body)
		if err != nil {
			return fmt.Errorf("%s: %w", projects[request].Slug, err)
		}
		want, err := facts.Report(projects[request], s.naming)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("%s: a wrong answer: %s", projects[request].Slug, difference(got, want))
		}
		return nil
	})
}

var (
	beforeCost    = []byte(`,"extensions":`)
	statementsKey = []byte(`"sqlStatements":`)
)

// said returns what a body says but for what it cost, which is not the same each
// time, and that.
func said(body []byte) (answer, cost []byte) {
	if at := bytes.LastIndex(body, beforeCost); at >= 0 {
		return body[:at], body[at:]
	}
	return body, nil
}

// check is a load.Window's.
func (c *checker) check(request, status int, body []byte) error {
	if status != http.StatusOK {
		return fmt.Errorf("status %d: %.300s", status, body)
	}
	answer, cost := said(body)
	c.count(cost)
	hash := maphash.Bytes(c.seed, answer) | 1
	switch right := c.right[request].Load(); {
	case right == hash:
		return nil
	case right == 0:
		c.mu.Lock()
		defer c.mu.Unlock()
		first, ok := c.pending[request]
		if !ok {
			c.pending[request] = bytes.Clone(body)
			return nil
		}
		if before, _ := said(first); bytes.Equal(before, answer) {
			return nil
		}
	}
	return fmt.Errorf("not the same answer as before: %.300s", body)
}

func (c *checker) count(cost []byte) {
	_, rest, found := bytes.Cut(cost, statementsKey)
	if !found {
		return
	}
	end := bytes.IndexAny(rest, ",}")
	if n, err := strconv.Atoi(string(rest[:max(0, end)])); err == nil {
		c.statements.Add(int64(n))
		c.counted.Add(1)
	}
}

// settle reads the first answers and compares them with the facts.
func (c *checker) settle() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for request, body := range c.pending {
		if err := c.verify(request, body); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		answer, _ := said(body)
		c.right[request].Store(maphash.Bytes(c.seed, answer) | 1)
	}
	clear(c.pending)
	return nil
}

// difference returns the first component that two reports do not agree about.
func difference(got, want dataset.Report) string {
	for i := range min(len(got.Components), len(want.Components)) {
		if !reflect.DeepEqual(got.Components[i], want.Components[i]) {
			return fmt.Sprintf("got %+v, want %+v", got.Components[i], want.Components[i])
		}
	}
	return fmt.Sprintf("got %s %s with %d components, want %s %s with %d",
		got.Project, got.Version, len(got.Components), want.Project, want.Version, len(want.Components))
}
