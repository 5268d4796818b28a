// Package testserver is a GraphQL server for the tests of package dispatch. It
// knows nothing of Loadline.
package testserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

//go:generate go tool gqlgen generate

// Item is one of infinitely many; what it holds follows from its id.
type Item struct {
	ID    int
	Name  *string
	Wrap  *Wrap
	Wraps []Wrap
}

// Made returns a wrap where the id is even.
func (i *Item) Made() *Wrap {
	if i.ID%2 == 1 && i.ID < apart {
		return nil
	}
	return newWrap(i.ID+5, 1)
}

// Method loads an item.
func (i *Item) Method(ctx context.Context) (*Item, error) {
	return LoadersOf(ctx).Item.Load(ctx, next(i.ID, 7))()
}

// Box is a thing that is not an item.
type Box struct {
	ID   int
	Wrap *Wrap
}

// Pair holds items without a resolver.
type Pair struct {
	Left, Right *Item
}

// Wrap is what an item holds in a field of its struct.
type Wrap struct {
	ID   int
	Wrap *Wrap
	Pair *Pair
}

// Needs has fields that must not be null.
type Needs struct{ ID int }

// Thing is an item or a box.
type Thing interface{ IsThing() }

// Either is an item, a box or a pair.
type Either interface{ IsEither() }

// IsThing marks Item as a Thing.
func (*Item) IsThing() {}

// IsEither marks Item as an Either.
func (*Item) IsEither() {}

// IsThing marks Box as a Thing.
func (*Box) IsThing() {}

// IsEither marks Box as an Either.
func (*Box) IsEither() {}

// IsEither marks Pair as an Either.
func (Pair) IsEither() {}

// Odd is a number whose reading can fail.
type Odd int

var errEven = errors.New("even")

// UnmarshalGQL reads an odd number.
func (o *Odd) UnmarshalGQL(v any) error {
	n, err := graphql.UnmarshalInt(v)
	if err == nil && n%2 == 0 {
		err = errEven
	}
	*o = Odd(n)
	return err
}

// MarshalGQL writes the number.
func (o Odd) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Itoa(int(o))) }

// ids bounds the small world, in which keys repeat. Items from apart on are all
// alike, and those that hang on them are different ones.
const (
	ids   = 97
	apart = 1000
)

func next(id, salt int) int {
	if id >= apart {
		return id + apart*(salt+1)
	}
	return (id*31 + salt*17 + 11) % ids
}

func bounded(id int) int {
	if id >= apart {
		return id
	}
	return id % ids
}

func newItem(id int) *Item {
	name := "item " + strconv.Itoa(id)
	i := &Item{ID: id, Name: &name}
	if id%3 != 0 || id >= apart {
		i.Wrap = newWrap(id, 2)
	}
	wraps := id % 3
	if id >= apart {
		wraps = 2
	}
	for n := range wraps {
		i.Wraps = append(i.Wraps, *newWrap(next(id, n), 1))
	}
	return i
}

func newWrap(id, depth int) *Wrap {
	w := &Wrap{ID: id}
	if depth > 0 {
		w.Wrap = newWrap(next(id, 3), depth-1)
		w.Pair = newPair(id, depth-1)
	}
	return w
}

func newPair(id, depth int) *Pair {
	p := &Pair{Left: &Item{ID: next(id, 1)}}
	if depth > 0 {
		p.Right = &Item{ID: next(id, 2), Wrap: newWrap(next(id, 4), depth-1)}
	}
	return p
}

func errAt(id int) error { return fmt.Errorf("item %d cannot be had", id) }
