package graph

import (
	"context"

	"loadline/enrich"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/purl"
)

func (r componentResolver) EndOfLife(ctx context.Context, obj *model.Component) (*model.EndOfLife, error) {
	return single(ctx, obj, r.EndOfLifeBatch)
}

func (componentResolver) EndOfLifeBatch(ctx context.Context, objs []*model.Component) ([]*model.EndOfLife, error) {
	return loadEach(ctx, objs, loader.For(ctx).EndOfLife, packageOf, newEndOfLife)
}

// packageOf is the purl of a component's package, or "" where it has none.
func packageOf(c *model.Component) string {
	if c.PURL == nil {
		return ""
	}
	p, err := purl.Parse(string(*c.PURL))
	if err != nil {
		return ""
	}
	return p.Package().String()
}

func newEndOfLife(c *model.Component, known enrich.EndOfLife) *model.EndOfLife {
	m := &model.EndOfLife{}
	status := known.Status
	cycle, found := enrich.Cycle{}, false
	if c.Version != nil {
		cycle, found = known.CycleOf(*c.Version)
	}
	switch {
	case found:
		m.Product, m.Cycle = model.Optional(cycle.Product.Product), model.Optional(cycle.Name)
		m.Ended, m.EndsOn, m.LatestVersion = cycle.Ended, model.Optional(model.Date(cycle.EndsOn)), model.Optional(cycle.Latest)
	case len(known.Products) > 0:
		m.Product = model.Optional(known.Products[0].Product)
		status.State, status.Reason = enrich.NotCovered, "endoflife.date has no cycle that the version belongs to."
	}
	m.SourceStatus = statuses(status)
	return m
}
