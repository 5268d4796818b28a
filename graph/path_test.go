package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
)

// dependent is a CycloneDX document of n packages, of which the root depends on
// those in direct, and others as edges says.
func dependent(t *testing.T, n int, direct []int, edges map[int][]int) string {
	t.Helper()
	ref := func(i int) string { return fmt.Sprintf("ref-%d", i) }
	refs := func(list []int) []string {
		all := []string{}
		for _, i := range list {
			all = append(all, ref(i))
		}
		return all
	}
	components := make([]map[string]any, n)
	for i := range components {
		name := fmt.Sprintf("part-%d", i)
		components[i] = map[string]any{"type": "library", "bom-ref": ref(i), "name": name, "version": "1.0.0", "purl": "pkg:npm/" + name + "@1.0.0"}
	}
	dependencies := []map[string]any{{"ref": "root", "dependsOn": refs(direct)}}
	for from, to := range edges {
		dependencies = append(dependencies, map[string]any{"ref": ref(from), "dependsOn": refs(to)})
	}
	b, err := json.Marshal(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
		"metadata":   map[string]any{"component": map[string]any{"type": "application", "bom-ref": "root", "name": "shop"}},
		"components": components, "dependencies": dependencies,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDependencyPaths(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	// 0 and 1 are direct; 0 -> 2 -> 3 -> 4, 1 -> 3, and 3 and 2 make a circle.
	s.put(t, "shop", "1.0", dependent(t, 5, []int{0, 1}, map[int][]int{0: {2}, 1: {3}, 2: {3}, 3: {4, 2}}))
	a := s.get(t, `{ release(project: "shop", version: "1.0") { components(first: 10) { nodes { id name dependencyPaths(first: 1) { totalCount pageInfo { hasNextPage endCursor } nodes { length truncated components { name } } } } } } }`, nil)
	nodes := at(t, a.Data, "release", "components", "nodes").([]any)
	ids := map[string]any{}
	got := map[string]string{}
	for _, n := range nodes {
		name := at(t, n, "name").(string)
		ids[name] = at(t, n, "id")
		var path []string
		for _, c := range at(t, n, "dependencyPaths", "nodes", 0, "components").([]any) {
			path = append(path, strings.TrimPrefix(at(t, c, "name").(string), "part-"))
		}
		got[name] = fmt.Sprint(strings.Join(path, " "), " of ", at(t, n, "dependencyPaths", "totalCount"))
	}
	want := map[string]string{"part-0": "0 of 1", "part-1": "1 of 1", "part-2": "0 2 of 2", "part-3": "1 3 of 2", "part-4": "1 3 4 of 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shortest paths and their number (-want +got):\n%s", diff)
	}
	t.Run("the next page has the longer path", func(t *testing.T) {
		a := s.get(t, `query($id: ID!, $after: String) { node(id: $id) { ... on Component { dependencyPaths(first: 5, after: $after) { nodes { length } pageInfo { hasNextPage hasPreviousPage } } } } }`,
			map[string]any{"id": ids["part-4"], "after": at(t, nodes[4], "dependencyPaths", "pageInfo", "endCursor")})
		want := map[string]any{"nodes": []any{map[string]any{"length": 4.0}}, "pageInfo": map[string]any{"hasNextPage": false, "hasPreviousPage": true}}
		if diff := cmp.Diff(want, at(t, a.Data, "node", "dependencyPaths")); diff != "" {
			t.Errorf("page (-want +got):\n%s", diff)
		}
	})
	const picture = `query($to: [ID!]!, $limit: Int!) { release(project: "shop", version: "1.0") { dependencyGraph(to: $to, limit: $limit) { nodes { component { id name } depth chosen } edges { from to } truncated hiddenCount } } }`
	t.Run("a picture holds what leads to the chosen ones", func(t *testing.T) {
		g := at(t, s.get(t, picture, map[string]any{"to": []any{ids["part-3"]}, "limit": 10}).Data, "release", "dependencyGraph")
		node := func(i int, depth float64, chosen bool) any {
			name := fmt.Sprintf("part-%d", i)
			return map[string]any{"component": map[string]any{"id": ids[name], "name": name}, "depth": depth, "chosen": chosen}
		}
		edge := func(from, to int) any {
			return map[string]any{"from": ids[fmt.Sprintf("part-%d", from)], "to": ids[fmt.Sprintf("part-%d", to)]}
		}
		want := map[string]any{
			"nodes": []any{node(0, 1, false), node(1, 1, false), node(2, 2, false), node(3, 2, true)},
			"edges": []any{edge(0, 2), edge(1, 3), edge(2, 3), edge(3, 2)}, "truncated": false, "hiddenCount": 0.0,
		}
		if diff := cmp.Diff(want, g); diff != "" {
			t.Errorf("graph (-want +got):\n%s", diff)
		}
	})
	t.Run("a small one has the shortest path, and says what is missing", func(t *testing.T) {
		g := at(t, s.get(t, picture, map[string]any{"to": []any{ids["part-3"]}, "limit": 2}).Data, "release", "dependencyGraph")
		if at(t, g, "truncated") != true || at(t, g, "hiddenCount") != 2.0 || at(t, g, "nodes", 0, "component", "name") != "part-1" {
			t.Errorf("graph = %v", g)
		}
	})
	for name, variables := range map[string]map[string]any{
		"of nothing":          {"to": []any{}, "limit": 10},
		"of another object":   {"to": []any{"cDE"}, "limit": 10},
		"without room":        {"to": []any{ids["part-3"]}, "limit": 0},
		"with too much of it": {"to": []any{ids["part-3"]}, "limit": 1001},
	} {
		t.Run("a picture "+name+" is refused", func(t *testing.T) {
			a := s.ask(t, picture, variables)
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
				t.Errorf("errors = %v", a.Errors)
			}
		})
	}
}
