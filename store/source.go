package store

import (
	"context"
	"time"
)

// SourceRecord is how a source did, kept across restarts.
type SourceRecord struct {
	Source                       string
	LastSuccessAt, LastFailureAt time.Time
	LastError                    string
}

// SourceRecords returns the records of all sources, by name.
func (r reads) SourceRecords(ctx context.Context) ([]SourceRecord, error) { return nil, errNotBuilt }

// SaveSourceRecord writes a record, in place of the source's stored one.
func (s *Store) SaveSourceRecord(ctx context.Context, rec SourceRecord) error { return errNotBuilt }
