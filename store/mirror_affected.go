package store

import (
	"encoding/binary"
	"errors"

	"loadline/advisory"
)

// encodeAffected writes what a record says about a package as matching needs it:
// lists and texts with their lengths in front. It is a fraction of the JSON, and
// read in a fraction of the time.
func encodeAffected(list []advisory.Affected) []byte {
	b := binary.AppendUvarint(nil, uint64(len(list)))
	for _, a := range list {
		b = appendText(b, a.Package.Ecosystem)
		b = appendText(b, a.Package.Name)
		b = binary.AppendUvarint(b, uint64(len(a.Ranges)))
		for _, r := range a.Ranges {
			b = appendText(b, r.Type)
			b = binary.AppendUvarint(b, uint64(len(r.Events)))
			for _, e := range r.Events {
				b = appendEvent(b, e)
			}
		}
		b = binary.AppendUvarint(b, uint64(len(a.Versions)))
		for _, v := range a.Versions {
			b = appendText(b, v)
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// The kinds of event.
const (
	introduced = iota
	fixed
	lastAffected
	limit
)

func appendEvent(b []byte, e advisory.Event) []byte {
	switch {
	case e.Introduced != "":
		return appendText(append(b, introduced), e.Introduced)
	case e.Fixed != "":
		return appendText(append(b, fixed), e.Fixed)
	case e.LastAffected != "":
		return appendText(append(b, lastAffected), e.LastAffected)
	default:
		return appendText(append(b, limit), e.Limit)
	}
}

var errAffected = errors.New("what it says about a package cannot be read: sync the mirror again")

func decodeAffected(b []byte) ([]advisory.Affected, error) {
	r := affectedReader{left: string(b)}
	list := make([]advisory.Affected, r.length())
	for i := range list {
		a := &list[i]
		a.Package.Ecosystem, a.Package.Name = r.text(), r.text()
		if n := r.length(); n > 0 {
			a.Ranges = make([]advisory.Range, n)
		}
		for j := range a.Ranges {
			a.Ranges[j].Type = r.text()
			a.Ranges[j].Events = make([]advisory.Event, r.length())
			for k := range a.Ranges[j].Events {
				a.Ranges[j].Events[k] = r.event()
			}
		}
		if n := r.length(); n > 0 {
			a.Versions = make([]string, n)
		}
		for j := range a.Versions {
			a.Versions[j] = r.text()
		}
	}
	if r.bad || r.left != "" {
		return nil, errAffected
	}
	return list, nil
}

// affectedReader takes apart what encodeAffected wrote. The texts are parts of
// one string.
type affectedReader struct {
	left string
	bad  bool
}

func (r *affectedReader) number() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		if r.left == "" {
			break
		}
		c := r.left[0]
		r.left = r.left[1:]
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n
		}
	}
	r.bad, r.left = true, ""
	return 0
}

// length is the length of a list, whose elements take at least a byte each.
func (r *affectedReader) length() int {
	n := r.number()
	if n > uint64(len(r.left)) {
		r.bad, r.left = true, ""
		return 0
	}
	return int(n)
}

func (r *affectedReader) text() string {
	n := r.length()
	s := r.left[:n]
	r.left = r.left[n:]
	return s
}

func (r *affectedReader) event() advisory.Event {
	kind := r.number()
	s := r.text()
	switch kind {
	case introduced:
		return advisory.Event{Introduced: s}
	case fixed:
		return advisory.Event{Fixed: s}
	case lastAffected:
		return advisory.Event{LastAffected: s}
	default:
		return advisory.Event{Limit: s}
	}
}
