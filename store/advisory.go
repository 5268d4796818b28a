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
	// Members are the ids that the record is about, as advisory.IDs returns them.
	// What is read has none; what is saved may leave them to be read from Document.
	Members []string
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
