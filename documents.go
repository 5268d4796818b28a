package main

import (
	"fmt"
	"maps"
	"os"
	"strings"

	"loadline/graph"
	"loadline/web"
)

// documents returns the operations that clients may name by their id: those of the
// dashboard, known from the start, and the only ones that run, which are these and
// those of --documents; nil where there are none, which lets all operations run.
func (c serveCommand) documents() (known, only map[string]string, err error) {
	known, err = graph.ReadDocuments(strings.NewReader(web.Documents))
	if err != nil {
		return nil, nil, fmt.Errorf("the dashboard's documents: %w", err)
	}
	if len(c.Documents) == 0 {
		return known, nil, nil
	}
	only = maps.Clone(known)
	for _, path := range c.Documents {
		file, err := os.Open(path)
		if err != nil {
			return nil, nil, fmt.Errorf("--documents: %w", err)
		}
		some, err := graph.ReadDocuments(file)
		file.Close()
		if err != nil {
			return nil, nil, fmt.Errorf("--documents %s: %w", path, err)
		}
		maps.Copy(only, some)
	}
	return known, only, nil
}
