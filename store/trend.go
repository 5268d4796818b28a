package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// trendDays is how long the points of a trend are kept.
const trendDays = 400

// TrendPoint is what there was on one day.
type TrendPoint struct {
	Day               string // "2026-08-16"
	Releases          int
	Components, Known int // Known: of which it was known what affects them
	Total             int // findings; what follows counts those that asked for attention
	Active            int
	Critical, High    int
	Medium, Low       int
	KEV, Fixable      int
}

// ReleasePoint is the TrendPoint of one release.
type ReleasePoint struct {
	ReleaseID int64
	Latest    bool // of its project's releases the one whose Bom was ingested last
	TrendPoint
}

func (p *TrendPoint) columns() []any {
	return []any{
		&p.Day,
		&p.Releases,
		&p.Components,
		&p.Known,
		&p.Total,
		&p.Active,
		&p.Critical,
		&p.High,
		&p.Medium,
		&p.Low,
		&p.KEV,
		&p.Fixable,
	}
}

const trendColumns = `
	trend.day,
	COUNT(*),
	CAST(SUM(trend.components) AS BIGINT),
	CAST(SUM(trend.known) AS BIGINT),
	CAST(SUM(trend.total) AS BIGINT),
	CAST(SUM(trend.active) AS BIGINT),
	CAST(SUM(trend.critical) AS BIGINT),
	CAST(SUM(trend.high) AS BIGINT),
	CAST(SUM(trend.medium) AS BIGINT),
	CAST(SUM(trend.low) AS BIGINT),
	CAST(SUM(trend.kev) AS BIGINT),
	CAST(SUM(trend.fixable) AS BIGINT)`

// SaveTrend writes the points of one day, in place of those that there are, and
// removes what is older than 400 days. Points of releases that are gone are left
// out.
func (s *Store) SaveTrend(ctx context.Context, day time.Time, points []ReleasePoint) error {
	today := day.UTC().Format(time.DateOnly)
	points = lastByKey(points, func(p ReleasePoint) int64 { return p.ReleaseID })
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		_, err := tx.exec(ctx, `
			DELETE FROM trend
			WHERE day < ?`, day.UTC().AddDate(0, 0, -trendDays).Format(time.DateOnly))
		return err
	})
	for part := range slices.Chunk(points, rowsPerTx) {
		if err == nil {
			err = s.InTx(ctx, func(tx *Tx) error {
				tx.hush()
				return tx.saveTrend(ctx, today, part)
			})
		}
	}
	if err != nil {
		return fmt.Errorf("store: save the trend of %s: %w", today, err)
	}
	return nil
}

func (tx *Tx) saveTrend(ctx context.Context, day string, points []ReleasePoint) error {
	ids := make([]int64, len(points))
	for i, p := range points {
		ids[i] = p.ReleaseID
	}
	there, err := tx.ReleasesByIDs(ctx, ids)
	if err != nil {
		return err
	}
	exists := make(map[int64]bool, len(there))
	for _, r := range there {
		exists[r.ID] = true
	}
	var rows [][]any
	for _, p := range points {
		if exists[p.ReleaseID] {
			rows = append(rows, []any{
				p.ReleaseID, day, p.Latest, p.Components, p.Known, p.Total, p.Active,
				p.Critical, p.High, p.Medium, p.Low, p.KEV, p.Fixable,
			})
		}
	}
	return tx.insert(ctx, `
		INSERT INTO trend (
			release_id,
			day,
			latest,
			components,
			known,
			total,
			active,
			critical,
			high,
			medium,
			low,
			kev,
			fixable
		)
		VALUES {{rows}}
		ON CONFLICT (release_id, day) DO UPDATE SET
			latest = excluded.latest,
			components = excluded.components,
			known = excluded.known,
			total = excluded.total,
			active = excluded.active,
			critical = excluded.critical,
			high = excluded.high,
			medium = excluded.medium,
			low = excluded.low,
			kev = excluded.kev,
			fixable = excluded.fixable`, len(rows), func(i int) []any { return rows[i] })
}

// Trend returns the points of all days from since on of which there are any, by
// day: what was then in the latest releases of all projects.
func (r reads) Trend(ctx context.Context, since string) ([]TrendPoint, error) {
	points, err := selectRows[TrendPoint](ctx, r.conn, `
		SELECT `+trendColumns+`
		FROM trend
		WHERE trend.day >= ? AND trend.latest
		GROUP BY trend.day
		ORDER BY trend.day`, since)
	if err != nil {
		return nil, fmt.Errorf("store: trend since %s: %w", since, err)
	}
	return points, nil
}

// TrendOfProjects is Trend for each project, by its id.
func (r reads) TrendOfProjects(ctx context.Context, projectIDs []int64, since string) (map[int64][]TrendPoint, error) {
	points, err := r.trends(ctx, `
		SELECT
			release.project_id, `+trendColumns+`
		FROM {{numbers k}}
		JOIN release ON release.project_id = k.value
		JOIN trend ON trend.release_id = release.id
		WHERE trend.day >= ? AND trend.latest
		GROUP BY release.project_id, trend.day
		ORDER BY release.project_id, trend.day`, distinct(projectIDs), since)
	if err != nil {
		return nil, fmt.Errorf("store: trend of %d projects: %w", len(projectIDs), err)
	}
	return points, nil
}

// TrendOfReleases is Trend for each release, by its id.
func (r reads) TrendOfReleases(ctx context.Context, releaseIDs []int64, since string) (map[int64][]TrendPoint, error) {
	points, err := r.trends(ctx, `
		SELECT
			trend.release_id, `+trendColumns+`
		FROM {{numbers k}}
		JOIN trend ON trend.release_id = k.value
		WHERE trend.day >= ?
		GROUP BY trend.release_id, trend.day
		ORDER BY trend.release_id, trend.day`, distinct(releaseIDs), since)
	if err != nil {
		return nil, fmt.Errorf("store: trend of %d releases: %w", len(releaseIDs), err)
	}
	return points, nil
}

func (r reads) trends(ctx context.Context, stmt string, args ...any) (map[int64][]TrendPoint, error) {
	rows, err := selectInto(ctx, r.conn, func(v *child[int64, TrendPoint]) []any {
		return append([]any{&v.parent}, v.row.columns()...)
	}, stmt, args...)
	if err != nil {
		return nil, err
	}
	points := make(map[int64][]TrendPoint)
	for _, v := range rows {
		points[v.parent] = append(points[v.parent], v.row)
	}
	return points, nil
}
