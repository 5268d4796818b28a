package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// isLoopback reports whether only this machine can reach an address.
func isLoopback(address string) bool {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "" {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// profile serves Go's profiler until it is closed, on a listener of its own that
// has no part in the API's limits and is never behind the same proxy. Without
// --pprof-listen it does nothing.
func (c serveCommand) profile(log *slog.Logger) (io.Closer, error) {
	if c.PprofListen == "" {
		return io.NopCloser(nil), nil
	}
	listener, err := net.Listen("tcp", c.PprofListen)
	if err != nil {
		return nil, fmt.Errorf("--pprof-listen %s: %w", c.PprofListen, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: newHosts(listener.Addr(), c.PprofListen, nil).guard(mux), ReadHeaderTimeout: 10 * time.Second}
	// It ends when it is closed, and an operator sees any other error by asking.
	go func() { _ = server.Serve(listener) }()
	log.Info("profiling", "url", "http://"+listener.Addr().String()+"/debug/pprof/")
	return server, nil
}
