package rest

import (
	"io"
	"net/http"
	"time"
)

const (
	// bodyPatience is how long a body may take however small it is, and how long it
	// may pause.
	bodyPatience = 30 * time.Second
	// bodyRate is the least bytes a second that it has to come with beyond that.
	bodyRate = 32 << 10
)

// body is a request's body from a client that has to keep up: while it is read
// it takes a place that others wait for.
type body struct {
	from    io.Reader
	control *http.ResponseController
	began   time.Time // of the first read
	bytes   int64
}

func newBody(w http.ResponseWriter, r *http.Request) *body {
	return &body{from: r.Body, control: http.NewResponseController(w)}
}

// Read reads on, until the client is too slow.
func (b *body) Read(p []byte) (int, error) {
	now := time.Now()
	if b.began.IsZero() {
		b.began = now
	}
	deadline := b.began.Add(bodyPatience + time.Duration(b.bytes)*time.Second/bodyRate)
	if pause := now.Add(bodyPatience); pause.Before(deadline) {
		deadline = pause
	}
	// A writer that cannot keep deadlines, as in a test, has a client that can wait.
	_ = b.control.SetReadDeadline(deadline)
	n, err := b.from.Read(p)
	b.bytes += int64(n)
	return n, err
}

// end lets the next request take its time.
func (b *body) end() { _ = b.control.SetReadDeadline(time.Time{}) }
