package upstream

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	// maxConns lets the hydrations of two batches, some 250 small calls each, run
	// at once over HTTP/1.1.
	maxConns = 512
	// maxTLSConns is enough for calls that share connections over HTTP/2. Without
	// it, 250 calls at once on a cold client would be 250 handshakes.
	maxTLSConns  = 8
	maxRedirects = 3
)

var errRedirect = errors.New("redirect refused")

// newHTTPClient returns a client without cookies that follows few redirects,
// and none to another host.
func newHTTPClient(rt http.RoundTripper) *http.Client {
	if rt == nil {
		rt = newTransport()
	}
	return &http.Client{Transport: rt, CheckRedirect: checkRedirect}
}

// transport is HTTP over many connections, and over TLS few of them until the
// source turns out not to speak HTTP/2.
type transport struct {
	wide, narrow *http.Transport
	http1        atomic.Bool
}

func newTransport() *transport {
	return &transport{wide: newHTTPTransport(maxConns), narrow: newHTTPTransport(maxTLSConns)}
}

func newHTTPTransport(conns int) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        conns,
		MaxIdleConns:           conns,
		MaxIdleConnsPerHost:    conns,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// RoundTrip sends one request.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" || t.http1.Load() {
		return t.wide.RoundTrip(req)
	}
	resp, err := t.narrow.RoundTrip(req)
	if err == nil && resp.ProtoMajor < 2 {
		t.http1.Store(true)
	}
	return resp, err
}

// CloseIdleConnections is what http.Client looks for.
func (t *transport) CloseIdleConnections() {
	t.wide.CloseIdleConnections()
	t.narrow.CloseIdleConnections()
}

func checkRedirect(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	switch {
	case req.URL.Host != first.Host:
		return fmt.Errorf("%w: to another host, %s", errRedirect, req.URL.Host)
	case req.URL.Scheme != first.Scheme && req.URL.Scheme != "https":
		return fmt.Errorf("%w: from %s to %s", errRedirect, first.Scheme, req.URL.Scheme)
	case len(via) > maxRedirects:
		return fmt.Errorf("%w: more than %d in a row", errRedirect, maxRedirects)
	}
	return nil
}
