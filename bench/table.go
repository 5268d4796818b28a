package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

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

// printTables prints cells by workload and connections, and what Loadline's are
// to those of the others.
func printTables(w io.Writer, cells []cell) error {
	type group struct {
		workload    workload
		connections int
	}
	var groups []group
	for _, c := range cells {
		if g := (group{c.Workload, c.Connections}); !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		if a.workload != b.workload {
			return int(a.workload[1]) - int(b.workload[1])
		}
		return a.connections - b.connections
	})
	for _, g := range groups {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(table, "\n%s, %d connections\trequests/s\tp50 ms\tp95\tp99\tCPU ms/request\tpeak MB\tSQL\tupstream calls\tfallbacks\tbusy\t\tloadline: requests/s\tCPU\t\n", g.workload, g.connections)
		var ours cell
		for _, c := range cells {
			if c.Workload != g.workload || c.Connections != g.connections {
				continue
			}
			if ours.Subject == "" {
				ours = c
			}
			fmt.Fprintf(table, "%s\t%.1f\t%.2f\t%.2f\t%.2f\t%.3f\t%.0f\t%s\t%.1f\t%s\t%.2f\t\t%.2f x\t%.2f x\t\n", c.Subject, c.PerSecond, c.P50, c.P95, c.P99,
				c.CPU, c.Memory, told(c.Statements, 1), c.Calls, told(c.Fallbacks, 0), c.Busy, ours.PerSecond/c.PerSecond, ours.CPU/c.CPU)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// told writes a figure, or that it was not told.
func told(figure float64, digits int) string {
	if figure < 0 {
		return "-"
	}
	return fmt.Sprintf("%.*f", digits, figure)
}
