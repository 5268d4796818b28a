package sbom

// The methods here read what a value should be and make the best of what it is:
// null is the same as absent, and a value of the wrong type is a warning.

// text reads a string. A number stands for its digits: 1.10 is what was meant.
func (r *jsonReader) text() (string, error) {
	switch c := r.peek(); {
	case c == '"':
		return r.str()
	case c == '-' || c >= '0' && c <= '9':
		word, err := r.literal()
		if err == nil {
			r.warn.add(r.offset(), WarnWrongType, r.at(""), "a number stands where text belongs; it was taken as %s", quote(string(word)))
		}
		return string(word), err
	default:
		return "", r.wrong("text")
	}
}

// maybeString reads a string, or skips what is none.
func (r *jsonReader) maybeString() (s string, ok bool, err error) {
	if r.peek() == '"' {
		s, err = r.str()
		return s, true, err
	}
	return "", false, r.skip()
}

// fields reads an object. It reports false where there is none.
func (r *jsonReader) fields(fn func(key []byte) error) (bool, error) {
	if r.peek() == '{' {
		return true, r.object(fn)
	}
	return false, r.wrong("an object")
}

// items reads a list.
func (r *jsonReader) items(fn func() error) error {
	if r.peek() == '[' {
		return r.array(fn)
	}
	return r.wrong("a list")
}

// entries reads a list of objects. An element that is none is left out.
func (r *jsonReader) entries(fn func() error) error {
	return r.items(func() error {
		if r.peek() == '{' {
			return fn()
		}
		r.warn.add(r.offset(), WarnInvalidEntry, r.at(""), "%s stands where an object belongs; it was left out", r.kind())
		return r.skip()
	})
}

// texts reads a list of strings, or a single one.
func (r *jsonReader) texts(fn func(string) error) error {
	one := func() error {
		s, err := r.text()
		if err != nil || s == "" {
			return err
		}
		return fn(s)
	}
	if r.peek() == '"' {
		return one()
	}
	return r.items(one)
}

// wrong skips a value that should have been what want says.
func (r *jsonReader) wrong(want string) error {
	if kind := r.kind(); kind != "null" {
		r.warn.add(r.offset(), WarnWrongType, r.at(""), "%s stands where %s belongs; it was left out", kind, want)
	}
	return r.skip()
}

// kind names the type of the value at hand.
func (r *jsonReader) kind() string {
	switch r.peek() {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "text"
	case 't', 'f':
		return "a truth value"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}
