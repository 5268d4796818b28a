package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"loadline/enrich"
	"loadline/match"
	"loadline/purl"
	"loadline/sbom"
	"loadline/store"
	"loadline/upstream"
)

// Report is what scan found. Its JSON is part of the surface.
type Report struct {
	Components []ScannedComponent `json:"components"`
	Sources    []ScannedSource    `json:"sources"`

	seen map[string]bool
}

// ScannedComponent is a component and what affects it. Vulnerabilities are null
// where that is not known.
type ScannedComponent struct {
	PURL            string                 `json:"purl"`
	Ecosystem       string                 `json:"ecosystem"`
	Name            string                 `json:"name"`
	Version         string                 `json:"version"`
	Vulnerabilities []ScannedVulnerability `json:"vulnerabilities"`
}

// ScannedVulnerability is one alias group.
type ScannedVulnerability struct {
	ID       string   `json:"id"`
	Aliases  []string `json:"aliases"`
	Severity string   `json:"severity"` // empty where no record says
	FixedIn  string   `json:"fixedIn"`  // empty where no record names one

	epss float64 // -1 where there is none
	kev  bool
}

// ScannedSource is the least reliable thing that a source did for the scan.
type ScannedSource struct {
	Source upstream.Source `json:"source"`
	State  enrich.State    `json:"state"`
	AsOf   *time.Time      `json:"asOf"`
	Reason string          `json:"reason"`
}

// add scans a document. What the mirror covers whole is looked up as it is, when
// nobody else is asked; else the document is brought into the database, which
// keeps the answers.
func (r *Report) add(ctx context.Context, db *store.Store, facts *enrich.Service, doc *sbom.Document, offline bool) error {
	if offline {
		covered, err := covers(ctx, db, targetsOf(doc))
		if err != nil {
			return err
		}
		if covered {
			components, versions := inMemory(doc)
			return r.addComponents(ctx, facts, components, versions)
		}
	}
	bomID, forget, err := ingest(ctx, db, doc)
	if err != nil {
		return err
	}
	err = eachPage(ctx, db, bomID, func(page []store.Component) error { return r.addPage(ctx, db, facts, page) })
	return errors.Join(err, forget())
}

func (r *Report) addPage(ctx context.Context, db *store.Store, facts *enrich.Service, page []store.Component) error {
	var ids []int64
	for _, c := range page {
		if c.PackageVersionID != 0 {
			ids = append(ids, c.PackageVersionID)
		}
	}
	versions, err := db.PackageVersionsByIDs(ctx, ids)
	if err != nil {
		return err
	}
	return r.addComponents(ctx, facts, page, versions)
}

func (r *Report) addComponents(ctx context.Context, facts *enrich.Service, page []store.Component, versions []store.PackageVersion) error {
	found, err := facts.Findings(ctx, versions)
	if err != nil {
		return err
	}
	urgency, err := r.urgency(ctx, facts, found)
	if err != nil {
		return err
	}
	for _, c := range page {
		key := c.PURL + "\n" + c.Name + "\n" + c.Version
		if r.seen[key] {
			continue
		}
		if r.seen == nil {
			r.seen = make(map[string]bool)
		}
		r.seen[key] = true
		known := found[c.PackageVersionID]
		r.note(known.Status)
		scanned := newScanned(c)
		if known.Findings != nil {
			scanned.Vulnerabilities = make([]ScannedVulnerability, len(known.Findings))
		}
		for i, f := range known.Findings {
			r.note(f.Vulnerability.Status)
			scanned.Vulnerabilities[i] = urgency.of(f)
		}
		r.Components = append(r.Components, scanned)
	}
	return nil
}

// newScanned is a component as advisories name it, or as its document does where
// there are no advisories about its like.
func newScanned(c store.Component) ScannedComponent {
	s := ScannedComponent{PURL: c.PURL, Name: c.Name, Version: c.Version}
	p, err := purl.Parse(c.PURL)
	if err != nil {
		return s
	}
	if t, covered := match.TargetOf(p); covered && t.Ecosystem != "" {
		s.Ecosystem, s.Name, s.Version = t.Ecosystem, t.Name, t.Version
	}
	return s
}

// urgency is what EPSS and KEV say about the CVE ids of a page.
type urgency struct {
	scores map[string]enrich.Score
	kev    map[string]store.KevEntry
}

