package shortcut

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Schema is the object types that have shortcuts. It is not changed.
type Schema []Type

// Type is an object type. What is not among its fields is plain data.
type Type struct {
	// Implementors is its own name and those of its interfaces.
	Implementors []string
	Objects      map[string]int // fields that hold objects, by their place in the Schema
	Inline       []string       // fields that gqlgen resolves, one after the other
	Concurrent   []string       // fields that gqlgen resolves in goroutines
}

// Operation keeps the plans of one operation. A nil Operation has none.
type Operation struct {
	schema  Schema
	context *graphql.OperationContext

	mu    sync.Mutex
	plans atomic.Pointer[map[planKey]*Plan]
}

// planKey names a selection by where it is: gqlgen collects the fields of an
// operation once and keeps them.
type planKey struct {
	selection *ast.Selection
	length    int
	object    int
}

// Begin returns the shortcuts of an operation, or nil when it takes none.
func Begin(oc *graphql.OperationContext, s Schema) *Operation {
	if oc == nil || oc.Stats.GetExtension(off) != nil {
		return nil
	}
	return &Operation{schema: s, context: oc}
}

// Plan is how the fields of one selection on one object type are written.
type Plan struct {
	Fields []Field
	// Flat says that there are no resolvers in the selection, on any level.
	Flat bool
	// holes is the number of fields that are left to gqlgen.
	holes int
}

// Field is a selected field.
type Field struct {
	graphql.CollectedField
	// Key is the alias as a JSON string, with a colon.
	Key string
	// Hole says that gqlgen resolves the field.
	Hole bool
	// Concurrent says that it does so in a goroutine.
	Concurrent bool
	// Below is the plan of the objects in the field; nil for a hole or a leaf.
	Below *Plan
}

// Plan returns the plan of a selection on a type of the schema. It is nil when
// there is no shortcut.
func (o *Operation) Plan(sel ast.SelectionSet, object int) *Plan {
	if o == nil {
		return nil
	}
	key := planKey{unsafe.SliceData(sel), len(sel), object}
	if plans := o.plans.Load(); plans != nil {
		if p, ok := (*plans)[key]; ok {
			return p
		}
	}
	p := o.plan(sel, object)
	o.mu.Lock()
	defer o.mu.Unlock()
	plans := make(map[planKey]*Plan)
	if old := o.plans.Load(); old != nil {
		maps.Copy(plans, *old)
	}
	plans[key] = p
	o.plans.Store(&plans)
	return p
}

func (o *Operation) plan(sel ast.SelectionSet, object int) *Plan {
	t := &o.schema[object]
	fields := graphql.CollectFields(o.context, sel, t.Implementors)
	p := &Plan{Fields: make([]Field, len(fields)), Flat: true}
	aliases := make(map[string]bool, len(fields))
	for i, f := range fields {
		if f.IsDeferred() || aliases[f.Alias] {
			return nil
		}
		aliases[f.Alias] = true
		p.Fields[i] = o.field(t, f)
		if p.Fields[i].Hole {
			p.holes++
			p.Flat = false
		}
	}
	return p
}

func (o *Operation) field(t *Type, f graphql.CollectedField) Field {
	var key strings.Builder
	graphql.MarshalString(f.Alias).MarshalGQL(&key)
	key.WriteByte(':')
	field := Field{CollectedField: f, Key: key.String()}
	if slices.Contains(t.Concurrent, f.Name) {
		field.Hole, field.Concurrent = true, true
		return field
	}
	if slices.Contains(t.Inline, f.Name) {
		field.Hole = true
		return field
	}
	if of, ok := t.Objects[f.Name]; ok {
		field.Below = o.plan(f.Selections, of)
		if field.Below == nil || !field.Below.Flat {
			field.Below, field.Hole = nil, true
		}
	}
	return field
}
