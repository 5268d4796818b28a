package enrich

import (
	"context"
	"time"

	"loadline/store"
)

// RecordTrend notes how many findings there are today, for each release.
func (e *Service) RecordTrend(ctx context.Context) error {
	p, err := e.Portfolio(ctx)
	if err != nil {
		return err
	}
	points := make([]store.ReleasePoint, len(p.Releases))
	for i, r := range p.Releases {
		points[i] = store.ReleasePoint{ReleaseID: r.ID, Latest: r.Latest, TrendPoint: pointOf(r)}
	}
	return e.store.SaveTrend(ctx, e.now(), points)
}

// pointOf counts what there is in a release.
func pointOf(r Shipped) store.TrendPoint {
	p := store.TrendPoint{Total: len(r.Judged)}
	for _, c := range r.Report.Components {
		p.Components += c.Count
		if c.State == Fresh || c.State == Stale {
			p.Known += c.Count
		}
	}
	rated := map[string]*int{"CRITICAL": &p.Critical, "HIGH": &p.High, "MEDIUM": &p.Medium, "LOW": &p.Low}
	for _, j := range r.Judged {
		if !j.State().Active() {
			continue
		}
		p.Active++
		if n := rated[j.Finding.Vulnerability.Rating.Rating]; n != nil && j.Finding.Vulnerability.Rated {
			*n++
		}
		if j.Kev != nil {
			p.KEV++
		}
		if j.Finding.FixedIn != "" {
			p.Fixable++
		}
	}
	return p
}

// Trend returns what there was in the latest releases of all projects on each of
// so many days up to today, by day. A day without a count has that of the day
// before; days before the first that is known are left out.
func (e *Service) Trend(ctx context.Context, days int) ([]store.TrendPoint, error) {
	points, err := e.store.Trend(ctx, e.since(days))
	return e.lastDays(points, days), err
}

// TrendOfProjects is Trend for each project, by its id.
func (e *Service) TrendOfProjects(ctx context.Context, ids []int64, days int) (map[int64][]store.TrendPoint, error) {
	return e.trends(ctx, ids, days, e.store.TrendOfProjects)
}

// TrendOfReleases is Trend for each release, by its id.
func (e *Service) TrendOfReleases(ctx context.Context, ids []int64, days int) (map[int64][]store.TrendPoint, error) {
	return e.trends(ctx, ids, days, e.store.TrendOfReleases)
}

func (e *Service) trends(ctx context.Context, ids []int64, days int, read func(context.Context, []int64, string) (map[int64][]store.TrendPoint, error)) (map[int64][]store.TrendPoint, error) {
	points, err := read(ctx, ids, e.since(days))
	if err != nil {
		return nil, err
	}
	for id, p := range points {
		points[id] = e.lastDays(p, days)
	}
	return points, nil
}

// trendGap is for how many days a count may be carried on into the first that is
// asked for.
const trendGap = 60

func (e *Service) since(days int) string {
	return e.now().UTC().AddDate(0, 0, 1-days-trendGap).Format(time.DateOnly)
}

// lastDays fills the gaps between points, which are by day.
func (e *Service) lastDays(points []store.TrendPoint, days int) []store.TrendPoint {
	filled := []store.TrendPoint{}
	var held *store.TrendPoint
	for i := range days {
		day := e.now().UTC().AddDate(0, 0, i+1-days).Format(time.DateOnly)
		for len(points) > 0 && points[0].Day <= day {
			held, points = &points[0], points[1:]
		}
		if held != nil {
			p := *held
			p.Day = day
			filled = append(filled, p)
		}
	}
	return filled
}

// KeepTrend records the trend when something has been written, or a day has
// begun, and looks for that at once and whenever the time has passed, until ctx
// ends.
func (e *Service) KeepTrend(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var last int64
	var day string
	for {
		today := e.now().UTC().Format(time.DateOnly)
		now, err := e.store.Generation(ctx)
		if err == nil && (now != last || today != day) {
			if err = e.RecordTrend(ctx); err == nil {
				last, day = now, today
			}
		}
		if err != nil && ctx.Err() == nil {
			e.log.Error("trend not recorded", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
