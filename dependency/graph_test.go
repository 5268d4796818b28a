package dependency_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/dependency"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	edges := func(pairs ...[2]int) (all []dependency.Edge) {
		for _, p := range pairs {
			all = append(all, dependency.Edge{From: p[0], To: p[1]})
		}
		return all
	}
	direct := func(n int, at ...int) []bool {
		d := make([]bool, n)
		for _, i := range at {
			d[i] = true
		}
		return d
	}
	for name, c := range map[string]struct {
		direct []bool
		edges  []dependency.Edge
		to     int
		want   [][]int
	}{
		"itself, as nothing is said":          {direct(2), nil, 1, [][]int{{1}}},
		"a chain":                             {direct(3, 0), edges([2]int{0, 1}, [2]int{1, 2}), 2, [][]int{{0, 1, 2}}},
		"the shortest of two":                 {direct(4, 0), edges([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 3}, [2]int{0, 3}), 3, [][]int{{0, 3}}},
		"one for each start, shortest first":  {direct(4, 0, 1), edges([2]int{0, 2}, [2]int{2, 3}, [2]int{1, 3}), 3, [][]int{{1, 3}, {0, 2, 3}}},
		"from what nothing depends on":        {direct(3), edges([2]int{0, 1}, [2]int{1, 2}), 2, [][]int{{0, 1, 2}}},
		"itself, direct and used by another":  {direct(3, 0, 2), edges([2]int{0, 2}), 2, [][]int{{2}, {0, 2}}},
		"through a circle":                    {direct(4, 0), edges([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 1}, [2]int{2, 3}), 3, [][]int{{0, 1, 2, 3}}},
		"none into a circle without entrance": {direct(3, 2), edges([2]int{0, 1}, [2]int{1, 0}), 1, nil},
		"a component that depends on itself":  {direct(2, 0), edges([2]int{0, 1}, [2]int{1, 1}), 1, [][]int{{0, 1}}},
		"edges to nowhere are left out":       {direct(2, 0), edges([2]int{0, 1}, [2]int{0, 9}, [2]int{-1, 1}), 1, [][]int{{0, 1}}},
		"none to nowhere":                     {direct(2, 0), edges([2]int{0, 1}), 7, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := dependency.New(c.direct, c.edges).Routes(c.to)
			var got [][]int
			for _, start := range r.Starts {
				got = append(got, r.Path(start, 100))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("paths (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a long path keeps both of its ends", func(t *testing.T) {
		t.Parallel()
		const n = 30_000
		var chain []dependency.Edge
		for i := range n - 1 {
			chain = append(chain, dependency.Edge{From: i, To: i + 1})
		}
		r := dependency.New(direct(n, 0), chain).Routes(n - 1)
		if diff := cmp.Diff([]int{0, 1, n - 2, n - 1}, r.Path(0, 4)); diff != "" || r.Length(0) != n {
			t.Errorf("length %d, path (-want +got):\n%s", r.Length(0), diff)
		}
	})
}

// Whatever the graph, paths are paths, as short as any, and parts hold what they say.
func TestRandomGraphs(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		n := 2 + r.IntN(30)
		direct := make([]bool, n)
		direct[r.IntN(n)] = true
		var edges []dependency.Edge
		for range r.IntN(3 * n) {
			edges = append(edges, dependency.Edge{From: r.IntN(n), To: r.IntN(n)})
		}
		g := dependency.New(direct, edges)
		target := r.IntN(n)
		routes := g.Routes(target)
		shortest := 0
		for i, start := range routes.Starts {
			path := routes.Path(start, 1000)
			if path[0] != start || path[len(path)-1] != target || len(path) != routes.Length(start) {
				t.Fatalf("seed %d: path %v from %d to %d", seed, path, start, target)
			}
			for i := range len(path) - 1 {
				if !slices.Contains(edges, dependency.Edge{From: path[i], To: path[i+1]}) {
					t.Fatalf("seed %d: %d does not depend on %d", seed, path[i], path[i+1])
				}
			}
			if i == 0 {
				shortest = len(path)
			} else if len(path) < routes.Length(routes.Starts[i-1]) {
				t.Fatalf("seed %d: %v comes behind a longer one", seed, path)
			}
		}
		if g.Depth(target) != shortest {
			t.Fatalf("seed %d: depth %d, the shortest path has %d", seed, g.Depth(target), shortest)
		}
		limit := 1 + r.IntN(n)
		part := g.Towards(limit, target)
		if len(part.Nodes) > limit || !slices.Contains(part.Nodes, target) {
			t.Fatalf("seed %d: %d nodes of at most %d: %v", seed, len(part.Nodes), limit, part.Nodes)
		}
		if whole := g.Towards(n, target); part.Missing != len(whole.Nodes)-len(part.Nodes) || whole.Missing != 0 {
			t.Fatalf("seed %d: %d are missing, of %d there are %d", seed, part.Missing, len(whole.Nodes), len(part.Nodes))
		}
	}
}
