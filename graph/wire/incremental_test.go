package wire_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/graph/wire"
)

// arrived puts the parts of an answer together as a client does, and fails where
// one has no place.
type arrived struct {
	t         *testing.T
	data      map[string]any
	places    map[string][]any // of what was announced
	completed []string
	hasNext   bool
}

type arriving struct {
	Data    map[string]any
	Pending []struct {
		ID   string
		Path []any
	}
	Incremental []struct {
		ID   *string
		Path []any
		Data map[string]any
	}
	Completed []struct{ ID string }
	HasNext   bool
}

func (a *arrived) add(text string) {
	a.t.Helper()
	var p arriving
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		a.t.Fatalf("%v in %s", err, text)
	}
	if p.Data != nil {
		a.data = p.Data
	}
	for _, f := range p.Pending {
		if a.places[f.ID] != nil {
			a.t.Errorf("%s is announced again in %s", f.ID, text)
		}
		a.places[f.ID] = f.Path
	}
	for _, i := range p.Incremental {
		path := i.Path
		if i.ID != nil {
			path = a.places[*i.ID]
			if path == nil || slices.Contains(a.completed, *i.ID) {
				a.t.Fatalf("%s is not awaited in %s", *i.ID, text)
			}
		}
		at := a.at(path)
		if at == nil {
			a.t.Fatalf("nothing is at %v for %s", path, text)
		}
		merge(at, i.Data)
	}
	for _, c := range p.Completed {
		if a.places[c.ID] == nil || slices.Contains(a.completed, c.ID) {
			a.t.Errorf("%s is not awaited in %s", c.ID, text)
		}
		a.completed = append(a.completed, c.ID)
	}
	a.hasNext = p.HasNext
}

// at returns the object at a path, or nil.
func (a *arrived) at(path []any) map[string]any {
	var at any = a.data
	for _, step := range path {
		switch in := at.(type) {
		case map[string]any:
			name, _ := step.(string)
			at = in[name]
		case []any:
			n, _ := step.(float64)
			at = in[int(n)]
		default:
			return nil
		}
	}
	object, _ := at.(map[string]any)
	return object
}

func merge(into, from map[string]any) {
	for name, value := range from {
		a, ok := into[name].(map[string]any)
		b, also := value.(map[string]any)
		if ok && also {
			merge(a, b)
			continue
		}
		into[name] = value
	}
}

// TestDeferred puts answers together of their parts: they are those to the same
// query without @defer.
func TestDeferred(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	for name, query := range map[string]string{
		"a fragment":                      `{ books { id ... @defer(label: "a") { review } } }`,
		"a fragment by its name":          `{ books { id ...F @defer(label: "a") } } fragment F on Book { review }`,
		"without a label":                 `{ books { id ... @defer { review } } }`,
		"two of one object":               `{ books { id ... @defer(label: "a") { review } ... @defer(label: "b") { author { name } } } }`,
		"two with the same field":         `{ books { id ... @defer(label: "a") { review } ... @defer(label: "b") { review title } } }`,
		"inside one another":              `{ books { id ... @defer(label: "a") { review author { id ... @defer(label: "b") { books { id } } } } } }`,
		"thrice inside one another":       `{ books { ... @defer(label: "a") { author { ... @defer(label: "b") { books { ... @defer(label: "c") { review author { name } } } } } } } }`,
		"a null that is not late":         `{ books { id ... @defer(label: "a") { review heading } } }`,
		"a null in a fragment of its own": `{ books { id ... @defer(label: "a") { heading } ... @defer(label: "b") { review } } }`,
		"a null that comes at once too":   `{ books { heading ... @defer(label: "a") { review heading } } }`,
		"of some types":                   `{ search(term: "x") { ... on Node { id } ... on Book @defer(label: "a") { review heading } } }`,
		"some switched off":               `query($no: Boolean! = false) { books { ... @defer(if: $no) { heading } ... @defer(if: true) { review } } }`,
		"all switched off":                `{ books { ... @defer(if: false) { review } } }`,
		"what is not slow":                `{ books { ... @defer { title } } }`,
		"at the top":                      `{ ... @defer { motto books { ... @defer { review } } } }`,
		"in a mutation":                   `mutation { addBook(input: {title: "x", author: 1}) { title ... @defer { review heading } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want struct{ Data map[string]any }
			if err := json.Unmarshal([]byte(send(t, base, post(query)).text), &want); err != nil || want.Data == nil {
				t.Fatalf("the answer in one: %v, %v", want.Data, err)
			}
			for _, spec := range []string{"deferSpec=20220824", "incrementalSpec=v0.2"} {
				a := send(t, base, post(query).with("Accept", "multipart/mixed;"+spec+", application/json"))
				got := arrived{t: t, places: make(map[string][]any)}
				if a.kind() == jsonType { // nothing is deferred
					got.add(a.text)
				} else if !strings.HasSuffix(a.header.Get("Content-Type"), spec) {
					t.Errorf("%s: Content-Type: %s", spec, a.header.Get("Content-Type"))
				}
				for _, text := range strings.Split(a.text, part)[1:] {
					if text, _, ok := strings.Cut(text, "\r\n---"); ok {
						got.add(text)
					}
				}
				if diff := cmp.Diff(want.Data, got.data); diff != "" {
					t.Errorf("%s (-in one +in parts):\n%s", spec, diff)
				}
				if len(got.completed) != len(got.places) || got.hasNext {
					t.Errorf("%s: %d of %d fragments completed, hasNext is %t:\n%s", spec, len(got.completed), len(got.places), got.hasNext, a.text)
				}
			}
		})
	}
}
