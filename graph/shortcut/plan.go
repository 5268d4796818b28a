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
	// Batches are those of the concurrent fields that a resolver can have for many
	// objects at once.
	Batches map[string]Batch
}

// Batch is a field that may be resolved for many objects at once.
type Batch struct {
	// Of is the place in the Schema of the objects that the field holds; negative
	// when it holds none.
	Of int
	// By reports whether the resolvers of the schema have a method for that.
	By func(resolvers any) bool
}

// Operation keeps the plans of one operation. A nil Operation has none.
type Operation struct {
	schema    Schema
	resolvers any
	context   *graphql.OperationContext

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

const extension = "Shortcut"

// Begin returns the shortcuts of an operation, or nil when it takes none.
func Begin(oc *graphql.OperationContext, s Schema, resolvers any) *Operation {
	if oc == nil || oc.Stats.GetExtension(off) != nil {
		return nil
	}
	o := &Operation{schema: s, resolvers: resolvers, context: oc}
	oc.Stats.SetExtension(extension, o)
	return o
}

// IsWhole reports whether the selection on objects of a type is resolved level by
// level, without gqlgen. It is what a dispatch.Extension needs to know.
func IsWhole(oc *graphql.OperationContext, object string, sel ast.SelectionSet) bool {
	o, _ := oc.Stats.GetExtension(extension).(*Operation)
	if o == nil {
		return false
	}
	place := slices.IndexFunc(o.schema, func(t Type) bool { return t.Implementors[0] == object })
	if place < 0 {
		return false
	}
	p := o.Plan(sel, place)
	return p != nil && p.Whole
}

// Plan is how the fields of one selection on one object type are written.
type Plan struct {
	Fields []Field
	// Flat says that there are no resolvers in the selection, on any level.
	Flat bool
	// Whole says that there are, and that all of them have a method for many
	// objects at once.
	Whole bool
	// slots is the number of such fields in the whole of a plan that Plan returned.
	slots int
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
	// Batch says that it has a method for many objects at once.
	Batch bool
	// Below is the plan of the objects in the field. It is nil for a leaf, and
	// where there is none.
	Below *Plan
	// slot is the place of the field's values in a Run.
	slot int
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
	if p != nil && p.Whole {
		p.slots = p.number(0)
	}
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

// number gives the batches in the plan their slots, from n on, and returns what
// comes after the last.
func (p *Plan) number(n int) int {
	for i := range p.Fields {
		f := &p.Fields[i]
		if f.Batch {
			f.slot = n
			n++
		}
		if f.Below != nil {
			n = f.Below.number(n)
		}
	}
	return n
}

func (o *Operation) plan(sel ast.SelectionSet, object int) *Plan {
	t := &o.schema[object]
	fields := graphql.CollectFields(o.context, sel, t.Implementors)
	p := &Plan{Fields: make([]Field, len(fields)), Flat: true, Whole: true}
	aliases := make(map[string]bool, len(fields))
	for i, f := range fields {
		if f.IsDeferred() || aliases[f.Alias] {
			return nil
		}
		aliases[f.Alias] = true
		p.Fields[i] = o.field(t, f)
		below := p.Fields[i].Below
		if p.Fields[i].Hole {
			p.Flat = false
			p.Whole = p.Whole && (p.Fields[i].Batch || below != nil) && (below == nil || below.Whole || below.Flat)
		}
	}
	p.Whole = p.Whole && !p.Flat
	return p
}

func (o *Operation) field(t *Type, f graphql.CollectedField) Field {
	var key strings.Builder
	graphql.MarshalString(f.Alias).MarshalGQL(&key)
	key.WriteByte(':')
	field := Field{CollectedField: f, Key: key.String()}
	switch of, ok := t.Objects[f.Name]; {
	case slices.Contains(t.Concurrent, f.Name):
		field.Hole, field.Concurrent = true, true
		if b, ok := t.Batches[f.Name]; ok && b.By(o.resolvers) {
			field.Batch = true
			if b.Of >= 0 {
				field.Below = o.plan(f.Selections, b.Of)
				field.Batch = field.Below != nil
			}
		}
	case slices.Contains(t.Inline, f.Name):
		field.Hole = true
	case ok:
		field.Below = o.plan(f.Selections, of)
		field.Hole = field.Below == nil || !field.Below.Flat
	}
	return field
}
