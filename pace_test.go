package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"loadline/graph/wire/wiretest"
)

// patience is how long a test waits, by its own clock, for what has to end.
const patience = time.Hour

// connect returns the client's end of a connection to the handler, paced as the
// program's are, and what closes it.
func connect(handler http.HandlerFunc) (conn net.Conn, hangUp func()) {
	server := &http.Server{Handler: paced(handler), WriteTimeout: answerTime}
	listener := wiretest.NewListener()
	go func() { _ = server.Serve(listener) }()
	conn = listener.Dial()
	return conn, func() {
		conn.Close()
		server.Close()
	}
}

// over has the client use a connection until the handler returns, and fails unless
// that returns an error where it is to be cut, and none where it is not.
func over(t *testing.T, cut bool, handler func(http.ResponseWriter, *http.Request) error, client func(net.Conn)) {
	t.Helper()
	got := make(chan error, 1)
	conn, hangUp := connect(func(w http.ResponseWriter, r *http.Request) { got <- handler(w, r) })
	var using sync.WaitGroup
	using.Go(func() { client(conn) })
	select {
	case err := <-got:
		if (err != nil) != cut {
			t.Errorf("it ended with %v, want it cut: %t", err, cut)
		}
	case <-time.After(patience):
		t.Errorf("it goes on after %s, want it cut: %t", patience, cut)
	}
	hangUp()
	using.Wait()
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
				over(t, test.cut, func(_ http.ResponseWriter, r *http.Request) error {
					_, err := io.Copy(io.Discard, r.Body)
					return err
				}, func(conn net.Conn) {
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
			})
		})
	}
}

// A body that is announced and never sent, to a handler that wants none.
func TestBodiesThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, hangUp := connect(func(http.ResponseWriter, *http.Request) {})
		defer hangUp()
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
				over(t, test.cut, func(w http.ResponseWriter, _ *http.Request) error {
					_, err := io.WriteString(w, strings.Repeat("x", length))
					return err
				}, func(conn net.Conn) {
					_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
					for err == nil {
						<-time.After(test.pause)
						_, err = io.CopyN(io.Discard, conn, test.piece)
					}
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
				listener := wiretest.NewListener()
				ended := make(chan error, 1)
				go func() { ended <- serveHTTP(ctx, listener, http.NotFoundHandler()) }()
				ours := listener.Dial()
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
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A client whose connection the server has handed over, as for WebSocket, is told
// that the server ends before it does.
func TestWhoHoldsAConnectionHearsOfTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		listener := wiretest.NewListener()
		ended, left := make(chan error, 1), make(chan struct{})
		go func() {
			ended <- serveHTTP(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(left)
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				<-r.Context().Done()
				<-time.After(time.Second)
				_, _ = io.WriteString(conn, "the end")
			}))
		}()
		ours := listener.Dial()
		if _, err := io.WriteString(ours, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		told := make(chan string, 1)
		go func() {
			text, _ := io.ReadAll(ours)
			told <- string(text)
		}()
		synctest.Wait()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ours.Close()
		if got := <-told; got != "the end" {
			t.Errorf("the server has ended, and its client was told %q", got)
		}
		<-left
	})
}
