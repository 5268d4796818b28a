// Package web holds the pages that Loadline serves: the dashboard and the
// playground, built by Vite into dist/ and committed. It knows the API only by
// its paths, as seen from the pages, and loads nothing from elsewhere.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Files under dist are gzip, each with .gz behind its name.
//
//go:embed all:dist favicon.svg
var files embed.FS

// hashed matches the names to which Vite has added a hash of their content.
var hashed = regexp.MustCompile(`-[0-9A-Za-z_-]{8}\.[a-z0-9]+$`)

// Own types rather than those of package mime, which differ between machines.
var mediaTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".md":   "text/markdown; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
}

// allowed sets the headers that every answer carries and refuses, with 405,
// whatever is not a GET or a HEAD. It reports whether to go on.
func allowed(w http.ResponseWriter, r *http.Request, policy string) bool {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	h.Set("Allow", "GET, HEAD")
	http.Error(w, r.Method+" is not possible here: this is a page, for GET and HEAD; the API is at /graphql", http.StatusMethodNotAllowed)
	return false
}

// serve answers with an embedded file, those of dist unpacked if the client does
// not take gzip. Files with a hash in their name may be kept for ever, others
// must be revalidated. Unknown files are a 404.
func serve(w http.ResponseWriter, r *http.Request, name string) {
	packed := strings.HasPrefix(name, "dist/")
	stored := name
	if packed {
		stored += ".gz"
	}
	content, err := files.ReadFile(stored)
	if err != nil {
		notFound(w, r)
		return
	}

	h := w.Header()
	if packed {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
		} else if content, err = unpack(content); err != nil {
			http.Error(w, fmt.Sprintf("the embedded file %s is damaged: %v; build Loadline anew", name, err), http.StatusInternalServerError)
			return
		}
	}
	if t, ok := mediaTypes[path.Ext(name)]; ok {
		h.Set("Content-Type", t)
	}
	if hashed.MatchString(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(content)))
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func notFound(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	http.Error(w, fmt.Sprintf("nothing at %q; the API is at /graphql, the playground at /playground", r.URL.Path), http.StatusNotFound)
}

// acceptsGzip reports whether Accept-Encoding names gzip, or else *, with a
// weight above zero.
func acceptsGzip(r *http.Request) bool {
	accepted := false
	for item := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, params, _ := strings.Cut(item, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "*" {
			continue
		}
		name, value, _ := strings.Cut(params, "=")
		weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		refused := strings.EqualFold(strings.TrimSpace(name), "q") && err == nil && weight == 0
		if coding == "gzip" {
			return !refused
		}
		accepted = !refused
	}
	return accepted
}

func unpack(content []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
