package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes are connections without a network, so that a test's clock moves them.
type pipes struct{ accepted chan net.Conn }

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p.accepted
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

func TestSlowBodies(t *testing.T) {
	for name, test := range map[string]struct {
		pause time.Duration // before each piece
		piece int
		total int
		cut   bool
	}{
		"a byte a second":        {time.Second, 1, 100, true},
		"nothing for a minute":   {time.Minute, 10, 10, true},
		"as slow as allowed":     {time.Second, bodyPace + 1<<10, 100 * (bodyPace + 1<<10), false},
		"slow, but short enough": {5 * time.Second, 10, 30, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := make(chan error, 1)
				server := &http.Server{Handler: paced(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, err := io.Copy(io.Discard, r.Body)
					got <- err
				}))}
				listener := pipes{make(chan net.Conn)}
				go func() { _ = server.Serve(listener) }()
				ours, theirs := net.Pipe()
				listener.accepted <- theirs
				close(listener.accepted)
				var client sync.WaitGroup
				client.Go(func() {
					if _, err := io.WriteString(ours, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"); err != nil {
						return
					}
					chunks := httputil.NewChunkedWriter(ours)
					for sent := 0; sent < test.total; sent += test.piece {
						<-time.After(test.pause)
						if _, err := io.WriteString(chunks, strings.Repeat("x", test.piece)); err != nil {
							return
						}
					}
					chunks.Close()
					if _, err := io.WriteString(ours, "\r\n"); err == nil {
						_, _ = io.Copy(io.Discard, ours)
					}
				})
				if err := <-got; (err != nil) != test.cut {
					t.Errorf("the body ended with %v, want it cut: %t", err, test.cut)
				}
				ours.Close()
				server.Close()
				client.Wait()
			})
		})
	}
}
