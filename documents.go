package main

import (
	"fmt"
	"maps"
	"os"

	"loadline/graph"
)

// documents reads the manifests of --documents; nil where there are none, which
// lets all operations run.
func (c serveCommand) documents() (map[string]string, error) {
	var all map[string]string
	for _, path := range c.Documents {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("--documents: %w", err)
		}
		some, err := graph.ReadDocuments(file)
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("--documents %s: %w", path, err)
		}
		if all == nil {
			all = make(map[string]string, len(some))
		}
		maps.Copy(all, some)
	}
	return all, nil
}
