package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"loadline/bench/standin"
	"loadline/graph"
)

func TestService(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	sdl := at(t, s.get(t, `{ _service { sdl } }`, nil).Data, "_service", "sdl").(string)
	doc, err := parser.ParseSchema(&ast.Source{Input: sdl})
	if err != nil {
		t.Fatalf("the subgraph's schema cannot be read: %v", err)
	}
	for _, want := range []string{
		`@link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])`,
		`type Project implements Node @key(fields: "id") @key(fields: "name")`,
		`type Package implements Node @key(fields: "id") @key(fields: "purl")`,
	} {
		if !strings.Contains(sdl, want) {
			t.Errorf("the subgraph's schema has no %s", want)
		}
	}
	for _, def := range doc.Definitions {
		if strings.HasPrefix(def.Name, "_") || def.Name == "FieldSet" {
			t.Errorf("the subgraph's schema has %s, which is federation's", def.Name)
		}
	}
}

func TestEntities(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	for _, project := range []string{"shop", "till"} {
		s.put(t, project, "1.0", cyclonedx(leftShelves(3)...))
	}
	ids := s.get(t, `{ project(name: "shop") { id release(version: "1.0") { id bom { id } components(first: 1) { nodes { id package { id purl } findings { id vulnerability { id } } } } } } }`, nil).Data
	component := at(t, ids, "project", "release", "components", "nodes", 0)
	representations := []any{
		map[string]any{"__typename": "Project", "name": "till"},
		map[string]any{"__typename": "Project", "id": at(t, ids, "project", "id")},
		map[string]any{"__typename": "Release", "id": at(t, ids, "project", "release", "id")},
		map[string]any{"__typename": "Package", "purl": at(t, component, "package", "purl")},
		map[string]any{"__typename": "Package", "id": at(t, component, "package", "id")},
		map[string]any{"__typename": "Vulnerability", "id": at(t, component, "findings", 0, "vulnerability", "id")},
		map[string]any{"__typename": "Bom", "id": at(t, ids, "project", "release", "bom", "id")},
		map[string]any{"__typename": "Component", "id": at(t, component, "id")},
		map[string]any{"__typename": "Finding", "id": at(t, component, "findings", 0, "id")},
	}
	const query = `query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Project { name } ... on Release { version } ... on Package { purl } ... on Vulnerability { id } ... on Bom { format } ... on Component { name } ... on Finding { state } } }`
	got := at(t, s.get(t, query, map[string]any{"of": representations}).Data, "_entities").([]any)
	var names []string
	for _, e := range got {
		names = append(names, at(t, e, "__typename").(string))
	}
	if want := "Project Project Release Package Package Vulnerability Bom Component Finding"; strings.Join(names, " ") != want {
		t.Errorf("entities are %v, want %s", names, want)
	}
	if at(t, got[0], "name") != "till" || at(t, got[1], "name") != "shop" {
		t.Errorf("entities are not in the order of their representations: %v", got)
	}
	for _, tt := range []struct {
		name          string
		of            map[string]any
		code, message string
	}{
		{"an unknown name", map[string]any{"__typename": "Project", "name": "none"}, "", ""},
		{"an unknown purl", map[string]any{"__typename": "Package", "purl": "pkg:npm/none"}, "", ""},
		{"an unknown vulnerability", map[string]any{"__typename": "Vulnerability", "id": "CVE-2099-99999"}, "", ""},
		{"an id of another type", map[string]any{"__typename": "Release", "id": at(t, ids, "project", "id")}, "", ""},
		{"another type", map[string]any{"__typename": "Advisory", "id": "x"}, "BAD_USER_INPUT", "\"Advisory\" is no entity of this subgraph: Bom, Component, Finding, Package, Project, Release, Vulnerability are"},
		{"no key", map[string]any{"__typename": "Project"}, "BAD_USER_INPUT", "the representation of a Project needs a string as its `id` or its `name`"},
		{"a key that is no text", map[string]any{"__typename": "Release", "id": []any{}}, "BAD_USER_INPUT", "the representation of a Release needs a string as its `id`"},
		{"no purl", map[string]any{"__typename": "Package", "purl": "lodash"}, "BAD_USER_INPUT", "purl"},
		{"no type", map[string]any{"id": "x"}, "BAD_USER_INPUT", "the representation has no `__typename`"},
	} {
		t.Run(tt.name+" costs its own place alone", func(t *testing.T) {
			a := s.ask(t, query, map[string]any{"of": []any{representations[0], tt.of, representations[1]}})
			if tt.code == "" {
				if len(a.Errors) > 0 {
					t.Errorf("%v, want null alone for what is unknown", a.Errors)
				}
			} else if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != tt.code || !strings.Contains(a.Errors[0].Message, tt.message) || fmt.Sprint(a.Errors[0].Path) != "[_entities 1]" {
				t.Fatalf("%v, want one error with the path of the second", a.Errors)
			}
			entities := at(t, a.Data, "_entities").([]any)
			if len(entities) != 3 || at(t, entities[0], "name") != "till" || entities[1] != nil || at(t, entities[2], "name") != "shop" {
				t.Errorf("entities are %v, want null between the two projects", entities)
			}
		})
	}
	t.Run("too many are refused", func(t *testing.T) {
		a := s.ask(t, `query($of: [_Any!]!) { _entities(representations: $of) { __typename } }`, map[string]any{"of": slices.Repeat(representations[:1], 1001)})
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "BAD_USER_INPUT" || !strings.Contains(a.Errors[0].Message, "at most 1000") {
			t.Errorf("%v", a.Errors)
		}
	})
}

