package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The runs beside the workloads of the report.
const (
	runPages       = "pages"
	runIngest      = "ingest"
	runWriters     = "writers"
	runSubscribers = "subscribers"
)

var allRuns = []string{string(w0), string(w1), string(w2), runPages, runIngest, runWriters, runSubscribers}

// runReport measures the report, and what else is in -run.
func runReport(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	runs := flags.String("run", strings.Join(allRuns, ","), "what to measure: the report as w0 (the database alone), w1 (upstreams, nothing known) or w2 (upstreams, everything known); paging; ingestion; readers beside writers; subscribers")
	connections := flags.String("c", "1,16,64,256", "connections")
	duration := flags.Duration("d", 3*time.Second, "how long requests are sent in each cell")
	rounds := flags.Int("rounds", 3, "how often everything is measured, in turn; medians are shown")
	peersDir := flags.String("peers", "", "a directory of peers that are set up, to measure beside Loadline with their data")
	peerNames := flags.String("with", "rawgo,gqlgen,fastapi-tuned,fastapi-tuned-2w", "which of the peers: also gqlgen-1ms, fastapi")
	documents := flags.String("documents", "../shared/data/sboms/public", "a directory of public documents to ingest; those that are missing are left out")
	program := flags.String("program", "", "a built loadline; without it, it is built")
	file := flags.String("json", "", "write every figure of every round to this file")
	from := flags.String("from", "", "do not measure: show what -json wrote to these files")
	write := flags.Bool("write", false, "write the tables and the chart to docs/performance.md")
	profiles := flags.String("profile", "", "write profiles of the processor, of allocations and of the heap of each cell of Loadline to this directory; costs some time")
	quick := flags.Bool("quick", false, "one round of a second at 1 and 16 connections")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *quick {
		*connections, *duration, *rounds = "1,16", time.Second, 1
	}
	var all results
	if *from != "" {
		var err error
		if all, err = readResults(chosen(*from)); err != nil {
			return err
		}
	} else {
		names := chosen(*runs)
		for _, name := range names {
			if !slices.Contains(allRuns, name) {
				return fmt.Errorf("-run: %q is none of %s", name, strings.Join(allRuns, ", "))
			}
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
		f.profile = *profiles != ""
		m := &matrix{fixture: f, connections: counts, duration: *duration, rounds: *rounds, profiles: *profiles, log: os.Stderr}
		if m.subjects, err = f.subjects(ctx, *peersDir, chosen(*peerNames)); err != nil {
			return err
		}
		err = m.runs(ctx, names, *documents)
		all = m.results
		if *file != "" {
			if err := all.write(*file); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
	if *write {
		if err := all.document("docs"); err != nil {
			return err
		}
	}
	return all.print(stdout)
}

func numbers(list string) ([]int, error) {
	var all []int
	for _, text := range chosen(list) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number of connections", text)
		}
		all = append(all, n)
	}
	return all, nil
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
