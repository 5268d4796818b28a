// Package wiretest has tests speak HTTP: also over connections without a network,
// whose clock is that of the test.
package wiretest

import (
	"net"
	"sync"
)

// Listener is a net.Listener of the connections that Dial makes.
type Listener struct {
	dialed chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// NewListener returns a Listener, which belongs to the bubble of a test that makes it.
func NewListener() *Listener {
	return &Listener{dialed: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial returns the client's end of a connection that has been accepted.
func (l *Listener) Dial() net.Conn {
	client, server := net.Pipe()
	l.dialed <- server
	return client
}

// Accept waits for the next Dial, or for Close.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.dialed:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept. It may be called again.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is that of nowhere.
func (l *Listener) Addr() net.Addr { return &net.TCPAddr{} }
