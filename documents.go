package main

import (
	"fmt"
	"maps"
	"os"
	"strings"

	"loadline/graph"
	"loadline/web"
)

// documents reads the manifests of --documents, to which those of the dashboard
// are added; nil where there are none, which lets all operations run.
func (c serveCommand) documents() (map[string]string, error) {
	if len(c.Documents) == 0 {
		return nil, nil
	}
	all, err := graph.ReadDocuments(strings.NewReader(web.Documents))
	if err != nil {
		return nil, fmt.Errorf("the dashboard's documents: %w", err)
	}
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
		maps.Copy(all, some)
	}
	return all, nil
}
