package wire_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"loadline/graph/wire"
	"loadline/graph/wire/testserver"
)

// single is a listener of one connection without a network, so that a test's clock
// moves it.
type single struct{ conn chan net.Conn }

func (l single) Accept() (net.Conn, error) {
	c, ok := <-l.conn
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (l single) Close() error   { return nil }
func (l single) Addr() net.Addr { return &net.TCPAddr{} }

// frame is a WebSocket frame of up to 125 bytes from a client; code is its first byte.
func frame(code byte, text string) string {
	return string([]byte{code, 0x80 | byte(len(text)), 0, 0, 0, 0}) + text
}

const (
	whole      = 0x81 // a text
	unfinished = 0x01 // the beginning of a text
	handshake  = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)

// The server's patience with clients that do not do their part.
func TestPatience(t *testing.T) {
	t.Parallel()
	events := post("subscription { tick(pause: 1) }").body
	for name, test := range map[string]struct {
		send    string
		read    bool   // whether the client reads
		answers bool   // whether it answers pings
		want    string // what it gets before the end
	}{
		"a socket that does not begin":      {handshake, true, false, "\x11\x38Connection initialisation timeout"},
		"a socket that answers no ping":     {handshake + frame(whole, begin), true, false, begun},
		"a message that does not end":       {handshake + frame(whole, begin) + frame(unfinished, "{"), true, true, begun},
		"a first message that does not end": {handshake + frame(unfinished, "{"), true, true, ""},
		"a subscription that nobody reads":  {handshake + frame(whole, begin) + frame(whole, subscribe("a", "subscription { tick(pause: 1) }")), false, false, ""},
		"pings whose answers nobody reads":  {handshake + strings.Repeat(frame(0x89, "x"), 1000), false, false, ""},
		"events that nobody reads":          {fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: %d\r\n\r\n", len(events)) + events, false, false, ""},
		"parts that nobody reads":           {fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: multipart/mixed\r\nContent-Length: %d\r\n\r\n", len(events)) + events, false, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				es := testserver.NewExecutableSchema(testserver.Config{Resolvers: &testserver.Resolver{}})
				handler := wire.New(es, wire.Options{})
				ended := make(chan struct{})
				server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					defer close(ended)
					handler.ServeHTTP(w, r)
				})}
				listener := single{make(chan net.Conn)}
				go func() { _ = server.Serve(listener) }()
				ours, theirs := net.Pipe()
				listener.conn <- theirs
				close(listener.conn)
				go func() { _, _ = io.WriteString(ours, test.send) }()
				var got strings.Builder
				read := make(chan struct{})
				go func() {
					defer close(read)
					from := bufio.NewReaderSize(ours, 1)
					if strings.HasPrefix(test.send, handshake) {
						if resp, err := http.ReadResponse(from, nil); err == nil {
							resp.Body.Close()
						}
					}
					if !test.read {
						return
					}
					for {
						b, err := from.ReadByte()
						if err != nil {
							return
						}
						got.WriteByte(b)
						if test.answers && b == 0x89 {
							go func() { _, _ = io.WriteString(ours, frame(0x8a, "")) }()
						}
					}
				}()
				select {
				case <-ended:
				case <-time.After(5 * time.Minute):
					t.Error("the handler still runs")
				}
				ours.Close()
				server.Close()
				<-read
				<-ended
				if !strings.Contains(got.String(), test.want) {
					t.Errorf("the client got %q", got.String())
				}
			})
		})
	}
}
