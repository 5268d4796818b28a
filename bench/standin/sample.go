package standin

import (
	"embed"
	"io/fs"
	"sync"
)

//go:embed testdata/sample
var sample embed.FS

// Sample returns a small data directory, laid out as Load wants it: made-up
// records of several ecosystems with the shapes that real ones have, a KEV
// catalogue, EPSS scores and a depsdev.json. README.md says more.
func Sample() fs.FS {
	dir, err := fs.Sub(sample, "testdata/sample")
	if err != nil { // the name is a valid one
		return sample
	}
	return dir
}

// sampleData is read once for all servers: it does not change. TestSample proves
// that it can be read.
var sampleData = sync.OnceValue(func() *Data {
	d, err := Load(Sample(), nil)
	if err != nil {
		return &Data{}
	}
	return d
})
