package graph

import (
	"bytes"
	"context"
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

func (queryResolver) Entities(ctx context.Context, representations []map[string]any) ([]model.Entity, []error) {
	entities := make([]model.Entity, len(representations))
	errs := make([]error, len(representations))
	if len(representations) > maxEntities {
		errs[maxEntities] = badInput("`representations` has %d entries: at most %d are accepted", len(representations), maxEntities)
		return entities, errs
	}
	waits := make([]func() error, len(representations))
	for i, of := range representations {
		waits[i] = dispatch.Go(ctx, func(ctx context.Context) (err error) {
			entities[i], err = entity(ctx, of)
			return err
		})
	}
	for i, wait := range waits {
		errs[i] = wait()
	}
	return entities, errs
}

// entity is the object that a representation names; nil, and no error, where it
// is unknown here: what another subgraph says of it remains whole.
func entity(ctx context.Context, of map[string]any) (model.Entity, error) {
	typename, ok := of["__typename"].(string)
	if !ok {
		return nil, badInput("the representation has no `__typename`")
	}
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	if all := schema.Types["_Entity"].Types; !slices.Contains(all, typename) {
		return nil, badInput("%q is no entity of this subgraph: %s are", typename, strings.Join(all, ", "))
	}
	keys := keysOf(schema.Types[typename])
	for _, key := range keys {
		value, ok := of[key].(string)
		if !ok {
			continue
		}
		return entityBy(ctx, typename, key, value)
	}
	return nil, badInput("the representation of a %s needs a string as its `%s`", typename, strings.Join(keys, "` or its `"))
}

// keysOf returns the keys of a type, each of which is one field.
func keysOf(def *ast.Definition) []string {
	var keys []string
	for _, d := range def.Directives.ForNames("key") {
		keys = append(keys, d.Arguments.ForName("fields").Value.Raw)
	}
	return keys
}

// entityBy is the object with the key, or nil.
func entityBy(ctx context.Context, typename, key, value string) (model.Entity, error) {
	switch key {
	case "name":
		return entityOr(queryResolver{}.Project(ctx, value))
	case "purl":
		return entityOr(queryResolver{}.Package(ctx, model.PURL(value)))
	}
	n, err := node(ctx, value)
	e, ok := n.(model.Entity)
	if err != nil || !ok || e.TypeName() != typename {
		return nil, err
	}
	return e, nil
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
