package store

import (
	"context"
	"fmt"
	"time"
)

// KevEntry is one entry of CISA's catalogue.
type KevEntry struct {
	CVE, Vendor, Product, Name string
	Description                string
	RequiredAction             string
	DateAdded, DueDate         string // days: "2026-08-16"
	Ransomware                 bool   // known to be used in ransomware campaigns
	Notes                      string
}

// CatalogueState says which edition of the catalogue is stored.
type CatalogueState struct {
	Version             string
	Released, FetchedAt time.Time
	ETag, LastModified  string // of the reply, for a conditional request
}

func (e *KevEntry) columns() []any {
	return []any{
		&e.CVE,
		&e.Vendor,
		&e.Product,
		&e.Name,
		&e.Description,
		&e.RequiredAction,
		&e.DateAdded,
		&e.DueDate,
		&e.Ransomware,
		&e.Notes,
	}
}

func (c *CatalogueState) columns() []any {
	return []any{&c.Version, (*millis)(&c.Released), (*millis)(&c.FetchedAt), &c.ETag, &c.LastModified}
}

// KevEntries returns the entries that are in the stored catalogue, in any order.
func (r reads) KevEntries(ctx context.Context, cves []string) ([]KevEntry, error) {
	entries, err := selectRows[KevEntry](ctx, r.conn, `
		SELECT
			k.cve,
			k.vendor,
			k.product,
			k.name,
			k.description,
			k.required_action,
			k.date_added,
			k.due_date,
			k.ransomware,
			k.notes
		FROM kev AS k
		WHERE {{in k.cve}}`, cves)
	if err != nil {
		return nil, fmt.Errorf("store: kev entries of %d ids: %w", len(cves), err)
	}
	return entries, nil
}

// KevState returns which catalogue is stored, or ErrNotFound before the first.
func (r reads) KevState(ctx context.Context) (CatalogueState, error) {
	state, err := selectOne[CatalogueState](ctx, r.conn, `
		SELECT
			c.version,
			c.released_at,
			c.fetched_at,
			c.etag,
			c.last_modified
		FROM kev_catalogue AS c`)
	if err != nil {
		return CatalogueState{}, fmt.Errorf("store: kev catalogue: %w", err)
	}
	return state, nil
}

// ReplaceKev writes a whole catalogue in place of the stored one, in one
// transaction.
func (s *Store) ReplaceKev(ctx context.Context, entries []KevEntry, state CatalogueState) error {
	entries = lastByKey(entries, func(e KevEntry) string { return e.CVE })
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.touch(TopicKev)
		if err := tx.hintAll(ctx, kevWindow); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, `DELETE FROM kev`); err != nil {
			return err
		}
		err := tx.insert(ctx, `
			INSERT INTO kev (
				cve,
				vendor,
				product,
				name,
				description,
				required_action,
				date_added,
				due_date,
				ransomware,
				notes
			)
			VALUES {{rows}}`, len(entries), func(i int) []any {
			e := entries[i]
			return []any{
				e.CVE, e.Vendor, e.Product, e.Name, e.Description,
				e.RequiredAction, e.DateAdded, e.DueDate, e.Ransomware, e.Notes,
			}
		})
		if err != nil {
			return err
		}
		return tx.execOne(ctx, `
			INSERT INTO kev_catalogue (
				id,
				version,
				released_at,
				fetched_at,
				etag,
				last_modified
			)
			VALUES (1, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET
				version = excluded.version,
				released_at = excluded.released_at,
				fetched_at = excluded.fetched_at,
				etag = excluded.etag,
				last_modified = excluded.last_modified`,
			state.Version, state.Released, state.FetchedAt, state.ETag, state.LastModified)
	})
	if err != nil {
		return fmt.Errorf("store: replace kev catalogue by %d entries: %w", len(entries), err)
	}
	return nil
}

// TouchKev notes that the stored catalogue was still the newest at fetchedAt.
// It returns ErrNotFound before the first catalogue.
func (s *Store) TouchKev(ctx context.Context, fetchedAt time.Time) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.touch(TopicKev)
		return tx.execOne(ctx, `
			UPDATE kev_catalogue
			SET fetched_at = ?`, fetchedAt)
	})
	if err != nil {
		return fmt.Errorf("store: touch kev catalogue: %w", err)
	}
	return nil
}
