package store

import (
	"context"
	"fmt"
	"time"
)

// SourceRecord is how a source did, kept across restarts.
type SourceRecord struct {
	Source                       string
	LastSuccessAt, LastFailureAt time.Time
	LastError                    string
}

func (s *SourceRecord) columns() []any {
	return []any{&s.Source, (*millis)(&s.LastSuccessAt), (*millis)(&s.LastFailureAt), &s.LastError}
}

// SourceRecords returns the records of all sources, by name.
func (r reads) SourceRecords(ctx context.Context) ([]SourceRecord, error) {
	records, err := selectRows[SourceRecord](ctx, r.conn, `
		SELECT
			s.source,
			s.last_success_at,
			s.last_failure_at,
			s.last_error
		FROM source AS s
		ORDER BY s.source`)
	if err != nil {
		return nil, fmt.Errorf("store: sources: %w", err)
	}
	return records, nil
}

// SaveSourceRecord writes a record, in place of the source's stored one.
func (s *Store) SaveSourceRecord(ctx context.Context, rec SourceRecord) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		return tx.execOne(ctx, `
			INSERT INTO source (
				source,
				last_success_at,
				last_failure_at,
				last_error
			)
			VALUES (?, ?, ?, ?)
			ON CONFLICT (source) DO UPDATE SET
				last_success_at = excluded.last_success_at,
				last_failure_at = excluded.last_failure_at,
				last_error = excluded.last_error`, rec.Source, rec.LastSuccessAt, rec.LastFailureAt, rec.LastError)
	})
	if err != nil {
		return fmt.Errorf("store: save source %s: %w", rec.Source, err)
	}
	return nil
}
