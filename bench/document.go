package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The part of docs/performance.md that is written by -write.
const (
	beginFigures = "<!-- What follows is written by: go run ./bench -write -->"
	endFigures   = "<!-- Written until here. -->"
)

// document writes the tables and the chart into a folder.
func (r results) document(folder string) error {
	file := filepath.Join(folder, "performance.md")
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(content), beginFigures)
	_, after, ends := strings.Cut(rest, endFigures)
	if !begins || !ends {
		return fmt.Errorf("%s: does not have the lines %q and %q", file, beginFigures, endFigures)
	}
	var b strings.Builder
	b.WriteString(before + beginFigures + "\n\n")
	cells := medians(r.Cells)
	if connections, ok := r.charted(); ok {
		chartFile, err := os.Create(filepath.Join(folder, "performance.svg"))
		if err != nil {
			return err
		}
		if err := errors.Join(chart(chartFile, cells, connections), chartFile.Close()); err != nil {
			return err
		}
		b.WriteString("![Requests per second and processor time per request, by server](performance.svg)\n\n")
	}
	fmt.Fprintf(&b, "%s.\n", r.Machine)
	for _, t := range r.tables() {
		t.markdown(&b)
	}
	b.WriteString("\n" + endFigures + after)
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

// charted returns at how many connections the chart is drawn: 16 where they were
// measured, else the most.
func (r results) charted() (int, bool) {
	most := 0
	for _, c := range r.Cells {
		if slices.Contains([]workload{w0, w1, w2}, c.Workload) {
			if c.Connections == 16 {
				return 16, true
			}
			most = max(most, c.Connections)
		}
	}
	return most, most > 0
}
