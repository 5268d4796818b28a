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
	versions map[int64]store.PackageVersion
	findings map[int64]Findings
	facts    map[*Vulnerability]facts
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
	versions, err := e.store.PackageVersionsByIDs(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	a := &Assessment{versions: make(map[int64]store.PackageVersion, len(versions))}
	for _, v := range versions {
		a.versions[v.ID] = v
	}
	if a.findings, err = e.Findings(ctx, versions); err != nil {
		return nil, err
	}
	if a.facts, err = e.urgencies(ctx, a.findings); err != nil {
		return nil, err
	}
	return a, nil
}

// urgencies returns what EPSS and KEV say about each vulnerability of the
// findings.
func (e *Service) urgencies(ctx context.Context, known map[int64]Findings) (map[*Vulnerability]facts, error) {
	all := make(map[*Vulnerability]facts)
	var cves []string
	for _, f := range known {
		for _, finding := range f.Findings {
			if _, again := all[finding.Vulnerability]; !again {
				all[finding.Vulnerability] = facts{}
				cves = append(cves, finding.Vulnerability.CVEs()...)
			}
		}
	}
	if len(all) == 0 {
		return all, nil
	}
	slices.Sort(cves)
	cves = slices.Compact(cves)
	scores, err := e.Scores(ctx, cves)
	if err != nil {
		return nil, err
	}
	entries, catalogue, err := e.Kev(ctx, cves)
	if err != nil {
		return nil, err
	}
	for v := range all {
		f := facts{score: likeliest(v, scores), kev: catalogue}
		if len(v.CVEs()) == 0 {
			f.kev = Status{Source: upstream.KEV, State: NotApplicable, Reason: withoutCVE}
		}
		for _, cve := range v.CVEs() {
			if k, ok := entries[cve]; ok && (f.entry == nil || k.Ransomware && !f.entry.Ransomware) {
				f.entry = &k
			}
		}
		all[v] = f
	}
	return all, nil
}

// Report returns what affects those of the assessed components.
func (a *Assessment) Report(uses []store.Use) Report {
	r := Report{Hits: []Hit{}}
	components, vulnerabilities := coverages{}, coverages{}
	seen := make(map[*Vulnerability]bool)
	for _, u := range uses {
		if u.PackageVersionID == 0 {
			components.add(Status{Source: upstream.OSV, State: NotApplicable, Reason: "Components without a purl or without a version cannot be judged."})
			continue
		}
		f := a.findings[u.PackageVersionID]
		components.add(f.Status)
		for _, finding := range f.Findings {
			facts := a.facts[finding.Vulnerability]
			r.Hits = append(r.Hits, Hit{
				Use:     u,
				Version: a.versions[u.PackageVersionID],
				Finding: finding,
				Score:   facts.score,
				Kev:     facts.entry,
			})
			if !seen[finding.Vulnerability] {
				seen[finding.Vulnerability] = true
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
