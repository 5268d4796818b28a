package sbom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// errStop ends a walk over a JSON object early.
var errStop = errors.New("stop")

func stopIf(done bool, err error) error {
	if err == nil && done {
		return errStop
	}
	return err
}

// jsonReader reads JSON in place, value by value. encoding/json cannot serve
// here: it stops at the first wrong type, says nothing of duplicate keys, knows
// no path, and reads a nested list once more for each level it is nested in.
type jsonReader struct {
	data []byte
	pos  int
	base int // offset of data in the document
	path []jsonStep
	open []byte // kept by skip for its next call
	keys [][]byte
	warn *warnings
}

// jsonStep is one step of a path: a key, or an index where key is nil.
type jsonStep struct {
	key   []byte
	index int
}

func newJSONReader(data []byte) *jsonReader { return &jsonReader{data: data, warn: new(warnings)} }

// at returns the path of the value at hand, with field below it unless empty.
func (r *jsonReader) at(field string) string {
	var b strings.Builder
	b.WriteByte('$')
	head, tail := ends(r.path)
	writeSteps(&b, head)
	if tail != nil {
		b.WriteString(ellipsis)
		writeSteps(&b, tail)
	}
	if field != "" {
		b.WriteByte('.')
		b.WriteString(field)
	}
	return b.String()
}

func writeSteps(b *strings.Builder, path []jsonStep) {
	for _, s := range path {
		if s.key == nil {
			fmt.Fprintf(b, "[%d]", s.index)
		} else {
			b.WriteByte('.')
			b.WriteString(cut(string(s.key), 80))
		}
	}
}

func (r *jsonReader) offset() int { return r.base + r.pos }

func (r *jsonReader) fail(format string, args ...any) error {
	at := min(r.pos, len(r.data))
	where := fmt.Sprintf("%s (%s, byte %d)", r.at(""), lineAt(r.data, at), at)
	return malformed(where, "this is not valid JSON: "+format, args...)
}

// lineAt names the line that the byte at pos is on.
func lineAt(data []byte, pos int) string {
	return "line " + strconv.Itoa(1+bytes.Count(data[:min(pos, len(data))], []byte("\n")))
}

// document reads data as one value with read, and reports what follows it.
func (r *jsonReader) document(read func() error) error {
	if err := read(); err != nil {
		return err
	}
	if bytes.HasPrefix(bytes.TrimLeft(r.data[r.pos:], " \t\r\n"), []byte("{")) {
		r.peek()
		return malformed(fmt.Sprintf("%s, byte %d", lineAt(r.data, r.pos), r.pos),
			"a second JSON object follows the document: upload one document at a time")
	}
	if rest := bytes.Trim(r.data[r.pos:], " \t\r\n\x00"); len(rest) > 0 {
		r.peek()
		r.warn.add(r.offset(), WarnTrailingData, lineAt(r.data, r.pos),
			"%d bytes behind the end of the document were ignored", len(r.data)-r.pos)
	}
	return nil
}

// peek skips white space and returns the first byte of the next token, or 0 at
// the end.
func (r *jsonReader) peek() byte {
	for ; r.pos < len(r.data); r.pos++ {
		switch c := r.data[r.pos]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

func (r *jsonReader) expect(c byte, after string) error {
	switch got := r.peek(); {
	case got == c:
		r.pos++
		return nil
	case r.pos >= len(r.data):
		return r.fail("the document ends where %q is missing", c)
	default:
		return r.fail("%q where %q belongs, %s", rune(got), c, after)
	}
}

// maxCheckedKeys is how many keys of an object are checked for repetition.
const maxCheckedKeys = 64

// object calls fn for each member, which must read its value.
func (r *jsonReader) object(fn func(key []byte) error) error {
	if err := r.enter('{'); err != nil {
		return err
	}
	firstKey := len(r.keys)
	defer func() { r.keys = r.keys[:firstKey] }()
	for n := 0; ; n++ {
		c := r.peek()
		if c == '}' && n == 0 {
			r.pos++
			return nil
		}
		if c != '"' {
			return r.fail("a key in double quotes belongs here")
		}
		key, err := r.key()
		if err != nil {
			return err
		}
		r.path = append(r.path, jsonStep{key: key})
		r.checkKey(key, firstKey)
		if err := r.expect(':', "behind a key"); err != nil {
			return err
		}
		if err := fn(key); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
		if r.peek() == '}' {
			r.pos++
			return nil
		}
		if err := r.expect(',', "behind a member of an object"); err != nil {
			return err
		}
	}
}

func (r *jsonReader) checkKey(key []byte, first int) {
	if len(r.keys)-first >= maxCheckedKeys {
		return
	}
	for _, seen := range r.keys[first:] {
		if bytes.Equal(seen, key) {
			r.warn.add(r.offset(), WarnDuplicateKey, r.at(""), "the key is given twice: lists are joined, else the last one counts")
			return
		}
	}
	r.keys = append(r.keys, key)
}

// array calls fn for each element, which must read it.
func (r *jsonReader) array(fn func() error) error {
	if err := r.enter('['); err != nil {
		return err
	}
	if r.peek() == ']' {
		r.pos++
		return nil
	}
	r.path = append(r.path, jsonStep{})
	top := len(r.path) - 1
	for {
		if err := fn(); err != nil {
			return err
		}
		r.path[top].index++
		if r.peek() == ']' {
			r.pos++
			r.path = r.path[:top]
			return nil
		}
		if err := r.expect(',', "behind an element of a list"); err != nil {
			return err
		}
	}
}

func (r *jsonReader) enter(bracket byte) error {
	if len(r.path) >= maxDepth {
		return r.fail("it is nested deeper than %d levels", maxDepth)
	}
	return r.expect(bracket, "at the start of a value")
}

// key reads an object's key. It points into data unless it has escapes.
func (r *jsonReader) key() ([]byte, error) {
	raw, plain, err := r.quoted()
	if err != nil || plain {
		return raw, err
	}
	s, err := r.unquote(raw)
	return []byte(s), err
}

// str reads a string.
func (r *jsonReader) str() (string, error) {
	raw, plain, err := r.quoted()
	if err != nil || plain {
		return string(raw), err
	}
	return r.unquote(raw)
}

// quoted reads a string up to its closing quote and returns what is between the
// quotes. It is plain without escapes and control characters.
func (r *jsonReader) quoted() (raw []byte, plain bool, err error) {
	start := r.pos + 1
	plain = true
	for i := start; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '"':
			r.pos = i + 1
			return r.data[start:i], plain, nil
		case c == '\\':
			plain = false
			i++
		case c < ' ':
			plain = false
		}
	}
	err = r.fail("the string that starts here is never closed")
	return nil, false, err
}

