package graph

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"loadline/graph/dispatch"
	"loadline/graph/generated"
	"loadline/graph/model"
)

// maxEntities is the most objects that a router asks for at once.
const maxEntities = 1000

// federated says what the directives of the schema are.
const federated = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

`

func (queryResolver) Service(context.Context) (*model.Service, error) {
	return &model.Service{Sdl: subgraph(generated.NewExecutableSchema(generated.Config{}).Schema())}, nil
}

// subgraph is the schema as a router wants it: without what belongs to federation
// itself.
func subgraph(schema *ast.Schema) string {
	own := *schema
	own.Types = make(map[string]*ast.Definition, len(schema.Types))
	for name, def := range schema.Types {
		if name != "FieldSet" && (!strings.HasPrefix(name, "_") || strings.HasPrefix(name, "__")) {
			own.Types[name] = def
		}
	}
	query := *schema.Query
	query.Fields = slices.DeleteFunc(slices.Clone(query.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "_") })
	own.Query, own.Types[query.Name] = &query, &query
	own.Directives = nil
	var b bytes.Buffer
	b.WriteString(federated)
	formatter.NewFormatter(&b).FormatSchema(&own)
	return b.String()
}

func (queryResolver) Entities(ctx context.Context, representations []map[string]any) ([]model.Entity, error) {
	if len(representations) > maxEntities {
		return nil, badInput("`representations` has %d entries: at most %d are accepted", len(representations), maxEntities)
	}
	entities := make([]model.Entity, len(representations))
	waits := make([]func() error, len(representations))
	for i, of := range representations {
		waits[i] = dispatch.Go(ctx, func(ctx context.Context) (err error) {
			entities[i], err = entity(ctx, of)
			return err
		})
	}
	errs := make([]error, len(representations))
	for i, wait := range waits {
		errs[i] = wait()
	}
	return entities, errors.Join(errs...)
}

// entity is the object that a representation names, or nil.
func entity(ctx context.Context, of map[string]any) (model.Entity, error) {
	typename, _ := of["__typename"].(string)
	id, byID := of["id"].(string)
	name, byName := of["name"].(string)
	text, byPURL := of["purl"].(string)
	switch {
	case typename == "Project" && byID, typename == "Release" && byID, typename == "Package" && byID, typename == "Vulnerability" && byID:
		n, err := node(ctx, id)
		e, ok := n.(model.Entity)
		if err != nil || !ok || typeOf(e) != typename {
			return nil, err
		}
		return e, nil
	case typename == "Project" && byName:
		return entityOr(queryResolver{}.Project(ctx, name))
	case typename == "Package" && byPURL:
		return entityOr(queryResolver{}.Package(ctx, model.PURL(text)))
	default:
		return nil, badInput("a representation is not one of a Project by id or name, a Release by id, a Package by id or purl, or a Vulnerability by id")
	}
}

// typeOf is the name of the entity's type.
func typeOf(e model.Entity) string {
	switch e.(type) {
	case *model.Project:
		return "Project"
	case *model.Release:
		return "Release"
	case *model.Package:
		return "Package"
	default:
		return "Vulnerability"
	}
}

// entityOr keeps a pointer that is nil from becoming an Entity that is not.
func entityOr[T any, P interface {
	*T
	model.Entity
}](p P, err error) (model.Entity, error) {
	if err != nil || p == nil {
		return nil, err
	}
	return p, nil
}
