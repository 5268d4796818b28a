package lockfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonReader walks a JSON document in its order, without holding more of it
// than the value at hand.
type jsonReader struct {
	dec   *json.Decoder
	data  []byte
	depth int
}

func newJSONReader(data []byte) *jsonReader {
	return &jsonReader{dec: json.NewDecoder(bytes.NewReader(data)), data: data}
}

// document calls field for each key of the document, which must be one object.
func (r *jsonReader) document(field func(key string) error) error {
	isObject, err := r.object(field)
	if err != nil {
		return err
	}
	if !isObject {
		return malformed("line 1", "the document is not a JSON object")
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return malformed(r.line(), "something follows after the end of the JSON object")
	}
	return nil
}

// object calls field for each key of the object at hand; field must take the
// key's value with value, object or skip. It reports whether there was an
// object; any other value is skipped.
func (r *jsonReader) object(field func(key string) error) (bool, error) {
	if r.depth++; r.depth > maxDepth {
		return false, malformed(r.line(), "nested deeper than %d levels", maxDepth)
	}
	defer func() { r.depth-- }()
	token, err := r.dec.Token()
	if err != nil {
		return false, r.syntax(err)
	}
	if token == json.Delim('[') {
		for r.dec.More() {
			if err := r.skip(); err != nil {
				return false, err
			}
		}
		_, err = r.dec.Token()
		return false, r.syntax(err)
	}
	if token != json.Delim('{') {
		return false, nil
	}
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return true, r.syntax(err)
		}
		if err := field(key.(string)); err != nil { // the decoder lets only strings be keys
			return true, err
		}
	}
	_, err = r.dec.Token()
	return true, r.syntax(err)
}

// section is object for a part of a lockfile that must be an object or absent;
// anything else is warned of.
func (r *jsonReader) section(b *builder, path string, field func(key string) error) error {
	_, err := r.optional(b, path, field)
	return err
}

// optional is section, and reports whether there was an object.
func (r *jsonReader) optional(b *builder, path string, field func(key string) error) (bool, error) {
	start := r.dec.InputOffset()
	isObject, err := r.object(field)
	if err == nil && !isObject && !bytes.HasSuffix(r.data[start:r.dec.InputOffset()], []byte("null")) {
		b.warn(WarnInvalidEntry, path, "not an object; it is left out")
	}
	return isObject, err
}

// value decodes the value at hand.
func (r *jsonReader) value(into any) error {
	return r.syntax(r.dec.Decode(into))
}

func (r *jsonReader) skip() error { return r.value(&ignored{}) }

func (r *jsonReader) line() string {
	end := min(int(r.dec.InputOffset()), len(r.data))
	return lineNo(bytes.Count(r.data[:end], []byte{'\n'}) + 1)
}

func (r *jsonReader) syntax(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return malformed(r.line(), "the JSON ends in the middle")
	}
	return malformed(r.line(), "not valid JSON: %v", err)
}

// The types below take a JSON value of the wrong type as if it were missing:
// old package managers wrote `"resolved": false`.

type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// text is a string; a number keeps its spelling.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	switch {
	case data[0] == '"':
		return json.Unmarshal(data, (*string)(t))
	case data[0] == '-' || '0' <= data[0] && data[0] <= '9':
		*t = text(data)
	}
	return nil
}

type boolean bool

func (f *boolean) UnmarshalJSON(data []byte) error {
	*f = string(data) == "true"
	return nil
}

// texts is a list of strings; one string is a list of one.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var many []text
	switch data[0] {
	case '"':
		many = make([]text, 1)
		if err := json.Unmarshal(data, &many[0]); err != nil {
			return err
		}
	case '[':
		if err := json.Unmarshal(data, &many); err != nil {
			return err
		}
	}
	*t = nil
	for _, one := range many {
		if one != "" {
			*t = append(*t, string(one))
		}
	}
	return nil
}

// table is a struct; its fields keep their zero values, and ok is false, where
// the value is no object.
type table[T any] struct {
	v  T
	ok bool
}

func (t *table[T]) UnmarshalJSON(data []byte) error {
	if data[0] != '{' {
		return nil
	}
	t.ok = true
	return json.Unmarshal(data, &t.v)
}

// pair is one key of an object with its value.
type pair struct{ key, value string }

// pairs is an object of strings, in the order of the document.
type pairs []pair

func (p *pairs) UnmarshalJSON(data []byte) error {
	r := newJSONReader(data)
	*p = nil
	_, err := r.object(func(key string) error {
		var value text
		if err := r.value(&value); err != nil {
			return err
		}
		*p = append(*p, pair{key, string(value)})
		return nil
	})
	return err
}

// at returns the JSON path of a key below path.
func at(path, key string) string {
	if len(key) > maxName {
		key = key[:maxName] + "…"
	}
	return fmt.Sprintf("%s[%q]", path, key)
}
