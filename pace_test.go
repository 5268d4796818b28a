package main

import (
	"context"
	"errors"
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

// over serves one connection with the handler, paced as the program's are, and has
// the client use its other end.
func over(handler http.HandlerFunc, client func(net.Conn)) {
	server := &http.Server{Handler: paced(handler), WriteTimeout: answerTime}
	listener := pipes{make(chan net.Conn)}
	go func() { _ = server.Serve(listener) }()
	ours, theirs := net.Pipe()
	listener.accepted <- theirs
	close(listener.accepted)
	client(ours)
	ours.Close()
	server.Close()
}

func TestSlowBodies(t *testing.T) {
	for name, test := range map[string]struct {
		first int           // bytes that come at once
		pause time.Duration // before each piece
		piece int
		total int
		cut   bool
	}{
		"a byte a second":           {0, time.Second, 1, 100, true},
		"nothing for a minute":      {0, time.Minute, 10, 10, true},
		"fast but for the last few": {10 * stretch, time.Second, 1, 100, true},
		"as slow as allowed":        {0, time.Second, stretch/20 + 1<<10, 100 * (stretch/20 + 1<<10), false},
		"slow, but short enough":    {0, 5 * time.Second, 10, 30, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := make(chan error, 1)
				over(func(_ http.ResponseWriter, r *http.Request) {
					_, err := io.Copy(io.Discard, r.Body)
					got <- err
				}, func(conn net.Conn) {
					var client sync.WaitGroup
					client.Go(func() {
						if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"); err != nil {
							return
						}
						chunks := httputil.NewChunkedWriter(conn)
						if test.first > 0 {
							_, _ = io.WriteString(chunks, strings.Repeat("x", test.first))
						}
						for sent := 0; sent < test.total; sent += test.piece {
							<-time.After(test.pause)
							if _, err := io.WriteString(chunks, strings.Repeat("x", test.piece)); err != nil {
								return
							}
						}
						chunks.Close()
						if _, err := io.WriteString(conn, "\r\n"); err == nil {
							_, _ = io.Copy(io.Discard, conn)
						}
					})
					if err := <-got; (err != nil) != test.cut {
						t.Errorf("the body ended with %v, want it cut: %t", err, test.cut)
					}
					conn.Close()
					client.Wait()
				})
			})
		})
	}
}

// A body that is announced and never sent, to a handler that wants none.
func TestBodiesThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over(func(http.ResponseWriter, *http.Request) {}, func(conn net.Conn) {
			if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() {
				_, _ = io.Copy(io.Discard, conn)
				close(ended)
			}()
			select {
			case <-ended:
			case <-time.After(2 * stretchTime):
				t.Error("the connection is still open")
			}
		})
	})
}

func TestSlowReaders(t *testing.T) {
	for name, test := range map[string]struct {
		pause time.Duration // before each piece
		piece int64
		cut   bool
	}{
		"one that never reads":      {time.Hour, 1, true},
		"a byte a second":           {time.Second, 1, true},
		"for longer than a request": {time.Second, stretch/20 + 1<<10, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const length = 20 * stretch
				got := make(chan error, 1)
				over(func(w http.ResponseWriter, _ *http.Request) {
					_, err := io.WriteString(w, strings.Repeat("x", length))
					got <- err
				}, func(conn net.Conn) {
					var client sync.WaitGroup
					client.Go(func() {
						if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
							return
						}
						for {
							<-time.After(test.pause)
							if _, err := io.CopyN(io.Discard, conn, test.piece); err != nil {
								return
							}
						}
					})
					if err := <-got; (err != nil) != test.cut {
						t.Errorf("the answer ended with %v, want it cut: %t", err, test.cut)
					}
					conn.Close()
					client.Wait()
				})
			})
		})
	}
}

// The program's own server, which waits neither for the end of a header nor, for
// long, for a next request.
func TestConnectionsThatWait(t *testing.T) {
	for name, test := range map[string]struct {
		first  string // is answered
		forms  string // is repeated, a byte a second
		within time.Duration
	}{
		"a header without an end": {"", "X-A: b\r\n", 15 * time.Second},
		"no request":              {"", "", 15 * time.Second},
		"no other request":        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "", 3 * time.Minute},
		"half of another request": {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "X-A: b\r\n", 15 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				listener := pipes{make(chan net.Conn)}
				ended := make(chan error, 1)
				go func() { ended <- serveHTTP(ctx, listener, http.NotFoundHandler()) }()
				ours, theirs := net.Pipe()
				listener.accepted <- theirs
				closed := make(chan struct{})
				go func() {
					_, _ = io.Copy(io.Discard, ours)
					close(closed)
				}()
				var sender sync.WaitGroup
				sender.Go(func() {
					if _, err := io.WriteString(ours, test.first); err != nil || test.forms == "" {
						return
					}
					if test.first == "" {
						_, _ = io.WriteString(ours, "GET / HTTP/1.1\r\nHost: x\r\n")
					}
					for i := 0; ; i++ {
						if _, err := io.WriteString(ours, test.forms[i%len(test.forms):][:1]); err != nil {
							return
						}
						<-time.After(time.Second)
					}
				})
				select {
				case <-closed:
				case <-time.After(test.within):
					t.Error("the connection is still open")
				}
				ours.Close()
				sender.Wait()
				<-closed
				stop()
				close(listener.accepted)
				if err := <-ended; err != nil && !errors.Is(err, net.ErrClosed) {
					t.Error(err)
				}
			})
		})
	}
}
