package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// latency is how long a call of an upstream takes in w1 and w2.
	latency = 20 * time.Millisecond
	// warmedUp is how many projects are asked about before nothing is known: they
	// warm up connections and code, and are checked in full.
	warmedUp = 20
	// primings is how often all projects are asked about before everything is
	// known; a peer of several processes needs some.
	primings = 8
)

// matrix is what is measured.
type matrix struct {
	fixture     *fixture
	connections []int
	duration    time.Duration
	rounds      int
	subjects    []subject
	profiles    string // a directory, or empty
	log         io.Writer

	results results
}

// runs measures what is named.
func (m *matrix) runs(ctx context.Context, names []string, documents string) error {
	m.results.Machine = thisMachine(ctx)
	var workloads []workload
	for _, w := range []workload{w0, w1, w2} {
		if slices.Contains(names, string(w)) {
			workloads = append(workloads, w)
		}
	}
	if err := m.fixture.prepare(ctx, workloads); err != nil {
		return err
	}
	if err := m.report(ctx, workloads); err != nil {
		return err
	}
	for _, other := range []struct {
		name string
		run  func() error
	}{
		{runPages, func() error { return m.pages(ctx) }},
		{runIngest, func() error { return m.ingest(ctx, documents) }},
		{runWriters, func() error { return m.writers(ctx) }},
		{runSubscribers, func() error { return m.subscribers(ctx) }},
	} {
		if !slices.Contains(names, other.name) {
			continue
		}
		if err := other.run(); err != nil {
			return fmt.Errorf("%s: %w", other.name, err)
		}
	}
	return nil
}

// add keeps a cell.
func (m *matrix) add(w workload, subject string, round int, c cell) {
	c.Workload, c.Subject, c.Round = w, subject, round
	m.results.Cells = append(m.results.Cells, c)
	fmt.Fprintf(m.log, "%-7s %-20s c=%-3d %8.1f/s  p50 %8.2f ms  p99 %8.2f ms  CPU %7.3f ms  %4.0f MB  SQL %4.1f  calls %5.1f  busy %.2f\n",
		w, subject, c.Connections, c.PerSecond, c.P50, c.P99, c.CPU, c.Memory, c.Statements, c.Calls, c.Busy)
}

// report measures the report, round by round, so that what else the machine does
// in the meantime falls on all subjects.
func (m *matrix) report(ctx context.Context, workloads []workload) error {
	for round := range m.rounds {
		for _, w := range workloads {
			for _, s := range m.subjects {
				if w == w1 && s.name == reused {
					continue
				}
				cells, err := m.measure(ctx, w, s)
				if err != nil {
					return fmt.Errorf("%s %s: %w", w, s.name, err)
				}
				for _, c := range cells {
					m.add(w, s.name, round, c)
				}
			}
		}
	}
	return nil
}

func (m *matrix) measure(ctx context.Context, w workload, s subject) ([]cell, error) {
	if err := m.fixture.sources.delay(ctx, latency); err != nil {
		return nil, err
	}
	if w == w1 && s.remembers {
		var cells []cell
		for _, n := range m.connections {
			c, err := m.fresh(ctx, w, s, n)
			if err != nil {
				return nil, err
			}
			cells = append(cells, c)
		}
		return cells, nil
	}
	p, err := s.start(ctx, w)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	facts := m.fixture.facts
	all := window{process: p, checker: reportChecker(facts, s, facts.Projects), connections: 8, duration: time.Minute, once: true}
	for _, project := range facts.Projects {
		all.requests = append(all.requests, s.request(project, p.address))
	}
	warm := all
	if w == w1 {
		warm.requests = all.requests[:warmedUp]
	}
	for range primings {
		c, err := warm.measure(ctx, m.fixture.sources)
		if err != nil {
			return nil, err
		}
		if w != w2 || c.Calls == 0 {
			break
		}
	}
	all.once, all.duration = false, m.duration
	var cells []cell
	for _, n := range m.connections {
		all.connections = n
		c, err := m.cell(ctx, w, all)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// fresh measures a server that knows nothing, with projects that have nothing in
// common, each of which is asked about once.
func (m *matrix) fresh(ctx context.Context, w workload, s subject, connections int) (cell, error) {
	p, err := s.start(ctx, w)
	if err != nil {
		return cell{}, err
	}
	defer p.stop()
	part := func(projects int, from int) window {
		some := m.fixture.apart.Projects[from : from+projects]
		part := window{process: p, checker: reportChecker(m.fixture.apart, s, some), connections: connections, duration: time.Minute, once: true}
		for _, project := range some {
			part.requests = append(part.requests, s.request(project, p.address))
		}
		return part
	}
	if _, err := part(warmedUp, 0).measure(ctx, m.fixture.sources); err != nil {
		return cell{}, err
	}
	rest := part(len(m.fixture.apart.Projects)-warmedUp, warmedUp)
	rest.duration = m.duration
	return m.cell(ctx, w, rest)
}

// cell measures a window with the batches that the timer sent off, and with
// profiles where they are wanted.
func (m *matrix) cell(ctx context.Context, w workload, of window) (cell, error) {
	before, err := of.process.fallbacks(ctx)
	if err != nil {
		return cell{}, err
	}
	profiled := func() error { return nil }
	if m.profiles != "" && of.process.profiler != "" {
		name := filepath.Join(m.profiles, fmt.Sprintf("%s-%s-%d", w, strings.ReplaceAll(of.checker.name, ", ", "-"), of.connections))
		profiled = of.process.record(ctx, name, of.duration)
	}
	c, err := of.measure(ctx, m.fixture.sources)
	if err = errors.Join(err, profiled()); err != nil || before < 0 {
		return c, err
	}
	after, err := of.process.fallbacks(ctx)
	c.Fallbacks = after - before
	return c, err
}

// record takes profiles of p for about so long. The function that it returns
// waits until they are written.
func (p *process) record(ctx context.Context, name string, during time.Duration) func() error {
	var group errgroup.Group
	for kind, path := range map[string]string{"cpu": "profile", "allocs": "allocs"} {
		seconds := max(1, int(during.Seconds()))
		group.Go(func() error {
			return download(ctx, fmt.Sprintf("%s%s?seconds=%d", p.profiler, path, seconds), name+"."+kind+".pprof")
		})
	}
	return func() error {
		if err := group.Wait(); err != nil {
			return err
		}
		return download(ctx, p.profiler+"heap?gc=1", name+".heap.pprof")
	}
}

func download(ctx context.Context, url, file string) (err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, resp.Body)
	return err
}
