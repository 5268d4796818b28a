package standin

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

const (
	typeJSON  = "application/json"
	typePlain = "text/plain; charset=utf-8"
)

// answer is a response before it is written, so that a fault can spoil it. A
// list answer keeps its elements apart in slots, between head and tail.
type answer struct {
	status      int // 0 is 200
	contentType string
	head, tail  string
	slots       [][]byte
	whole       []byte // the body of an answer that is no list
	id          string // the id that the answer is about, for a lying one
	file        *file  // served with validators and ranges
}

func jsonAnswer(status int, body []byte) answer {
	return answer{status: status, contentType: typeJSON, whole: body}
}

func textAnswer(status int, text string) answer {
	return answer{status: status, contentType: typePlain, whole: []byte(text)}
}

// listAnswer is head, the slots with commas between them, and tail.
func listAnswer(head string, slots [][]byte, tail string) answer {
	return answer{contentType: typeJSON, head: head, slots: slots, tail: tail}
}

// bytes returns the body in one piece.
func (a *answer) bytes() []byte {
	if a.file != nil {
		return a.file.bytes()
	}
	if a.head == "" {
		return a.whole
	}
	size := len(a.head) + len(a.tail) + len(a.slots)
	for _, slot := range a.slots {
		size += len(slot)
	}
	body := make([]byte, 0, size)
	body = append(body, a.head...)
	for i, slot := range a.slots {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, slot...)
	}
	return append(body, a.tail...)
}

func (a *answer) write(w http.ResponseWriter, r *http.Request) {
	if a.file != nil {
		a.file.serve(w, r)
		return
	}
	body := a.bytes()
	a.writeHeader(w, len(body))
	w.Write(body)
}

// writeHeader states the length, as the services do; without it net/http would
// send longer bodies in chunks.
func (a *answer) writeHeader(w http.ResponseWriter, length int) {
	h := w.Header()
	h["Content-Type"] = []string{a.contentType}
	h["Content-Length"] = []string{strconv.Itoa(length)}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
}

// The gRPC codes that the OSV gateway puts into its error bodies.
const (
	codeInvalidArgument   = 3
	codeNotFound          = 5
	codeResourceExhausted = 8
	codeInternal          = 13
	codeUnavailable       = 14
)

// statusAnswer is an error in the manner of the OSV gateway.
func statusAnswer(status, code int, message string) answer {
	body := append([]byte(`{"code":`), strconv.Itoa(code)...)
	body = append(body, `,"message":`...)
	body = appendString(body, message)
	return jsonAnswer(status, append(body, '}'))
}

// appendString appends s as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, err := json.Marshal(s)
			if err != nil { // a string always has a JSON form
				return append(b, `""`...)
			}
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendStrings appends list as a JSON array of strings.
func appendStrings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, s)
	}
	return append(b, ']')
}

// decode reads body strictly: an unknown field is a mistake of the client that
// the gateways refuse too.
func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// unknownField returns the name of the field that decode refused, if it was that.
func unknownField(err error) (string, bool) {
	_, name, ok := strings.Cut(err.Error(), "unknown field ")
	return strings.Trim(name, `"`), ok
}
