package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
)

// maxPage is the most rows that one page has.
const maxPage = 100

// paging is the four arguments of a connection.
type paging struct {
	first  *int
	after  *string
	last   *int
	before *string
}

// page checks the arguments.
func (p paging) page() (store.Page, error) {
	switch {
	case p.first == nil && p.last == nil:
		return store.Page{}, badInput("give `first` or `last`: how many rows to return, 1 to %d", maxPage)
	case p.first != nil && p.last != nil:
		return store.Page{}, badInput("give either `first` or `last`, not both")
	case p.first != nil && p.before != nil:
		return store.Page{}, badInput("`first` goes with `after`; for rows before a cursor give `last` and `before`")
	case p.last != nil && p.after != nil:
		return store.Page{}, badInput("`last` goes with `before`; for rows behind a cursor give `first` and `after`")
	}
	page := store.Page{}
	if p.first != nil {
		page.First, page.After = *p.first, deref(p.after)
	} else {
		page.Last, page.Before = *p.last, deref(p.before)
	}
	if n := page.First + page.Last; n < 1 || n > maxPage {
		name := "first"
		if p.last != nil {
			name = "last"
		}
		return store.Page{}, badInput("`%s` is %d: give 1 to %d", name, n, maxPage)
	}
	return page, nil
}

// connect loads the page of id's list, and its length where that is selected,
// at the same time.
func connect[ID comparable, R, T any](
	ctx context.Context,
	id ID,
	p paging,
	rows loader.Paged[ID, R],
	count loader.Loader[ID, int],
	convert func(R) T,
) (*model.Connection[T], error) {
	page, err := p.page()
	if err != nil {
		return nil, err
	}
	load := rows.Load(ctx, loader.PageKey[ID]{ID: id, Page: page})
	total := func() (int, error) { return 0, nil }
	if selects(ctx, "totalCount") {
		total = count.Load(ctx, id)
	}
	slice, err := load()
	if err != nil {
		return nil, err
	}
	n, err := total()
	if err != nil {
		return nil, err
	}
	return connection(slice, n, convert), nil
}

func connection[R, T any](s store.Slice[R], total int, convert func(R) T) *model.Connection[T] {
	c := &model.Connection[T]{
		Edges:      make([]model.Edge[T], len(s.Rows)),
		PageInfo:   &model.PageInfo{HasNextPage: s.HasNext, HasPreviousPage: s.HasPrevious},
		TotalCount: total,
	}
	for i, row := range s.Rows {
		c.Edges[i] = model.Edge[T]{Cursor: s.Cursors[i], Node: convert(row)}
	}
	if n := len(s.Cursors); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &s.Cursors[0], &s.Cursors[n-1]
	}
	return c
}

// none is the page of an empty list.
func none[T any](p paging) (*model.Connection[T], error) {
	if _, err := p.page(); err != nil {
		return nil, err
	}
	return &model.Connection[T]{Edges: []model.Edge[T]{}, PageInfo: &model.PageInfo{}}, nil
}

// selects says whether the field that is being resolved has a child of that
// name in the query.
func selects(ctx context.Context, name string) bool {
	for _, f := range graphql.CollectFieldsCtx(ctx, nil) {
		if f.Name == name {
			return true
		}
	}
	return false
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func badInput(format string, args ...any) error {
	return model.InputError(fmt.Sprintf(format, args...))
}
