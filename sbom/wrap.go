package sbom

import (
	"bytes"
	"slices"
)

// isWrapper reports whether a document may stand under that key at the top of
// JSON: an answer of GitHub's API, or the statement of an attestation.
func isWrapper(key []byte) bool {
	return string(key) == "sbom" || string(key) == "predicate"
}

// unwrap returns the document inside another, in its place: all around it is
// blank, so that lines and offsets stay true.
func unwrap(data []byte) ([]byte, error) {
	var inside span
	r := newJSONReader(data)
	err := r.document(func() error {
		return r.object(func(key []byte) error {
			if isWrapper(key) && r.peek() == '{' {
				return r.span(&inside)
			}
			return r.skip()
		})
	})
	blank := func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}
	return slices.Concat(
		bytes.Map(blank, data[:inside.start]),
		data[inside.start:inside.end],
		bytes.Map(blank, data[inside.end:]),
	), err
}

// span is a range of bytes.
type span struct{ start, end int }

// span skips the next value and notes where it is.
func (r *jsonReader) span(s *span) error {
	r.peek()
	start := r.pos
	err := r.skip()
	*s = span{start, r.pos}
	return err
}
