package wire

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// increments makes the parts of an answer to an operation with @defer out of
// gqlgen's responses, in the form of 2022-08-24, which says of each part where it
// belongs, or in that of Apollo's incremental v0.2, which announces what is to come.
type increments struct {
	v02     bool
	deferer deferer
	// early are responses that have come before the object that they belong to.
	early []*graphql.Response
	// open are the fragments that were announced and have not come, by their place.
	open  map[string]string
	ids   int
	first bool
}

func newIncrements(oc *graphql.OperationContext, v02 bool) *increments {
	return &increments{v02: v02, deferer: newDeferer(oc), open: make(map[string]string), first: true}
}

// part is a part of an answer.
type part struct {
	Errors      gqlerror.List   `json:"errors,omitempty"`
	Data        json.RawMessage `json:"data,omitempty"`
	Pending     []announced     `json:"pending,omitempty"`
	Incremental []increment     `json:"incremental,omitempty"`
	Completed   []completed     `json:"completed,omitempty"`
	HasNext     bool            `json:"hasNext"`
	Extensions  map[string]any  `json:"extensions,omitempty"`
}

// announced is a fragment that is to come.
type announced struct {
	ID    string   `json:"id"`
	Path  ast.Path `json:"path"`
	Label string   `json:"label,omitempty"`
}

// increment is what a fragment brings. It is placed by its path, or by the id that
// was announced.
type increment struct {
	ID     string          `json:"id,omitempty"`
	Errors gqlerror.List   `json:"errors,omitempty"`
	Data   json.RawMessage `json:"data"`
	Label  string          `json:"label,omitempty"`
	Path   ast.Path        `json:"path,omitempty"`
}

// completed is a fragment of which nothing more comes.
type completed struct {
	ID     string        `json:"id"`
	Errors gqlerror.List `json:"errors,omitempty"`
}

// append appends the part that a response makes.
func (in *increments) append(b []byte, r *graphql.Response) []byte {
	if r.HasNext == nil {
		return appendResponse(b, r) // nothing was deferred
	}
	p := part{HasNext: *r.HasNext, Extensions: r.Extensions}
	if in.first {
		in.first = false
		p.Errors, p.Data = r.Errors, in.deferer.prune(r.Data)
		p.Pending = in.announce()
	} else {
		in.early = append(in.early, r)
		in.deliverEarly(&p)
	}
	if !p.HasNext {
		in.settle(&p)
	}
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // of what gqlgen has marshalled already
	}
	return append(b, text...)
}

// deliverEarly adds what fragments have brought to objects that have come.
func (in *increments) deliverEarly(p *part) {
	for i := 0; i < len(in.early); i++ {
		if r := in.early[i]; in.deferer.has(r.Path) {
			in.early = slices.Delete(in.early, i, i+1)
			in.deliver(p, r)
			i = -1 // others may belong into it
		}
	}
}

// deliver adds what a fragment has brought.
func (in *increments) deliver(p *part, r *graphql.Response) {
	data := in.deferer.deliver(r.Path, r.Label, r.Data)
	if !in.v02 {
		p.Incremental = append(p.Incremental, increment{Errors: r.Errors, Data: data, Label: r.Label, Path: r.Path})
		return
	}
	at := placeOf(r.Path, r.Label)
	if _, ok := in.open[at]; !ok {
		p.Pending = append(p.Pending, in.announced(r.Path, r.Label))
	}
	p.Pending = append(p.Pending, in.announce()...)
	id := in.open[at]
	delete(in.open, at)
	if string(data) == "null" {
		p.Completed = append(p.Completed, completed{ID: id, Errors: r.Errors})
		return
	}
	p.Incremental = append(p.Incremental, increment{ID: id, Errors: r.Errors, Data: data})
	p.Completed = append(p.Completed, completed{ID: id})
}

// announce announces the fragments of the fields that have been left out since the last part.
func (in *increments) announce() []announced {
	fresh := in.deferer.fresh
	in.deferer.fresh = nil
	if !in.v02 {
		return nil
	}
	var list []announced
	for _, o := range fresh {
		for _, label := range o.labels() {
			list = append(list, in.announced(o.path, label))
		}
	}
	return list
}

func (in *increments) announced(path ast.Path, label string) announced {
	id := strconv.Itoa(in.ids)
	in.ids++
	in.open[placeOf(path, label)] = id
	return announced{ID: id, Path: path, Label: label}
}

// settle adds to the last part the fields that were null, and not late.
func (in *increments) settle(p *part) {
	for _, o := range in.deferer.left() {
		late := increment{Data: o.nulls(), Path: o.path}
		if in.v02 {
			late = increment{Data: o.nulls(), ID: in.open[placeOf(o.path, o.labels()[0])]}
			if late.ID == "" {
				again := in.announced(o.path, o.labels()[0])
				p.Pending = append(p.Pending, again)
				late.ID = again.ID
			}
		}
		p.Incremental = append(p.Incremental, late)
	}
	for _, id := range slices.Sorted(maps.Values(in.open)) {
		p.Completed = append(p.Completed, completed{ID: id})
	}
}

// placeOf names a fragment of the answer.
func placeOf(path ast.Path, label string) string { return path.String() + " " + label }
