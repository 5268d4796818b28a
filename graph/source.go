package graph

import (
	"context"
	"errors"

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
		}
		if s.Source() == upstream.KEV {
			sources[i].AsOf = model.OptionalTime(catalogue.FetchedAt)
		}
	}
	return sources, nil
}
