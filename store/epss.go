package store

import (
	"context"
	"time"
)

// Score is what EPSS said about a CVE id.
type Score struct {
	CVE                     string
	Probability, Percentile float64
	Date                    string // the day that it was computed for: "2026-08-16"
	Known                   bool   // false: EPSS has no score for it
	FetchedAt               time.Time
}

// Scores returns the scores that are stored, in any order.
func (r reads) Scores(ctx context.Context, cves []string) ([]Score, error) { return nil, errNotBuilt }

// SaveScores writes scores, in place of stored ones for the same id.
func (s *Store) SaveScores(ctx context.Context, scores []Score) error { return errNotBuilt }
