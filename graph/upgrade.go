package graph

import (
	"context"
	"slices"

	"loadline/enrich"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

// upgradePage is a page of the upgrades that end the findings, those that end
// the most urgent ones first.
func upgradePage(ctx context.Context, p paging, findings []enrich.Judged) (*model.UpgradeConnection, error) {
	upgrades := enrich.Upgrades(findings)
	slice, err := stretch(p, "upgrade", upgrades, func(u enrich.Upgrade) place {
		return place{Number: -u.Priority, Text: u.To, BomID: u.PackageID}
	})
	if err != nil {
		return nil, err
	}
	keys := make([]int64, len(slice.Rows))
	for i, u := range slice.Rows {
		keys[i] = u.PackageID
	}
	packages, err := loadAll(ctx, loader.For(ctx).PackageByID, keys)
	if err != nil {
		return nil, err
	}
	page := store.Slice[*model.Upgrade]{Cursors: slice.Cursors, HasNext: slice.HasNext, HasPrevious: slice.HasPrevious}
	for i, u := range slice.Rows {
		slices.Sort(u.From)
		page.Rows = append(page.Rows, &model.Upgrade{
			Package:            *newPackage(packages[i]),
			From:               u.From,
			To:                 u.To,
			Priority:           u.Priority,
			FindingCount:       u.Findings,
			VulnerabilityCount: u.Vulnerabilities,
			KEVCount:           u.KEV,
			ReleaseCount:       u.Boms,
		})
	}
	return connection(page, len(upgrades), itself[*model.Upgrade]), nil
}
