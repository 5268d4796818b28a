//go:generate go run loadline/graph/generate

// Package testserver is a gqlgen server with shortcuts whose data has holes in
// many places.
package testserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Row is number N of endlessly many.
type Row struct{ N int }

// Leaf has no resolvers.
type Leaf struct {
	N        int
	Strict   *string
	Value    Value
	OptValue *Value
}

// Value is held by value.
type Value struct {
	X int
	Y *float64
}

// Stamp is a scalar with a method to append it.
type Stamp int

// AppendGQL appends the stamp.
func (s Stamp) AppendGQL(b []byte) []byte { return strconv.AppendInt(b, int64(s), 10) }

// MarshalGQL writes the stamp.
func (s Stamp) MarshalGQL(w io.Writer) { fmt.Fprintf(w, "%d", int(s)) }

// UnmarshalGQL reads nothing.
func (s *Stamp) UnmarshalGQL(any) error { return errors.New("not for input") }

// Day is a scalar without.
type Day string

// MarshalGQL writes the day.
func (d Day) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads nothing.
func (d *Day) UnmarshalGQL(any) error { return errors.New("not for input") }

func optional[T any](there bool, v T) *T {
	if !there {
		return nil
	}
	return &v
}

func leaf(n int) *Leaf {
	return &Leaf{
		N: n, Strict: optional(n%7 != 0, "strict"),
		Value:    Value{X: n, Y: optional(n%2 == 0, float64(n)/3)},
		OptValue: optional(n%3 != 0, Value{X: -n}),
	}
}

// IsNode and IsEither mark the types that are.
func (*Row) IsNode()    {}
func (*Row) IsEither()  {}
func (*Leaf) IsNode()   {}
func (*Leaf) IsEither() {}

// The fields of a leaf.
func (l *Leaf) ID() string   { return fmt.Sprint("leaf-", l.N) }
func (l *Leaf) Text() string { return "leaf \t\"" + strings.Repeat("é\\\n\x01", l.N%3) + "<&>" }

// The fields of a row.
func (r *Row) ID() string               { return fmt.Sprint("row-", r.N) }
func (r *Row) Text() string             { return fmt.Sprintf("row %d \u2028 \"quoted\"", r.N) }
func (r *Row) Opt() *string             { return optional(r.N%2 == 0, "there") }
func (r *Row) Strict() *string          { return optional(r.N%5 != 4, "strict") }
func (r *Row) Small() int               { return r.N }
func (r *Row) Big() int64               { return math.MinInt64 + int64(r.N) }
func (r *Row) Float() float64           { return math.Pow(-10.1, float64(r.N)) }
func (r *Row) Flag() bool               { return r.N%2 == 0 }
func (r *Row) OptFlag() *bool           { return optional(r.N%3 == 0, true) }
func (r *Row) OptKind() *Kind           { return optional(r.N%2 == 0, KindBad) }
func (r *Row) Stamp() Stamp             { return Stamp(r.N) }
func (r *Row) OptStamp() *Stamp         { return optional(r.N%2 == 1, Stamp(r.N)) }
func (r *Row) Day() Day                 { return Day("a \"day\"") }
func (r *Row) Leaf() Leaf               { return *leaf(r.N*7 + 1) }
func (r *Row) OptLeaf() *Leaf           { return optional(r.N%2 == 0, *leaf(r.N)) }
func (r *Row) Either() Either           { return optional(true, *leaf(r.N)) }
func (r *Row) Made() []*Leaf            { return []*Leaf{leaf(1), leaf(2)} }
func (r *Row) Values() []Value          { return make([]Value, r.N%3) }
func (r *Row) Repeat(times *int) string { return strings.Repeat("x", max(0, min(9, *times))) }
func (r *Row) MustNext() *Row           { return r.Next() }

// Wild is not a number for some rows.
func (r *Row) Wild() *float64 {
	return optional(r.N%3 != 0, math.Log(float64(r.N%4-1)))
}

// Tags are nil for some rows, which is an empty list.
func (r *Row) Tags() []string { return [][]string{nil, {}, {"a", "b\n"}}[r.N%3] }

// OptTags are nil for some rows, which is null.
func (r *Row) OptTags() []*string {
	return [][]*string{nil, {}, {optional(true, "a"), nil}}[r.N%3]
}

// StrictTags are nil for some rows, which is null.
func (r *Row) StrictTags() []string { return r.Tags() }

// Grid is a list of lists.
func (r *Row) Grid() [][]int { return [][][]int{nil, {nil, {1}}, {{1, 2}, {}}}[r.N%3] }

// Kind is not one of the schema's for some rows.
func (r *Row) Kind() Kind { return []Kind{KindGood, KindUglyOne, "odd\"", ""}[r.N%4] }

// Kinds is a list of enums.
func (r *Row) Kinds() []Kind { return []Kind{KindBad, r.Kind()} }

// MustLeaf is nil for some rows.
func (r *Row) MustLeaf() *Leaf {
	if r.N%5 == 3 {
		return nil
	}
	return leaf(1)
}

// Leaves hold one that is null for some rows.
func (r *Row) Leaves() []*Leaf { return []*Leaf{leaf(1), leaf(r.N + 2), leaf(3)} }

// OptLeaves may hold nil.
func (r *Row) OptLeaves() []*Leaf { return [][]*Leaf{nil, {nil, leaf(1)}, {leaf(7), leaf(8)}}[r.N%3] }

// StrictLeaves must not hold nil, and do.
func (r *Row) StrictLeaves() []*Leaf { return r.OptLeaves() }

// Failing fails for some rows.
func (r *Row) Failing() (*string, error) {
	if r.N%3 == 1 {
		return nil, errors.New("failed")
	}
	return r.Opt(), nil
}

// MustFailing fails for some rows.
func (r *Row) MustFailing() (string, error) {
	if r.N%4 == 1 {
		return "", errors.New("failed")
	}
	return "fine", nil
}

// Panics does for some rows.
func (r *Row) Panics() *string {
	if r.N%4 == 2 {
		panic("row")
	}
	return optional(true, "calm")
}

// Context needs a context.
func (r *Row) Context(context.Context) (*string, error) { return r.Opt(), nil }

// Node is a leaf or a row.
func (r *Row) Node() Node {
	switch r.N % 3 {
	case 0:
		return nil
	case 1:
		return leaf(r.N)
	default:
		return &Row{N: r.N + 1}
	}
}

// Next is nil for some rows.
func (r *Row) Next() *Row {
	if r.N%6 == 5 {
		return nil
	}
	return &Row{N: r.N + 1}
}

// Nexts are the next rows.
func (r *Row) Nexts() []*Row { return []*Row{{N: r.N + 1}, {N: r.N + 2}} }
