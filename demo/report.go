package demo

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// shownFindings is how many rows the table has at most: it is to fit a screen.
const shownFindings = 10

// severities are the ratings, the worst first. A finding without one comes last.
var severities = []string{"CRITICAL", "HIGH", "MEDIUM", "LOW", "NONE"}

// report is what the table needs of an answer to the question.
type report struct {
	Data struct {
		Project struct {
			Release struct {
				Components struct {
					TotalCount int
					Nodes      []component
				}
			}
		}
	}
	Extensions struct {
		Cost struct{ SQLStatements, UpstreamCalls int }
	}
}

type component struct {
	Name, Version string
	Findings      []finding
}

type finding struct {
	FixedIn       string
	Vulnerability struct {
		ID       string
		Severity *struct{ Rating string }
		EPSS     *struct{ Probability float64 }
		Kev      *struct{ Ransomware bool }
	}
}

func (f finding) rating() string {
	if s := f.Vulnerability.Severity; s != nil {
		return s.Rating
	}
	return ""
}

// epss is -1 where there is none.
func (f finding) epss() float64 {
	if e := f.Vulnerability.EPSS; e != nil {
		return e.Probability
	}
	return -1
}

// exploited is 0 for what nobody is known to exploit, more for ransomware.
func (f finding) exploited() int {
	switch k := f.Vulnerability.Kev; {
	case k == nil:
		return 0
	case !k.Ransomware:
		return 1
	default:
		return 2
	}
}

// rank is the place of the rating among severities, the last without one.
func (f finding) rank() int {
	if i := slices.Index(severities, f.rating()); i >= 0 {
		return i
	}
	return len(severities)
}

// byUrgency puts first what is exploited, then the worst, then the likeliest.
func byUrgency(a, b finding) int {
	return cmp.Or(
		cmp.Compare(b.exploited(), a.exploited()),
		cmp.Compare(a.rank(), b.rank()),
		cmp.Compare(b.epss(), a.epss()),
	)
}

type row struct {
	component component
	finding   finding
}

// write writes the most urgent findings as a table, then counts all of them and
// says what the answer took.
func (r report) write(w io.Writer, took time.Duration) error {
	components := r.Data.Project.Release.Components
	var rows []row
	for _, c := range components.Nodes {
		for _, f := range c.Findings {
			rows = append(rows, row{c, f})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return byUrgency(a.finding, b.finding) })

	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SEVERITY\tVULNERABILITY\tCOMPONENT\tVERSION\tFIXED IN\tEPSS\tEXPLOITED")
	for _, r := range rows[:min(len(rows), shownFindings)] {
		epss := "-"
		if p := r.finding.epss(); p >= 0 {
			epss = fmt.Sprintf("%.1f%%", p*100)
		}
		exploited := [...]string{"-", "yes", "yes, by ransomware"}[r.finding.exploited()]
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			cmp.Or(r.finding.rating(), "-"), r.finding.Vulnerability.ID, r.component.Name, r.component.Version, cmp.Or(r.finding.FixedIn, "-"), epss, exploited)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if more := len(rows) - shownFindings; more > 0 {
		fmt.Fprintf(w, "and %d more\n", more)
	}
	cost := r.Extensions.Cost
	_, err := fmt.Fprintf(w, "\n%d components, %d findings: %s. Answered in %d ms, by %d SQL statements and %d calls to upstreams.\n",
		components.TotalCount, len(rows), counted(rows), took.Milliseconds(), cost.SQLStatements, cost.UpstreamCalls)
	return err
}

// counted says how many findings there are by severity, and how many of them are
// exploited.
func counted(rows []row) string {
	by := make(map[string]int)
	exploited := 0
	for _, r := range rows {
		by[r.finding.rating()]++
		if r.finding.exploited() > 0 {
			exploited++
		}
	}
	var parts []string
	for _, s := range severities {
		if by[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", by[s], strings.ToLower(s)))
		}
	}
	if by[""] > 0 {
		parts = append(parts, fmt.Sprintf("%d without a rating", by[""]))
	}
	return fmt.Sprintf("%s; %d known to be exploited", strings.Join(parts, ", "), exploited)
}
