package enrich

import (
	"context"
	"errors"
	"time"

	"loadline/store"
	"loadline/upstream"
	"loadline/upstream/kev"
)

// kevPatience is how long a question waits for the very first catalogue, which
// is fetched in the background and may take much longer.
const kevPatience = 2 * time.Second

var errCatalogue = errors.New("catalogue not fetched yet")

// Kev returns the entries of CISA's catalogue for the CVE ids that are in it,
// and what stands behind that, which is the same for all of them. The catalogue
// is held locally; it is only fetched here when it never was.
func (e *Service) Kev(ctx context.Context, cves []string) (map[string]store.KevEntry, Status, error) {
	status, err := e.kevStatus(ctx)
	if err != nil || status.State == Unavailable {
		return nil, status, err
	}
	rows, err := e.store.KevEntries(ctx, cves)
	if err != nil {
		return nil, Status{}, err
	}
	entries := make(map[string]store.KevEntry, len(rows))
	for _, r := range rows {
		entries[r.CVE] = r
	}
	return entries, status, nil
}

// Listing is what CISA's catalogue says about a CVE id.
type Listing struct {
	Entry  *store.KevEntry // nil when it is not in the catalogue, or not known
	Status Status
}

// Listings returns what the catalogue says about each CVE id, as Kev does.
func (e *Service) Listings(ctx context.Context, cves []string) (map[string]Listing, error) {
	FellShort(ctx)
	since := e.memory.kev.Now()
	entries, status, err := e.Kev(ctx, cves)
	if err != nil {
		return nil, err
	}
	listings := make(map[string]Listing, len(cves))
	for _, cve := range cves {
		l := Listing{Status: status}
		if entry, ok := entries[cve]; ok {
			l.Entry = &entry
		}
		listings[cve] = l
		switch status.State {
		case Fresh:
			e.memory.kev.Put(cve, lasting[Listing]{l, status.AsOf.Add(kevLifetime)}, 400, since, ofKev)
		case Stale:
			e.memory.kev.Put(cve, lasting[Listing]{l, untilChanged}, 400, since, ofKev)
		}
	}
	return listings, nil
}

func (e *Service) kevStatus(ctx context.Context) (Status, error) {
	state, err := e.store.KevState(ctx)
	if errors.Is(err, store.ErrNotFound) {
		patient, cancel := context.WithTimeoutCause(ctx, kevPatience, errCatalogue)
		defer cancel()
		if err := e.RefreshKev(patient); err != nil {
			return fallback(upstream.KEV, time.Time{}, err), nil
		}
		state, err = e.store.KevState(ctx)
	}
	switch {
	case err != nil:
		return Status{}, err
	case e.fresh(state.FetchedAt, kevLifetime):
		return Status{Source: upstream.KEV, State: Fresh, AsOf: state.FetchedAt}, nil
	default:
		return Status{Source: upstream.KEV, State: Stale, AsOf: state.FetchedAt, Reason: "The catalogue could not be refreshed since."}, nil
	}
}

// RefreshKev fetches the catalogue, unless it has not changed.
func (e *Service) RefreshKev(ctx context.Context) error {
	return e.catalogue.do(ctx, e, []struct{}{{}}, e.fetchKev)[struct{}{}].err
}

func (e *Service) fetchKev(ctx context.Context, _ []struct{}) (map[struct{}]outcome[struct{}], store.Facts) {
	return map[struct{}]outcome[struct{}]{{}: {err: e.replaceKev(ctx)}}, store.Facts{}
}

func (e *Service) replaceKev(ctx context.Context) error {
	state, err := e.store.KevState(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	catalogue, validators, unchanged, err := e.up.KEV.Catalogue(ctx, kev.Validators{ETag: state.ETag, LastModified: state.LastModified})
	if err != nil {
		return err
	}
	if unchanged {
		return e.store.TouchKev(ctx, e.now())
	}
	if len(catalogue.Skipped) > 0 {
		e.log.Warn("kev entries not usable", "count", len(catalogue.Skipped), "first", catalogue.Skipped[0].Reason)
	}
	entries := make([]store.KevEntry, len(catalogue.Entries))
	for i, c := range catalogue.Entries {
		entries[i] = store.KevEntry{
			CVE:            c.CVE,
			Vendor:         c.Vendor,
			Product:        c.Product,
			Name:           c.Name,
			Description:    c.Description,
			Notes:          c.Notes,
			RequiredAction: c.RequiredAction,
			DateAdded:      c.DateAdded.Format(time.DateOnly),
			DueDate:        c.DueDate.Format(time.DateOnly),
			Ransomware:     c.Ransomware,
		}
	}
	return e.store.ReplaceKev(ctx, entries, store.CatalogueState{
		Version:      catalogue.Version,
		Released:     catalogue.Released,
		FetchedAt:    e.now(),
		ETag:         validators.ETag,
		LastModified: validators.LastModified,
	})
}

// KeepKev refreshes the catalogue at once and whenever half of its lifetime has
// passed, until ctx ends. A failed refresh is tried again after retry.
func (e *Service) KeepKev(ctx context.Context, retry time.Duration) {
	for {
		pause := kevLifetime / 2
		if err := e.RefreshKev(ctx); err != nil {
			if ctx.Err() != nil {
				return
			}
			e.log.Warn("kev catalogue not refreshed", "error", err)
			pause = retry
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}
