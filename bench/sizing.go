package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"loadline/bench/dataset"
	"loadline/bench/load"
)

// smallUpload is how many components the documents have that uploads are counted
// with.
const smallUpload = 100

// runSizing measures what an installation needs: for each component that is
// brought in and stored, for each request at a time, for each upload and each
// subscriber, on one node or several.
func runSizing(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("bench sizing", flag.ContinueOnError)
	s := sizing{stdout: stdout}
	flags.StringVar(&s.database, "database", "", "an empty database of its own: a file or postgres://…; a fresh SQLite file by default")
	flags.IntVar(&s.nodes, "nodes", 1, "servers at a time; more than one only on PostgreSQL")
	flags.IntVar(&s.documents, "documents", 10, "documents that share no package")
	flags.IntVar(&s.releases, "releases", 10, "releases of each, of the same packages")
	flags.IntVar(&s.components, "components", perDocument, "components of each")
	flags.IntVar(&s.uploads, "uploads", 300, "small documents that uploads are counted with")
	flags.IntVar(&s.subscribers, "subscribers", 1000, "subscribers that wait at once")
	flags.IntVar(&s.questions, "questions", 2000, "questions that are asked, one at a time and many")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return err
	}
	program, clean, err := build(ctx)
	if err != nil {
		return err
	}
	defer clean()
	s.program = program
	if s.database == "" {
		dir, err := os.MkdirTemp("", "loadline-sizing-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.database = filepath.Join(dir, "sizing.db")
	}
	for range s.nodes {
		node, err := start(ctx, program, s.database, "--offline")
		if err != nil {
			return err
		}
		defer node.stop()
		s.servers = append(s.servers, node)
		s.processes = append(s.processes, node.command.Process.Pid)
	}
	return s.run(ctx)
}

// sizing is a run of runSizing.
type sizing struct {
	stdout                                 io.Writer
	program, database                      string
	nodes, documents, releases, components int
	uploads, questions, subscribers        int
	servers                                []*server
	processes                              load.Processes
}

// check refuses what nothing can be divided by.
func (s *sizing) check() error {
	for _, f := range []struct {
		name  string
		value int
	}{
		{"nodes", s.nodes},
		{"documents", s.documents},
		{"releases", s.releases},
		{"components", s.components},
		{"uploads", s.uploads},
		{"subscribers", s.subscribers},
		{"questions", s.questions},
	} {
		if f.value < 1 {
			return fmt.Errorf("-%s: %d is less than 1", f.name, f.value)
		}
	}
	return nil
}

func (s *sizing) run(ctx context.Context) error {
	fmt.Fprintf(s.stdout, "%d nodes, %.0f MB each at rest\n", s.nodes, megabytes(s.processes.Memory())/float64(s.nodes))
	if err := s.fill(ctx, "components of new packages", 1, 2); err != nil {
		return err
	}
	if err := s.fill(ctx, "components of known packages", 2, s.releases+1); err != nil {
		return err
	}
	for _, connections := range []int{1, 8, 64} {
		if err := s.ask(ctx, connections); err != nil {
			return err
		}
	}
	if err := s.count(ctx); err != nil {
		return err
	}
	return s.subscribe(ctx)
}

// fill uploads the releases of all documents from one to before another, each
// document's by one client after the other.
func (s *sizing) fill(ctx context.Context, what string, from, to int) error {
	before, began := s.size(), time.Now()
	usage, err := s.processes.During(ctx, func() error {
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(2 * s.nodes)
		for d := range s.documents {
			g.Go(func() error {
				p := many(fmt.Sprintf("sizing-%d", d), s.components)
				for r := from; r < to; r++ {
					p.Version = fmt.Sprint(r)
					document, err := dataset.Document(p)
					if err != nil {
						return err
					}
					if err := s.servers[d%s.nodes].put(ctx, p.Slug, p.Version, document); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return g.Wait()
	})
	if err != nil {
		return err
	}
	n := float64(s.documents * s.components * (to - from))
	fmt.Fprintf(s.stdout, "%.0f %s: CPU %.1f µs each, %.0f/s, peak %.0f MB", n, what, usage.CPU.Seconds()*1e6/n, n/time.Since(began).Seconds(), megabytes(usage.Peak))
	if after := s.size(); after > 0 {
		fmt.Fprintf(s.stdout, ", %.0f bytes each in the database", float64(after-before)/n)
	}
	fmt.Fprintln(s.stdout)
	return nil
}

// size is how large the database is, in bytes; 0 where that is not a file.
func (s *sizing) size() int64 {
	var total int64
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(s.database + suffix); err == nil && !strings.Contains(s.database, "://") {
			total += info.Size()
		}
	}
	return total
}

// ask asks for the first hundred components of all releases in turn.
func (s *sizing) ask(ctx context.Context, connections int) error {
	rest := s.processes.Memory()
	usage, err := s.processes.During(ctx, func() error {
		g, ctx := errgroup.WithContext(ctx)
		for c := range connections {
			g.Go(func() error {
				for i := c; i < s.questions; i += connections {
					project, release := fmt.Sprintf("sizing-%d", i%s.documents), fmt.Sprint(1+i/s.documents%s.releases)
					if _, err := s.servers[i%s.nodes].ask(ctx, project, release); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return g.Wait()
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "%d questions, %d at a time: CPU %.2f ms each, peak %.0f MB, %.0f MB before\n", s.questions, connections,
		1e3*usage.CPU.Seconds()/float64(s.questions), megabytes(usage.Peak), megabytes(rest))
	return nil
}

// count uploads small documents to all nodes.
func (s *sizing) count(ctx context.Context) error {
	began := time.Now()
	usage, err := s.processes.During(ctx, func() error {
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(8 * s.nodes)
		for i := range s.uploads {
			g.Go(func() error {
				p := many(fmt.Sprintf("small-%d", i), smallUpload)
				document, err := dataset.Document(p)
				if err != nil {
					return err
				}
				return s.servers[i%s.nodes].put(ctx, p.Slug, p.Version, document)
			})
		}
		return g.Wait()
	})
	if err != nil {
		return err
	}
	n := float64(s.uploads)
	fmt.Fprintf(s.stdout, "%d uploads of %d components: CPU %.1f ms each, %.0f/s\n", s.uploads, smallUpload, 1e3*usage.CPU.Seconds()/n, n/time.Since(began).Seconds())
	return nil
}

func megabytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }
