package store

import (
	"database/sql/driver"
	"fmt"
)

// JSON is a JSON text as the database keeps it.
type JSON []byte

// Scan reads a column, which the drivers hand over as text or as bytes.
func (j *JSON) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*j = nil
	case string:
		*j = JSON(v)
	case []byte:
		*j = append(JSON(nil), v...)
	default:
		return fmt.Errorf("cannot read JSON from %T", src)
	}
	return nil
}

// Value writes a column: NULL for an empty JSON.
func (j JSON) Value() (driver.Value, error) {
	if len(j) == 0 {
		return nil, nil
	}
	return string(j), nil
}

// MarshalJSON returns the text as it is.
func (j JSON) MarshalJSON() ([]byte, error) {
	if len(j) == 0 {
		return []byte("null"), nil
	}
	return j, nil
}
