package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMediansAreOfEachFigure(t *testing.T) {
	t.Parallel()
	cells := []cell{
		{Workload: w0, Subject: "a", Connections: 1, Requests: 10, PerSecond: 1, P50: 30, CPU: 2, Memory: 10},
		{Workload: w0, Subject: "b", Connections: 1, Requests: 1, PerSecond: 9, CPU: 9},
		{Workload: w0, Subject: "a", Connections: 1, Requests: 20, PerSecond: 3, P50: 10, CPU: 1, Memory: 40, Fallbacks: 1},
		{Workload: w0, Subject: "a", Connections: 1, Requests: 30, PerSecond: 2, P50: 20, CPU: 3, Memory: 20},
	}
	want := []cell{
		{Workload: w0, Subject: "a", Connections: 1, Round: 3, Requests: 60, PerSecond: 2, P50: 20, CPU: 2, Memory: 40, Fallbacks: 1},
		{Workload: w0, Subject: "b", Connections: 1, Round: 1, Requests: 1, PerSecond: 9, CPU: 9},
	}
	if diff := cmp.Diff(want, medians(cells)); diff != "" {
		t.Errorf("medians (-want +got):\n%s", diff)
	}
}

func TestDocumentReplacesOnlyTheFigures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "performance.md")
	text := "before\n" + beginFigures + "\nformer\n" + endFigures + "\nafter\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := results{
		Cells: []cell{
			{Workload: w0, Subject: "loadline", Connections: 16, PerSecond: 100, CPU: 2, Statements: 3},
			{Workload: w0, Subject: "<peer>", Connections: 16, PerSecond: 50, CPU: 1, Statements: -1, Fallbacks: -1},
		},
		Ingestions:  []ingestion{{What: "a document", Components: 1000, Seconds: 1, ServerCPU: 0.02}},
		Subscribers: []subscription{{Count: 1000}},
	}
	for range 2 {
		if err := r.document(dir); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"before\n" + beginFigures, endFigures + "\nafter\n", "| loadline | 16 | 100 |", "| 2.00 x | 2.00 x |", "| a document | 1000 |"} {
		if strings.Count(string(got), want) != 1 {
			t.Errorf("the document does not have %q once:\n%s", want, got)
		}
	}
	if strings.Contains(string(got), "former") {
		t.Error("what was there before stays")
	}
	drawing, err := os.ReadFile(filepath.Join(dir, "performance.svg"))
	if err != nil {
		t.Fatal(err)
	}
	tokens := xml.NewDecoder(bytes.NewReader(drawing))
	for {
		if _, err := tokens.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the chart is not XML: %v", err)
		}
	}
	if !strings.Contains(string(drawing), "&lt;peer&gt;") {
		t.Error("the chart does not name the peer")
	}
}

func TestDocumentWithoutMarksIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "performance.md"), []byte("prose"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (results{}).document(dir); err == nil {
		t.Error("it was written to")
	}
}
