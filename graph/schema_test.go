package graph_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"loadline/graph/generated"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	t.Run("describes every element", func(t *testing.T) {
		check := func(name, description string) {
			if strings.TrimSpace(description) == "" {
				t.Errorf("%s has no description", name)
			}
		}
		for _, def := range schema.Types {
			if def.BuiltIn || strings.HasPrefix(def.Name, "__") {
				continue
			}
			check(def.Name, def.Description)
			for _, f := range def.Fields {
				if strings.HasPrefix(f.Name, "__") {
					continue
				}
				check(def.Name+"."+f.Name, f.Description)
				for _, a := range f.Arguments {
					check(def.Name+"."+f.Name+"("+a.Name+")", a.Description)
				}
			}
			for _, v := range def.EnumValues {
				check(def.Name+"."+v.Name, v.Description)
			}
		}
	})
	t.Run("has Relay's connections throughout", func(t *testing.T) {
		for _, def := range schema.Types {
			if !strings.HasSuffix(def.Name, "Connection") {
				continue
			}
			for _, field := range []string{"edges", "nodes", "pageInfo", "totalCount"} {
				if def.Fields.ForName(field) == nil {
					t.Errorf("%s has no %s", def.Name, field)
				}
			}
			edge := schema.Types[strings.TrimSuffix(def.Name, "Connection")+"Edge"]
			if edge == nil || edge.Fields.ForName("cursor") == nil || edge.Fields.ForName("node") == nil {
				t.Errorf("%s has no proper edge", def.Name)
			}
		}
		for _, def := range schema.Types {
			for _, f := range def.Fields {
				if !strings.HasSuffix(f.Type.Name(), "Connection") {
					continue
				}
				for _, argument := range []string{"first", "after", "last", "before"} {
					if f.Arguments.ForName(argument) == nil {
						t.Errorf("%s.%s has no argument %s", def.Name, f.Name, argument)
					}
				}
			}
		}
	})
	t.Run("gives every type with a page an id and Node", func(t *testing.T) {
		for _, def := range schema.Types {
			if def.Kind != ast.Object || def.Fields.ForName("id") == nil || def.Name == "Advisory" {
				continue
			}
			if len(def.Interfaces) != 1 || def.Interfaces[0] != "Node" {
				t.Errorf("%s has an id and is not a Node", def.Name)
			}
		}
	})
	t.Run("answers a refusal in userErrors", func(t *testing.T) {
		for _, f := range schema.Mutation.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			payload := schema.Types[f.Type.Name()]
			if payload.Fields.ForName("userErrors") == nil {
				t.Errorf("%s has no userErrors", payload.Name)
			}
		}
	})
}
