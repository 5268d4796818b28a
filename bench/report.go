package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"time"
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

// runReport measures the report.
func runReport(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	runs := flags.String("run", "w0,w1,w2", "the workloads: w0 the database alone, w1 upstreams and nothing known, w2 upstreams and everything known")
	connections := flags.String("c", "1,16,64,256", "connections")
	duration := flags.Duration("d", 3*time.Second, "how long requests are sent in each cell")
	rounds := flags.Int("rounds", 3, "how often everything is measured, in turn; medians are shown")
	peersDir := flags.String("peers", "", "a directory of peers that are set up, to measure beside Loadline with their data")
	peerNames := flags.String("with", "rawgo,gqlgen,fastapi-tuned,fastapi-tuned-2w", "which of the peers: also gqlgen-1ms, fastapi")
	program := flags.String("program", "", "a built loadline; without it, it is built")
	file := flags.String("json", "", "write every cell of every round to this file")
	quick := flags.Bool("quick", false, "one round of a second at 1 and 16 connections")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *quick {
		*connections, *duration, *rounds = "1,16", time.Second, 1
	}
	m := matrix{duration: *duration, rounds: *rounds, log: os.Stderr}
	for _, w := range chosen(*runs) {
		if !slices.Contains([]workload{w0, w1, w2}, workload(w)) {
			return fmt.Errorf("-run: %q is none of w0, w1, w2", w)
		}
		m.workloads = append(m.workloads, workload(w))
	}
	for _, text := range chosen(*connections) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fmt.Errorf("-c: %q is not a number of connections", text)
		}
		m.connections = append(m.connections, n)
	}
	f, clean, err := setUp(ctx, *peersDir, *program)
	if err != nil {
		return err
	}
	defer clean()
	if err := f.prepare(ctx, m.workloads); err != nil {
		return err
	}
	m.fixture = f
	m.subjects = []subject{f.loadline(false)}
	if *peersDir != "" {
		others, err := peers(*peersDir, f.sources.url, chosen(*peerNames))
		if err != nil {
			return err
		}
		m.subjects = append(m.subjects, others...)
	}
	if err := m.run(ctx); err != nil {
		return err
	}
	if *file != "" {
		content, err := json.MarshalIndent(m.cells, "", " ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(*file, content, 0o600); err != nil {
			return err
		}
	}
	return printTables(stdout, medians(m.cells))
}

// setUp builds Loadline, if need be, and starts the upstreams.
func setUp(ctx context.Context, peersDir, program string) (f *fixture, clean func(), err error) {
	facts, err := data(peersDir)
	if err != nil {
		return nil, nil, err
	}
	f = &fixture{program: program, facts: facts, apart: facts.Apart()}
	var cleaning []func()
	clean = func() {
		for _, c := range slices.Backward(cleaning) {
			c()
		}
	}
	if program == "" {
		var remove func()
		if f.program, remove, err = build(ctx); err != nil {
			return nil, nil, err
		}
		cleaning = append(cleaning, remove)
	}
	if f.dir, err = os.MkdirTemp("", "loadline-bench-"); err != nil {
		clean()
		return nil, nil, err
	}
	cleaning = append(cleaning, func() { os.RemoveAll(f.dir) })
	if f.sources, err = startUpstreams(ctx, peersDir); err != nil {
		clean()
		return nil, nil, err
	}
	cleaning = append(cleaning, f.sources.stop)
	return f, clean, nil
}

// matrix is a set of cells to measure.
type matrix struct {
	fixture     *fixture
	workloads   []workload
	connections []int
	duration    time.Duration
	rounds      int
	subjects    []subject
	log         io.Writer

	cells []cell
}

// run measures all cells, round by round, so that what else the machine does in
// the meantime falls on all subjects.
func (m *matrix) run(ctx context.Context) error {
	for round := range m.rounds {
		for _, w := range m.workloads {
			for _, s := range m.subjects {
				cells, err := m.measure(ctx, w, s)
				if err != nil {
					return fmt.Errorf("%s %s: %w", w, s.name, err)
				}
				for _, c := range cells {
					c.Workload, c.Subject, c.Round = w, s.name, round
					m.cells = append(m.cells, c)
					fmt.Fprintf(m.log, "%s %-20s c=%-3d %8.1f/s  p50 %8.2f ms  p99 %8.2f ms  CPU %7.3f ms  %4.0f MB  SQL %4.1f  calls %5.1f  busy %.2f\n",
						w, s.name, c.Connections, c.PerSecond, c.P50, c.P99, c.CPU, c.Memory, c.Statements, c.Calls, c.Busy)
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
	all := window{process: p, checker: newChecker(facts, s, facts.Projects), connections: 8, duration: time.Minute, once: true}
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
		c, err := all.measured(ctx, m.fixture.sources)
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
		part := window{process: p, checker: newChecker(m.fixture.apart, s, some), connections: connections, duration: time.Minute, once: true}
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
	return rest.measured(ctx, m.fixture.sources)
}

// measured measures with the batches that the timer sent off.
func (w window) measured(ctx context.Context, sources *upstreams) (cell, error) {
	before, err := w.process.fallbacks(ctx)
	if err != nil {
		return cell{}, err
	}
	c, err := w.measure(ctx, sources)
	if err != nil || before < 0 {
		return c, err
	}
	after, err := w.process.fallbacks(ctx)
	c.Fallbacks = after - before
	return c, err
}
