package web

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// imported matches what a built script imports from beside it before it runs.
var imported = regexp.MustCompile(`(?:from|import)"\./([^"]+\.js)"`)

// pagePreloads returns, by the path of each page, Link headers that name its
// scripts. Without them a browser learns of a page's script only when the first
// one has run, which is a round trip later.
func pagePreloads() map[string][]string {
	scripts := map[string]string{} // by their names without the hash
	imports := map[string][]string{}
	sizes := map[string]int{}
	names, err := fs.Glob(files, "dist/assets/*.js.gz")
	if err != nil { // the pattern is a valid one
		return nil
	}
	for _, name := range names {
		packed, err := files.ReadFile(name)
		if err != nil {
			continue
		}
		content, err := unpack(packed)
		if err != nil { // reported where it is served
			continue
		}
		script := strings.TrimSuffix(path.Base(name), ".gz")
		scripts[hashed.ReplaceAllString(script, "")] = script
		sizes[script] = len(packed)
		for _, found := range imported.FindAllSubmatch(content, -1) {
			imports[script] = append(imports[script], string(found[1]))
		}
	}

	preloads := map[string][]string{}
	for page, name := range pages {
		needed := []string{scripts[name]}
		for at := 0; at < len(needed); at++ {
			for _, other := range imports[needed[at]] {
				if !slices.Contains(needed, other) {
					needed = append(needed, other)
				}
			}
		}
		// A browser loads six at a time: what takes longest goes first.
		slices.SortFunc(needed, func(a, b string) int { return sizes[b] - sizes[a] })
		links := make([]string, len(needed))
		for i, script := range needed {
			links[i] = fmt.Sprintf("<assets/%s>; rel=modulepreload", script)
		}
		preloads[page] = []string{strings.Join(links, ", ")}
	}
	return preloads
}
