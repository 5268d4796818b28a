package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// Page is a stretch of a list: the First rows behind After, or the Last rows
// before Before. Exactly one of First and Last is greater than 0. After and
// Before are cursors of the same list, or empty; both may be given.
type Page struct {
	First, Last   int
	After, Before string
}

// Slice is the part of a list that a Page asked for, in the order of the list.
type Slice[T any] struct {
	Rows                 []T
	Cursors              []string // of Rows, opaque
	HasNext, HasPrevious bool
}

// order is how a list is sorted: by columns that together are unique, all of
// them up or all of them down. A cursor holds their values.
type order struct {
	columns []string
	texts   int // how many of the columns, the first ones, are texts; the others are numbers
	down    bool
}

// cut is a Page in the terms of a statement, which says {{cut}} behind its WHERE
// conditions, ORDER BY {{cut order}} and LIMIT ?, and ORDER BY {{order}} where
// the rows are to come in the order of the list.
type cut struct {
	where string
	args  []any // of {{cut}} and the limit
	order string
	list  string
}

func (p Page) cut(o order) (cut, error) {
	var c cut
	bound := func(cursor string, up bool) error {
		if cursor == "" {
			return nil
		}
		key, err := o.parse(cursor)
		if err != nil {
			return err
		}
		sign := " < "
		if up != o.down {
			sign = " > "
		}
		c.where += " AND (" + strings.Join(o.columns, ", ") + ")" + sign + placeholders(1, len(o.columns))
		c.args = append(c.args, key...)
		return nil
	}
	if err := bound(p.After, true); err != nil {
		return cut{}, err
	}
	if err := bound(p.Before, false); err != nil {
		return cut{}, err
	}
	// One row more than asked for tells whether there is more.
	c.args = append(c.args, p.size()+1)
	c.order = direction(o.columns, o.down != (p.First == 0))
	c.list = direction(o.columns, o.down)
	return c, nil
}

func (c cut) in(stmt string) string {
	return strings.NewReplacer("{{cut}}", c.where, "{{cut order}}", c.order, "{{order}}", c.list).Replace(stmt)
}

// below returns the arguments of a statement whose {{cut}} stands behind the
// list of parents and conditions with args.
func (c cut) below(parents any, args ...any) []any {
	return slices.Concat([]any{parents}, args, c.args)
}

func direction(columns []string, down bool) string {
	if !down {
		return strings.Join(columns, ", ")
	}
	return strings.Join(columns, " DESC, ") + " DESC"
}

func (p Page) size() int {
	if p.First > 0 {
		return p.First
	}
	return p.Last
}

// cursor returns the cursor of the row with this key.
func cursor(key []any) (string, error) {
	b, err := json.Marshal(key)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// parse returns the key in a cursor, or ErrBadCursor if it is not one of a list
// in this order.
func (o order) parse(cursor string) ([]any, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, ErrBadCursor
	}
	var values []json.RawMessage
	if json.Unmarshal(b, &values) != nil || len(values) != len(o.columns) {
		return nil, ErrBadCursor
	}
	key := make([]any, len(values))
	for i, v := range values {
		// null would leave the zero value in place
		if bytes.Equal(v, []byte("null")) {
			return nil, ErrBadCursor
		}
		if i < o.texts {
			var text string
			err = json.Unmarshal(v, &text)
			key[i] = text
		} else {
			var number int64
			err = json.Unmarshal(v, &number)
			key[i] = number
		}
		if err != nil {
			return nil, ErrBadCursor
		}
	}
	return key, nil
}

// slice makes the Slice of rows that a cut statement returned, in list order.
func slice[T any](p Page, rows []T, key func(*T) []any) (Slice[T], error) {
	s := Slice[T]{HasPrevious: p.After != "", HasNext: p.Before != ""}
	if n := p.size(); len(rows) > n {
		if p.First > 0 {
			rows, s.HasNext = rows[:n], true
		} else {
			rows, s.HasPrevious = rows[len(rows)-n:], true
		}
	}
	s.Rows = rows
	s.Cursors = make([]string, len(rows))
	for i := range rows {
		c, err := cursor(key(&rows[i]))
		if err != nil {
			return Slice[T]{}, err
		}
		s.Cursors[i] = c
	}
	return s, nil
}

// child is a row of the list that belongs to a parent.
type child[K comparable, T any] struct {
	parent K
	row    T
}

// selectSlices returns the slice of each parent's list. The statement's first
// columns are the parent's key; its rows come in list order for each parent.
func selectSlices[K comparable, T any](
	ctx context.Context, c conn, p Page, parents []K,
	into func(*K, *T) []any, key func(*T) []any,
	stmt string, args ...any,
) (map[K]Slice[T], error) {
	children, err := selectInto(ctx, c, func(v *child[K, T]) []any { return into(&v.parent, &v.row) }, stmt, args...)
	if err != nil {
		return nil, err
	}
	rows := make(map[K][]T, len(parents))
	for _, ch := range children {
		rows[ch.parent] = append(rows[ch.parent], ch.row)
	}
	all := make(map[K]Slice[T], len(parents))
	for _, parent := range parents {
		if all[parent], err = slice(p, rows[parent], key); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// below puts the columns of a row behind the id of its parent.
func below[T any, P columns[T]](parent *int64, row *T) []any {
	return append([]any{parent}, P(row).columns()...)
}

// fill gives each key that has no value the zero value.
func fill[K comparable, V any](m map[K]V, keys []K) map[K]V {
	for _, k := range keys {
		if _, ok := m[k]; !ok {
			var zero V
			m[k] = zero
		}
	}
	return m
}

// distinct returns the keys without repeats, in any order.
func distinct[K int64 | string](keys []K) []K {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return slices.Compact(keys)
}
