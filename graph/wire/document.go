package wire

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

const (
	// documentBytes is how much memory documents that were parsed may take.
	documentBytes = 32 << 20
	// nodeBytes is about what a node of a parsed document takes.
	nodeBytes = 500
)

// document is one that has been parsed and found valid.
type document struct {
	*ast.QueryDocument
	// introspects says that it asks for the schema.
	introspects bool
	// deferred says that a part of it is to be delivered later.
	deferred bool
}

// documents parses and checks documents, and keeps them.
type documents struct {
	schema *ast.Schema
	limits Limits
	hidden bool
	rules  *rules.Rules
	kept   *cache[*document]
}

func newDocuments(schema *ast.Schema, limits Limits, hidden bool) *documents {
	d := &documents{schema: schema, limits: limits, hidden: hidden, rules: rules.NewDefaultRules(), kept: newCache[*document](documentBytes)}
	d.rules.AddRule("IntsFit", intsFit)
	if hidden {
		for name, silent := range map[string]validator.Rule{
			rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
			rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
			rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
			rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
			rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		} {
			d.rules.RemoveRule(name)
			d.rules.AddRule(silent.Name, silent.RuleFunc)
		}
	}
	return d
}

// intsFit refuses integers that GraphQL's Int, of 32 bits, does not have. gqlgen
// reads those of 64.
func intsFit(observers *validator.Events, addError validator.AddErrFunc) {
	observers.OnValue(func(_ *core.Walker, value *ast.Value) {
		if value.Kind != ast.IntValue || value.ExpectedType == nil || value.ExpectedType.NamedType != "Int" {
			return
		}
		if _, err := strconv.ParseInt(value.Raw, 10, 32); err != nil {
			addError(validator.Message("Int cannot represent non 32-bit signed integer value: %s", value.Raw), core.At(value.Position))
		}
	})
}

// load returns the document of a text. Unless it can be delivered in parts,
// nothing of it is deferred.
func (d *documents) load(text string, incremental bool) (*document, gqlerror.List) {
	incremental = incremental && strings.Contains(text, "@")
	key := text
	if incremental {
		key = "incremental\n" + text
	}
	if doc, ok := d.kept.get(key); ok {
		return doc, nil
	}
	doc, size, list := d.parse(text)
	if list != nil {
		return nil, list
	}
	if doc.deferred && !(incremental && onlyQueries(doc.Operations)) {
		withoutDefer(doc.QueryDocument)
		doc.deferred = false
	}
	d.kept.add(key, doc, size)
	return doc, nil
}

func (d *documents) parse(text string) (*document, int, gqlerror.List) {
	if len(text) > d.limits.Bytes {
		return nil, 0, refused(errcode.ParseFailed, "the document has %d bytes; at most %d are accepted", len(text), d.limits.Bytes)
	}
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, d.limits.Tokens)
	if err != nil {
		return nil, 0, failed(errcode.ParseFailed, err)
	}
	for _, f := range parsed.Fragments {
		if len(f.VariableDefinition) > 0 {
			return nil, 0, refused(errcode.ParseFailed, "the fragment %s defines variables, which only operations can", f.Name)
		}
	}
	if len(parsed.Operations) == 0 {
		return nil, 0, refused(errcode.ValidationFailed, "the document has no operation")
	}
	m := measure(parsed, d.limits.Fields)
	if list := d.limits.check(m); list != nil {
		return nil, 0, list
	}
	if d.hidden && m.introspects {
		return nil, 0, refused(errcode.ValidationFailed, "introspection is switched off on this server; __typename alone can be asked for")
	}
	if list := mendLiterals(d.schema, parsed, text); list != nil {
		return nil, 0, list
	}
	if list := validator.ValidateWithRules(d.schema, parsed, d.rules); len(list) > 0 {
		for _, e := range list {
			errcode.Set(e, errcode.ValidationFailed)
		}
		return nil, 0, list
	}
	return &document{parsed, m.introspects, m.deferred}, len(text) + m.nodes*nodeBytes, nil
}

func failed(code string, err error) gqlerror.List {
	var g *gqlerror.Error
	if !errors.As(err, &g) {
		g = gqlerror.WrapIfUnwrapped(err)
	}
	errcode.Set(g, code)
	return gqlerror.List{g}
}

func refused(code, format string, args ...any) gqlerror.List {
	e := gqlerror.Errorf(format, args...)
	errcode.Set(e, code)
	return gqlerror.List{e}
}

// onlyQueries says whether gqlgen delivers the parts of all operations that are deferred.
func onlyQueries(list ast.OperationList) bool {
	return !slices.ContainsFunc(list, func(op *ast.OperationDefinition) bool { return op.Operation != ast.Query })
}

// withoutDefer removes @defer from a document.
func withoutDefer(doc *ast.QueryDocument) {
	for _, op := range doc.Operations {
		removeDefer(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		removeDefer(f.SelectionSet)
	}
}

func removeDefer(set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			removeDefer(s.SelectionSet)
		case *ast.InlineFragment:
			s.Directives = otherThanDefer(s.Directives)
			removeDefer(s.SelectionSet)
		case *ast.FragmentSpread:
			s.Directives = otherThanDefer(s.Directives)
		}
	}
}

func otherThanDefer(list ast.DirectiveList) ast.DirectiveList {
	var others ast.DirectiveList
	for _, d := range list {
		if d.Name != "defer" {
			others = append(others, d)
		}
	}
	return others
}

type preparedKey struct{}

// prepared gives gqlgen's executor the document that the request has come with,
// so that it neither parses nor validates.
type prepared struct{}

var _ graphql.Cache[*ast.QueryDocument] = prepared{}

func (prepared) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(preparedKey{}).(*document)
	if !ok {
		return nil, false
	}
	return doc.QueryDocument, true
}

func (prepared) Add(context.Context, string, *ast.QueryDocument) {}
