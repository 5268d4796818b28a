package store

import (
	"context"
	"fmt"
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

func (s *Score) columns() []any {
	return []any{&s.CVE, &s.Probability, &s.Percentile, &s.Date, &s.Known, (*millis)(&s.FetchedAt)}
}

// Scores returns the scores that are stored, in any order.
func (r reads) Scores(ctx context.Context, cves []string) ([]Score, error) {
	scores, err := selectRows[Score](ctx, r.conn, `
		SELECT
			e.cve,
			e.probability,
			e.percentile,
			e.date,
			e.known,
			e.fetched_at
		FROM epss AS e
		WHERE {{in e.cve}}`, cves)
	if err != nil {
		return nil, fmt.Errorf("store: epss scores of %d ids: %w", len(cves), err)
	}
	return scores, nil
}

func (tx *Tx) saveScores(ctx context.Context, scores []Score) error {
	for _, s := range scores {
		tx.touch(TopicScore, s.CVE)
	}
	if len(scores) > 0 {
		if err := tx.hintAll(ctx, scoreWindow); err != nil {
			return err
		}
	}
	return tx.insert(ctx, `
		INSERT INTO epss (
			cve,
			probability,
			percentile,
			date,
			known,
			fetched_at
		)
		VALUES {{rows}}
		ON CONFLICT (cve) DO UPDATE SET
			probability = excluded.probability,
			percentile = excluded.percentile,
			date = excluded.date,
			known = excluded.known,
			fetched_at = excluded.fetched_at`, len(scores), func(i int) []any {
		e := scores[i]
		return []any{e.CVE, e.Probability, e.Percentile, e.Date, e.Known, e.FetchedAt}
	})
}
