package graph

import (
	"context"
	"errors"
	"time"

	"loadline/enrich"
	"loadline/graph/model"
	"loadline/store"
	"loadline/upstream"
)

func statuses(all ...enrich.Status) []*model.SourceStatus {
	out := make([]*model.SourceStatus, len(all))
	for i, s := range all {
		out[i] = &model.SourceStatus{
			Source: model.Source(s.Source),
			State:  model.SourceState(s.State),
			AsOf:   model.OptionalTime(s.AsOf),
			Reason: model.Optional(s.Reason),
		}
	}
	return out
}

func (r queryResolver) Sources(ctx context.Context) ([]*model.SourceHealth, error) {
	catalogue, err := r.Store.KevState(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	held, err := r.mirror(ctx)
	if err != nil {
		return nil, err
	}
	sources := make([]*model.SourceHealth, len(r.Clients))
	for i, s := range r.Clients {
		h := s.Health()
		sources[i] = &model.SourceHealth{
			Source:        model.Source(s.Source()),
			Health:        model.Health(h.State),
			LastSuccessAt: model.OptionalTime(h.LastSuccess),
			LastFailureAt: model.OptionalTime(h.LastFailure),
			LastError:     model.Optional(h.LastError),
			Calls:         int(h.Calls),
			Failures:      int(h.Failures),
			Mirror:        held[s.Source()],
		}
		if sources[i].Mirror == nil {
			sources[i].Mirror = []*model.MirrorPart{}
		}
		if s.Source() == upstream.KEV {
			sources[i].AsOf = model.OptionalTime(catalogue.FetchedAt)
		}
	}
	if parts := held[upstream.EndOfLife]; parts != nil {
		sources = append(sources, &model.SourceHealth{Source: model.Source(upstream.EndOfLife), Health: model.HealthUnknown, Mirror: parts})
	}
	return sources, nil
}

// mirror is what is held of each source.
func (r queryResolver) mirror(ctx context.Context) (map[upstream.Source][]*model.MirrorPart, error) {
	dumps, err := r.Store.Dumps(ctx)
	if err != nil {
		return nil, err
	}
	files, err := r.Store.MirrorFiles(ctx)
	if err != nil {
		return nil, err
	}
	held := make(map[upstream.Source][]*model.MirrorPart)
	add := func(source upstream.Source, name string, records, skipped int, asOf, syncedAt time.Time) {
		held[source] = append(held[source], &model.MirrorPart{
			Name:     name,
			Records:  records,
			Skipped:  skipped,
			AsOf:     model.OptionalTime(asOf),
			SyncedAt: model.OptionalTime(syncedAt),
		})
	}
	for _, d := range dumps {
		if d.Generation > 0 {
			add(upstream.OSV, d.Ecosystem, d.Records, d.Skipped, d.AsOf, d.SyncedAt)
		}
	}
	for _, f := range files {
		switch f.Name {
		case store.FileEPSS:
			add(upstream.EPSS, f.Name, f.Records, f.Skipped, f.AsOf, f.SyncedAt)
		case store.FileKEV:
			add(upstream.KEV, f.Name, f.Records, f.Skipped, f.AsOf, f.SyncedAt)
		case store.FileEndOfLife:
			add(upstream.EndOfLife, f.Name, f.Records, f.Skipped, f.AsOf, f.SyncedAt)
		}
	}
	return held, nil
}