func (r *Report) urgency(ctx context.Context, facts *enrich.Service, found map[int64]enrich.Findings) (urgency, error) {
	var cves []string
	for _, known := range found {
		for _, f := range known.Findings {
			cves = append(cves, f.Vulnerability.CVEs()...)
		}
	}
	slices.Sort(cves)
	cves = slices.Compact(cves)
	if len(cves) == 0 {
		return urgency{}, nil
	}
	scores, err := facts.Scores(ctx, cves)
	if err != nil {
		return urgency{}, err
	}
	for _, s := range scores {
		r.note(s.Status)
	}
	entries, status, err := facts.Kev(ctx, cves)
	if err != nil {
		return urgency{}, err
	}
	r.note(status)
	return urgency{scores: scores, kev: entries}, nil
}

func (u urgency) of(f enrich.Finding) ScannedVulnerability {
	v := ScannedVulnerability{
		ID:      f.Vulnerability.ID,
		Aliases: slices.Clone(f.Vulnerability.Aliases),
		FixedIn: f.FixedIn,
		epss:    -1,
	}
	if v.Aliases == nil {
		v.Aliases = []string{}
	}
	if f.Vulnerability.Rated {
		v.Severity = f.Vulnerability.Rating.Rating
	}
	for _, cve := range f.Vulnerability.CVEs() {
		if s := u.scores[cve]; s.Known {
			v.epss = max(v.epss, s.Probability)
		}
		_, listed := u.kev[cve]
		v.kev = v.kev || listed
	}
	return v
}

// note keeps the worst that a source did.
func (r *Report) note(s enrich.Status) {
	if s.Source == "" {
		return
	}
	noted := ScannedSource{Source: s.Source, State: s.State, Reason: s.Reason}
	if !s.AsOf.IsZero() {
		asOf := s.AsOf.UTC().Truncate(time.Second)
		noted.AsOf = &asOf
	}
	i := slices.IndexFunc(r.Sources, func(have ScannedSource) bool { return have.Source == s.Source })
	switch {
	case i < 0:
		r.Sources = append(r.Sources, noted)
		slices.SortFunc(r.Sources, func(a, b ScannedSource) int { return strings.Compare(string(a.Source), string(b.Source)) })
	case worse(s.State, r.Sources[i].State):
		r.Sources[i] = noted
	}
}

// verdict is nil when there is nothing to fail on. A finding that nobody has
// rated may be of any severity, so it counts.
func (r *Report) verdict(failOn string) error {
	least := slices.Index(severities, strings.ToUpper(failOn))
	for _, c := range r.Components {
		for _, v := range c.Vulnerabilities {
			if failOn == "any" || v.Severity == "" || slices.Index(severities, v.Severity) >= least {
				return ErrFindings
			}
		}
	}
	for _, s := range r.Sources {
		if s.Source == upstream.OSV && s.State == enrich.Unavailable {
			return fmt.Errorf("scan: what affects the components is not known: %s", s.Reason)
		}
	}
	return nil
}

var severities = []string{"NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"}

func (r *Report) writeJSON(w io.Writer) error {
	if r.Components == nil {
		r.Components = []ScannedComponent{}
	}
	if r.Sources == nil {
		r.Sources = []ScannedSource{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// writeTable writes a table for people: the worst findings first.
func (r *Report) writeTable(w io.Writer) error {
	type row struct {
		ScannedVulnerability
		component ScannedComponent
	}
	var rows []row
	affected, unknown := 0, 0
	for _, c := range r.Components {
		switch {
		case c.Vulnerabilities == nil:
			unknown++
		case len(c.Vulnerabilities) > 0:
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
	if unknown > 0 {
		fmt.Fprintf(w, " What affects %d components is not known.", unknown)
	}
	fmt.Fprintln(w)
	for _, s := range r.Sources {
		if s.State == enrich.Fresh {
			continue
		}
		fmt.Fprintf(w, "%s: %s", s.Source.Name(), strings.ToLower(strings.ReplaceAll(string(s.State), "_", " ")))
		if s.AsOf != nil {
			fmt.Fprintf(w, ", as of %s", s.AsOf.Format(time.RFC3339))
		}
		fmt.Fprintf(w, ". %s\n", s.Reason)
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
