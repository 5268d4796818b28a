package graph

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"loadline/store"
)

// place is where a row stands in a list that is put in order here, not by the
// database: by number, then text, then what tells rows apart. A cursor is a place,
// so that it stays good when rows come and go.
type place struct {
	Order  string  `json:"o,omitempty"` // of the list; textsDown: texts are from the last to the first
	Number float64 `json:"n,omitempty"`
	Text   string  `json:"t,omitempty"`
	BomID  int64   `json:"b,omitempty"`
	Seq    int     `json:"s,omitempty"`
	ID     string  `json:"i,omitempty"`
}

const textsDown = "down"

func (p place) compare(q place) int {
	texts := strings.Compare(p.Text, q.Text)
	if p.Order == textsDown {
		texts = -texts
	}
	return cmp.Or(
		cmp.Compare(p.Number, q.Number),
		texts,
		cmp.Compare(p.BomID, q.BomID),
		cmp.Compare(p.Seq, q.Seq),
		strings.Compare(p.ID, q.ID),
	)
}

func (p place) cursor() (string, error) {
	b, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// parsePlace returns the place in a cursor, or store.ErrBadCursor if it is not
// one of a list in this order.
func parsePlace(cursor, order string) (place, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return place{}, store.ErrBadCursor
	}
	var p place
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || d.More() || p.Order != order {
		return place{}, store.ErrBadCursor
	}
	return p, nil
}

// stretch is the page of rows in the order of their places, which tell all of
// them apart and are of that order.
func stretch[R any](p paging, order string, rows []R, placeOf func(R) place) (store.Slice[R], error) {
	page, err := p.page()
	if err != nil {
		return store.Slice[R]{}, err
	}
	type placed struct {
		place
		row R
	}
	all := make([]placed, len(rows))
	for i, r := range rows {
		all[i] = placed{placeOf(r), r}
		all[i].Order = order
	}
	slices.SortFunc(all, func(a, b placed) int { return a.compare(b.place) })
	from, to := 0, len(all)
	for _, bound := range []struct {
		cursor string
		at     *int
		behind int
	}{{page.After, &from, 1}, {page.Before, &to, 0}} {
		if bound.cursor == "" {
			continue
		}
		at, err := parsePlace(bound.cursor, order)
		if err != nil {
			return store.Slice[R]{}, err
		}
		i, there := slices.BinarySearchFunc(all, at, func(a placed, p place) int { return a.compare(p) })
		if there {
			i += bound.behind
		}
		*bound.at = i
	}
	if page.First > 0 {
		to = min(to, from+page.First)
	} else {
		from = max(from, to-page.Last)
	}
	s := store.Slice[R]{HasPrevious: from > 0, HasNext: to < len(all)}
	for _, a := range all[from:to] {
		c, err := a.cursor()
		if err != nil {
			return store.Slice[R]{}, err
		}
		s.Rows, s.Cursors = append(s.Rows, a.row), append(s.Cursors, c)
	}
	return s, nil
}
