// Package demo holds what `loadline demo` shows: sample documents, and sample
// data of the four upstreams about what is in them. README.md beside this file
// says where the facts come from. It knows nothing of servers.
package demo

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed documents upstreams
var files embed.FS

// Document is a sample document and the release it describes.
type Document struct {
	Project, Release string
	FileName         string // as a tool would have named it
	Content          []byte
}

// Documents returns the sample documents: two releases of shop-frontend, the
// older first, then one release of each other project.
func Documents() ([]Document, error) {
	documents := []struct{ project, release, fileName, path string }{
		{"shop-frontend", "2.3.0", "bom.cdx.json", "shop-frontend-2.3.0.cdx.json"},
		{"shop-frontend", "2.4.0", "bom.cdx.json", "shop-frontend-2.4.0.cdx.json"},
		{"shop-backend", "1.8.1", "bom.xml", "shop-backend-1.8.1.cdx.xml"},
		{"ledger", "0.9.0", "go.mod", "ledger-0.9.0.go.mod"},
		{"image-api", "2021.11", "image-api.spdx.json", "image-api-2021.11.spdx.json"},
		{"report-jobs", "0.14.0", "poetry.lock", "report-jobs-0.14.0.poetry.lock"},
	}
	all := make([]Document, len(documents))
	for i, d := range documents {
		content, err := files.ReadFile("documents/" + d.path)
		if err != nil {
			return nil, fmt.Errorf("demo: %w", err)
		}
		all[i] = Document{Project: d.project, Release: d.release, FileName: d.fileName, Content: content}
	}
	return all, nil
}

// Upstreams returns the sample data of OSV, EPSS, KEV and deps.dev, laid out as
// the stand-in wants it.
func Upstreams() (fs.FS, error) {
	dir, err := fs.Sub(files, "upstreams")
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	return dir, nil
}
