package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// AdvisoryRecord is one record of OSV as it was fetched.
type AdvisoryRecord struct {
	ID                  string
	Modified, FetchedAt time.Time
	Document            []byte // the record in OSV's JSON
}

func (a *AdvisoryRecord) columns() []any {
	return []any{&a.ID, (*millis)(&a.Modified), (*millis)(&a.FetchedAt), &a.Document}
}

// AdvisoriesByIDs returns the records that are stored, in any order.
func (r reads) AdvisoriesByIDs(ctx context.Context, ids []string) ([]AdvisoryRecord, error) {
	records, err := selectRows[AdvisoryRecord](ctx, r.conn, `
		SELECT
			a.id,
			a.modified,
			a.fetched_at,
			a.document
		FROM advisory AS a
		WHERE {{in a.id}}`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d advisories by id: %w", len(ids), err)
	}
	return records, nil
}

// SaveAdvisories writes records, in place of stored ones with the same id, and
// regroups the ids that they are about. The ids and aliases are read from
// Document: if one cannot be read, or is about another id, none is saved.
func (s *Store) SaveAdvisories(ctx context.Context, records []AdvisoryRecord) error {
	records = lastByKey(records, func(r AdvisoryRecord) string { return r.ID })
	members := make([][]string, len(records))
	for i, r := range records {
		var err error
		if members[i], err = aliasIDs(r); err != nil {
			return fmt.Errorf("store: save advisory %s: %w", r.ID, err)
		}
	}
	err := s.inChunks(ctx, len(records), func(tx *Tx, from, to int) error {
		return tx.saveAdvisories(ctx, records[from:to], members[from:to])
	})
	if err != nil {
		return fmt.Errorf("store: save %d advisories: %w", len(records), err)
	}
	return nil
}

func (tx *Tx) saveAdvisories(ctx context.Context, records []AdvisoryRecord, members [][]string) error {
	tx.touch(TopicAdvisory, slices.Concat(members...)...)
	err := tx.insert(ctx, `
		INSERT INTO advisory (
			id,
			modified,
			fetched_at,
			document
		)
		VALUES {{rows}}
		ON CONFLICT (id) DO UPDATE SET
			modified = excluded.modified,
			fetched_at = excluded.fetched_at,
			document = excluded.document`, len(records), func(i int) []any {
		r := records[i]
		return []any{r.ID, r.Modified.UnixMilli(), r.FetchedAt.UnixMilli(), r.Document}
	})
	if err != nil {
		return err
	}
	return tx.regroup(ctx, records, members)
}
