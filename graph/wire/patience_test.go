package wire_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"loadline/graph/wire"
	"loadline/graph/wire/testserver"
	"loadline/graph/wire/wiretest"
)

// connect returns the client's end of a connection to a server of the test schema;
// ended is closed when the server has answered its request.
func connect(o wire.Options) (conn net.Conn, ended chan struct{}) {
	es := testserver.NewExecutableSchema(testserver.Config{Resolvers: &testserver.Resolver{}})
	handler := wire.New(es, o)
	ended = make(chan struct{})
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		handler.ServeHTTP(w, r)
	})}
	listener := wiretest.NewListener()
	defer listener.Close()
	go func() { _ = server.Serve(listener) }()
	return listener.Dial(), ended
}

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
				ours, ended := connect(wire.Options{})
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
							length, _ := from.ReadByte()
							payload := make([]byte, length)
							_, _ = io.ReadFull(from, payload)
							go func() { _, _ = io.WriteString(ours, frame(0x8a, string(payload))) }()
						}
					}
				}()
				select {
				case <-ended:
				case <-time.After(5 * time.Minute):
					t.Error("the handler still runs")
				}
				ours.Close()
				<-read
				<-ended
				if !strings.Contains(got.String(), test.want) {
					t.Errorf("the client got %q", got.String())
				}
			})
		})
	}
}

// crowd counts the operations that run. They wait to be let go, whatever their
// client wants.
type crowd struct {
	leave   chan struct{}
	running atomic.Int64
}

func (*crowd) ExtensionName() string                   { return "Crowd" }
func (*crowd) Validate(graphql.ExecutableSchema) error { return nil }
func (c *crowd) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	c.running.Add(1)
	defer c.running.Add(-1)
	<-c.leave
	return next(ctx)
}

// Operations that a client has ended count until they have.
func TestEndedOperationsCount(t *testing.T) {
	t.Parallel()
	for protocol, kinds := range map[string][2]string{"graphql-transport-ws": {"subscribe", "complete"}, "graphql-ws": {"start", "stop"}} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := &crowd{leave: make(chan struct{})}
				conn, ended := connect(wire.Options{Extensions: []graphql.HandlerExtension{c}})
				var client sync.WaitGroup
				client.Go(func() { _, _ = io.Copy(io.Discard, conn) })
				client.Go(func() {
					_, _ = io.WriteString(conn, strings.Replace(handshake, "graphql-transport-ws", protocol, 1)+frame(whole, begin))
					for i := range 300 {
						start := strings.Replace(subscribe(strconv.Itoa(i), "{ motto }"), "subscribe", kinds[0], 1)
						_, _ = io.WriteString(conn, frame(whole, start)+frame(whole, fmt.Sprintf(`{"id":"%d","type":%q}`, i, kinds[1])))
					}
				})
				synctest.Wait()
				if n := c.running.Load(); n != 100 {
					t.Errorf("%d operations run", n)
				}
				close(c.leave)
				synctest.Wait()
				if n := c.running.Load(); n != 0 {
					t.Errorf("%d operations run at the end", n)
				}
				conn.Close()
				client.Wait()
				<-ended
			})
		})
	}
}

// A client that goes away takes its operations with it.
func TestSocketsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, ended := connect(wire.Options{})
		got := make(chan string, 1)
		go func() {
			text, _ := io.ReadAll(conn)
			got <- string(text)
		}()
		send := func(text string) {
			if _, err := io.WriteString(conn, text); err != nil {
				t.Error(err)
			}
		}
		send(handshake + frame(whole, begin) + frame(whole, subscribe("a", "subscription { tick(pause: 1000000) }")))
		synctest.Wait()
		const goodbye = "\x03\xe8" // the code of a normal closure
		send(frame(0x88, goodbye))
		select {
		case <-ended:
		case <-time.After(time.Minute):
			t.Error("the operation still runs")
		}
		conn.Close()
		<-ended
		if text := <-got; !strings.HasSuffix(text, "\x88\x02"+goodbye) {
			t.Errorf("the server does not answer a close: %q", text)
		}
	})
}
