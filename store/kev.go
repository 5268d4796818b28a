package store

import (
	"context"
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

// KevEntries returns the entries that are in the stored catalogue, in any order.
func (r reads) KevEntries(ctx context.Context, cves []string) ([]KevEntry, error) {
	return nil, errNotBuilt
}

// KevState returns which catalogue is stored, or ErrNotFound before the first.
func (r reads) KevState(ctx context.Context) (CatalogueState, error) {
	return CatalogueState{}, errNotBuilt
}

// ReplaceKev writes a whole catalogue in place of the stored one.
func (s *Store) ReplaceKev(ctx context.Context, entries []KevEntry, state CatalogueState) error {
	return errNotBuilt
}

// TouchKev notes that the stored catalogue was still the newest at fetchedAt.
// It returns ErrNotFound before the first catalogue.
func (s *Store) TouchKev(ctx context.Context, fetchedAt time.Time) error { return errNotBuilt }
