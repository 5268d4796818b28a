package match_test

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"loadline/advisory"
	"loadline/match"
)

// sharedData returns the folder of the data that lies beside the repository, or
// skips the test.
func sharedData(tb testing.TB) string {
	tb.Helper()
	if dir := os.Getenv("LOADLINE_SHARED"); dir != "" {
		return filepath.Join(dir, "data")
	}
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		data := filepath.Join(dir, "shared", "data")
		if _, err := os.Stat(data); err == nil {
			return data
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Skip("shared/data is not beside the repository; LOADLINE_SHARED can name the folder shared")
		}
		dir = parent
	}
}

// mirror is records by the keys they can be looked up by.
type mirror map[match.Key][]*advisory.Advisory

func openMirror(tb testing.TB, dir string) mirror {
	tb.Helper()
	archives, err := filepath.Glob(filepath.Join(dir, "*", "all.zip"))
	if err != nil || len(archives) == 0 {
		tb.Fatalf("no archives in %s: %v", dir, err)
	}
	m := mirror{}
	for _, path := range archives {
		r, err := zip.OpenReader(path)
		if err != nil {
			tb.Fatal(err)
		}
		for _, file := range r.File {
			a, err := advisory.Decode(readZipped(tb, file))
			if err != nil {
				tb.Errorf("%s in %s: %v", file.Name, path, err)
				continue
			}
			for _, key := range match.KeysOf(a) {
				m[key] = append(m[key], &a)
			}
		}
		if err := r.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	return m
}

func readZipped(tb testing.TB, file *zip.File) []byte {
	tb.Helper()
	f, err := file.Open()
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// affecting returns the records that affect a target, once each.
func (m mirror) affecting(t match.Target) []advisory.Advisory {
	var found []advisory.Advisory
	seen := map[string]bool{}
	for _, key := range t.Keys() {
		for _, a := range m[key] {
			if _, affected := match.Affects(*a, t); affected && !seen[a.ID] {
				seen[a.ID] = true
				found = append(found, *a)
			}
		}
	}
	return found
}
