// Package testserver is a small schema that has what Loadline's has not, such as
// fields that echo and fields that fail, to try package wire with.
//
//go:generate go run loadline/graph/generate
package testserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// Resolver resolves all of the schema.
type Resolver struct{ counted atomic.Int64 }

type (
	query        struct{ *Resolver }
	mutation     struct{ *Resolver }
	subscription struct{ *Resolver }
	author       struct{ *Resolver }
	book         struct{ *Resolver }
)

// Query resolves the fields of Query.
func (r *Resolver) Query() QueryResolver { return query{r} }

// Mutation resolves the fields of Mutation.
func (r *Resolver) Mutation() MutationResolver { return mutation{r} }

// Subscription resolves the fields of Subscription.
func (r *Resolver) Subscription() SubscriptionResolver { return subscription{r} }

// Author resolves the fields of authors.
func (r *Resolver) Author() AuthorResolver { return author{r} }

// Book resolves the fields of books.
func (r *Resolver) Book() BookResolver { return book{r} }

var errFailed = errors.New("dial tcp 10.0.0.7:5432: the password is hunter2")

func bookOf(n int) *Book {
	return &Book{ID: fmt.Sprint("book-", n), Title: fmt.Sprint("Volume ", n), Shelf: ShelfIn, Bought: time.Date(2020, 1, 1+n, 0, 0, 0, 0, time.UTC)}
}

func books(n int) []*Book {
	all := make([]*Book, max(0, min(n, 100)))
	for i := range all {
		all[i] = bookOf(i + 1)
	}
	return all
}

func count(first *int, otherwise int) int {
	if first == nil {
		return otherwise
	}
	return *first
}

func (query) Motto(context.Context) (string, error) { return "read on", nil }

func (query) Books(_ context.Context, first *int, _ *bool) ([]*Book, error) {
	return books(count(first, 3)), nil
}

func (query) Pages(_ context.Context, first *int, _ *string) (*BookConnection, error) {
	c := &BookConnection{PageInfo: &PageInfo{}}
	for _, b := range books(count(first, 3)) {
		c.Edges = append(c.Edges, &BookEdge{Cursor: b.ID, Node: b})
	}
	return c, nil
}

func (query) BookBy(_ context.Context, by BookBy) (*Book, error) {
	switch {
	case by.ID != nil:
		return bookOf(1), nil
	case by.Title != nil:
		return bookOf(2), nil
	default:
		return nil, errors.New("neither id nor title")
	}
}

func (query) Node(context.Context, string) (Node, error) { return bookOf(1), nil }

func (query) Search(context.Context, string) ([]Hit, error) {
	return []Hit{bookOf(1), &Author{ID: "author-1", Name: "A. Nonymous"}, &Note{ID: "note-1", Text: "p. 7"}}, nil
}

func (query) Text(_ context.Context, v string) (string, error)       { return v, nil }
func (query) Int(_ context.Context, v int) (int, error)              { return v, nil }
func (query) Float(_ context.Context, v float64) (float64, error)    { return v, nil }
func (query) Boolean(_ context.Context, v bool) (bool, error)        { return v, nil }
func (query) ID(_ context.Context, v string) (string, error)         { return v, nil }
func (query) Shelf(_ context.Context, v Shelf) (Shelf, error)        { return v, nil }
func (query) Ints(_ context.Context, v []int) ([]int, error)         { return v, nil }
func (query) Optional(_ context.Context, v *string) (*string, error) { return v, nil }
func (query) Fails(context.Context) (*string, error)                 { return nil, errFailed }
func (query) MustFail(context.Context) (string, error)               { return "", errFailed }
func (query) Panics(context.Context) (*string, error)                { panic(errFailed) }

func (query) Hangs(ctx context.Context) (*string, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (r mutation) Count(context.Context) (int, error) { return int(r.counted.Add(1)), nil }

func (mutation) AddBook(_ context.Context, input NewBook) (*Book, error) {
	if input.Title == "" {
		return nil, errors.New("a book has a title")
	}
	b := bookOf(9)
	b.Title = input.Title
	return b, nil
}

func (mutation) Receive(_ context.Context, file graphql.Upload) (*Received, error) {
	content, err := io.ReadAll(file.File)
	return &Received{Filename: file.Filename, Size: int(file.Size), Content: string(content)}, err
}

func (r mutation) ReceiveAll(ctx context.Context, files []*graphql.Upload) ([]*Received, error) {
	var all []*Received
	for _, f := range files {
		got, err := r.Receive(ctx, *f)
		if err != nil {
			return nil, err
		}
		all = append(all, got)
	}
	return all, nil
}

func (subscription) Tick(ctx context.Context, to, pause *int) (<-chan int, error) {
	ticks := make(chan int)
	go func() {
		defer close(ticks)
		for i := 1; i <= count(to, 3); i++ {
			select {
			case <-time.After(time.Duration(count(pause, 20)) * time.Millisecond):
			case <-ctx.Done():
				return
			}
			select {
			case ticks <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ticks, nil
}

func (subscription) Refused(context.Context) (<-chan int, error) { return nil, errFailed }

func (author) Books(_ context.Context, _ *Author, first *int) ([]*Book, error) {
	return books(count(first, 2)), nil
}

func (book) Author(context.Context, *Book) (*Author, error) {
	return &Author{ID: "author-1", Name: "A. Nonymous"}, nil
}

func (book) Review(ctx context.Context, _ *Book) (string, error) {
	select {
	case <-time.After(30 * time.Millisecond):
		return "a good read", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
