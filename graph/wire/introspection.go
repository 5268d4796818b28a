package wire

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	gqlintrospection "github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// introspection shows the schema. Fields of __Type that do not apply to a type
// are null, where gqlgen has empty lists.
type introspection struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = introspection{}

func (introspection) ExtensionName() string { return "Introspection" }

func (introspection) Validate(graphql.ExecutableSchema) error { return nil }

func (introspection) MutateOperationContext(ctx context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	oc.DisableIntrospection = false
	doc, ok := ctx.Value(preparedKey{}).(*document)
	if !ok || !doc.introspects {
		return nil
	}
	inner := oc.ResolverMiddleware
	oc.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		if fc := graphql.GetFieldContext(ctx); fc.Object == "__Type" && !applies(fc) {
			return nil, nil
		}
		return inner(ctx, next)
	}
	return nil
}

// applies says whether the field of __Type says something about the type at hand.
func applies(fc *graphql.FieldContext) bool {
	kind := kindOf(fc.Parent)
	switch fc.Field.Name {
	case "fields", "interfaces":
		return kind == "" || kind == "OBJECT" || kind == "INTERFACE"
	case "possibleTypes":
		return kind == "" || kind == "INTERFACE" || kind == "UNION"
	case "enumValues":
		return kind == "" || kind == "ENUM"
	case "inputFields", "isOneOf":
		return kind == "" || kind == "INPUT_OBJECT"
	default:
		return true
	}
}

// kindOf returns the kind of the type that a field has led to, or "".
func kindOf(fc *graphql.FieldContext) string {
	if fc == nil {
		return ""
	}
	switch t := fc.Result.(type) {
	case *gqlintrospection.Type:
		return t.Kind()
	case **gqlintrospection.Type:
		return (*t).Kind()
	default:
		return ""
	}
}
