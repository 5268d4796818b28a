package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// results are all figures of a run.
type results struct {
	Machine     machine        `json:"machine"`
	Cells       []cell         `json:"cells"`
	Ingestions  []ingestion    `json:"ingestions,omitempty"`
	Subscribers []subscription `json:"subscribers,omitempty"`
}

// machine is where and when figures were taken.
type machine struct {
	Date       string `json:"date"`
	Commit     string `json:"commit"`
	Go         string `json:"go"`
	Processors int    `json:"processors"`
	Model      string `json:"model"`
	Load       string `json:"load"` // the averages when the run began
}

func thisMachine(ctx context.Context) machine {
	m := machine{Date: time.Now().UTC().Format("2006-01-02 15:04 MST"), Go: runtime.Version(), Processors: runtime.NumCPU()}
	if out, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		m.Commit = strings.TrimSpace(string(out))
	}
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load = strings.Join(strings.Fields(string(b))[:3], " ")
	}
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		lines := bufio.NewScanner(bytes.NewReader(b))
		for lines.Scan() && m.Model == "" {
			if name, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(name) == "model name" {
				m.Model = strings.TrimSpace(value)
			}
		}
	}
	return m
}

func (m machine) String() string {
	return fmt.Sprintf("%s, commit %s, %s, %d processors (%s), load averages %s at the start", m.Date, m.Commit, m.Go, m.Processors, m.Model, m.Load)
}

func (r results) write(file string) error {
	content, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o600)
}

// readResults returns what is in files, together. The machine is that of the last.
func readResults(files []string) (results, error) {
	var all results
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return all, err
		}
		var r results
		if err := json.Unmarshal(content, &r); err != nil {
			return all, fmt.Errorf("%s: %w", file, err)
		}
		all.Machine = r.Machine
		all.Cells = append(all.Cells, r.Cells...)
		all.Ingestions = append(all.Ingestions, r.Ingestions...)
		all.Subscribers = append(all.Subscribers, r.Subscribers...)
	}
	return all, nil
}

// print writes everything as plain text.
func (r results) print(w io.Writer) error {
	fmt.Fprintln(w, r.Machine)
	for _, t := range r.tables() {
		if err := t.text(w); err != nil {
			return err
		}
	}
	return nil
}
