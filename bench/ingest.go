package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"loadline/bench/dataset"
	"loadline/bench/load"
)

// ingestion is what bringing documents in took: from the first byte sent until
// the last job has ended.
type ingestion struct {
	What       string  `json:"what"`
	Round      int     `json:"round"`
	Documents  int     `json:"documents"`
	Components int     `json:"components"`
	Seconds    float64 `json:"seconds"`
	ServerCPU  float64 `json:"serverCpuSeconds"`
	ClientCPU  float64 `json:"clientCpuSeconds"`
	Memory     float64 `json:"peakMB"`
}

// perComponent returns the processor time that a component took, server and
// client, in microseconds.
func (i ingestion) perComponent() float64 {
	return (i.ServerCPU + i.ClientCPU) / float64(i.Components) * 1e6
}

// guac is what GUAC took for a document of 5,931 components: 0.85 s of its
// server's processor time and 0.34 s of its client's (peers/RESULTS.md).
var guac = ingestion{What: "GUAC, for comparison", Documents: 1, Components: 5931, ServerCPU: 0.85, ClientCPU: 0.34}

// The largest public document, which is also the one that GUAC was measured with.
const (
	largest           = "platform-merged-6k.cdx.json"
	largestComponents = 5931
)

// documentSet is documents by the names of their projects, and how many
// components they have together.
type documentSet struct {
	what       string
	components int
	documents  map[string][]byte
}

// publicUploads is how many public documents are uploaded: each of those that
// there are, again and again.
const publicUploads = 200

// publicDocuments returns the bills of materials of a directory that the server
// takes, by their names; none where there is no directory. What they hold is
// learned from a server of their own.
func (m *matrix) publicDocuments(ctx context.Context, dir string) (documentSet, error) {
	var public documentSet
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return public, err
	}
	s, err := start(ctx, m.fixture.program, "", "--offline")
	if err != nil {
		return public, err
	}
	defer s.stop()
	var taken [][]byte
	var components []int
	for _, file := range files {
		if !isBom(file) {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return public, err
		}
		name := filepath.Base(file)
		if err := s.put(ctx, name, "1", content); err != nil {
			fmt.Fprintf(m.log, "%s is not among the public documents: %v\n", name, err)
			continue
		}
		n, err := s.components(ctx, name)
		if err != nil {
			return public, err
		}
		taken, components = append(taken, content), append(components, n)
	}
	if len(taken) == 0 {
		return public, nil
	}
	public.what = fmt.Sprintf("%d uploads of %d public documents", publicUploads, len(taken))
	public.documents = make(map[string][]byte, publicUploads)
	for i := range publicUploads {
		public.documents[fmt.Sprintf("public %d", i)] = taken[i%len(taken)]
		public.components += components[i%len(taken)]
	}
	return public, nil
}

// isBom tells bills of materials from lockfiles, and from what is expected of them.
func isBom(file string) bool {
	if strings.HasSuffix(file, ".expected.json") {
		return false
	}
	return slices.ContainsFunc([]string{".cdx.json", ".cdx.xml", ".spdx", ".spdx.json", ".spdx.yaml", ".spdx.yml", ".spdx.rdf.xml"}, func(ending string) bool {
		return strings.HasSuffix(file, ending)
	})
}

// components returns how many components the first release of a project has.
func (s *server) components(ctx context.Context, project string) (int, error) {
	var a struct {
		Data struct {
			Project struct {
				Release struct{ Components struct{ TotalCount int } }
			}
		}
	}
	err := s.post(ctx, map[string]any{
		"query":     `query($name: String!) { project(name: $name) { release(version: "1") { components(first: 1) { totalCount } } } }`,
		"variables": map[string]any{"name": project},
	}, &a)
	return a.Data.Project.Release.Components.TotalCount, err
}

