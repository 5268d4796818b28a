package dispatch

import (
	"context"
	"errors"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// schema is what the tracker must know of an executable schema to foretell
// which resolvers gqlgen will start. It is read once, when the extension is
// added, and not changed after.
type schema struct {
	ast   *ast.Schema
	types map[string]*typeInfo
	// names tells the object type of a Go type, for results of an interface or union.
	names map[reflect.Type]string
}

type typeInfo struct {
	name      string
	composite bool
	abstract  bool
	// satisfies is the list that the generated code collects fields with. It has
	// the same order, so that gqlgen's cache of collected fields serves both.
	satisfies []string
	// possible are the object types of an abstract type.
	possible []*typeInfo
	fields   map[string]*fieldInfo
}

type fieldInfo struct {
	typ  *ast.Type
	kind fieldKind
}

type fieldKind uint8

const (
	// inline fields are resolved in the goroutine of their object, one after the other.
	inline fieldKind = iota
	// concurrent fields get a goroutine each when the inline ones are done.
	concurrent
	// batched fields are concurrent ones whose resolver is called once for a list of parents.
	batched
)

var errNoResolvers = errors.New("dispatch: the executable schema has no Resolvers; it must be one that gqlgen generated")

func readSchema(es graphql.ExecutableSchema) (*schema, error) {
	root, ok := resolverRoot(es)
	if !ok {
		return nil, errNoResolvers
	}
	s := &schema{ast: es.Schema(), types: make(map[string]*typeInfo), names: make(map[reflect.Type]string)}
	for name, def := range s.ast.Types {
		t := &typeInfo{name: name, composite: def.IsCompositeType(), abstract: def.IsAbstractType(), satisfies: []string{name}}
		for _, i := range s.ast.GetImplements(def) {
			t.satisfies = append(t.satisfies, i.Name)
		}
		if def.Kind == ast.Object {
			t.fields = make(map[string]*fieldInfo, len(def.Fields))
			for _, f := range def.Fields {
				t.fields[f.Name] = &fieldInfo{typ: f.Type}
			}
		}
		s.types[name] = t
	}
	for _, t := range s.types {
		if t.abstract {
			for _, def := range s.ast.GetPossibleTypes(s.ast.Types[t.name]) {
				t.possible = append(t.possible, s.types[def.Name])
			}
		}
	}
	s.readResolvers(root)
	// gqlgen has resolvers for these two outside of its interfaces.
	for _, name := range []string{"_entities", "_service"} {
		if f := s.types[rootName(s.ast.Query)].fields[name]; f != nil {
			f.kind = concurrent
		}
	}
	return s, nil
}

// resolverRoot returns the generated ResolverRoot, an interface with a method
// for each object type that has resolvers.
func resolverRoot(es graphql.ExecutableSchema) (reflect.Type, bool) {
	t := reflect.TypeOf(es)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return nil, false
	}
	f, ok := t.Elem().FieldByName("Resolvers")
	return f.Type, ok && f.Type.Kind() == reflect.Interface
}

func (s *schema) readResolvers(root reflect.Type) {
	for _, t := range s.types {
		if t.fields == nil || len(t.name) == 0 {
			continue
		}
		m, ok := root.MethodByName(strings.ToUpper(t.name[:1]) + t.name[1:])
		if !ok || m.Type.NumOut() != 1 || m.Type.Out(0).Kind() != reflect.Interface {
			continue
		}
		resolvers := m.Type.Out(0)
		isRoot := t.name == rootName(s.ast.Query) || t.name == rootName(s.ast.Mutation) || t.name == rootName(s.ast.Subscription)
		for i := range resolvers.NumMethod() {
			sig := resolvers.Method(i)
			f := t.field(sig.Name)
			if f == nil || sig.Type.NumOut() == 0 {
				continue
			}
			f.kind = concurrent
			if !isRoot && sig.Type.NumIn() > 1 {
				obj := sig.Type.In(1)
				if obj.Kind() == reflect.Slice {
					f.kind = batched
				}
				s.readGo(t, obj)
			}
			s.readGo(s.types[f.typ.Name()], sig.Type.Out(0))
		}
	}
}

// readGo notes that objects of type t are held in the Go type g, and goes on
// with what g's fields and methods hold.
func (s *schema) readGo(t *typeInfo, g reflect.Type) {
	g = elem(g)
	if t == nil || t.fields == nil || g.Kind() == reflect.Interface {
		return
	}
	if _, ok := s.names[g]; ok {
		return
	}
	s.names[g] = t.name
	methods := reflect.PointerTo(g)
	for i := range methods.NumMethod() {
		m := methods.Method(i)
		f := t.field(m.Name)
		if f == nil || f.kind != inline || m.Type.NumOut() == 0 {
			continue
		}
		if m.Type.NumIn() > 1 && m.Type.In(1) == reflect.TypeFor[context.Context]() {
			f.kind = concurrent
		}
		s.readGo(s.types[f.typ.Name()], m.Type.Out(0))
	}
	if g.Kind() != reflect.Struct {
		return
	}
	for _, v := range reflect.VisibleFields(g) {
		if f := t.field(v.Name); f != nil && v.IsExported() {
			s.readGo(s.types[f.typ.Name()], v.Type)
		}
	}
}

// elem strips what gqlgen puts around the Go type of an object.
func elem(g reflect.Type) reflect.Type {
	for g.Kind() == reflect.Pointer || g.Kind() == reflect.Slice || g.Kind() == reflect.Chan {
		g = g.Elem()
	}
	return g
}

// field returns the field that gqlgen binds to a Go name: the two differ in
// case, by initialisms, and in underscores.
func (t *typeInfo) field(goName string) *fieldInfo {
	for name, f := range t.fields {
		if strings.EqualFold(strings.ReplaceAll(name, "_", ""), goName) {
			return f
		}
	}
	return nil
}

// objectType returns the type of a Go value in a field of type t, or nil when
// that cannot be told.
func (s *schema) objectType(t *typeInfo, g reflect.Type) *typeInfo {
	if !t.abstract {
		return t
	}
	g = elem(g)
	if name, ok := s.names[g]; ok {
		return s.types[name]
	}
	for _, p := range t.possible {
		if p.name == g.Name() {
			return p
		}
	}
	return nil
}

func rootName(def *ast.Definition) string {
	if def == nil {
		return ""
	}
	return def.Name
}
