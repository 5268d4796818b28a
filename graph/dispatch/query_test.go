package dispatch_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// generator writes random valid queries over the test server's schema.
type generator struct {
	*rand.Rand
	schema *ast.Schema
	// without are fields that it leaves out.
	without []string
	// defers allows @defer.
	defers bool

	// abstract says that the object is below an interface or union.
	abstract  bool
	names     int
	budget    int
	fragments []string
}

func (g *generator) query() string { return g.operation("query", "Query", 1+g.IntN(3)) }

func (g *generator) mutation() string { return g.operation("mutation", "Mutation", 1+g.IntN(3)) }

func (g *generator) operation(kind, root string, n int) string {
	g.names, g.budget, g.fragments = 0, 40, nil
	var b strings.Builder
	b.WriteString(kind + " {")
	for range n {
		g.field(&b, g.schema.Types[root], 0)
	}
	b.WriteString(" }")
	return b.String() + strings.Join(g.fragments, "")
}

const maxDepth = 7

func (g *generator) selection(b *strings.Builder, t *ast.Definition, depth int) {
	b.WriteString(" {")
	n := 1 + g.IntN(4)
	if t.Kind == ast.Union {
		b.WriteString(" __typename")
	}
	for i := range n {
		if g.budget <= 0 && i > 0 {
			break
		}
		switch g.IntN(8) {
		case 0, 1:
			g.fragment(b, t, depth)
		default:
			if t.Kind == ast.Union {
				g.fragment(b, t, depth)
			} else {
				g.field(b, t, depth)
			}
		}
	}
	b.WriteString(" }")
}

func (g *generator) fragment(b *strings.Builder, t *ast.Definition, depth int) {
	on := t
	if t.IsAbstractType() && g.IntN(4) > 0 || t.Kind == ast.Union {
		possible := g.schema.GetPossibleTypes(t)
		on = possible[g.IntN(len(possible))]
	}
	directive := g.condition()
	if g.defers && g.IntN(3) == 0 {
		directive = fmt.Sprintf(` @defer(label: "%d")`, g.name())
	}
	if g.IntN(3) == 0 {
		name := fmt.Sprintf("F%d", g.name())
		var f strings.Builder
		fmt.Fprintf(&f, " fragment %s on %s", name, on.Name)
		g.selection(&f, on, depth)
		g.fragments = append(g.fragments, f.String())
		fmt.Fprintf(b, " ...%s%s", name, directive)
		return
	}
	fmt.Fprintf(b, " ... on %s%s", on.Name, directive)
	g.selection(b, on, depth)
}

func (g *generator) condition() string {
	return []string{"", "", "", "", " @skip(if: true)", " @skip(if: false)", " @include(if: true)", " @include(if: false)"}[g.IntN(8)]
}

func (g *generator) name() int { g.names++; return g.names }

func (g *generator) field(b *strings.Builder, t *ast.Definition, depth int) {
	f := t.Fields[g.IntN(len(t.Fields))]
	below := g.schema.Types[f.Type.Name()]
	leaf := depth >= maxDepth || g.budget <= 0
	for strings.HasPrefix(f.Name, "__") || slices.Contains(g.without, f.Name) || leaf && depth > 0 && below.IsCompositeType() {
		if leaf && t.Fields.ForName("id") == nil {
			b.WriteString(" __typename")
			return
		}
		f = t.Fields[g.IntN(len(t.Fields))]
		below = g.schema.Types[f.Type.Name()]
	}
	g.budget--
	b.WriteString(" ")
	if len(f.Arguments) > 0 || depth == 0 || g.IntN(4) == 0 {
		fmt.Fprintf(b, "a%d: ", g.name())
	}
	b.WriteString(f.Name)
	if len(f.Arguments) > 0 {
		var args []string
		for _, a := range f.Arguments {
			n := g.IntN(100)
			switch {
			case a.Name == "n":
				n = g.IntN(7)
			case a.Name == "key" && g.abstract:
				n |= 1 // gqlgen does not tell beforehand that it cannot be read
			}
			args = append(args, fmt.Sprintf("%s: %d", a.Name, n))
		}
		fmt.Fprintf(b, "(%s)", strings.Join(args, ", "))
	}
	b.WriteString(g.condition())
	if below.IsCompositeType() {
		above := g.abstract
		g.abstract = below.IsAbstractType()
		g.selection(b, below, depth+1)
		g.abstract = above
	}
}

