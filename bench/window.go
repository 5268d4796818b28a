package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"loadline/bench/dataset"
	"loadline/bench/load"
)

// cell is what a window came to.
type cell struct {
	Workload    workload `json:"workload"`
	Subject     string   `json:"subject"`
	Connections int      `json:"connections"`
	Round       int      `json:"round"`

	Requests   int     `json:"requests"`
	Errors     int     `json:"errors"`
	PerSecond  float64 `json:"perSecond"`
	P50        float64 `json:"p50ms"`
	P95        float64 `json:"p95ms"`
	P99        float64 `json:"p99ms"`
	CPU        float64 `json:"cpuMsPerRequest"`
	Memory     float64 `json:"peakMB"`
	Bytes      float64 `json:"bytesPerRequest"`
	Calls      float64 `json:"upstreamCallsPerRequest"`
	Busy       float64 `json:"machineBusy"`
	Statements float64 `json:"sqlStatementsPerRequest"` // -1: not told
	Fallbacks  float64 `json:"fallbacks"`               // -1: not told
}

// checker compares answers with the facts: the first about a project in full,
// the others with the bytes of that one.
type checker struct {
	facts    *dataset.Data
	subject  subject
	seed     maphash.Seed
	projects []dataset.Project
	right    []atomic.Uint64 // hash of the right answer by project; 0: none yet

	statements, counted atomic.Int64

	mu      sync.Mutex
	pending map[int][]byte // first answers, to be read when the window is over
}

func newChecker(facts *dataset.Data, s subject, projects []dataset.Project) *checker {
	return &checker{facts: facts, subject: s, seed: maphash.MakeSeed(), projects: projects,
		right: make([]atomic.Uint64, len(projects)), pending: map[int][]byte{}}
}

var (
	beforeCost    = []byte(`,"extensions":`)
	statementsKey = []byte(`"sqlStatements":`)
)

// check is a load.Window's.
func (c *checker) check(request, status int, body []byte) error {
	if status != http.StatusOK {
		return fmt.Errorf("%s: status %d: %.300s", c.projects[request].Slug, status, body)
	}
	// What an answer cost is not the same each time.
	said := body
	if at := bytes.LastIndex(body, beforeCost); at >= 0 {
		said = body[:at]
		c.count(body[at:])
	}
	hash := maphash.Bytes(c.seed, said) | 1
	switch right := c.right[request].Load(); {
	case right == hash:
		return nil
	case right == 0:
		c.mu.Lock()
		defer c.mu.Unlock()
		if first, ok := c.pending[request]; !ok {
			c.pending[request] = bytes.Clone(body)
			return nil
		} else if bytes.HasPrefix(first, said) {
			return nil
		}
	}
	return fmt.Errorf("%s: not the same answer as before: %.300s", c.projects[request].Slug, body)
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

// verify reads the first answers about projects and compares them with the facts.
func (c *checker) verify() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, body := range c.pending {
		got, err := c.subject.read(body)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", c.subject.name, c.projects[i].Slug, err)
		}
		want, err := c.facts.Report(c.projects[i], c.subject.naming)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("%s: %s: a wrong answer: %s", c.subject.name, c.projects[i].Slug, difference(got, want))
		}
		if at := bytes.LastIndex(body, beforeCost); at >= 0 {
			body = body[:at]
		}
		c.right[i].Store(maphash.Bytes(c.seed, body) | 1)
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

// window is a time of load on a running subject.
type window struct {
	process     *process
	checker     *checker
	requests    [][]byte
	connections int
	duration    time.Duration
	once        bool
}

func (w window) load(ctx context.Context) (load.Result, error) {
	return load.Window{
		Address: w.process.address, Connections: w.connections, For: w.duration, Requests: w.requests, Once: w.once, Check: w.checker.check,
	}.Run(ctx)
}

// measure runs the window.
func (w window) measure(ctx context.Context, sources *upstreams) (cell, error) {
	if _, err := sources.calls(ctx); err != nil {
		return cell{}, err
	}
	w.checker.statements.Store(0)
	w.checker.counted.Store(0)
	busy := load.Busy()
	var result load.Result
	usage, err := load.Tree(w.process.pid).During(ctx, func() (err error) {
		result, err = w.load(ctx)
		return err
	})
	if err != nil {
		return cell{}, err
	}
	c := cell{Connections: w.connections, Busy: busy(), Requests: len(result.Latencies), Errors: result.Errors, Statements: -1, Fallbacks: -1}
	if result.Errors > 0 {
		return c, fmt.Errorf("%s: %d errors; the first: %w", w.checker.subject.name, result.Errors, result.First)
	}
	if c.Requests == 0 {
		return c, errors.New(w.checker.subject.name + ": no answer in time")
	}
	calls, err := sources.calls(ctx)
	if err != nil {
		return c, err
	}
	n := float64(c.Requests)
	milliseconds := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	c.PerSecond, c.Calls, c.Bytes = result.PerSecond(), float64(calls)/n, float64(result.Bytes)/n
	c.P50, c.P95, c.P99 = milliseconds(result.Percentile(50)), milliseconds(result.Percentile(95)), milliseconds(result.Percentile(99))
	c.CPU, c.Memory = milliseconds(usage.CPU)/n, float64(usage.Peak)/(1<<20)
	if counted := w.checker.counted.Load(); counted > 0 {
		c.Statements = float64(w.checker.statements.Load()) / float64(counted)
	}
	return c, w.checker.verify()
}

// fallbacksMetric counts batches that the timer sent off.
const fallbacksMetric = "loadline_dispatch_fallbacks_total"

// fallbacks returns how many batches of p the timer sent off so far, or -1 where
// p does not tell.
func (p *process) fallbacks(ctx context.Context) (float64, error) {
	if p.metrics == "" {
		return -1, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.metrics, http.NoBody)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), fallbacksMetric+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return -1, lines.Err()
}

// chosen splits a list of a flag.
func chosen(list string) []string {
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
