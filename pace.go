package main

import (
	"io"
	"net/http"
	"time"
)

const (
	// stretch is how many bytes of a request or of an answer have to get through
	// within stretchTime: 16 KiB a second. What is left at the end has as long.
	stretch     = 320 << 10
	stretchTime = 20 * time.Second
	// answerTime is how long it may take from the end of a request to the beginning
	// of its answer.
	answerTime = 5 * time.Minute
)

// paced cuts requests that come too slowly, whether anybody reads them or not, and
// answers that are taken too slowly.
func paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			body := &pacedBody{ReadCloser: r.Body, control: control}
			body.begin()
			r.Body = body
		}
		answer := &pacedAnswer{ResponseWriter: w, control: control}
		next.ServeHTTP(answer, r)
		if answer.begun {
			answer.extend() // for what is in a buffer
		}
	})
}

// pacedBody gives each stretch of a body its time. What has come fast gives no
// credit: who sends a document but for its last byte could hold on to it for hours.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	left    int // bytes of the stretch that have not come
}

// begin begins a stretch. A connection without deadlines is one of a test.
func (b *pacedBody) begin() {
	b.left = stretch
	_ = b.control.SetReadDeadline(time.Now().Add(stretchTime))
}

func (b *pacedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left <= 0 {
		b.begin()
	}
	if err == io.EOF {
		_ = b.control.SetReadDeadline(time.Time{})
		_ = b.control.SetWriteDeadline(time.Now().Add(answerTime))
	}
	return n, err
}

// pacedAnswer gives each stretch of an answer its time.
type pacedAnswer struct {
	http.ResponseWriter
	control *http.ResponseController
	begun   bool
}

func (a *pacedAnswer) extend() { _ = a.control.SetWriteDeadline(time.Now().Add(stretchTime)) }

func (a *pacedAnswer) Write(p []byte) (int, error) {
	a.begun = true
	done := 0
	for {
		a.extend()
		n, err := a.ResponseWriter.Write(p[done:min(len(p), done+stretch)])
		if done += n; err != nil || done >= len(p) {
			return done, err
		}
	}
}

// Unwrap is for http.ResponseController.
func (a *pacedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
