// Package dependency answers why a component is in a Bom: by which paths the
// things that a release depends on directly lead to it. It is pure, works on the
// places of components in their Bom, and takes time and memory that grow with the
// number of dependencies, however many paths they make and whether they make
// circles or not.
package dependency

import (
	"cmp"
	"slices"
)

// Edge says that the component at From depends on the one at To.
type Edge struct{ From, To int }

// Graph is what depends on what in a Bom. It does not change.
type Graph struct {
	below, above lists
	depth        []int32 // 1 for where paths start; 0 where no path leads
}

// lists are the neighbours of each component, ascending.
type lists struct {
	from []int32 // where the neighbours of a component start in to
	to   []int32
}

func (l lists) of(i int) []int32 { return l.to[l.from[i]:l.from[i+1]] }

// New returns the graph of a Bom whose component at i is a direct dependency of
// the release where direct[i] says so. Paths start there, and at components that
// nothing depends on. Edges to or from places that there are not are left out.
func New(direct []bool, edges []Edge) *Graph {
	n := len(direct)
	edges = slices.DeleteFunc(slices.Clone(edges), func(e Edge) bool {
		return e.From < 0 || e.To < 0 || e.From >= n || e.To >= n || e.From == e.To
	})
	g := &Graph{
		below: newLists(n, edges, func(e Edge) (int, int) { return e.From, e.To }),
		above: newLists(n, edges, func(e Edge) (int, int) { return e.To, e.From }),
		depth: make([]int32, n),
	}
	var starts []int32
	for i := range n {
		if direct[i] || len(g.above.of(i)) == 0 {
			starts = append(starts, int32(i))
			g.depth[i] = 1
		}
	}
	for queue := starts; len(queue) > 0; queue = queue[1:] {
		for _, next := range g.below.of(int(queue[0])) {
			if g.depth[next] == 0 {
				g.depth[next] = g.depth[queue[0]] + 1
				queue = append(queue, next)
			}
		}
	}
	return g
}

func newLists(n int, edges []Edge, ends func(Edge) (from, to int)) lists {
	slices.SortFunc(edges, func(a, b Edge) int {
		aFrom, aTo := ends(a)
		bFrom, bTo := ends(b)
		return cmp.Or(cmp.Compare(aFrom, bFrom), cmp.Compare(aTo, bTo))
	})
	l := lists{from: make([]int32, n+1), to: make([]int32, len(edges))}
	for i, e := range edges {
		from, to := ends(e)
		l.from[from+1]++
		l.to[i] = int32(to)
	}
	for i := range n {
		l.from[i+1] += l.from[i]
	}
	return l
}

// Size is about how many bytes the graph takes.
func (g *Graph) Size() int {
	return 64 + 4*(len(g.below.from)+len(g.above.from)+len(g.depth)+2*len(g.below.to))
}

// Has says whether there is a component at the place.
func (g *Graph) Has(i int) bool { return i >= 0 && i < len(g.depth) }

// Depth is how many components the shortest path has that leads from a start to
// the component, itself included; 0 where none leads there, because it is only in
// a circle that nothing outside depends on.
func (g *Graph) Depth(i int) int { return int(g.depth[i]) }

// Routes are the shortest paths to some components from every start that leads
// to any of them.
type Routes struct {
	graph *Graph
	next  []int32 // towards the nearest of the components; -1: leads to none
	steps []int32
	// Starts are where paths start, those with the shortest path first.
	Starts []int
}

// Routes returns the shortest paths to the components.
func (g *Graph) Routes(to ...int) *Routes {
	r := &Routes{graph: g, next: make([]int32, len(g.depth)), steps: make([]int32, len(g.depth))}
	for i := range r.next {
		r.next[i] = -1
	}
	var queue []int32
	for _, i := range to {
		if g.Has(i) && r.next[i] < 0 {
			r.next[i] = int32(i)
			queue = append(queue, int32(i))
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if g.depth[at] == 1 {
			r.Starts = append(r.Starts, int(at))
		}
		for _, up := range g.above.of(int(at)) {
			if r.next[up] < 0 {
				r.next[up], r.steps[up] = at, r.steps[at]+1
				queue = append(queue, up)
			}
		}
	}
	slices.SortFunc(r.Starts, func(a, b int) int {
		return cmp.Or(cmp.Compare(r.steps[a], r.steps[b]), cmp.Compare(a, b))
	})
	return r
}

// Length is how many components the path from a start has, both ends included.
func (r *Routes) Length(start int) int { return int(r.steps[start]) + 1 }

// Path returns the components of the path from a start, which is the first of
// them. Of one that is longer than limit, which is at least 2, those in the middle
// are left out.
func (r *Routes) Path(start, limit int) []int {
	length := r.Length(start)
	path := make([]int, 0, min(length, limit))
	head := limit / 2
	at := start
	for i := range length {
		if length <= limit || i < head || i >= length-(limit-head) {
			path = append(path, at)
		}
		at = int(r.next[at])
	}
	return path
}

// Part is some of a graph.
type Part struct {
	Nodes []int  // ascending
	Edges []Edge // between Nodes, by From, then To
	// Missing is how many components lie on paths to the chosen ones and are not
	// in Nodes.
	Missing int
	// Cut says that some edges between Nodes are left out.
	Cut bool
}

// Towards returns the chosen components and all that lies on paths to them. Where
// those are more than limit, it has the chosen ones and the shortest paths, as many
// as fit, and of these the shortest first. At most 4 edges for each of limit are
// returned.
func (g *Graph) Towards(limit int, to ...int) Part {
	r := g.Routes(to...)
	on, all := make(map[int]bool), 0
	for i, next := range r.next {
		if next < 0 {
			continue
		}
		all++
		if len(on) < limit && (int(next) == i) {
			on[i] = true
		}
	}
	if all <= limit {
		for i, next := range r.next {
			if next >= 0 {
				on[i] = true
			}
		}
	} else {
		r.fill(on, limit)
	}
	p := Part{Missing: all - len(on)}
	for i := range on {
		p.Nodes = append(p.Nodes, i)
	}
	slices.Sort(p.Nodes)
	for _, from := range p.Nodes {
		for _, to := range g.below.of(from) {
			if !on[int(to)] {
				continue
			}
			if len(p.Edges) == 4*limit {
				p.Cut = true
				return p
			}
			p.Edges = append(p.Edges, Edge{From: from, To: int(to)})
		}
	}
	return p
}

// fill adds whole paths while there is room.
func (r *Routes) fill(on map[int]bool, limit int) {
	for _, start := range r.Starts {
		var path []int
		for at := start; !on[at]; at = int(r.next[at]) {
			path = append(path, at)
			if len(on)+len(path) > limit || int(r.next[at]) == at {
				break
			}
		}
		if len(on)+len(path) > limit {
			return // those that follow are no shorter
		}
		for _, i := range path {
			on[i] = true
		}
	}
}
