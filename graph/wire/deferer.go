package wire

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// deferer leaves out of an answer the fields that come later. gqlgen writes null for
// them, as for those that are null: which it was shows when everything has come.
type deferer struct {
	set       ast.SelectionSet
	variables map[string]any
	// owing are the objects with fields that were left out, in order and by path;
	// fresh are those of them that the last answer has added.
	owing, fresh []*owing
	byPath       map[string]*owing
}

func newDeferer(oc *graphql.OperationContext) deferer {
	return deferer{set: oc.Operation.SelectionSet, variables: oc.Variables, byPath: make(map[string]*owing)}
}

// owing is an object with fields that have not come.
type owing struct {
	path ast.Path
	// fields have, each, the labels of the fragments that may bring it.
	fields map[string][]string
	// failed are those that never come.
	failed map[string]bool
}

// fail notes that the fragment of a label brings nothing.
func (o *owing) fail(label string) {
	for name, labels := range o.fields {
		if slices.Contains(labels, label) {
			delete(o.fields, name)
			o.failed[name] = true
		}
	}
}

// labels returns the labels of the fragments that may bring a field, in order.
func (o *owing) labels() []string {
	var all []string
	for _, labels := range o.fields {
		all = append(all, labels...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// nulls returns an object in which the fields are null.
func (o *owing) nulls() json.RawMessage {
	fields := make(map[string]any, len(o.fields))
	for name := range o.fields {
		fields[name] = nil
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err) // of names and nulls
	}
	return text
}

// prune returns the first part of an answer.
func (d *deferer) prune(data []byte) []byte {
	return d.write(data, []ast.SelectionSet{d.set}, nil)
}

// deliver returns a later part: what the fragment of a label has brought to the
// object at a path.
func (d *deferer) deliver(path ast.Path, label string, data []byte) []byte {
	sets := []ast.SelectionSet{d.set}
	for _, step := range path {
		if name, ok := step.(ast.PathName); ok {
			sets = d.collect(sets)[string(name)].below
		}
	}
	came := d.byPath[path.String()]
	if string(data) == "null" {
		if came != nil {
			came.fail(label)
		}
		return data
	}
	fields := d.collect(sets)
	var b bytes.Buffer
	each(&b, data, '{', '}', func(name string, value json.RawMessage) bool {
		if came != nil {
			delete(came.fields, name)
		}
		return true
	}, func(name string, value json.RawMessage) {
		b.Write(d.write(value, fields[name].below, step(path, ast.PathName(name))))
	})
	return b.Bytes()
}

// has says whether the object at a path has come.
func (d *deferer) has(path ast.Path) bool {
	for i, step := range path {
		name, ok := step.(ast.PathName)
		o := d.byPath[path[:i].String()]
		if !ok || o == nil {
			continue
		}
		if _, late := o.fields[string(name)]; late || o.failed[string(name)] {
			return false
		}
	}
	return true
}

// left returns the objects with fields that no part has brought: they are null.
func (d *deferer) left() []*owing {
	var left []*owing
	for _, o := range d.owing {
		if len(o.fields) > 0 {
			left = append(left, o)
		}
	}
	return left
}

// write returns data without the fields that come later.
func (d *deferer) write(data []byte, sets []ast.SelectionSet, path ast.Path) []byte {
	if len(sets) == 0 {
		return data
	}
	var b bytes.Buffer
	switch data[0] {
	case '{':
		fields := d.collect(sets)
		each(&b, data, '{', '}', func(name string, value json.RawMessage) bool {
			f := fields[name]
			late := !f.now && len(f.labels) > 0 && string(value) == "null"
			if late {
				d.owe(path, name, f.labels)
			}
			return !late
		}, func(name string, value json.RawMessage) {
			b.Write(d.write(value, fields[name].below, step(path, ast.PathName(name))))
		})
	case '[':
		n := -1
		each(&b, data, '[', ']', func(string, json.RawMessage) bool { n++; return true }, func(_ string, value json.RawMessage) {
			b.Write(d.write(value, sets, step(path, ast.PathIndex(n))))
		})
	default:
		return data
	}
	return b.Bytes()
}

func step(path ast.Path, to ast.PathElement) ast.Path {
	return append(path[:len(path):len(path)], to)
}

func (d *deferer) owe(path ast.Path, name string, labels []string) {
	o := d.byPath[path.String()]
	if o == nil {
		o = &owing{path: path, fields: make(map[string][]string), failed: make(map[string]bool)}
		d.byPath[path.String()] = o
		d.owing = append(d.owing, o)
		d.fresh = append(d.fresh, o)
	}
	o.fields[name] = labels
}

// each copies those elements of a JSON object or array that are wanted.
func each(b *bytes.Buffer, data []byte, open, end byte, wanted func(string, json.RawMessage) bool, write func(string, json.RawMessage)) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	next := func() json.Token {
		token, err := decoder.Token()
		if err != nil {
			panic(err) // of JSON that gqlgen has written
		}
		return token
	}
	next()
	b.WriteByte(open)
	comma := false
	for decoder.More() {
		name := ""
		if open == '{' {
			name, _ = next().(string)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			panic(err)
		}
		if !wanted(name, value) {
			continue
		}
		if comma {
			b.WriteByte(',')
		}
		comma = true
		if open == '{' {
			b.WriteString(`"` + name + `":`)
		}
		write(name, value)
	}
	b.WriteByte(end)
}

// asked says how a field of an answer is asked for: at once, or in fragments with
// labels that come later, and what below it.
type asked struct {
	now    bool
	labels []string
	below  []ast.SelectionSet
}

// collect returns the fields of selections by the name that they have in the answer.
// Types of fragments are left aside: a field that comes now for any type is kept.
func (d *deferer) collect(sets []ast.SelectionSet) map[string]asked {
	fields := make(map[string]asked)
	for _, set := range sets {
		d.add(fields, set, nil)
	}
	return fields
}

func (d *deferer) add(fields map[string]asked, set ast.SelectionSet, labels []string) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			f := fields[s.Alias]
			f.now = f.now || len(labels) == 0
			f.labels = append(f.labels, labels...)
			if len(s.SelectionSet) > 0 {
				f.below = append(f.below, s.SelectionSet)
			}
			fields[s.Alias] = f
		case *ast.InlineFragment:
			d.add(fields, s.SelectionSet, d.label(labels, s.Directives))
		case *ast.FragmentSpread:
			d.add(fields, s.Definition.SelectionSet, d.label(labels, s.Directives))
		}
	}
}

// label adds the label of a fragment that is deferred.
func (d *deferer) label(labels []string, directives ast.DirectiveList) []string {
	directive := directives.ForName("defer")
	if directive == nil {
		return labels
	}
	arguments := directive.ArgumentMap(d.variables)
	if on, ok := arguments["if"].(bool); ok && !on {
		return labels
	}
	label, _ := arguments["label"].(string)
	return append(labels[:len(labels):len(labels)], label)
}
