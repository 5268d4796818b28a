package graph_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"loadline/bench/standin"
	"loadline/graph"
	"loadline/graph/generated"
)

// ownDocuments are the operations of the dashboard, the playground and the tools
// that read the schema, as Apollo Client sends them: with __typename everywhere.
func ownDocuments(t *testing.T) map[string]string {
	t.Helper()
	own := map[string]string{"the question": question}
	text, err := os.ReadFile("../web/app/gql/persisted-documents.json")
	if err != nil {
		t.Fatal(err)
	}
	var persisted map[string]string
	if err := json.Unmarshal(text, &persisted); err != nil {
		t.Fatal(err)
	}
	for id, document := range persisted {
		own["the dashboard's "+id] = document
	}
	examples, err := filepath.Glob("../web/examples/*.graphql")
	if err != nil || len(examples) == 0 {
		t.Fatal(err, "no examples")
	}
	for _, path := range append(examples, "testdata/introspection.graphql") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		own[path] = string(text)
	}
	return own
}

// withTypenames adds __typename to every selection below the root.
func withTypenames(doc *ast.QueryDocument) string {
	var add func(set ast.SelectionSet) ast.SelectionSet
	add = func(set ast.SelectionSet) ast.SelectionSet {
		has := false
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				has = has || s.Name == "__typename"
				if len(s.SelectionSet) > 0 {
					s.SelectionSet = add(s.SelectionSet)
				}
			case *ast.InlineFragment:
				s.SelectionSet = add(s.SelectionSet)
			}
		}
		if has {
			return set
		}
		return append(set, &ast.Field{Name: "__typename", Alias: "__typename"})
	}
	for _, op := range doc.Operations {
		for _, s := range op.SelectionSet {
			if f, ok := s.(*ast.Field); ok && len(f.SelectionSet) > 0 {
				f.SelectionSet = add(f.SelectionSet)
			}
		}
	}
	for _, f := range doc.Fragments {
		f.SelectionSet = add(f.SelectionSet)
	}
	var b strings.Builder
	formatter.NewFormatter(&b).FormatQueryDocument(doc)
	return b.String()
}

// sample is a value of a variable, as large as clients send it.
func sample(schema *ast.Schema, typ *ast.Type) any {
	if typ.Elem != nil {
		return []any{sample(schema, typ.Elem)}
	}
	def := schema.Types[typ.NamedType]
	switch def.Kind {
	case ast.Enum:
		return def.EnumValues[0].Name
	case ast.InputObject:
		value := make(map[string]any)
		for _, f := range def.Fields {
			if f.Type.NonNull {
				value[f.Name] = sample(schema, f.Type)
			}
		}
		return value
	}
	switch typ.NamedType {
	case "Int":
		return 100
	case "Float":
		return 0.5
	case "Boolean":
		return true
	case "PURL":
		return "pkg:npm/left-pad"
	case "Upload":
		return nil
	default:
		return "x"
	}
}

func TestOwnDocumentsPassTheLimits(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for name, text := range ownDocuments(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := parser.ParseQuery(&ast.Source{Input: text})
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range doc.Operations {
				if op.Operation == ast.Subscription {
					manifest, err := json.Marshal(map[string]string{"x": withTypenames(doc)})
					if err != nil {
						t.Fatal(err)
					}
					if _, err := graph.ReadDocuments(strings.NewReader(string(manifest))); err != nil {
						t.Error(err)
					}
					continue
				}
				variables := make(map[string]any)
				for _, v := range op.VariableDefinitions {
					variables[v.Variable] = sample(schema, v.Type)
				}
				for _, e := range s.ask(t, withTypenames(doc), variables).Errors {
					if code := e.Extensions["code"]; code != "BAD_USER_INPUT" && code != "NOT_FOUND" || strings.Contains(e.Message, "at most") {
						t.Errorf("%s %v", e.Message, e.Extensions)
					}
				}
			}
		})
	}
}