// unquote undoes the escapes of a string. Raw control characters, which JSON
// does not allow but people have, are taken as they are, with a warning.
func (r *jsonReader) unquote(raw []byte) (string, error) {
	quotedText := make([]byte, 0, len(raw)+8)
	quotedText = append(quotedText, '"')
	control := false
	for _, c := range raw {
		if c < ' ' {
			control = true
			quotedText = fmt.Appendf(quotedText, `\u%04x`, c)
		} else {
			quotedText = append(quotedText, c)
		}
	}
	quotedText = append(quotedText, '"')
	if control {
		r.warn.add(r.offset(), WarnInvalidText, r.at(""), "control characters in a string must be escaped; they were taken as they are")
	}
	var s string
	if err := json.Unmarshal(quotedText, &s); err != nil {
		return "", r.fail("the string that ends here has an escape that does not exist")
	}
	return s, nil
}

// raw skips the next value and returns its bytes.
func (r *jsonReader) raw() ([]byte, error) {
	r.peek()
	start := r.pos
	err := r.skip()
	return r.data[start:r.pos], err
}

// skip reads over the next value, whatever it is, without recursion.
func (r *jsonReader) skip() error {
	for open := r.open[:0]; ; {
		closed, err := r.skipToken(&open)
		if err != nil {
			return err
		}
		for closed && len(open) > 0 {
			closing := open[len(open)-1]
			if r.peek() == closing {
				r.pos++
				open = open[:len(open)-1]
				continue
			}
			if err := r.expect(',', "behind a value"); err != nil {
				return err
			}
			if closing == '}' {
				if err := r.skipKey(); err != nil {
					return err
				}
			}
			closed = false
		}
		if closed {
			r.open = open
			return nil
		}
	}
}

// skipToken reads over a scalar or an empty container, which closes a value, or
// over what opens a container up to its first value.
func (r *jsonReader) skipToken(open *[]byte) (closed bool, err error) {
	switch c := r.peek(); c {
	case '{', '[':
		closing := c + 2 // in ASCII, for both
		r.pos++
		if r.peek() == closing {
			r.pos++
			return true, nil
		}
		if len(*open)+len(r.path) >= maxDepth {
			return false, r.fail("it is nested deeper than %d levels", maxDepth)
		}
		*open = append(*open, closing)
		if c == '{' {
			return false, r.skipKey()
		}
		return false, nil
	case '"':
		_, _, err := r.quoted()
		return true, err
	default:
		_, err := r.literal()
		return true, err
	}
}

func (r *jsonReader) skipKey() error {
	if r.peek() != '"' {
		return r.fail("a key in double quotes belongs here")
	}
	if _, _, err := r.quoted(); err != nil {
		return err
	}
	return r.expect(':', "behind a key")
}

// literal reads a number, true, false or null.
func (r *jsonReader) literal() ([]byte, error) {
	start := r.pos
	for r.pos < len(r.data) && isLiteral(r.data[r.pos]) {
		r.pos++
	}
	word := r.data[start:r.pos]
	switch string(word) {
	case "true", "false", "null":
		return word, nil
	}
	if len(word) > 0 && (word[0] == '-' || word[0] >= '0' && word[0] <= '9') && json.Valid(word) {
		return word, nil
	}
	r.pos = start
	if start >= len(r.data) {
		return nil, r.fail("the document ends where a value belongs")
	}
	return nil, r.fail("a value belongs here")
}

func isLiteral(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'E'
}
