package shortcut

import (
	"context"
	"io"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// Object is an object whose plain fields have been written and whose holes are
// yet to be resolved.
type Object struct {
	Holes []Hole
	// Invalid counts the holes whose value the object cannot have.
	Invalid atomic.Int32
	text    []byte
}

// Hole is the place of a field in an object.
type Hole struct {
	*Field
	Value graphql.Marshaler
	at    int
}

// MarshalGQL writes the object with what its holes were filled with.
func (o *Object) MarshalGQL(w io.Writer) {
	done := 0
	for i := range o.Holes {
		h := &o.Holes[i]
		w.Write(o.text[done:h.at])
		h.Value.MarshalGQL(w)
		done = h.at
	}
	w.Write(o.text[done:])
}

// Set fills a hole. A field that must not be null invalidates its object by
// being Null, any other by being RequiredNull.
func (o *Object) Set(h *Hole, v graphql.Marshaler) {
	h.Value = v
	null := graphql.RequiredNull
	if h.Definition.Type.NonNull {
		null = graphql.Null
	}
	if v == graphql.Marshaler(null) {
		o.Invalid.Add(1)
	}
}

// Concurrently calls resolve for all concurrent holes, and returns when all of
// them are filled. The last call is made in this goroutine.
func (o *Object) Concurrently(resolve func(*Hole)) {
	var own *Hole
	var wg sync.WaitGroup
	for i := range o.Holes {
		h := &o.Holes[i]
		if !h.Concurrent {
			continue
		}
		if own == nil {
			own = h
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			growStack()
			resolve(h)
		}()
	}
	if own != nil {
		resolve(own)
		wg.Wait()
	}
}

// Fill resolves a hole. A panic fills it with Null.
func (o *Object) Fill(ctx context.Context, oc *graphql.OperationContext, h *Hole, resolve func(context.Context, graphql.CollectedField) graphql.Marshaler) {
	value := graphql.Marshaler(graphql.Null)
	defer func() {
		if r := recover(); r != nil {
			oc.Error(ctx, oc.Recover(ctx, r))
			value = graphql.Null
		}
		o.Set(h, value)
	}()
	value = resolve(ctx, h.CollectedField)
}

// Slice marshals the elements of a list concurrently, each in the context of its
// index, as graphql.MarshalSliceConcurrently does.
func Slice(ctx context.Context, length int, marshal func(ctx context.Context, i int) graphql.Marshaler) graphql.Array {
	out := make(graphql.Array, length)
	fields := make([]graphql.FieldContext, length)
	indexes := make([]int, length)
	element := func(i int) {
		indexes[i] = i
		fields[i].Index = &indexes[i]
		ctx := graphql.WithFieldContext(ctx, &fields[i])
		defer func() {
			if r := recover(); r != nil {
				graphql.AddError(ctx, graphql.Recover(ctx, r))
				out[i] = graphql.Null
			}
		}()
		out[i] = marshal(ctx, i)
	}
	var wg sync.WaitGroup
	for i := 1; i < length; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			growStack()
			element(i)
		}()
	}
	if length > 0 {
		element(0)
	}
	wg.Wait()
	return out
}

// stackRoom makes a stack 8 KiB: less than resolvers need costs as much as
// nothing, more costs more than it saves.
const stackRoom = 6 << 10

// growStack makes the stack of a new goroutine as large as resolvers need, while
// there is next to nothing on it that has to be moved. Growing by doubling as
// calls nest takes a quarter of the CPU of an answer.
//
//go:noinline
func growStack() {
	var room [stackRoom]byte
	use(&room)
}

//go:noinline
func use(room *[stackRoom]byte) { room[0] = 1 }
