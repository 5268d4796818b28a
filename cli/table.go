package cli

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"loadline/enrich"
)

// writeTable writes a table for people: the worst findings first.
func (r *Report) writeTable(w io.Writer) error {
	type row struct {
		ScannedVulnerability
		component ScannedComponent
	}
	var rows []row
	affected := 0
	for _, c := range r.Components {
		if len(c.Vulnerabilities) > 0 {
			affected++
		}
		for _, v := range c.Vulnerabilities {
			rows = append(rows, row{v, c})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		if a.kev != b.kev {
			if a.kev {
				return -1
			}
			return 1
		}
		return slices.Index(severities, b.Severity) - slices.Index(severities, a.Severity)
	})
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(rows) > 0 {
		fmt.Fprintln(table, "SEVERITY\tVULNERABILITY\tCOMPONENT\tVERSION\tFIXED IN\tEPSS\tEXPLOITED")
	}
	for _, f := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			orDash(f.Severity), f.ID, plain(f.component.Name), plain(f.component.Version), orDash(plain(f.FixedIn)), percent(f.epss), yes(f.kev))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(rows) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%d findings in %d of %d components.", len(rows), affected, len(r.Components))
	if unknown := r.unknown(); unknown > 0 {
		fmt.Fprintf(w, " What affects %d components is not known.", unknown)
	}
	fmt.Fprintln(w)
	for _, s := range r.Sources {
		if s.State != enrich.Fresh {
			fmt.Fprintln(w, s.doubt())
		}
	}
	return nil
}

// plain is s without what could move a terminal's cursor, and not too long.
func plain(s string) string {
	const longest = 80
	s = strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '�'
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return s
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func percent(p float64) string {
	if p < 0 {
		return "-"
	}
	return strconv.FormatFloat(100*p, 'f', 1, 64) + " %"
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "-"
}
