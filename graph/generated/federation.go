// Package generated is the executor that gqlgen and graph/generate make of the
// schema, with what a federated graph asks of it by hand.
package generated

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"loadline/graph/model"
)

// Federation resolves what gqlgen leaves to its federation plugin, which makes a
// call for each object.
type Federation interface {
	Service(ctx context.Context) (*model.Service, error)
	// Entities returns an object and an error for each representation, both
	// nil where there is no such object.
	Entities(ctx context.Context, representations []map[string]any) ([]model.Entity, []error)
}

func (ec *executionContext) __resolve__service(ctx context.Context) (model.Service, error) {
	s, err := ec.Resolvers.Query().(Federation).Service(ctx)
	if err != nil {
		return model.Service{}, err
	}
	return *s, nil
}

func (ec *executionContext) __resolve_entities(ctx context.Context, representations []map[string]any) []model.Entity {
	entities, errs := ec.Resolvers.Query().(Federation).Entities(ctx, representations)
	for i, err := range errs {
		if err != nil {
			ec.Error(graphql.WithPathContext(ctx, graphql.NewPathWithIndex(i)), err)
		}
	}
	return entities
}

// CostEntities sets what `_entities` costs: gqlgen gives its field a name that
// other packages cannot use.
func CostEntities(c *ComplexityRoot, cost func(child int, representations []map[string]any) int) {
	c.Query.__resolve_entities = cost
}
