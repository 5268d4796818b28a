package main

import (
	"io"
	"net/http"
	"time"
)

const (
	// bodyGrace is how long a request's body may take at any pace, and bodyPace how
	// many bytes a second it must bring from then on.
	bodyGrace = 20 * time.Second
	bodyPace  = 16 << 10
	// writeTimeout is how long it may take from the end of a request to the end of
	// its answer. Streams have limits of their own for each piece.
	writeTimeout = 5 * time.Minute
)

// paced cuts requests whose bodies come too slowly.
func paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &pacedBody{ReadCloser: r.Body, control: http.NewResponseController(w)}
		}
		next.ServeHTTP(w, r)
	})
}

type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	start   time.Time // of the first read: a request may have to wait for its turn
	read    int64
}

func (b *pacedBody) Read(p []byte) (int, error) {
	if b.start.IsZero() {
		b.start = time.Now()
	}
	// A connection without deadlines is one of a test.
	_ = b.control.SetReadDeadline(b.start.Add(bodyGrace + time.Duration(b.read)*time.Second/bodyPace))
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	if err == io.EOF {
		_ = b.control.SetReadDeadline(time.Time{})
		_ = b.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	}
	return n, err
}
