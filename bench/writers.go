package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"loadline/bench/dataset"
)

// readersWorkload is w0 while documents are uploaded.
const readersWorkload workload = "readers"

// writersAtOnce is how many uploads are under way beside the readers.
const writersAtOnce = 2

// writers measures the report from the database alone, at rest and while
// documents come in as fast as they can.
func (m *matrix) writers(ctx context.Context) error {
	if err := m.fixture.prepare(ctx, []workload{w0}); err != nil {
		return err
	}
	s := m.fixture.loadline(false)
	p, err := s.start(ctx, w0)
	if err != nil {
		return err
	}
	defer p.stop()
	projects := m.fixture.facts.Projects
	w := window{process: p, checker: reportChecker(m.fixture.facts, s, projects), connections: 8, duration: m.duration}
	for _, project := range projects {
		w.requests = append(w.requests, s.request(project, p.address))
	}
	if _, err := w.measure(ctx, m.fixture.sources); err != nil {
		return err
	}
	for round := range m.rounds {
		for _, n := range m.connections {
			w.connections = n
			c, err := m.cell(ctx, readersWorkload, w)
			if err != nil {
				return err
			}
			m.add(readersWorkload, "at rest", round, c)
			uploaded, stop, err := m.keepUploading(ctx, &server{url: "http://" + p.address}, round*len(m.connections)+n)
			if err != nil {
				return err
			}
			c, err = m.cell(ctx, readersWorkload, w)
			if err = errors.Join(err, stop()); err != nil {
				return err
			}
			m.add(readersWorkload, "beside uploads", round, c)
			fmt.Fprintf(m.log, "%d documents of 100 components were ingested meanwhile\n", uploaded.Load())
		}
	}
	return nil
}

// keepUploading uploads the projects' documents, as projects of other names,
// until it is stopped.
func (m *matrix) keepUploading(ctx context.Context, to *server, series int) (uploaded *atomic.Int64, stop func() error, err error) {
	documents, err := m.reportDocuments()
	if err != nil {
		return nil, nil, err
	}
	writing, cancel := context.WithCancel(ctx)
	uploaded = &atomic.Int64{}
	var next atomic.Int64
	var mu sync.Mutex
	var failed error
	var wait sync.WaitGroup
	for range writersAtOnce {
		wait.Go(func() {
			for writing.Err() == nil {
				n := int(next.Add(1))
				err := to.put(writing, fmt.Sprintf("written-%d-%d", series, n), "1", documents[n%len(documents)])
				if writing.Err() != nil {
					return
				}
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
				uploaded.Add(1)
			}
		})
	}
	return uploaded, func() error {
		cancel()
		wait.Wait()
		return failed
	}, nil
}

// reportDocuments returns the documents of the report's projects, in their order.
func (m *matrix) reportDocuments() ([][]byte, error) {
	documents := make([][]byte, len(m.fixture.facts.Projects))
	for i, p := range m.fixture.facts.Projects {
		var err error
		if documents[i], err = dataset.Document(p); err != nil {
			return nil, err
		}
	}
	return documents, nil
}
