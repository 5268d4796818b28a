package web

import (
	"net/http"
	"strings"
)

// The components write one style element of a fixed text into the page, which is
// allowed by its hash; web/e2e fails when a new version of them writes another.
const dashboardPolicy = "default-src 'self'; style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pages names, by the path of each page, the script that draws it.
var pages = map[string]string{
	"/":              "Overview",
	"/projects":      "Projects",
	"/project":       "Project",
	"/release":       "Release",
	"/component":     "Component",
	"/vulnerability": "Vulnerability",
	"/package":       "Package",
	"/upload":        "Upload",
	"/jobs":          "Jobs",
	"/sources":       "Sources",
	"/notifications": "Notifications",
}

// Dashboard returns the handler of / and of all pages of the dashboard, which
// are one document and find out themselves what to show. Everything else is a
// 404 that says where the API is, so that it may be the fallback of the server.
func Dashboard() http.Handler {
	preloads := pagePreloads()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed(w, r, dashboardPolicy) {
			return
		}
		path := r.URL.Path
		switch _, page := pages[path]; {
		case page:
			w.Header()["Link"] = preloads[path]
			serve(w, r, "dist/index.html")
		case path == "/favicon.svg", path == "/favicon.ico":
			serve(w, r, "favicon.svg")
		case strings.HasPrefix(path, "/assets/"):
			serve(w, r, "dist"+path)
		default:
			notFound(w, r)
		}
	})
}
