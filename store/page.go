package store

// Page is a stretch of a list: the First rows behind After, or the Last rows
// before Before. Exactly one of First and Last is greater than 0. After and
// Before are cursors of the same list, or empty.
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
