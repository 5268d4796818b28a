package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"loadline/bench/dataset"
)

// storedWorkload is w0 beside few and beside many components.
const storedWorkload workload = "stored"

// perDocument is how many components the documents have that fill a database.
const perDocument = 10_000

// runStored measures the report of projects that share a database with few
// components and with many. Both have the same facts, from the same mirror.
func runStored(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("bench stored", flag.ContinueOnError)
	few := flags.Int("few", 20_000, "components in the one database; the projects that are asked about have 20,000")
	many := flags.Int("many", 1_000_000, "components in the other")
	connections := flags.String("c", "1", "connections")
	duration := flags.Duration("d", 3*time.Second, "how long requests are sent in each cell")
	rounds := flags.Int("rounds", 5, "how often both are measured, in turn; medians are shown")
	peersDir := flags.String("peers", "", "a directory of peers whose data is used")
	program := flags.String("program", "", "a built loadline; without it, it is built")
	file := flags.String("json", "", "write every figure of every round to this file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	counts, err := numbers(*connections)
	if err != nil {
		return fmt.Errorf("-c: %w", err)
	}
	f, clean, err := setUp(ctx, *peersDir, *program)
	if err != nil {
		return err
	}
	defer clean()
	if err := f.prepare(ctx, []workload{w0}); err != nil {
		return err
	}
	m := &matrix{fixture: f, connections: counts, duration: *duration, rounds: *rounds, log: os.Stderr}
	m.results.Machine = thisMachine(ctx)
	sizes := []int{*few, *many}
	databases := make([]string, len(sizes))
	for i, size := range sizes {
		databases[i] = filepath.Join(f.dir, fmt.Sprintf("stored-%d.db", size))
		if err := f.copy(filepath.Base(f.database(w0)), databases[i]); err != nil {
			return err
		}
		began := time.Now()
		if err := f.fill(ctx, databases[i], size); err != nil {
			return err
		}
		fmt.Fprintf(m.log, "%d components stored, in %s\n", size, time.Since(began).Round(time.Second))
	}
	for round := range m.rounds {
		for i, size := range sizes {
			if err := m.beside(ctx, databases[i], size, round); err != nil {
				return err
			}
		}
	}
	if *file != "" {
		if err := m.results.write(*file); err != nil {
			return err
		}
	}
	return m.results.print(stdout)
}

// fill uploads documents of packages of their own until the database has so many
// components.
func (f *fixture) fill(ctx context.Context, database string, components int) error {
	s, err := start(ctx, f.program, database, "--offline")
	if err != nil {
		return err
	}
	defer s.stop()
	have := 0
	for _, p := range f.facts.Projects {
		have += len(p.Components)
	}
	for n := 0; have < components; n++ {
		p := many(fmt.Sprintf("filler-%d", n), min(perDocument, components-have))
		document, err := dataset.Document(p)
		if err != nil {
			return err
		}
		if err := s.put(ctx, p.Slug, p.Version, document); err != nil {
			return err
		}
		have += len(p.Components)
	}
	return nil
}

// beside measures the report of a server on the database.
func (m *matrix) beside(ctx context.Context, database string, components, round int) error {
	s := m.fixture.loadline(false)
	server, err := start(ctx, m.fixture.program, database, "--offline")
	if err != nil {
		return err
	}
	defer server.stop()
	p := server.process()
	projects := m.fixture.facts.Projects
	w := window{process: p, checker: reportChecker(m.fixture.facts, s, projects), connections: 8, duration: time.Minute, once: true}
	for _, project := range projects {
		w.requests = append(w.requests, s.request(project, p.address))
	}
	if _, err := w.measure(ctx, m.fixture.sources); err != nil {
		return err
	}
	w.once, w.duration = false, m.duration
	for _, n := range m.connections {
		w.connections = n
		c, err := m.cell(ctx, storedWorkload, w)
		if err != nil {
			return err
		}
		m.add(storedWorkload, fmt.Sprintf("%d components", components), round, c)
	}
	return nil
}
