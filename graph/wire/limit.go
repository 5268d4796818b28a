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
	// Fragments is the most fragments, of which the validation compares pairs and
	// follows chains; 300.
	Fragments int
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
		Fragments:  cmp.Or(l.Fragments, 300),
		Directives: cmp.Or(l.Directives, 100),
		Repeats:    cmp.Or(l.Repeats, 100),
		Fields:     cmp.Or(l.Fields, 5000),
	}
}

func (l Limits) check(m measured) gqlerror.List {
	if len(m.faults) > 0 {
		return m.faults
	}
	for _, c := range []struct {
		has, most int
		what      string
	}{
		{m.depth, l.Depth, "fields inside each other"},
		{m.aliases, l.Aliases, "aliases"},
		{m.fragments, l.Fragments, "fragments"},
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
	nodes, depth, aliases, directives, repeats, fields, fragments int
	introspects, deferred                                         bool
	// faults are fragments that do not exist, exist twice, or are spread within
	// themselves. What has them cannot be measured: it may have no end.
	faults gqlerror.List
}

// extent is how large a selection is with its fragments written out.
type extent struct{ depth, fields int }

// enough is where counting fields ends, so that it cannot overflow.
const enough = 1 << 30

type measurer struct {
	measured
	selections map[string]ast.SelectionSet
	// known are the extents of fragments, open those that are being measured.
	known map[string]extent
	open  map[string]bool
}

// measure returns what a document is made of. Repeats are counted where there are
// not more fields than mostFields.
func measure(doc *ast.QueryDocument, mostFields int) measured {
	m := &measurer{selections: make(map[string]ast.SelectionSet), known: make(map[string]extent), open: make(map[string]bool)}
	for _, f := range doc.Fragments {
		if m.selections[f.Name] != nil {
			m.fault(f.Position, "There can be only one fragment named %q.", f.Name)
		}
		m.selections[f.Name] = f.SelectionSet
		m.fragments++
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
		e := m.fragment(f.Name, f.Position)
		m.depth = max(m.depth, e.depth)
		m.fields = max(m.fields, e.fields)
	}
	if m.fields > mostFields || len(m.faults) > 0 {
		return m.measured
	}
	for _, op := range doc.Operations {
		m.repeat(op.SelectionSet, &place{})
	}
	for _, f := range doc.Fragments {
		m.repeat(f.SelectionSet, &place{})
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
func (m *measurer) repeat(set ast.SelectionSet, at *place) {
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
			m.repeat(s.SelectionSet, field)
		case *ast.InlineFragment:
			m.repeat(s.SelectionSet, at)
		case *ast.FragmentSpread:
			m.repeat(m.selections[s.Name], at)
		}
	}
}

// fragment measures the fragment that is spread at a place.
func (m *measurer) fragment(name string, at *ast.Position) extent {
	if e, ok := m.known[name]; ok {
		return e
	}
	set, ok := m.selections[name]
	switch {
	case !ok:
		m.fault(at, "Unknown fragment %q.", name)
		return extent{}
	case m.open[name]:
		m.fault(at, "Cannot spread fragment %q within itself.", name)
		return extent{}
	}
	m.open[name] = true
	e := m.extent(set)
	m.known[name] = e
	return e
}

func (m *measurer) fault(at *ast.Position, format string, args ...any) {
	err := gqlerror.ErrorPosf(at, format, args...)
	errcode.Set(err, errcode.ValidationFailed)
	m.faults = append(m.faults, err)
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
			e = m.fragment(s.Name, s.Position)
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
