package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"loadline/bench/dataset"
)

// fixture is what Loadline is measured with: the program, the facts, and a
// database for each workload, of which every run gets a copy.
type fixture struct {
	program string
	dir     string
	facts   *dataset.Data // as the peers have them
	apart   *dataset.Data // with nothing in common between two projects
	sources *upstreams
	profile bool // run Loadline with its profiler
}

// uploadsAtOnce is how many documents are uploaded at the same time.
const uploadsAtOnce = 8

// prepare makes the databases that the workloads need. The facts of w0 come from
// a mirror, by `loadline sync`; those of w2 from the upstreams, by asking for
// each report once.
func (f *fixture) prepare(ctx context.Context, workloads []workload) error {
	needs := map[workload]bool{}
	for _, w := range workloads {
		needs[w] = true
	}
	if needs[w0] || needs[w2] {
		if err := f.ingest(ctx, "ingested.db", f.facts.Projects); err != nil {
			return err
		}
	}
	if needs[w0] {
		mirror := filepath.Join(f.dir, "mirror")
		if err := os.MkdirAll(mirror, 0o700); err != nil {
			return err
		}
		if err := f.facts.WriteMirror(mirror); err != nil {
			return err
		}
		if err := f.copy("ingested.db", f.database(w0)); err != nil {
			return err
		}
		sync := exec.CommandContext(ctx, f.program, "sync", "--advisories", mirror, "--database", f.database(w0))
		if out, err := sync.CombinedOutput(); err != nil {
			return fmt.Errorf("sync: %w\n%s", err, out)
		}
	}
	if needs[w1] {
		if err := f.ingest(ctx, "w1.db", f.apart.Projects); err != nil {
			return err
		}
	}
	if needs[w2] {
		return f.learn(ctx)
	}
	return nil
}

// learn asks for each report once, of upstreams that answer at once.
func (f *fixture) learn(ctx context.Context) error {
	if err := f.copy("ingested.db", f.database(w2)); err != nil {
		return err
	}
	if err := f.sources.delay(ctx, 0); err != nil {
		return err
	}
	s, err := start(ctx, f.program, f.database(w2), sources(f.sources.url)...)
	if err != nil {
		return err
	}
	defer s.stop()
	for _, p := range f.facts.Projects {
		var a struct{ Errors []struct{ Message string } }
		err := s.post(ctx, map[string]any{"query": reportQuery, "variables": map[string]any{"project": p.Slug, "release": p.Version}}, &a)
		if err == nil && len(a.Errors) > 0 {
			err = errors.New(a.Errors[0].Message)
		}
		if err != nil {
			return fmt.Errorf("learn about %s: %w", p.Slug, err)
		}
	}
	return nil
}

// ingest uploads the documents of projects to a fresh database, offline.
func (f *fixture) ingest(ctx context.Context, name string, projects []dataset.Project) error {
	s, err := start(ctx, f.program, filepath.Join(f.dir, name), "--offline")
	if err != nil {
		return err
	}
	defer s.stop()
	uploads, ctx := errgroup.WithContext(ctx)
	uploads.SetLimit(uploadsAtOnce)
	for _, p := range projects {
		uploads.Go(func() error {
			document, err := dataset.Document(p)
			if err != nil {
				return err
			}
			return s.put(ctx, p.Slug, p.Version, document)
		})
	}
	return uploads.Wait()
}

func (f *fixture) database(w workload) string { return filepath.Join(f.dir, string(w)+".db") }

// copy copies a database of the fixture's directory with its log.
func (f *fixture) copy(from, to string) error {
	for _, suffix := range []string{"", "-wal"} {
		err := copyFile(filepath.Join(f.dir, from)+suffix, to+suffix)
		if err != nil && !(suffix != "" && errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}

// reused is Loadline where it may give answers again; there are none in w1.
const reused = "loadline, reused"

// loadline is Loadline as a subject. With reuse it may give the answer that it
// gave before.
func (f *fixture) loadline(reuse bool) subject {
	name, header := "loadline", noStore
	if reuse {
		name, header = reused, ""
	}
	return subject{
		name: name, naming: dataset.AsVulnerability, remembers: true, read: readLoadline,
		request: func(p dataset.Project, host string) []byte {
			return post(host, header, reportQuery, map[string]any{"project": p.Slug, "release": p.Version})
		},
		start: func(ctx context.Context, w workload) (*process, error) {
			dir, err := os.MkdirTemp(f.dir, "run-")
			if err != nil {
				return nil, err
			}
			database := filepath.Join(dir, "bench.db")
			if err := f.copy(filepath.Base(f.database(w)), database); err != nil {
				return nil, err
			}
			flags := []string{"--offline"}
			if w != w0 {
				flags = sources(f.sources.url)
			}
			if f.profile {
				flags = append(flags, "--pprof-listen", "127.0.0.1:0")
			}
			s, err := start(ctx, f.program, database, flags...)
			if err != nil {
				return nil, err
			}
			p := s.process()
			p.stop = func() { s.stop(); os.RemoveAll(dir) }
			return p, nil
		},
	}
}

// subjects returns Loadline and the peers that are asked for.
func (f *fixture) subjects(ctx context.Context, peersDir string, names []string) ([]subject, error) {
	all := []subject{f.loadline(false), f.loadline(true)}
	if peersDir == "" {
		return all, nil
	}
	others, err := peers(peersDir, f.sources.url, names)
	return append(all, others...), err
}
