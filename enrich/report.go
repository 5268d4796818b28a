package enrich

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"loadline/store"
	"loadline/upstream"
)

// Report is what affects many components, and how much of that is known.
type Report struct {
	Hits []Hit // by Bom and component, then the most severe first
	// Components counts the components by what stands behind what is known about
	// each: a Status of the source OSV, with the oldest AsOf.
	Components []Coverage
	// Vulnerabilities counts the vulnerabilities of Hits likewise, once each: by their
	// records at OSV, by EPSS and by KEV.
	Vulnerabilities []Coverage
}

// Hit is a finding about a component, with what its urgency goes by.
type Hit struct {
	Use     store.Use
	Version store.PackageVersion
	Finding Finding
	Score   Score           // the likeliest of the vulnerability's CVE ids
	Kev     *store.KevEntry // nil when it is not in the catalogue, or not known
}

// Coverage is how many objects have a Status.
type Coverage struct {
	Status
	Count int
}

type quiet struct{}

var errNotAsked = errors.New("not asked")

// Quietly returns a context with which a Service answers from what is stored and
// asks no source.
func Quietly(ctx context.Context) context.Context { return context.WithValue(ctx, quiet{}, true) }

func isQuiet(ctx context.Context) bool { return ctx.Value(quiet{}) != nil }

// Assessment is what affects some package versions.
type Assessment struct {
	findings map[int64]Findings
	versions map[int64]store.PackageVersion // those that have findings
	facts    map[string]facts               // by the vulnerability's id
}

// facts are what a vulnerability's urgency goes by.
type facts struct {
	score Score
	entry *store.KevEntry
	kev   Status
}

// Assess finds out what affects the components, which may be of any Boms.
func (e *Service) Assess(ctx context.Context, uses []store.Use) (*Assessment, error) {
	if isQuiet(ctx) {
		// What has just been answered with is known, stored or not.
		if err := e.Settle(ctx); err != nil {
			return nil, err
		}
	}
	ids := make([]int64, 0, len(uses))
	for _, u := range uses {
		if u.PackageVersionID != 0 {
			ids = append(ids, u.PackageVersionID)
		}
	}
	slices.Sort(ids)
	FellShort(ctx) // which components there are, for one, is not kept in memory
	a := &Assessment{}
	var err error
	if a.findings, err = known(ctx, slices.Compact(ids), e.RememberedFindings, e.findingsByID); err != nil {
		return nil, err
	}
	if a.versions, err = e.affected(ctx, a.findings); err != nil {
		return nil, err
	}
	if a.facts, err = e.urgencies(ctx, a.findings); err != nil {
		return nil, err
	}
	return a, nil
}

func (e *Service) findingsByID(ctx context.Context, ids []int64) (map[int64]Findings, error) {
	versions, err := e.store.PackageVersionsByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	return e.Findings(ctx, versions)
}

// affected returns the package versions that have findings, by their ids.
func (e *Service) affected(ctx context.Context, findings map[int64]Findings) (map[int64]store.PackageVersion, error) {
	var ids []int64
	for id, f := range findings {
		if len(f.Findings) > 0 {
			ids = append(ids, id)
		}
	}
	return e.versionsByID(ctx, ids)
}

func (e *Service) versionsByID(ctx context.Context, ids []int64) (map[int64]store.PackageVersion, error) {
	versions, err := e.store.PackageVersionsByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]store.PackageVersion, len(versions))
	for _, v := range versions {
		byID[v.ID] = v
	}
	return byID, nil
}

// urgencies returns what EPSS and KEV say about each vulnerability of the
// findings, by its id.
func (e *Service) urgencies(ctx context.Context, found map[int64]Findings) (map[string]facts, error) {
	vulnerabilities := make(map[string]*Vulnerability)
	var cves []string
	for _, f := range found {
		for _, finding := range f.Findings {
			v := finding.Vulnerability
			if _, again := vulnerabilities[v.ID]; !again {
				vulnerabilities[v.ID] = v
				cves = append(cves, v.CVEs()...)
			}
		}
	}
	slices.Sort(cves)
	cves = slices.Compact(cves)
	scores, err := known(ctx, cves, e.RememberedScores, e.Scores)
	if err != nil {
		return nil, err
	}
	listings, err := known(ctx, cves, e.RememberedListings, e.Listings)
	if err != nil {
		return nil, err
	}
	all := make(map[string]facts, len(vulnerabilities))
	for id, v := range vulnerabilities {
		f := facts{score: likeliest(v, scores), kev: Status{Source: upstream.KEV, State: NotApplicable, Reason: withoutCVE}}
		for _, cve := range v.CVEs() {
			l := listings[cve]
			f.kev = l.Status
			if l.Entry != nil && (f.entry == nil || l.Entry.Ransomware && !f.entry.Ransomware) {
				f.entry = l.Entry
			}
		}
		all[id] = f
	}
	return all, nil
}

