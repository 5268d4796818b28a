package enrich

import (
	"context"
	"slices"
	"sync"
	"time"

	"loadline/store"
	"loadline/triage"
)

// Portfolio is what affects everything that is shipped, as far as it is stored.
// It is shared and must not be changed.
type Portfolio struct {
	AsOf     time.Time
	Releases []Shipped // by project and release id
}

// Shipped is a release with a Bom, and what affects that.
type Shipped struct {
	store.CurrentRelease
	// Latest says that of its project's releases it is the one whose Bom was
	// ingested last.
	Latest bool
	Report Report
	Judged []Judged
}

const (
	// portfolioLifetime is how long a Portfolio is good when nothing is written:
	// facts grow stale.
	portfolioLifetime = time.Minute
	// portfolioPatience is how many times as long as it takes to make a Portfolio
	// it is good even though something was written.
	portfolioPatience = 10
	// portfolioQuick is what it may take to be made anew after every write.
	portfolioQuick = 250 * time.Millisecond
)

// portfolio keeps the last Portfolio. One at a time is made.
type portfolio struct {
	mu         sync.Mutex
	held       *Portfolio
	generation int64
	made       time.Time
	took       time.Duration
}

// Portfolio returns what affects everything that is shipped, without asking a
// source. One that takes long to make may be as old as AsOf says.
func (e *Service) Portfolio(ctx context.Context) (*Portfolio, error) {
	// What has just been answered with is known, stored or not.
	if err := e.Settle(ctx); err != nil {
		return nil, err
	}
	p := &e.portfolio
	p.mu.Lock()
	defer p.mu.Unlock()
	generation, err := e.store.Generation(ctx)
	if err != nil {
		return nil, err
	}
	now := e.now()
	age := now.Sub(p.made)
	unchanged := generation == p.generation || p.took > portfolioQuick && age < portfolioPatience*p.took
	if p.held != nil && unchanged && age >= 0 && age < portfolioLifetime {
		return p.held, nil
	}
	began := e.now()
	made, err := e.makePortfolio(Quietly(ctx), now)
	if err != nil {
		return nil, err
	}
	p.held, p.generation, p.made, p.took = made, generation, now, e.now().Sub(began)
	return made, nil
}

func (e *Service) makePortfolio(ctx context.Context, now time.Time) (*Portfolio, error) {
	releases, err := e.store.CurrentReleases(ctx)
	if err != nil {
		return nil, err
	}
	boms := make([]int64, len(releases))
	latest := make(map[int64]int64)
	for i, r := range releases {
		boms[i] = r.BomID
		latest[r.ProjectID] = max(latest[r.ProjectID], r.BomID)
	}
	decisions, err := e.store.TriageOfBoms(ctx, boms)
	if err != nil {
		return nil, err
	}
	sets := make(map[int64]triage.Set, len(decisions))
	for id, d := range decisions {
		sets[id] = triage.NewSet(d)
	}
	uses, err := e.store.UsesInBoms(ctx, boms)
	if err != nil {
		return nil, err
	}
	assessed, err := e.Assess(ctx, uses)
	if err != nil {
		return nil, err
	}
	byBom := make(map[int64][]store.Use, len(boms))
	for len(uses) > 0 {
		bom := uses[0].BomID
		n := slices.IndexFunc(uses, func(u store.Use) bool { return u.BomID != bom })
		if n < 0 {
			n = len(uses)
		}
		byBom[bom], uses = uses[:n], uses[n:]
	}
	p := &Portfolio{AsOf: now, Releases: make([]Shipped, len(releases))}
	for i, r := range releases {
		report := assessed.Report(byBom[r.BomID])
		p.Releases[i] = Shipped{
			CurrentRelease: r,
			Latest:         latest[r.ProjectID] == r.BomID,
			Report:         report,
			Judged:         Judge(report.Hits, sets),
		}
		p.Releases[i].Report.Hits = nil // Judged has them
	}
	return p, nil
}

// Merge returns the coverage of several reports as one. The vulnerabilities of
// different reports count once for each.
func Merge(reports []Report) Report {
	components, vulnerabilities := coverages{}, coverages{}
	for _, r := range reports {
		components.merge(r.Components)
		vulnerabilities.merge(r.Vulnerabilities)
	}
	return Report{Components: components.list(), Vulnerabilities: vulnerabilities.list()}
}

func (c coverages) merge(list []Coverage) {
	for _, one := range list {
		c.add(one.Status)
		c[standing{one.Source, one.State, one.Reason}].Count += one.Count - 1
	}
}
