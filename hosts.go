package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// hosts are the names under which requests are taken. Behind any other name may be
// a foreign site that has had it resolved to this server's address, so that
// browsers take its pages for ours (ADR 17).
type hosts struct {
	any   bool
	names map[string]bool
}

// newHosts returns the hosts of a server that listens on the address; listen is
// the address as it was asked for, and names are those of --hosts.
func newHosts(address net.Addr, listen string, names []string) hosts {
	h := hosts{any: len(names) == 0 && !isLoopback(address.String()), names: make(map[string]bool)}
	for _, name := range names {
		h.names[plainHost(name)] = true
	}
	h.names[plainHost(listen)] = true
	return h
}

// have says whether requests to the host, with its port or without, are taken. An
// address is nobody's to resolve, and localhost is this machine's; no browser
// leaves the host out.
func (h hosts) have(host string) bool {
	name := plainHost(host)
	if h.any || name == "" || name == "localhost" || strings.HasSuffix(name, ".localhost") || h.names[name] {
		return true
	}
	_, err := netip.ParseAddr(name)
	return err == nil
}

// guard refuses requests to other hosts.
func (h hosts) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.have(r.Host) {
			http.Error(w, fmt.Sprintf("this server does not answer as %q: start it with --hosts %s if that is its name, or ask it by its address", r.Host, plainHost(r.Host)), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// plainHost is a host without its port, in lower case, and without the dot that may
// end a name.
func plainHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// checkHosts refuses what is no name.
func checkHosts(names []string) error {
	for _, name := range names {
		if name == "" || strings.ContainsAny(name, ":/*[]@ ") {
			return fmt.Errorf("--hosts: %q is not a name such as loadline.example.com, without scheme and port", name)
		}
	}
	return nil
}
