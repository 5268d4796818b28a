package enrich

import (
	"context"
	"slices"

	"loadline/match"
	"loadline/store"
)

// Impacts returns where each vulnerability hits: a Report of the components of
// current Boms that it affects, as AffectedVersions decides, with nothing but this
// vulnerability in it.
func (e *Service) Impacts(ctx context.Context, vulnerabilities []*Vulnerability) (map[*Vulnerability]Report, error) {
	affected, err := e.AffectedVersions(ctx, vulnerabilities)
	if err != nil {
		return nil, err
	}
	var ids []int64
	alone := make(map[int64]Findings, len(vulnerabilities)) // by nothing that matters
	for i, v := range vulnerabilities {
		ids = append(ids, affected[v.ID]...)
		alone[int64(i)] = Findings{Findings: []Finding{{Vulnerability: v}}}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	urgencies, err := e.urgencies(ctx, alone)
	if err != nil {
		return nil, err
	}
	byID, err := e.versionsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	uses, err := e.store.UsesOfVersions(ctx, ids)
	if err != nil {
		return nil, err
	}
	reports := make(map[*Vulnerability]Report, len(vulnerabilities))
	for _, v := range vulnerabilities {
		a := &Assessment{versions: byID, findings: make(map[int64]Findings), facts: urgencies}
		for _, id := range affected[v.ID] {
			target, _ := targetOf(byID[id])
			a.findings[id] = Findings{
				Findings: []Finding{{Vulnerability: v, FixedIn: match.FixedIn(v.Advisories, target)}},
				Status:   v.Status,
			}
		}
		reports[v] = a.Report(slices.DeleteFunc(slices.Clone(uses), func(u store.Use) bool {
			_, hit := a.findings[u.PackageVersionID]
			return !hit
		}))
	}
	return reports, nil
}