// loads is how many loads one after the other a resolver of the test server needs.
var loads = map[string]int{
	"Query.item": 1, "Query.odd": 1, "Mutation.touch": 1, "Mutation.odd": 1,
	"Item.label": 1, "Item.must": 1, "Item.now": 0, "Item.one": 1, "Item.twice": 2, "Item.both": 1,
	"Item.fan": 1, "Item.panics": 1, "Item.many": 2, "Item.strict": 2, "Item.grid": 2, "Item.things": 1,
	"Item.either": 1, "Item.method": 1, "Item.sibling": 1, "Item.odd": 1, "Box.one": 1,
	"Wrap.tag": 1, "Wrap.one": 1, "Wrap.sibling": 1,
	"Needs.item": 1, "Needs.must": 1, "Needs.needs": 0, "Needs.list": 1,
}

// plain are the object fields of structs: gqlgen resolves them, with all that is
// below them, before it starts the resolvers beside them.
var plain = []string{"Item.wrap", "Item.wraps", "Item.made", "Box.wrap", "Pair.left", "Pair.right", "Wrap.wrap", "Wrap.pair"}

// levels returns the length of the longest chain of loads that wait for each other.
func levels(schema *ast.Schema, doc *ast.QueryDocument) int {
	l := leveller{schema, doc}
	op := doc.Operations[0]
	if op.Operation == ast.Query {
		return l.object(schema.Query, op.SelectionSet)
	}
	sum := 0
	for _, f := range l.collect(schema.Mutation, op.SelectionSet, false) {
		sum += l.field(schema.Mutation, f)
	}
	return sum
}

type leveller struct {
	schema *ast.Schema
	doc    *ast.QueryDocument
}

type selected struct {
	name     string
	below    ast.SelectionSet
	deferred bool
}

func (l leveller) object(t *ast.Definition, sel ast.SelectionSet) int {
	before, beside, deferred := 0, 0, 0
	for _, f := range l.collect(t, sel, false) {
		n := l.field(t, f)
		switch {
		case slices.Contains(plain, t.Name+"."+f.name):
			before += n
		case f.deferred:
			deferred = max(deferred, n)
		default:
			beside = max(beside, n)
		}
	}
	return before + beside + deferred
}

func (l leveller) field(t *ast.Definition, f selected) int {
	def := t.Fields.ForName(f.name)
	if def == nil {
		return 0
	}
	n := 0
	below := l.schema.Types[def.Type.Name()]
	switch {
	case below.Kind == ast.Object:
		n = l.object(below, f.below)
	case below.IsAbstractType():
		for _, p := range l.schema.GetPossibleTypes(below) {
			n = max(n, l.object(p, f.below))
		}
	}
	return loads[t.Name+"."+f.name] + n
}

func (l leveller) collect(t *ast.Definition, sel ast.SelectionSet, deferred bool) map[string]selected {
	out := make(map[string]selected)
	merge := func(alias string, f selected) {
		if old, ok := out[alias]; ok {
			f.below = append(slices.Clone(old.below), f.below...)
			f.deferred = f.deferred && old.deferred
		}
		out[alias] = f
	}
	for _, s := range sel {
		var on string
		var below ast.SelectionSet
		var directives ast.DirectiveList
		switch s := s.(type) {
		case *ast.Field:
			if included(s.Directives) {
				merge(s.Alias, selected{s.Name, s.SelectionSet, deferred})
			}
			continue
		case *ast.InlineFragment:
			on, below, directives = s.TypeCondition, s.SelectionSet, s.Directives
		case *ast.FragmentSpread:
			f := l.doc.Fragments.ForName(s.Name)
			on, below, directives = f.TypeCondition, f.SelectionSet, s.Directives
		}
		if !included(directives) || !slices.ContainsFunc(l.schema.GetPossibleTypes(l.schema.Types[on]), func(p *ast.Definition) bool { return p == t }) {
			continue
		}
		for alias, f := range l.collect(t, below, deferred || directives.ForName("defer") != nil) {
			merge(alias, f)
		}
	}
	return out
}

func included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		yes := len(d.Arguments) > 0 && d.Arguments[0].Value.Raw == "true"
		if d.Name == "skip" && yes || d.Name == "include" && !yes {
			return false
		}
	}
	return true
}
