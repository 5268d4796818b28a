package shortcut

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Off is an extension of a gqlgen server that has gqlgen's own code write all
// answers, to compare with.
type Off struct{}

const off = "ShortcutOff"

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = Off{}

// ExtensionName names the extension.
func (Off) ExtensionName() string { return off }

// Validate accepts every schema.
func (Off) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext marks the operation.
func (Off) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	oc.Stats.SetExtension(off, true)
	return nil
}
