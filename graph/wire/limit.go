package wire

import (
	"cmp"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Limits bound a document before it is validated, which itself takes time that
// grows faster than the document. Zero values are the limits named with each.
type Limits struct {
	// Bytes is the most bytes of a document; 262,144.
	Bytes int
	// Tokens is the most lexical tokens; 10,000.
	Tokens int
	// Depth is the most fields inside each other; 20.
	Depth int
	// Aliases is the most fields that are given another name; 100.
	Aliases int
	// Directives is the most directives; 100.
	Directives int
	// Repeats is how often the same field may be asked for in one place, which the
	// validation compares in pairs; 100.
	Repeats int
	// Fields is the most fields when all fragments are written out; 5,000.
	Fields int
}

func (l Limits) orDefaults() Limits {
	return Limits{
		Bytes:      cmp.Or(l.Bytes, 256<<10),
		Tokens:     cmp.Or(l.Tokens, 10_000),
		Depth:      cmp.Or(l.Depth, 20),
		Aliases:    cmp.Or(l.Aliases, 100),
		Directives: cmp.Or(l.Directives, 100),
		Repeats:    cmp.Or(l.Repeats, 100),
		Fields:     cmp.Or(l.Fields, 5000),
	}
}

func (l Limits) check(m measured) gqlerror.List {
	for _, c := range []struct {
		has, most int
		what      string
	}{
		{m.depth, l.Depth, "fields inside each other"},
		{m.aliases, l.Aliases, "aliases"},
		{m.directives, l.Directives, "directives"},
		{m.fields, l.Fields, "fields when its fragments are written out"},
		{m.repeats, l.Repeats, "times the same field in one place"},
	} {
		if c.has > c.most {
			return refused(errcode.ValidationFailed, "the document has %d %s; at most %d are accepted. Ask in several requests", c.has, c.what, c.most)
		}
	}
	return nil
}

// measured is what a document is made of.
type measured struct {
	nodes, depth, aliases, directives, repeats, fields int
	introspects, deferred                              bool
}

// extent is how large a selection is with its fragments written out.
type extent struct{ depth, fields int }

// enough is where counting fields ends, so that it cannot overflow.
const enough = 1 << 30

type measurer struct {
	measured
	fragments map[string]ast.SelectionSet
	// known are the extents of fragments; one that is being measured has none yet,
	// which ends cycles. That they are forbidden is for the validation to say.
	known map[string]extent
}

// measure returns what a document is made of. Repeats are counted where there are
// not more fields than mostFields.
func measure(doc *ast.QueryDocument, mostFields int) measured {
	m := &measurer{fragments: make(map[string]ast.SelectionSet), known: make(map[string]extent)}
	for _, f := range doc.Fragments {
		m.fragments[f.Name] = f.SelectionSet
		m.count(f.Directives)
	}
	for _, op := range doc.Operations {
		m.count(op.Directives)
		for _, v := range op.VariableDefinitions {
			m.nodes++
			m.count(v.Directives)
		}
		e := m.extent(op.SelectionSet)
		m.depth = max(m.depth, e.depth)
		m.fields = min(enough, m.fields+e.fields)
	}
	// Fragments that are not used are still validated.
	for _, f := range doc.Fragments {
		e := m.fragment(f.Name)
		m.depth = max(m.depth, e.depth)
		m.fields = max(m.fields, e.fields)
	}
	if m.fields > mostFields {
		return m.measured
	}
	for _, op := range doc.Operations {
		m.repeat(op.SelectionSet, &place{}, make(map[string]bool))
	}
	for _, f := range doc.Fragments {
		m.repeat(f.SelectionSet, &place{}, map[string]bool{f.Name: true})
	}
	return m.measured
}

// place is a place in the answer, and how often it is asked for.
type place struct {
	count int
	below map[string]*place
}

// repeat notes the fields of a selection, its fragments written out, by the place
// of their answer.
func (m *measurer) repeat(set ast.SelectionSet, at *place, open map[string]bool) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if at.below == nil {
				at.below = make(map[string]*place)
			}
			field := at.below[s.Alias]
			if field == nil {
				field = &place{}
				at.below[s.Alias] = field
			}
			field.count++
			m.repeats = max(m.repeats, field.count)
			m.repeat(s.SelectionSet, field, open)
		case *ast.InlineFragment:
			m.repeat(s.SelectionSet, at, open)
		case *ast.FragmentSpread:
			if !open[s.Name] {
				open[s.Name] = true
				m.repeat(m.fragments[s.Name], at, open)
				delete(open, s.Name)
			}
		}
	}
}

func (m *measurer) fragment(name string) extent {
	if e, ok := m.known[name]; ok {
		return e
	}
	m.known[name] = extent{}
	e := m.extent(m.fragments[name])
	m.known[name] = e
	return e
}

func (m *measurer) extent(set ast.SelectionSet) extent {
	var all extent
	for _, s := range set {
		m.nodes++
		var e extent
		switch s := s.(type) {
		case *ast.Field:
			m.nodes += 2 * len(s.Arguments)
			m.count(s.Directives)
			if s.Alias != s.Name {
				m.aliases++
			}
			if s.Name == "__schema" || s.Name == "__type" {
				m.introspects = true
			}
			e = m.extent(s.SelectionSet)
			e.depth++
			e.fields++
		case *ast.InlineFragment:
			m.count(s.Directives)
			e = m.extent(s.SelectionSet)
		case *ast.FragmentSpread:
			m.count(s.Directives)
			e = m.fragment(s.Name)
		}
		all.depth = max(all.depth, e.depth)
		all.fields = min(enough, all.fields+e.fields)
	}
	return all
}

func (m *measurer) count(list ast.DirectiveList) {
	m.directives += len(list)
	m.nodes += 3 * len(list)
	if list.ForName("defer") != nil {
		m.deferred = true
	}
}