// Report returns what affects those of the assessed components.
func (a *Assessment) Report(uses []store.Use) Report {
	r := Report{Hits: []Hit{}}
	components, vulnerabilities := coverages{}, coverages{}
	seen := make(map[string]bool)
	for _, u := range uses {
		if u.PackageVersionID == 0 {
			components.add(Status{Source: upstream.OSV, State: NotApplicable, Reason: "Components without a purl or without a version cannot be judged."})
			continue
		}
		f := a.findings[u.PackageVersionID]
		components.add(f.Status)
		for _, finding := range f.Findings {
			id := finding.Vulnerability.ID
			facts := a.facts[id]
			r.Hits = append(r.Hits, Hit{
				Use:     u,
				Version: a.versions[u.PackageVersionID],
				Finding: finding,
				Score:   facts.score,
				Kev:     facts.entry,
			})
			if !seen[id] {
				seen[id] = true
				vulnerabilities.add(finding.Vulnerability.Status)
				vulnerabilities.add(facts.score.Status)
				vulnerabilities.add(facts.kev)
			}
		}
	}
	r.Components, r.Vulnerabilities = components.list(), vulnerabilities.list()
	return r
}

const withoutCVE = "Vulnerabilities without a CVE id are not in it."

// likeliest returns the highest score of the vulnerability's CVE ids; where one of
// them could not be had, its status says so.
func likeliest(v *Vulnerability, scores map[string]Score) Score {
	best := Score{Status: Status{Source: upstream.EPSS, State: NotApplicable, Reason: withoutCVE}}
	for i, cve := range v.CVEs() {
		s := scores[cve]
		if i == 0 || s.Known && (!best.Known || s.Probability > best.Probability) {
			best = s
		}
	}
	for _, cve := range v.CVEs() {
		if s := scores[cve].Status; s.State == Unavailable {
			best.Status = s
		}
	}
	return best
}

// Priority is how urgent a vulnerability is, 0 to 100. What is known to be
// exploited comes first: 80 and its severity, 0 to 10, and 10 more where it is
// used for ransomware. Anything else has 8 times severity times the probability
// that EPSS gives. What is not known is not taken for harmless: a severity counts
// as 5 then, a probability as 0.01.
func Priority(v *Vulnerability, score Score, entry *store.KevEntry) float64 {
	severity := v.score()
	if severity < 0 {
		severity = 5
	}
	if entry != nil {
		if entry.Ransomware {
			severity += 10
		}
		return 80 + severity
	}
	probability := 0.01
	if score.Known {
		probability = score.Probability
	}
	return 8 * severity * probability
}

// Priority is how urgent the finding's vulnerability is, as the function Priority
// says.
func (h Hit) Priority() float64 { return Priority(h.Finding.Vulnerability, h.Score, h.Kev) }

// Severity is the number that the vulnerability is ordered by: its score, else the
// lower end of what its rating in words stands for, and -1 without either.
func (h Hit) Severity() float64 { return h.Finding.Vulnerability.score() }

// Published is when the first of the vulnerability's records was published.
func (v *Vulnerability) Published() time.Time {
	var first time.Time
	for _, a := range v.Advisories {
		if first.IsZero() || !a.Published.IsZero() && a.Published.Before(first) {
			first = a.Published
		}
	}
	return first
}

// coverages counts statuses that differ in more than their age.
type coverages map[standing]*Coverage

type standing struct {
	source upstream.Source
	state  State
	reason string
}

func (c coverages) add(s Status) {
	if s.State == NotCovered {
		s.Reason = s.Source.Name() + " does not cover these." // and not about each in other words
	}
	key := standing{s.Source, s.State, s.Reason}
	held, ok := c[key]
	if !ok {
		c[key] = &Coverage{Status: s, Count: 1}
		return
	}
	held.Count++
	if held.AsOf.IsZero() || !s.AsOf.IsZero() && s.AsOf.Before(held.AsOf) {
		held.AsOf = s.AsOf
	}
}

// list returns the counts by source, the best state first.
func (c coverages) list() []Coverage {
	rank := map[State]int{Fresh: 0, Stale: 1, Unavailable: 2, NotCovered: 3, NotApplicable: 4}
	list := make([]Coverage, 0, len(c))
	for _, held := range c {
		list = append(list, *held)
	}
	slices.SortFunc(list, func(a, b Coverage) int {
		return cmp.Or(
			cmp.Compare(sourceRank[a.Source], sourceRank[b.Source]),
			cmp.Compare(rank[a.State], rank[b.State]),
			strings.Compare(a.Reason, b.Reason),
		)
	})
	return list
}

var sourceRank = map[upstream.Source]int{upstream.OSV: 0, upstream.EPSS: 1, upstream.KEV: 2, upstream.DepsDev: 3}
