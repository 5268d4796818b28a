package store

import (
	"encoding/json"
	"fmt"
	"time"
)

// millis is a time in a column of milliseconds since 1970. NULL is the zero time.
type millis time.Time

func (m *millis) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*m = millis{}
	case int64:
		*m = millis(time.UnixMilli(v).UTC())
	default:
		return fmt.Errorf("cannot read a time from %T", src)
	}
	return nil
}

func toMillis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// optionalID is the id of a row that need not exist. NULL is 0.
type optionalID int64

func (o *optionalID) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*o = 0
	case int64:
		*o = optionalID(v)
	default:
		return fmt.Errorf("cannot read an id from %T", src)
	}
	return nil
}

func toID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// listColumn is a list in a column of JSON. NULL is the empty list.
type listColumn[T any] struct{ list *[]T }

func (l listColumn[T]) Scan(src any) error {
	var j JSON
	if err := j.Scan(src); err != nil {
		return err
	}
	if len(j) == 0 {
		*l.list = nil
		return nil
	}
	return json.Unmarshal(j, l.list)
}

func toList[T any](list []T) (JSON, error) {
	if len(list) == 0 {
		return nil, nil
	}
	return json.Marshal(list)
}
