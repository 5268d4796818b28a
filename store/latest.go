package store

import (
	"context"
	"time"
)

// Latest is what deps.dev said about a package.
type Latest struct {
	PackageID              int64
	Version                string // empty: deps.dev does not know the package
	PublishedAt, FetchedAt time.Time
}

// LatestVersions returns what is stored about the packages, in any order.
func (r reads) LatestVersions(ctx context.Context, packageIDs []int64) ([]Latest, error) {
	return nil, errNotBuilt
}

// SaveLatestVersions writes facts, in place of stored ones about the same package.
func (s *Store) SaveLatestVersions(ctx context.Context, latest []Latest) error { return errNotBuilt }
