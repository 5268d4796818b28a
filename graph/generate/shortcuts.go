package main

import (
	_ "embed"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

// filename is where the shortcuts are, beside gqlgen's code.
const filename = "shortcut_gen.go"

//go:embed shortcuts.gotpl
var template string

// shortcuts is a plugin that generates the shortcuts of a schema.
type shortcuts struct {
	objects []*object
	lists   []*list
	enums   string // the package whose enums gqlgen has generated
}

// object is a type with shortcuts.
type object struct {
	*codegen.Object
	Place  int
	Fields []*field
}

// field is a field of an object.
type field struct {
	*codegen.Field
	Kind kind
}

type kind int

const (
	leaf       kind = iota // a scalar or enum, or a list of those, in a field or from a plain method
	below                  // an object or a list of objects, likewise
	inline                 // anything else that needs no goroutine
	concurrent             // a resolver
)

// list is a list of objects that gqlgen has a function for.
type list struct {
	*config.TypeReference
	Func string
	Of   *object
}

// Name names the plugin.
func (*shortcuts) Name() string { return "shortcuts" }

// GenerateCode writes the shortcuts.
func (s *shortcuts) GenerateCode(data *codegen.Data) error {
	if len(data.AllDirectives.LocationDirectives("FIELD")) > 0 {
		return fmt.Errorf("the schema has directives on FIELD, which shortcuts do not know of")
	}
	if data.Config.UseFunctionSyntaxForExecutionContext {
		return fmt.Errorf("use_function_syntax_for_execution_context: shortcuts need methods")
	}
	if data.Config.Model.IsDefined() {
		s.enums = data.Config.Model.ImportPath()
	}
	for _, o := range data.Objects {
		if !o.Root && !strings.HasPrefix(o.Name, "__") && !directed(o) {
			s.objects = append(s.objects, &object{Object: o, Place: len(s.objects)})
		}
	}
	for _, o := range s.objects {
		for _, f := range o.Object.Fields {
			o.Fields = append(o.Fields, &field{Field: f, Kind: s.kindOf(f)})
		}
	}
	for _, name := range slices.Sorted(mapKeys(data.ReferencedTypes)) {
		ref := data.ReferencedTypes[name]
		if of := s.object(ref); of != nil && ref.IsSlice() && !ref.Elem().IsSlice() && isObject(ref.Elem()) {
			if batched(of) {
				continue
			}
			s.lists = append(s.lists, &list{TypeReference: ref, Func: ref.MarshalFunc(), Of: of})
		}
	}
	return templates.Render(templates.Options{
		PackageName: data.Config.Exec.Package,
		Filename:    filepath.Join(data.Config.Exec.Dir(), filename),
		Template:    template,
		Data:        map[string]any{"Objects": s.objects, "Lists": s.lists},
		Funcs: map[string]any{
			"write": s.write, "value": value, "names": names, "place": s.place, "of": s.of,
			"batched": s.batched, "gathers": s.gathers, "collect": s.collect,
			"leads": s.leads, "reference": s.reference, "objectName": s.objectName,
		},
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (s *shortcuts) kindOf(f *codegen.Field) kind {
	switch {
	case f.IsConcurrent():
		return concurrent
	case f.IsBatch(), f.IsResolver, f.IsMap(), f.HasHaser, f.VOkFunc, f.HasDirectives(), len(f.Args) > 0,
		f.IsMethod() && !f.NoErr, f.IsReserved():
		return inline
	case s.object(f.TypeReference) != nil:
		if s.writable(f.TypeReference) {
			return below
		}
	case f.TypeReference.Definition.IsLeafType():
		if s.writable(f.TypeReference) {
			return leaf
		}
	}
	return inline
}

// object returns the object type with shortcuts that a reference is to, on
// whatever level of lists.
func (s *shortcuts) object(ref *config.TypeReference) *object {
	for _, o := range s.objects {
		if o.Name == ref.Definition.Name {
			return o
		}
	}
	return nil
}

func (s *shortcuts) place(f *field) int { return s.object(f.TypeReference).Place }

// of is the place of the objects in a field, negative where there are none.
func (s *shortcuts) of(f *field) int {
	if o := s.object(f.TypeReference); o != nil {
		return o.Place
	}
	return -1
}

// batched reports whether a field may have a resolver for many objects at once.
func (s *shortcuts) batched(f *field) bool {
	return f.Kind == concurrent && f.IsResolver && !f.IsBatch() && len(f.Args) == 0 && !f.HasDirectives() &&
		(s.object(f.TypeReference) != nil || f.TypeReference.Definition.IsLeafType()) && s.writable(f.TypeReference)
}

// gathers reports whether a field of the object leads to such a resolver.
func (s *shortcuts) gathers(o *object) bool { return s.leading(o, map[*object]bool{}) }

func (s *shortcuts) leading(o *object, seen map[*object]bool) bool {
	if seen[o] {
		return false
	}
	seen[o] = true
	return slices.ContainsFunc(o.Fields, func(f *field) bool {
		return s.batched(f) || f.Kind == below && s.leading(s.object(f.TypeReference), seen)
	})
}

// leads reports whether there may be such resolvers below a field.
func (s *shortcuts) leads(f *field) bool {
	o := s.object(f.TypeReference)
	return o != nil && s.gathers(o)
}

func (s *shortcuts) objectName(f *field) string { return s.object(f.TypeReference).Name }

func (s *shortcuts) reference(f *field) string {
	return templates.CurrentImports.LookupType(s.object(f.TypeReference).Reference())
}

// collect returns statements that append the objects in the value v to the
// variable below.
func (s *shortcuts) collect(ref *config.TypeReference, v string) string {
	switch {
	case ref.IsSlice():
		item := "v[i]"
		if isObject(ref.Elem()) && !ref.Elem().IsPtr() {
			item = "&v[i]"
		}
		return fmt.Sprintf("for i, v := 0, %s; i < len(v); i++ {\n%s\n}", v, s.collect(ref.Elem(), item))
	case ref.IsPtr():
		return fmt.Sprintf("if v := %s; v != nil { below = append(below, v) }", v)
	case strings.HasPrefix(v, "&"):
		return fmt.Sprintf("below = append(below, %s)", v)
	default:
		return fmt.Sprintf("{ v := %s; below = append(below, &v) }", v)
	}
}

// writable reports whether write has code for the reference.
func (s *shortcuts) writable(ref *config.TypeReference) bool {
	switch {
	case ref.IsPtrToSlice(), ref.IsPtrToIntf(), ref.IsPtrToPtr(), ref.IsOmittable, ref.IsMap(), ref.HasEnumValues():
		return false
	case ref.IsSlice():
		return s.writable(ref.Elem())
	case ref.Definition.IsLeafType():
		if ref.Marshaler != nil {
			return writers[ref.Marshaler.FullName()] != ""
		}
		return ref.IsMarshaler && !ref.IsContext
	default:
		return isObject(ref)
	}
}

// isObject reports whether the value is a struct or a pointer to one.
func isObject(ref *config.TypeReference) bool {
	t := types.Unalias(ref.GO)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok && !ref.IsMarshaler && ref.Marshaler == nil
}

// directed reports whether gqlgen calls directives for an object or for its fields.
func directed(o *codegen.Object) bool {
	return slices.ContainsFunc(o.Directives, func(d *codegen.Directive) bool { return !d.SkipRuntime }) ||
		slices.ContainsFunc(o.Fields, (*codegen.Field).HasDirectives)
}

func batched(o *object) bool {
	return slices.ContainsFunc(o.Fields, func(f *field) bool { return f.IsBatch() })
}

// value is the expression for a field's value.
func value(f *field) string {
	if f.IsMethod() {
		return "obj." + f.GoFieldName + "()"
	}
	return "obj." + f.GoFieldName
}

// names are the names of an object's fields of a kind, as Go source.
func names(o *object, of string) string {
	var all []string
	for _, f := range o.Fields {
		if f.Kind == inline && of == "inline" || f.Kind == concurrent && of == "concurrent" {
			all = append(all, fmt.Sprintf("%q", f.Name))
		}
	}
	return strings.Join(all, ", ")
}

// writers are the statements that write what gqlgen's marshalers write.
var writers = map[string]string{
	"github.com/99designs/gqlgen/graphql.MarshalString":       "w.String(%s)",
	"github.com/99designs/gqlgen/graphql.MarshalID":           "w.String(%s)",
	"github.com/99designs/gqlgen/graphql.MarshalBoolean":      "w.Boolean(%s)",
	"github.com/99designs/gqlgen/graphql.MarshalInt":          "w.Int(int64(%s))",
	"github.com/99designs/gqlgen/graphql.MarshalInt32":        "w.Int(int64(%s))",
	"github.com/99designs/gqlgen/graphql.MarshalInt64":        "w.Int(%s)",
	"github.com/99designs/gqlgen/graphql.MarshalFloatContext": "if !w.Float(%s) { return false }",
}

// write returns statements that write the value of the expression v, or return
// false where it cannot be written.
func (s *shortcuts) write(ref *config.TypeReference, v string) string {
	var b strings.Builder
	if ref.IsNilable() && (!ref.IsSlice() || !ref.GQL.NonNull) {
		otherwise := "w.Null()"
		if ref.GQL.NonNull {
			otherwise = "return false"
		}
		fmt.Fprintf(&b, "if v := %s; v == nil { %s } else {\n", v, otherwise)
		b.WriteString(s.writeValue(ref, "v"))
		b.WriteString("\n}")
		return b.String()
	}
	return s.writeValue(ref, v)
}

// writeValue returns statements for a value that is not nil.
func (s *shortcuts) writeValue(ref *config.TypeReference, v string) string {
	if ref.IsSlice() {
		elem := ref.Elem()
		item := "v[i]"
		if isObject(elem) && !elem.IsPtr() {
			item = "&v[i]"
		}
		body := s.write(elem, item)
		if item == "&v[i]" {
			body = s.writeValue(elem, item)
		}
		return fmt.Sprintf("w.B = append(w.B, '[')\nfor i, v := 0, %s; i < len(v); i++ {\nif i > 0 { w.B = append(w.B, ',') }\n%s\n}\nw.B = append(w.B, ']')", v, body)
	}
	if o := s.object(ref); o != nil {
		if !ref.IsPtr() && !strings.HasPrefix(v, "&") {
			return fmt.Sprintf("if v := %s; !ec.write_%s(w, r, below, &v) { return false }", v, o.Name)
		}
		return fmt.Sprintf("if !ec.write_%s(w, r, below, %s) { return false }", o.Name, v)
	}
	if ref.Marshaler != nil {
		if ref.IsPtr() {
			v = "*" + v
		}
		if ref.CastType != nil {
			v = templates.CurrentImports.LookupType(ref.CastType) + "(" + v + ")"
		}
		return fmt.Sprintf(writers[ref.Marshaler.FullName()], v)
	}
	switch {
	case s.isEnum(ref):
		if ref.IsPtr() {
			v = "*" + v
		}
		return fmt.Sprintf("w.Enum(string(%s))", v)
	case hasMethod(ref.GO, "AppendGQL"):
		return fmt.Sprintf("w.B = %s.AppendGQL(w.B)", v)
	default:
		return fmt.Sprintf("%s.MarshalGQL(w)", v)
	}
}

// isEnum reports whether the type is an enum that gqlgen has generated.
func (s *shortcuts) isEnum(ref *config.TypeReference) bool {
	t := types.Unalias(ref.GO)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok || ref.Definition.Kind != ast.Enum || named.Obj().Pkg().Path() != s.enums {
		return false
	}
	basic, ok := named.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.String
}

func hasMethod(t types.Type, name string) bool {
	m, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := m.(*types.Func)
	return ok
}