// ingest measures uploads, each set of documents to a server and a database of
// its own.
func (m *matrix) ingest(ctx context.Context, documents string) error {
	reports := documentSet{what: "the 200 documents of the report", documents: map[string][]byte{}}
	for _, p := range m.fixture.facts.Projects {
		document, err := dataset.Document(p)
		if err != nil {
			return err
		}
		reports.documents[p.Slug] = document
		reports.components += len(p.Components)
	}
	large, err := dataset.Document(many("large", 30_000))
	if err != nil {
		return err
	}
	public, err := m.publicDocuments(ctx, documents)
	if err != nil {
		return err
	}
	sets := []documentSet{reports, {"one document of 30,000", 30_000, map[string][]byte{"large": large}}}
	if len(public.documents) > 0 {
		sets = append(sets, public)
	}
	content, err := os.ReadFile(filepath.Join(documents, largest))
	switch {
	case err == nil:
		sets = append(sets, documentSet{largest, largestComponents, map[string][]byte{"largest": content}})
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	for round := range m.rounds {
		for _, set := range sets {
			i, err := m.upload(ctx, set.documents, set.components)
			if err != nil {
				return fmt.Errorf("%s: %w", set.what, err)
			}
			i.What, i.Round, i.Components, i.Documents = set.what, round, set.components, len(set.documents)
			m.results.Ingestions = append(m.results.Ingestions, i)
			fmt.Fprintf(m.log, "%-35s %6d components in %.2f s, CPU %.2f s + %.2f s, %.1f µs a component, %.0f MB\n",
				i.What, i.Components, i.Seconds, i.ServerCPU, i.ClientCPU, i.perComponent(), i.Memory)
		}
	}
	return nil
}

func (m *matrix) upload(ctx context.Context, documents map[string][]byte, components int) (ingestion, error) {
	s, err := start(ctx, m.fixture.program, "", "--offline")
	if err != nil {
		return ingestion{}, err
	}
	defer s.stop()
	if err := s.put(ctx, "warmup", "1", warmup); err != nil {
		return ingestion{}, err
	}
	began, own := time.Now(), ownCPU()
	usage, err := load.Tree(s.command.Process.Pid).During(ctx, func() error {
		uploads, ctx := errgroup.WithContext(ctx)
		uploads.SetLimit(uploadsAtOnce)
		for name, document := range documents {
			uploads.Go(func() error { return s.put(ctx, name, "1", document) })
		}
		return uploads.Wait()
	})
	// Looking them up again is not part of it.
	if err == nil {
		err = s.holds(ctx, components)
	}
	return ingestion{
		Seconds: time.Since(began).Seconds(), ServerCPU: usage.CPU.Seconds(), ClientCPU: (ownCPU() - own).Seconds(), Memory: float64(usage.Peak) / (1 << 20),
	}, err
}

// holds checks that all projects together have so many components, but for the
// one of the warm-up.
func (s *server) holds(ctx context.Context, components int) error {
	found, after := 0, ""
	for {
		var a struct {
			Data struct {
				Projects struct {
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
					Nodes []struct {
						Name     string
						Releases struct {
							Nodes []struct{ Components struct{ TotalCount int } }
						}
					}
				}
			}
		}
		query := `query($after: String) { projects(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { name releases(first: 1) { nodes { components(first: 1) { totalCount } } } } } }`
		variables := map[string]any{}
		if after != "" {
			variables["after"] = after
		}
		if err := s.post(ctx, map[string]any{"query": query, "variables": variables}, &a); err != nil {
			return err
		}
		for _, p := range a.Data.Projects.Nodes {
			for _, r := range p.Releases.Nodes {
				if p.Name != "warmup" {
					found += r.Components.TotalCount
				}
			}
		}
		if after = a.Data.Projects.PageInfo.EndCursor; !a.Data.Projects.PageInfo.HasNextPage {
			break
		}
	}
	if found != components {
		return fmt.Errorf("%d components are there, want %d", found, components)
	}
	return nil
}

// ownCPU returns the processor time that this process has taken.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func ingestionTable(all []ingestion) table {
	t := table{title: "ingestion", columns: []string{"documents", "components", "seconds", "components/s", "server's CPU s", "client's CPU s", "CPU µs/component", "GUAC's CPU", "peak MB"}}
	var order []string
	by := map[string][]ingestion{}
	for _, i := range all {
		if by[i.What] == nil {
			order = append(order, i.What)
		}
		by[i.What] = append(by[i.What], i)
	}
	for _, what := range order {
		i := medianIngestion(by[what])
		t.rows = append(t.rows, []string{what, fmt.Sprint(i.Components), figure(i.Seconds), fmt.Sprintf("%.0f", float64(i.Components)/i.Seconds),
			figure(i.ServerCPU), figure(i.ClientCPU), figure(i.perComponent()), fmt.Sprintf("%.1f x", guac.perComponent()/i.perComponent()), fmt.Sprintf("%.0f", i.Memory)})
	}
	t.rows = append(t.rows, []string{guac.What, fmt.Sprint(guac.Components), "", "", figure(guac.ServerCPU), figure(guac.ClientCPU), figure(guac.perComponent()), "", ""})
	return t
}

// medianIngestion returns the one of median cost.
func medianIngestion(all []ingestion) ingestion {
	sorted := slices.SortedFunc(slices.Values(all), func(a, b ingestion) int { return cmp.Compare(a.perComponent(), b.perComponent()) })
	return sorted[len(sorted)/2]
}
