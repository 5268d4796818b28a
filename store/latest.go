package store

import (
	"context"
	"fmt"
	"time"
)

// Latest is what deps.dev said about a package.
type Latest struct {
	PackageID              int64
	Version                string // empty: deps.dev does not know the package
	PublishedAt, FetchedAt time.Time
}

func (l *Latest) columns() []any {
	return []any{&l.PackageID, &l.Version, (*millis)(&l.PublishedAt), (*millis)(&l.FetchedAt)}
}

// LatestVersions returns what is stored about the packages, in any order.
func (r reads) LatestVersions(ctx context.Context, packageIDs []int64) ([]Latest, error) {
	latest, err := selectRows[Latest](ctx, r.conn, `
		SELECT
			l.package_id,
			l.version,
			l.published_at,
			l.fetched_at
		FROM latest_version AS l
		WHERE {{in l.package_id}}`, packageIDs)
	if err != nil {
		return nil, fmt.Errorf("store: latest versions of %d packages: %w", len(packageIDs), err)
	}
	return latest, nil
}

func (tx *Tx) saveLatest(ctx context.Context, latest []Latest) error {
	tx.touch(TopicLatest, numbers(latest, func(l Latest) int64 { return l.PackageID })...)
	return tx.insert(ctx, `
		INSERT INTO latest_version (
			package_id,
			version,
			published_at,
			fetched_at
		)
		VALUES {{rows}}
		ON CONFLICT (package_id) DO UPDATE SET
			version = excluded.version,
			published_at = excluded.published_at,
			fetched_at = excluded.fetched_at`, len(latest), func(i int) []any {
		l := latest[i]
		return []any{l.PackageID, l.Version, l.PublishedAt, l.FetchedAt}
	})
}
