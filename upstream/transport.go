package upstream

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

const (
	// maxConns lets a batch's hydration, some 250 small calls, run at once over
	// HTTP/1.1. Over HTTP/2 they share a connection.
	maxConns     = 256
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

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        maxConns,
		MaxIdleConns:           maxConns,
		MaxIdleConnsPerHost:    maxConns,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
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