// One object costs as many statements and calls as a hundred, of each type and
// by each key.
func TestEntitiesAreBatched(t *testing.T) {
	t.Parallel()
	const many = 100
	s := newServer(t, standin.Config{})
	of := make(map[string][]any)
	add := func(typename, key string, value any) {
		of[typename+" by "+key] = append(of[typename+" by "+key], map[string]any{"__typename": typename, key: value})
	}
	for i := range many {
		name := fmt.Sprint("p", i)
		s.put(t, name, "1.0", cyclonedx(fmt.Sprintf("pkg:npm/left-shelf@1.0.%d", i), fmt.Sprintf("pkg:npm/part-%d@1", i)))
		project := at(t, s.get(t, `query($name: String!) { project(name: $name) { id release(version: "1.0") { id bom { id } components(first: 2) { nodes { id package { id purl } findings { id vulnerability { id } } } } } } }`, map[string]any{"name": name}).Data, "project")
		add("Project", "name", name)
		add("Project", "id", at(t, project, "id"))
		add("Release", "id", at(t, project, "release", "id"))
		add("Bom", "id", at(t, project, "release", "bom", "id"))
		component := at(t, project, "release", "components", "nodes", 0)
		add("Component", "id", at(t, component, "id"))
		add("Finding", "id", at(t, component, "findings", 0, "id"))
		add("Vulnerability", "id", at(t, component, "findings", 0, "vulnerability", "id"))
		part := at(t, project, "release", "components", "nodes", 1)
		add("Package", "id", at(t, part, "package", "id"))
		add("Package", "purl", at(t, part, "package", "purl"))
	}
	var fallbacks atomic.Int64
	for name, representations := range of {
		t.Run(name, func(t *testing.T) {
			ask := func(n int) answer {
				s.forget(t)
				h := graph.NewHandler(s.resolver, graph.Options{OnFallback: func() { fallbacks.Add(1) }})
				s.handler.Store(&h)
				a := s.get(t, `query($of: [_Any!]!) { _entities(representations: $of) {
					... on Project { name tags releases(first: 1) { nodes { version } } } ... on Release { version project { name } }
					... on Bom { format release { version } } ... on Component { name package { name } } ... on Package { name }
					... on Finding { state component { name } } ... on Vulnerability { severity { rating } } } }`, map[string]any{"of": representations[:n]})
				for i, e := range at(t, a.Data, "_entities").([]any) {
					if e == nil {
						t.Fatalf("entity %d is null", i)
					}
				}
				return a
			}
			one, all := ask(1).Extensions.Cost, ask(many).Extensions.Cost
			if one.SQLStatements == 0 || one.SQLStatements != all.SQLStatements || one.UpstreamCalls != all.UpstreamCalls {
				t.Errorf("1 object costs %d statements and %d calls, %d cost %d and %d", one.SQLStatements, one.UpstreamCalls, many, all.SQLStatements, all.UpstreamCalls)
			}
			if all.Requested != many*one.Requested {
				t.Errorf("%d objects are asked for at a cost of %d, one at %d", many, all.Requested, one.Requested)
			}
			t.Logf("%d statements, %d calls", all.SQLStatements, all.UpstreamCalls)
		})
	}
	if n := fallbacks.Load(); n > 0 {
		t.Errorf("%d batches left because of a timer", n)
	}
}
