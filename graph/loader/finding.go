package loader

import (
	"context"
	"strings"

	"loadline/enrich"
	"loadline/store"
	"loadline/triage"
)

// BomReport is a Bom of which to report what affects it.
type BomReport struct {
	BomID int64
	Quiet bool // from what is stored, without asking a source
}

// Decided is a Bom and ids of a vulnerability, about which decisions may have
// been made in the Bom's release.
type Decided struct {
	BomID int64
	ids   string
}

// NewDecided returns the key for a Bom and the ids of a vulnerability.
func NewDecided(bomID int64, ids []string) Decided {
	return Decided{bomID, strings.Join(ids, "\n")}
}

// Days is a project or release, and how many days of its trend.
type Days struct {
	ID   int64
	Days int
}

func (l *Loaders) ofShipped(s *store.Store, e *enrich.Service) {
	l.Portfolio = each(func(ctx context.Context, _ []struct{}) (map[struct{}]*enrich.Portfolio, error) {
		p, err := e.Portfolio(ctx)
		return map[struct{}]*enrich.Portfolio{{}: p}, err
	})
	l.Impact = each(e.Impacts)
	l.LatestRelease = one(s.LatestReleases, func(r store.Release) int64 { return r.ProjectID })
	l.TrendOfProject = each(byDays(e.TrendOfProjects))
	l.TrendOfRelease = each(byDays(e.TrendOfReleases))
	l.Graph = each(s.Graphs)
}

// byDays calls fetch once for every different number of days.
func byDays(fetch func(context.Context, []int64, int) (map[int64][]store.TrendPoint, error)) func(context.Context, []Days) (map[Days][]store.TrendPoint, error) {
	return func(ctx context.Context, keys []Days) (map[Days][]store.TrendPoint, error) {
		ids := make(map[int][]int64)
		for _, k := range keys {
			ids[k.Days] = append(ids[k.Days], k.ID)
		}
		found := make(map[Days][]store.TrendPoint, len(keys))
		for days, ids := range ids {
			points, err := fetch(ctx, ids, days)
			if err != nil {
				return nil, err
			}
			for id, p := range points {
				found[Days{id, days}] = p
			}
		}
		return found, nil
	}
}

func (l *Loaders) ofFindings(s *store.Store, e *enrich.Service) {
	l.Triage = eachKept(l.decided, func(ctx context.Context, bomIDs []int64) (map[int64]triage.Set, error) {
		decisions, err := s.TriageOfBoms(ctx, bomIDs)
		if err != nil {
			return nil, err
		}
		sets := make(map[int64]triage.Set, len(decisions))
		for id, d := range decisions {
			sets[id] = triage.NewSet(d)
		}
		return sets, nil
	})
	l.TriageHistory = each(func(ctx context.Context, keys []Decided) (map[Decided][]triage.Decision, error) {
		return history(ctx, s, keys)
	})
	l.Report = each(func(ctx context.Context, keys []BomReport) (map[BomReport]enrich.Report, error) {
		found := make(map[BomReport]enrich.Report, len(keys))
		for _, quiet := range []bool{true, false} {
			if err := reports(ctx, s, e, keys, quiet, found); err != nil {
				return nil, err
			}
		}
		return found, nil
	})
}

// reports puts the reports of those keys that are quiet, or are not, into found.
func reports(ctx context.Context, s *store.Store, e *enrich.Service, keys []BomReport, quiet bool, found map[BomReport]enrich.Report) error {
	var ids []int64
	for _, k := range keys {
		if k.Quiet == quiet {
			ids = append(ids, k.BomID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	uses, err := s.UsesInBoms(ctx, ids)
	if err != nil {
		return err
	}
	if quiet {
		ctx = enrich.Quietly(ctx)
	}
	assessed, err := e.Assess(ctx, uses)
	if err != nil {
		return err
	}
	byBom := make(map[int64][]store.Use, len(ids))
	for _, u := range uses {
		byBom[u.BomID] = append(byBom[u.BomID], u)
	}
	for _, id := range ids {
		found[BomReport{id, quiet}] = assessed.Report(byBom[id])
	}
	return nil
}

func history(ctx context.Context, s *store.Store, keys []Decided) (map[Decided][]triage.Decision, error) {
	var bomIDs []int64
	var ids []string
	for _, k := range keys {
		bomIDs = append(bomIDs, k.BomID)
		ids = append(ids, strings.Split(k.ids, "\n")...)
	}
	decisions, err := s.TriageHistory(ctx, bomIDs, ids)
	if err != nil {
		return nil, err
	}
	found := make(map[Decided][]triage.Decision, len(keys))
	for _, k := range keys {
		found[k] = decisions[k.BomID]
	}
	return found, nil
}
