package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// table is figures to be shown.
type table struct {
	title   string
	columns []string
	rows    [][]string
}

// text writes t with aligned columns.
func (t table) text(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\n%s\n", t.title)
	for _, row := range append([][]string{t.columns}, t.rows...) {
		fmt.Fprintln(out, strings.Join(row, "\t")+"\t")
	}
	return out.Flush()
}

// markdown writes t as a table of Markdown.
func (t table) markdown(w io.Writer) {
	fmt.Fprintf(w, "\n**%s**\n\n| %s |\n|---|%s\n", t.title, strings.Join(t.columns, " | "), strings.Repeat("---:|", len(t.columns)-1))
	for _, row := range t.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
	}
}

// tables returns all figures as tables.
func (r results) tables() []table {
	all := cellTables(medians(r.Cells))
	if len(r.Ingestions) > 0 {
		all = append(all, ingestionTable(r.Ingestions))
	}
	if len(r.Subscribers) > 0 {
		all = append(all, subscriberTable(r.Subscribers))
	}
	return all
}

// medians returns a cell for each workload, subject and number of connections,
// in the order in which they were measured first, with the median of each figure.
func medians(cells []cell) []cell {
	type key struct {
		workload    workload
		subject     string
		connections int
	}
	var order []key
	by := map[key][]cell{}
	for _, c := range cells {
		k := key{c.Workload, c.Subject, c.Connections}
		if by[k] == nil {
			order = append(order, k)
		}
		by[k] = append(by[k], c)
	}
	result := make([]cell, len(order))
	for i, k := range order {
		same := by[k]
		of := func(figure func(cell) float64) float64 {
			values := make([]float64, len(same))
			for j, c := range same {
				values[j] = figure(c)
			}
			slices.Sort(values)
			return values[len(values)/2]
		}
		m := cell{Workload: k.workload, Subject: k.subject, Connections: k.connections, Round: len(same)}
		for _, c := range same {
			m.Requests += c.Requests
			m.Errors += c.Errors
			m.Fallbacks += c.Fallbacks
			m.Memory = max(m.Memory, c.Memory)
		}
		m.PerSecond = of(func(c cell) float64 { return c.PerSecond })
		m.P50 = of(func(c cell) float64 { return c.P50 })
		m.P95 = of(func(c cell) float64 { return c.P95 })
		m.P99 = of(func(c cell) float64 { return c.P99 })
		m.CPU = of(func(c cell) float64 { return c.CPU })
		m.Bytes = of(func(c cell) float64 { return c.Bytes })
		m.Calls = of(func(c cell) float64 { return c.Calls })
		m.Busy = of(func(c cell) float64 { return c.Busy })
		m.Statements = of(func(c cell) float64 { return c.Statements })
		result[i] = m
	}
	return result
}

// titles say what the workloads are.
var titles = map[workload]string{
	w0: "w0, the database alone", w1: "w1, upstreams at 20 ms and nothing known", w2: "w2, upstreams at 20 ms and everything known",
	pagesWorkload: "pages of 100 of a release of 10,000 components", readersWorkload: "w0 beside uploads",
	storedWorkload: "w0 beside few components and beside many",
}

// workloads in the order of their tables.
var workloads = []workload{w0, w1, w2, pagesWorkload, readersWorkload, storedWorkload}

// cellTables returns a table for each workload, with what Loadline's figures are
// to those of the others at as many connections.
func cellTables(cells []cell) []table {
	var all []table
	for _, w := range workloads {
		t := table{title: titles[w], columns: []string{"server", "connections", "requests/s", "p50 ms", "p95", "p99", "CPU ms/request", "peak MB",
			"SQL", "upstream calls", "by timer", "machine busy", "requests/s, first to this", "CPU, first to this"}}
		var counts []int
		for _, c := range cells {
			if c.Workload == w && !slices.Contains(counts, c.Connections) {
				counts = append(counts, c.Connections)
			}
		}
		slices.Sort(counts)
		for _, n := range counts {
			var ours cell
			for _, c := range cells {
				if c.Workload != w || c.Connections != n {
					continue
				}
				if ours.Subject == "" {
					ours = c
				}
				t.rows = append(t.rows, []string{c.Subject, fmt.Sprint(n), figure(c.PerSecond), figure(c.P50), figure(c.P95), figure(c.P99), fmt.Sprintf("%.3f", c.CPU),
					fmt.Sprintf("%.0f", c.Memory), told(c.Statements, 1), fmt.Sprintf("%.1f", c.Calls), told(c.Fallbacks, 0), fmt.Sprintf("%.2f", c.Busy),
					fmt.Sprintf("%.2f x", ours.PerSecond/c.PerSecond), fmt.Sprintf("%.2f x", ours.CPU/c.CPU)})
			}
		}
		if len(t.rows) > 0 {
			all = append(all, t)
		}
	}
	return all
}

// figure writes a figure with three digits that count.
func figure(f float64) string {
	switch {
	case f < 10:
		return fmt.Sprintf("%.2f", f)
	case f < 100:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

// told writes a figure, or that it was not told.
func told(f float64, digits int) string {
	if f < 0 {
		return ""
	}
	return fmt.Sprintf("%.*f", digits, f)
}
