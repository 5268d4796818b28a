package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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

	seen     map[string]int // the places of components
	progress *progress      // nil: not shown
}

// ScannedComponent is a component and what affects it. Vulnerabilities are null
// where that is not known.
type ScannedComponent struct {
	PURL            string                 `json:"purl"`
	Ecosystem       string                 `json:"ecosystem"`
	Name            string                 `json:"name"`
	Version         string                 `json:"version"`
	Vulnerabilities []ScannedVulnerability `json:"vulnerabilities"`

	files []string // that have it
}

// ScannedVulnerability is one alias group.
type ScannedVulnerability struct {
	ID       string   `json:"id"`
	Aliases  []string `json:"aliases"`
	Severity string   `json:"severity"` // empty where no record says
	FixedIn  string   `json:"fixedIn"`  // empty where no record names one

	epss   float64 // -1 where there is none
	kev    bool
	record *enrich.Vulnerability
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
func (r *Report) add(ctx context.Context, db *store.Store, facts *enrich.Service, file string, doc *sbom.Document, offline bool) error {
	if offline {
		covered, err := covers(ctx, db, targetsOf(doc))
		if err != nil {
			return err
		}
		if covered {
			components, versions := inMemory(doc)
			return r.addComponents(ctx, facts, file, components, versions)
		}
	}
	bomID, forget, err := ingest(ctx, db, doc)
	if err != nil {
		return err
	}
	done := 0
	err = eachPage(ctx, db, bomID, func(page []store.Component) error {
		r.progress.show(file, done, len(doc.Components), "components")
		done += len(page)
		return r.addPage(ctx, db, facts, file, page)
	})
	return errors.Join(err, forget())
}

func (r *Report) addPage(ctx context.Context, db *store.Store, facts *enrich.Service, file string, page []store.Component) error {
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
	return r.addComponents(ctx, facts, file, page, versions)
}

func (r *Report) addComponents(ctx context.Context, facts *enrich.Service, file string, page []store.Component, versions []store.PackageVersion) error {
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
		if i, seen := r.seen[key]; seen {
			if c := &r.Components[i]; !slices.Contains(c.files, file) {
				c.files = append(c.files, file)
			}
			continue
		}
		if r.seen == nil {
			r.seen = make(map[string]int)
		}
		r.seen[key] = len(r.Components)
		known := found[c.PackageVersionID]
		r.note(known.Status)
		scanned := newScanned(c)
		scanned.files = []string{file}
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
		record:  f.Vulnerability,
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

// write writes the report in one of Scan's formats, as of now. What a format has
// no place for goes to stderr: silence is never clean.
func (r *Report) write(out Output, format string, now time.Time) error {
	_, version, _ := strings.Cut(out.UserAgent, "/")
	switch format {
	case "json":
		return r.writeJSON(out.Stdout)
	case "sarif":
		return writeIndented(out.Stdout, r.sarif(version))
	case "cyclonedx":
		return writeIndented(out.Stdout, r.cycloneDX(version, now))
	case "openvex":
		if err := r.writeDoubts(out.Stderr); err != nil {
			return err
		}
		return writeIndented(out.Stdout, r.openVEX(version, now))
	}
	return r.writeTable(out.Stdout)
}

func (r *Report) writeJSON(w io.Writer) error {
	if r.Components == nil {
		r.Components = []ScannedComponent{}
	}
	if r.Sources == nil {
		r.Sources = []ScannedSource{}
	}
	return writeIndented(w, r)
}

func writeIndented(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// writeDoubts writes why not finding something may not mean that there is
// nothing.
func (r *Report) writeDoubts(w io.Writer) error {
	for _, doubt := range r.doubts() {
		if _, err := fmt.Fprintf(w, "loadline: %s\n", doubt); err != nil {
			return err
		}
	}
	return nil
}

func (r *Report) doubts() []string {
	var doubts []string
	if n := r.unknown(); n > 0 {
		doubts = append(doubts, fmt.Sprintf("What affects %d components is not known.", n))
	}
	for _, s := range r.Sources {
		if s.State != enrich.Fresh {
			doubts = append(doubts, s.doubt())
		}
	}
	return doubts
}

// unknown counts the components of which is not known what affects them.
func (r *Report) unknown() int {
	n := 0
	for _, c := range r.Components {
		if c.Vulnerabilities == nil {
			n++
		}
	}
	return n
}

// doubt says what state a source is in.
func (s ScannedSource) doubt() string {
	text := s.Source.Name() + ": " + strings.ToLower(strings.ReplaceAll(string(s.State), "_", " "))
	if s.AsOf != nil {
		text += ", as of " + s.AsOf.Format(time.RFC3339)
	}
	return text + ". " + s.Reason
}
