package shortcut

import (
	"io"
	"math"
	"strconv"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// Writer collects the JSON of one value.
type Writer struct {
	B     []byte
	holes []Hole
}

// keptBuffer is the largest buffer that is kept for the next value.
const keptBuffer = 1 << 20

var writers = sync.Pool{New: func() any { return new(Writer) }}

// NewWriter returns an empty writer. End gives it back.
func NewWriter() *Writer { return writers.Get().(*Writer) }

// Write appends p.
func (w *Writer) Write(p []byte) (int, error) {
	w.B = append(w.B, p...)
	return len(p), nil
}

// WriteString appends s.
func (w *Writer) WriteString(s string) (int, error) {
	w.B = append(w.B, s...)
	return len(s), nil
}

// End gives the writer back. Deferred, it makes a panic a value that could not
// be written.
func (w *Writer) End(ok *bool) {
	if recover() != nil {
		*ok = false
	}
	if cap(w.B) <= keptBuffer {
		clear(w.holes)
		w.B, w.holes = w.B[:0], w.holes[:0]
		writers.Put(w)
	}
}

// Text returns what has been written.
func (w *Writer) Text() graphql.Marshaler {
	t := make(Text, len(w.B))
	copy(t, w.B)
	return t
}

// Object returns what has been written, with its holes.
func (w *Writer) Object() *Object {
	o := &Object{text: make([]byte, len(w.B)), Holes: make([]Hole, len(w.holes))}
	copy(o.text, w.B)
	copy(o.Holes, w.holes)
	return o
}

// Key begins the field at place i of an object.
func (w *Writer) Key(i int, f *Field) {
	if i > 0 {
		w.B = append(w.B, ',')
	}
	w.B = append(w.B, f.Key...)
}

// Hole leaves out the value of a field.
func (w *Writer) Hole(f *Field) { w.holes = append(w.holes, Hole{Field: f, at: len(w.B)}) }

// Null appends null.
func (w *Writer) Null() { w.B = append(w.B, "null"...) }

// Int appends a number.
func (w *Writer) Int(v int64) { w.B = strconv.AppendInt(w.B, v, 10) }

// Boolean appends true or false.
func (w *Writer) Boolean(v bool) { w.B = strconv.AppendBool(w.B, v) }

// Float appends a number, as %g prints it. It returns false for one that JSON
// does not have.
func (w *Writer) Float(v float64) bool {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return false
	}
	w.B = strconv.AppendFloat(w.B, v, 'g', -1, 64)
	return true
}

// Enum appends an enum value as gqlgen's models do.
func (w *Writer) Enum(v string) {
	for i := range len(v) {
		if c := v[i]; c != '_' && (c < 'A' || c > 'Z') {
			w.B = strconv.AppendQuote(w.B, v)
			return
		}
	}
	w.B = append(w.B, '"')
	w.B = append(w.B, v...)
	w.B = append(w.B, '"')
}

// String appends a JSON string as graphql.MarshalString does.
func (w *Writer) String(v string) { w.B = AppendString(w.B, v) }

// AppendString appends a JSON string as graphql.MarshalString does.
func AppendString(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '\t':
			b = append(b, `\t`...)
		case '\r':
			b = append(b, `\r`...)
		case '\n':
			b = append(b, `\n`...)
		case '\\', '"':
			b = append(b, '\\', c)
		default:
			b = append(b, `\u00`...)
			b = append(b, hex[c>>4], hex[c&0xf])
		}
		start = i + 1
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// Text is JSON.
type Text []byte

// MarshalGQL writes the text.
func (t Text) MarshalGQL(w io.Writer) { w.Write(t) }
