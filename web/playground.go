package web

import (
	"net/http"
	"strings"
)

// Monaco writes styles into the page and runs its language services in workers,
// which it may start from a blob; the rest comes from this server alone.
const playgroundPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; " +
	"img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Playground returns the handler of /playground and of everything under
// /playground/. The page asks the API at /graphql, beside it. The paths in it
// are relative; a proxy may serve it under a prefix that it takes away.
func Playground() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed(w, r, playgroundPolicy) {
			return
		}
		switch rest, under := strings.CutPrefix(r.URL.Path, "/playground/"); {
		case r.URL.Path == "/playground":
			serve(w, r, "dist/playground.html")
		case under && rest == "":
			w.Header().Set("Location", "../playground")
			w.WriteHeader(http.StatusFound)
		case under:
			serve(w, r, "dist/playground/"+rest)
		default:
			notFound(w, r)
		}
	})
}
