package graph

import (
	"context"
	"slices"

	"loadline/enrich"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/job"
	"loadline/store"
)

// maxTrendDays is the longest trend; older points are not kept.
const maxTrendDays = 400

func (queryResolver) Findings(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.FindingFilter, orderBy *model.FindingOrder, within *model.Shipped) (*model.FindingConnection, error) {
	p := paging{first, after, last, before}
	if _, err := p.page(); err != nil {
		return nil, err
	}
	all, err := shipped(ctx, within)
	if err != nil {
		return nil, err
	}
	return all.page(ctx, p, filter, orderBy)
}

func (queryResolver) FindingCounts(ctx context.Context, filter *model.FindingFilter, within *model.Shipped) (*model.FindingCounts, error) {
	all, err := shipped(ctx, within)
	if err != nil {
		return nil, err
	}
	return countFindings(chosen(all.findings, filter)), nil
}

func (queryResolver) FixFirst(ctx context.Context, first *int, after *string, last *int, before *string, within *model.Shipped) (*model.UpgradeConnection, error) {
	p := paging{first, after, last, before}
	if _, err := p.page(); err != nil {
		return nil, err
	}
	all, err := shipped(ctx, within)
	if err != nil {
		return nil, err
	}
	return upgradePage(ctx, p, all.findings)
}

func (releaseResolver) FixFirst(ctx context.Context, obj *model.Release, first *int, after *string, last *int, before *string) (*model.UpgradeConnection, error) {
	p := paging{first, after, last, before}
	if _, err := p.page(); err != nil {
		return nil, err
	}
	all, err := ofRelease(ctx, obj, true)
	if err != nil {
		return nil, err
	}
	return upgradePage(ctx, p, all.findings)
}

// shipped is what affects the chosen releases.
func shipped(ctx context.Context, within *model.Shipped) (findingList, error) {
	if within == nil {
		within = &model.Shipped{Releases: model.ReleaseChoiceLatest}
	}
	l := loader.For(ctx)
	p, err := l.Portfolio.Load(ctx, struct{}{})()
	if err != nil {
		return findingList{}, err
	}
	project, tag := job.NormalName(deref(within.Project)), job.NormalName(deref(within.Tag))
	var releases []enrich.Shipped
	var projects []int64
	for _, r := range p.Releases {
		if (r.Latest || within.Releases == model.ReleaseChoiceAll) && (within.Project == nil || project == r.Project) {
			releases = append(releases, r)
			projects = append(projects, r.ProjectID)
		}
	}
	if within.Tag != nil {
		tags, err := loadAll(ctx, l.ProjectTags, projects)
		if err != nil {
			return findingList{}, err
		}
		var tagged []enrich.Shipped
		for i, r := range releases {
			if slices.Contains(tags[i], tag) {
				tagged = append(tagged, r)
			}
		}
		releases = tagged
	}
	all := findingList{asOf: p.AsOf}
	reports := make([]enrich.Report, len(releases))
	for i, r := range releases {
		all.findings = append(all.findings, r.Judged...)
		reports[i] = r.Report
	}
	all.report = enrich.Merge(reports)
	return all, nil
}

func (r projectResolver) LatestRelease(ctx context.Context, obj *model.Project) (*model.Release, error) {
	return optional(newRelease)(loader.For(ctx).LatestRelease.Load(ctx, obj.Key)())
}

func (r projectResolver) FindingCounts(ctx context.Context, obj *model.Project, filter *model.FindingFilter) (*model.FindingCounts, error) {
	latest, err := r.LatestRelease(ctx, obj)
	if err != nil {
		return nil, err
	}
	if latest == nil {
		return countFindings(nil), nil
	}
	all, err := ofRelease(ctx, latest, true)
	if err != nil {
		return nil, err
	}
	return countFindings(chosen(all.findings, filter)), nil
}

func (r queryResolver) Trend(ctx context.Context, days int) ([]*model.TrendPoint, error) {
	if err := checkDays(days); err != nil {
		return nil, err
	}
	points, err := r.Enrich.Trend(ctx, days)
	if err != nil {
		return nil, err
	}
	return newTrend(points), nil
}

func (projectResolver) Trend(ctx context.Context, obj *model.Project, days int) ([]*model.TrendPoint, error) {
	return trendOf(ctx, loader.For(ctx).TrendOfProject, obj.Key, days)
}

func (releaseResolver) Trend(ctx context.Context, obj *model.Release, days int) ([]*model.TrendPoint, error) {
	return trendOf(ctx, loader.For(ctx).TrendOfRelease, obj.Key, days)
}

func trendOf(ctx context.Context, l loader.Loader[loader.Days, []store.TrendPoint], key int64, days int) ([]*model.TrendPoint, error) {
	if err := checkDays(days); err != nil {
		return nil, err
	}
	points, err := l.Load(ctx, loader.Days{ID: key, Days: days})()
	if err != nil {
		return nil, err
	}
	return newTrend(points), nil
}

func checkDays(days int) error {
	if days < 1 || days > maxTrendDays {
		return badInput("`days` is %d: give 1 to %d", days, maxTrendDays)
	}
	return nil
}

func newTrend(points []store.TrendPoint) []*model.TrendPoint {
	all := make([]*model.TrendPoint, len(points))
	for i, p := range points {
		all[i] = &model.TrendPoint{
			Date:       model.Date(p.Day),
			Releases:   p.Releases,
			Components: p.Components,
			Known:      p.Known,
			Total:      p.Total,
			Active:     p.Active,
			Critical:   p.Critical,
			High:       p.High,
			Medium:     p.Medium,
			Low:        p.Low,
			KEV:        p.KEV,
			Fixable:    p.Fixable,
		}
	}
	return all
}
