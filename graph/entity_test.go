package graph_test

import (
	"fmt"
	"net/http/httptest"
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
	ids := s.get(t, `{ project(name: "shop") { id release(version: "1.0") { id components(first: 1) { nodes { package { id purl } findings { vulnerability { id } } } } } } }`, nil).Data
	component := at(t, ids, "project", "release", "components", "nodes", 0)
	representations := []any{
		map[string]any{"__typename": "Project", "name": "till"},
		map[string]any{"__typename": "Project", "id": at(t, ids, "project", "id")},
		map[string]any{"__typename": "Release", "id": at(t, ids, "project", "release", "id")},
		map[string]any{"__typename": "Package", "purl": at(t, component, "package", "purl")},
		map[string]any{"__typename": "Package", "id": at(t, component, "package", "id")},
		map[string]any{"__typename": "Vulnerability", "id": at(t, component, "findings", 0, "vulnerability", "id")},
		map[string]any{"__typename": "Project", "name": "none"},
		map[string]any{"__typename": "Release", "id": at(t, ids, "project", "id")},
	}
	const query = `query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Project { name } ... on Release { version } ... on Package { purl } ... on Vulnerability { id } } }`
	got := at(t, s.get(t, query, map[string]any{"of": representations}).Data, "_entities").([]any)
	var names []string
	for _, e := range got {
		if e == nil {
			names = append(names, "null")
			continue
		}
		names = append(names, at(t, e, "__typename").(string))
	}
	if want := "Project Project Release Package Package Vulnerability null null"; strings.Join(names, " ") != want {
		t.Errorf("entities are %v, want %s", names, want)
	}
	if at(t, got[0], "name") != "till" || at(t, got[1], "name") != "shop" {
		t.Errorf("entities are not in the order of their representations: %v", got)
	}
	for name, of := range map[string]any{
		"another type": map[string]any{"__typename": "Bom", "id": "x"},
		"no key":       map[string]any{"__typename": "Project"},
		"no type":      map[string]any{"id": "x"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			if a := s.ask(t, query, map[string]any{"of": []any{of}}); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
				t.Errorf("%v", a.Errors)
			}
		})
	}
}

// One object costs as many statements and calls as fifty.
func TestEntitiesAreBatched(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	for i := range 20 {
		s.put(t, fmt.Sprint("p", i), "1.0", cyclonedx(leftShelves(1)...))
	}
	ask := func(n int) answer {
		var of []any
		for i := range n {
			of = append(of, map[string]any{"__typename": "Project", "name": fmt.Sprint("p", i)})
		}
		return s.get(t, `query($of: [_Any!]!) { _entities(representations: $of) { ... on Project { name tags releases(first: 1) { nodes { version } } } } }`, map[string]any{"of": of})
	}
	cost := func(n int) (statements, calls int) {
		a := ask(n)
		return a.Extensions.Cost.SQLStatements, a.Extensions.Cost.UpstreamCalls
	}
	requested := func(n int) int { return ask(n).Extensions.Cost.Requested }
	var fallbacks atomic.Int64
	counted := httptest.NewServer(graph.NewHandler(s.resolver, graph.Options{OnFallback: func() { fallbacks.Add(1) }}))
	t.Cleanup(counted.Close)
	s.URL = counted.URL
	oneS, oneC := cost(1)
	manyS, manyC := cost(20)
	if oneS != manyS || oneC != manyC {
		t.Errorf("1 object costs %d statements and %d calls, 20 cost %d and %d", oneS, oneC, manyS, manyC)
	}
	if one, twenty := requested(1), requested(20); twenty != 20*one {
		t.Errorf("20 objects are asked for at a cost of %d, one at %d", twenty, one)
	}
	if n := fallbacks.Load(); n > 0 {
		t.Errorf("%d batches left because of a timer", n)
	}
}
