package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"loadline/bench/dataset"
)

const (
	pagesWorkload workload = "pages"
	// manyComponents is how many the release has that is paged through.
	manyComponents = 10_000
	onePage        = 100
)

// many is a project of n components.
func many(slug string, n int) dataset.Project {
	p := dataset.Project{Slug: slug, Name: slug, Version: "1"}
	for i := range n {
		p.Components = append(p.Components, dataset.Component{PURL: fmt.Sprintf("pkg:npm/%s-%06d@1.%d.%d", slug, i, i%30, i%7), Licences: []string{"MIT"}})
	}
	return p
}

const pageQuery = `query Page($project: String!, $release: String!, $after: String) { project(name: $project) { release(version: $release) { components(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { purl name version direct licenses { expression } } } } } }`

// pageAnswer is the answer to pageQuery.
type pageAnswer struct {
	Errors []struct{ Message string }
	Data   struct {
		Project struct {
			Release struct {
				Components struct {
					TotalCount int
					PageInfo   struct {
						HasNextPage bool
						EndCursor   string
					}
					Nodes []struct{ PURL string }
				}
			}
		}
	}
}

// pages measures paging through a large release. It is walked through once, to
// learn the cursors and to see that every component comes once.
func (m *matrix) pages(ctx context.Context) error {
	release := many("large", manyComponents)
	database := filepath.Join(m.fixture.dir, "pages.db")
	document, err := dataset.Document(release)
	if err != nil {
		return err
	}
	s, err := start(ctx, m.fixture.program, database, "--offline")
	if err != nil {
		return err
	}
	defer s.stop()
	if err := s.put(ctx, release.Slug, release.Version, document); err != nil {
		return err
	}
	p := s.process()
	requests, purls, err := walk(ctx, s, p.address, release)
	if err != nil {
		return err
	}
	check := newChecker("loadline", len(requests), func(request int, body []byte) error {
		var a pageAnswer
		if err := json.Unmarshal(body, &a); err != nil {
			return err
		}
		for i, n := range a.Data.Project.Release.Components.Nodes {
			if want := purls[request*onePage+i]; n.PURL != want {
				return fmt.Errorf("page %d has %s, want %s", request, n.PURL, want)
			}
		}
		return nil
	})
	for round := range m.rounds {
		for _, n := range m.connections {
			w := window{process: p, checker: check, requests: requests, connections: n, duration: m.duration}
			if round == 0 {
				warm := w
				warm.duration = time.Second
				if _, err := warm.measure(ctx, m.fixture.sources); err != nil {
					return err
				}
			}
			c, err := m.cell(ctx, pagesWorkload, w)
			if err != nil {
				return err
			}
			m.add(pagesWorkload, "loadline", round, c)
		}
	}
	return nil
}

// walk returns the requests for all pages of a release, and its purls in order.
func walk(ctx context.Context, s *server, host string, release dataset.Project) (requests [][]byte, purls []string, err error) {
	variables := map[string]any{"project": release.Slug, "release": release.Version}
	for {
		requests = append(requests, post(host, noStore, pageQuery, variables))
		var a pageAnswer
		if err := s.post(ctx, map[string]any{"query": pageQuery, "variables": variables}, &a); err != nil {
			return nil, nil, err
		}
		if len(a.Errors) > 0 {
			return nil, nil, errors.New(a.Errors[0].Message)
		}
		page := a.Data.Project.Release.Components
		for _, n := range page.Nodes {
			purls = append(purls, n.PURL)
		}
		if !page.PageInfo.HasNextPage {
			break
		}
		variables["after"] = page.PageInfo.EndCursor
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(purls)))
	if len(purls) != len(release.Components) || len(distinct) != len(purls) {
		return nil, nil, fmt.Errorf("paging gave %d components, %d of them different; want %d", len(purls), len(distinct), len(release.Components))
	}
	return requests, purls, nil
}
