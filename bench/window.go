package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

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
		return c, fmt.Errorf("%s: %d errors; the first: %w", w.checker.name, result.Errors, result.First)
	}
	if c.Requests == 0 {
		return c, errors.New(w.checker.name + ": no answer in time")
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
	return c, w.checker.settle()
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
