package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Measures of the chart, in its own units.
const (
	chartWidth = 940
	namesWidth = 190
	barsWidth  = 270
	valueWidth = 90
	rowHeight  = 24
	groupGap   = 52
)

const chartStyle = `
    .page { fill: #ffffff; }
    .title { fill: #14202e; font-weight: 600; font-size: 15px; }
    .name { fill: #14202e; }
    .what, .value { fill: #43566c; font-size: 13px; }
    .ours { fill: #2f7d4f; }
    .other { fill: #9db0c5; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #12181f; }
      .title, .name { fill: #e8eef5; }
      .what, .value { fill: #a9bacd; }
      .ours { fill: #63b483; }
      .other { fill: #4d6179; }
    }
`

// chart draws the report's workloads at a number of connections: requests per
// second, where longer is better, and processor time per request, where shorter
// is.
func chart(w io.Writer, cells []cell, connections int) error {
	groups := map[workload][]cell{}
	height := 16
	for _, name := range []workload{w0, w1, w2} {
		for _, c := range cells {
			if c.Workload == name && c.Connections == connections {
				groups[name] = append(groups[name], c)
			}
		}
		if n := len(groups[name]); n > 0 {
			height += groupGap + n*rowHeight
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="14">
  <title id="title">Requests per second and processor time per request of each server at %d connections; the tables below have the figures</title>
  <style>%s  </style>
  <rect class="page" width="%[1]d" height="%[2]d" rx="8"/>
`, chartWidth, height, connections, chartStyle)
	y := 30
	for _, name := range []workload{w0, w1, w2} {
		group := groups[name]
		if len(group) == 0 {
			continue
		}
		text := func(x int, class, anchor, s string) {
			var escaped strings.Builder
			// A strings.Builder takes everything.
			_ = xml.EscapeText(&escaped, []byte(s))
			fmt.Fprintf(&b, "  <text x=\"%d\" y=\"%d\" class=\"%s\" text-anchor=\"%s\">%s</text>\n", x, y, class, anchor, escaped.String())
		}
		second := namesWidth + barsWidth + valueWidth
		text(20, "title", "start", titles[name])
		y += 20
		text(20, "what", "start", fmt.Sprintf("%d connections", connections))
		text(namesWidth, "what", "start", "requests/s")
		text(second, "what", "start", "CPU ms/request")
		y += 20
		most := slices.MaxFunc(group, func(a, b cell) int { return int(a.PerSecond*1000 - b.PerSecond*1000) }).PerSecond
		dearest := slices.MaxFunc(group, func(a, b cell) int { return int(a.CPU*1000 - b.CPU*1000) }).CPU
		for _, c := range group {
			class := "other"
			if strings.HasPrefix(c.Subject, "loadline") {
				class = "ours"
			}
			text(namesWidth-12, "name", "end", c.Subject)
			bar := func(x int, share float64, value string) {
				width := max(2, int(share*barsWidth))
				fmt.Fprintf(&b, "  <rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"14\" rx=\"2\" class=\"%s\"/>\n", x, y-12, width, class)
				text(x+width+8, "value", "start", value)
			}
			bar(namesWidth, c.PerSecond/most, figure(c.PerSecond))
			bar(second, c.CPU/dearest, figure(c.CPU))
			y += rowHeight
		}
		y += groupGap - 40
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}
