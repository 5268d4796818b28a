package web

import "net/http"

const homePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Home returns the handler of / and of the few files of its page, which stands
// in for the dashboard until there is one. Everything else is a 404 that says
// where the API is, so that it may be the fallback of the whole server.
func Home() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed(w, r, homePolicy) {
			return
		}
		switch r.URL.Path {
		case "/":
			serve(w, r, "home/index.html")
		case "/home.css", "/home.js", "/favicon.svg":
			serve(w, r, "home"+r.URL.Path)
		case "/favicon.ico":
			serve(w, r, "home/favicon.svg")
		default:
			notFound(w, r)
		}
	})
}
