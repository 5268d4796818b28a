package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// get asks h for a path without following redirects. It sets Accept-Encoding
// itself, so that the transport leaves the body as it came.
func get(t *testing.T, h http.Handler, method, target, encoding string, header http.Header) (*http.Response, []byte) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", encoding)
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := server.Client().Transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, body
}

// built returns the name of the one file of dist/playground that matches.
func built(t *testing.T, pattern string) string {
	t.Helper()
	names, err := fs.Glob(files, "dist/playground/"+pattern+".gz")
	if err != nil || len(names) != 1 {
		t.Fatalf("files that match %s: %v, %v; want one", pattern, names, err)
	}
	return strings.TrimSuffix(path.Base(names[0]), ".gz")
}

// entry returns the path of the dashboard's first script.
func entry(t *testing.T) string {
	t.Helper()
	_, page := get(t, Dashboard(), "GET", "/", "identity", nil)
	match := regexp.MustCompile(`<script type="module"[^>]* src="\./([^"]+)"`).FindSubmatch(page)
	if match == nil {
		t.Fatalf("no script in the page:\n%s", page)
	}
	return string(match[1])
}

func TestPaths(t *testing.T) {
	t.Parallel()
	app := entry(t)
	script, style, font := built(t, "playground-*.js"), built(t, "playground-*.css"), built(t, "*.ttf")
	const kept, checked = "public, max-age=31536000, immutable", "no-cache"
	tests := []struct {
		name    string
		handler http.Handler
		method  string
		path    string
		status  int
		kind    string
		cache   string
	}{
		{"playground", Playground(), "GET", "/playground", 200, "text/html; charset=utf-8", checked},
		{"playground with a query", Playground(), "GET", "/playground?query=%7Bsources%7Bsource%7D%7D", 200, "text/html; charset=utf-8", checked},
		{"playground with a slash", Playground(), "GET", "/playground/", 302, "", ""},
		{"script", Playground(), "GET", "/playground/" + script, 200, "text/javascript; charset=utf-8", kept},
		{"style", Playground(), "GET", "/playground/" + style, 200, "text/css; charset=utf-8", kept},
		{"font", Playground(), "GET", "/playground/" + font, 200, "font/ttf", kept},
		{"licences", Playground(), "GET", "/playground/licenses.md", 200, "text/markdown; charset=utf-8", checked},
		{"head", Playground(), "HEAD", "/playground/" + script, 200, "text/javascript; charset=utf-8", kept},
		{"unknown asset", Playground(), "GET", "/playground/gone-C7r_YPsf.js", 404, "text/plain; charset=utf-8", checked},
		{"packed name", Playground(), "GET", "/playground/" + script + ".gz", 404, "text/plain; charset=utf-8", checked},
		{"folder", Playground(), "GET", "/playground/.", 404, "text/plain; charset=utf-8", checked},
		{"outside", Playground(), "GET", "/playground/../../web.go", 404, "text/plain; charset=utf-8", checked},
		{"outside, escaped", Playground(), "GET", "/playground/%2e%2e/playground.html", 404, "text/plain; charset=utf-8", checked},
		{"neighbour", Playground(), "GET", "/playgrounds", 404, "text/plain; charset=utf-8", checked},
		{"post", Playground(), "POST", "/playground", 405, "text/plain; charset=utf-8", ""},
		{"overview", Dashboard(), "GET", "/", 200, "text/html; charset=utf-8", checked},
		{"page", Dashboard(), "GET", "/release?project=a&version=1%2F2", 200, "text/html; charset=utf-8", checked},
		{"page with a slash", Dashboard(), "GET", "/release/", 404, "text/plain; charset=utf-8", checked},
		{"dashboard's script", Dashboard(), "GET", "/" + app, 200, "text/javascript; charset=utf-8", kept},
		{"dashboard's licences", Dashboard(), "GET", "/assets/licenses.md", 200, "text/markdown; charset=utf-8", checked},
		{"favicon", Dashboard(), "GET", "/favicon.svg", 200, "image/svg+xml", checked},
		{"favicon, old name", Dashboard(), "GET", "/favicon.ico", 200, "image/svg+xml", checked},
		{"dashboard, unknown", Dashboard(), "GET", "/index.html", 404, "text/plain; charset=utf-8", checked},
		{"dashboard, outside", Dashboard(), "GET", "/assets/../../web.go", 404, "text/plain; charset=utf-8", checked},
		{"dashboard, put", Dashboard(), "PUT", "/", 405, "text/plain; charset=utf-8", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			response, body := get(t, test.handler, test.method, test.path, "gzip", nil)
			if response.StatusCode != test.status {
				t.Fatalf("status %d, want %d: %s", response.StatusCode, test.status, body)
			}
			if got := response.Header.Get("Content-Type"); got != test.kind {
				t.Errorf("Content-Type %q, want %q", got, test.kind)
			}
			if got := response.Header.Get("Cache-Control"); got != test.cache {
				t.Errorf("Cache-Control %q, want %q", got, test.cache)
			}
			if got := response.Header.Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("X-Content-Type-Options %q, want nosniff", got)
			}
			policy := response.Header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src '", "frame-ancestors 'none'", "base-uri 'none'"} {
				if !strings.Contains(policy, want) {
					t.Errorf("Content-Security-Policy %q, want %q in it", policy, want)
				}
			}
			if test.method == "HEAD" && len(body) > 0 {
				t.Errorf("%d bytes in answer to a HEAD", len(body))
			}
			if test.status == 405 {
				if got := response.Header.Get("Allow"); got != "GET, HEAD" {
					t.Errorf("Allow %q, want GET, HEAD", got)
				}
			}
			if test.status == 302 {
				if got := response.Header.Get("Location"); got != "../playground" {
					t.Errorf("Location %q, want ../playground", got)
				}
			}
		})
	}
}

func TestGzipAndPlainAreTheSame(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/playground", "/playground/" + built(t, "playground-*.js")} {
		packed, content := get(t, Playground(), "GET", target, "gzip, br", nil)
		if got := packed.Header.Get("Content-Encoding"); got != "gzip" {
			t.Fatalf("%s: Content-Encoding %q, want gzip", target, got)
		}
		plain, want := get(t, Playground(), "GET", target, "identity", nil)
		if got := plain.Header.Get("Content-Encoding"); got != "" {
			t.Fatalf("%s: Content-Encoding %q, want none", target, got)
		}
		z, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		got, err := io.ReadAll(z)
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		if !bytes.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: gzip holds %d bytes, the plain answer %d", target, len(got), len(want))
		}
		for _, response := range []*http.Response{packed, plain} {
			if got := response.Header.Get("Vary"); got != "Accept-Encoding" {
				t.Errorf("%s: Vary %q, want Accept-Encoding", target, got)
			}
		}
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		handler http.Handler
		path    string
	}{
		{"playground", Playground(), "/playground"},
		{"dashboard", Dashboard(), "/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			first, _ := get(t, test.handler, "GET", test.path, "gzip", nil)
			tag := first.Header.Get("ETag")
			again, body := get(t, test.handler, "GET", test.path, "gzip", http.Header{"If-None-Match": {tag}})
			if again.StatusCode != http.StatusNotModified || len(body) > 0 {
				t.Errorf("with its ETag %s: status %d and %d bytes, want 304 and none", tag, again.StatusCode, len(body))
			}
			other, _ := get(t, test.handler, "GET", test.path, "gzip", http.Header{"If-None-Match": {`"other"`}})
			if other.StatusCode != http.StatusOK {
				t.Errorf("with another ETag: status %d, want 200", other.StatusCode)
			}
		})
	}

	packed, _ := get(t, Playground(), "GET", "/playground", "gzip", nil)
	plain, _ := get(t, Playground(), "GET", "/playground", "identity", nil)
	if packed.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Errorf("gzip and plain answers have one ETag, %s", plain.Header.Get("ETag"))
	}
}

func TestAcceptsGzip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header string
		want   bool
	}{
		{"", false},
		{"gzip", true},
		{"deflate, gzip, br, zstd", true},
		{"GZIP ; q=0.5", true},
		{"gzip;q=0", false},
		{"gzip;q=0.000, identity", false},
		{"*", true},
		{"*;q=0", false},
		{"gzip;q=0, *", false},
		{"*;q=0, gzip", true},
		{"br", false},
		{"xgzip", false},
		{"gzip;q=", true},
		{",;,=", false},
	}
	for _, test := range tests {
		t.Run(test.header, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			request.Header.Set("Accept-Encoding", test.header)
			if got := acceptsGzip(request); got != test.want {
				t.Errorf("acceptsGzip(%q) = %t, want %t", test.header, got, test.want)
			}
		})
	}
}

// Whatever a page refers to must be served, and by this server.
func TestReferencesResolve(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/playground", Playground())
	mux.Handle("/playground/", Playground())
	mux.Handle("/", Dashboard())
	reference := regexp.MustCompile(`(?:src|href)="([^"]+)"`)
	for _, page := range []string{"/", "/playground"} {
		_, body := get(t, mux, "GET", page, "identity", nil)
		found := reference.FindAllSubmatch(body, -1)
		if len(found) < 3 {
			t.Fatalf("%s: %d references, want more; is the page empty?", page, len(found))
		}
		for _, match := range found {
			target := string(match[1])
			if strings.Contains(target, "//") || strings.HasPrefix(target, "/") {
				t.Errorf("%s refers to %s, want a relative path", page, target)
				continue
			}
			response, _ := get(t, mux, "GET", path.Join("/", target), "gzip", nil)
			if response.StatusCode != http.StatusOK {
				t.Errorf("%s refers to %s: status %d", page, target, response.StatusCode)
			}
		}
	}
}

func TestEveryFileHasAMediaType(t *testing.T) {
	t.Parallel()
	var unknown []string
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if _, ok := mediaTypes[path.Ext(strings.TrimSuffix(name, ".gz"))]; !ok {
			unknown = append(unknown, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string(nil), unknown); diff != "" {
		t.Errorf("files without a media type (-want +got):\n%s", diff)
	}
}

func TestPagesNameTheirScripts(t *testing.T) {
	t.Parallel()
	dashboard := Dashboard()
	for target, want := range map[string][]string{
		"/":                            {"shared", "Overview"},
		"/release?project=a&version=1": {"shared", "Release"},
		"/projects":                    {"shared", "Projects"},
		"/project?name=a":              {"shared", "Project"},
		"/component?id=a":              {"shared", "Component"},
		"/vulnerability?id=a":          {"shared", "Vulnerability"},
		"/package?purl=a":              {"shared", "Package"},
		"/upload":                      {"shared", "Upload"},
		"/jobs":                        {"shared", "Jobs"},
		"/sources":                     {"shared", "Sources"},
		"/notifications":               {"shared", "Notifications"},
	} {
		response, _ := get(t, dashboard, "GET", target, "gzip", nil)
		var named []string
		for link := range strings.SplitSeq(response.Header.Get("Link"), ", ") {
			match := regexp.MustCompile(`^<(assets/([^>]+))-[^>]{8}\.js>; rel=modulepreload$`).FindStringSubmatch(link)
			if match == nil {
				t.Fatalf("%s: Link has %q", target, link)
			}
			named = append(named, match[2])
			file, _, _ := strings.Cut(link[1:], ">")
			if script, _ := get(t, dashboard, "GET", "/"+file, "gzip", nil); script.StatusCode != http.StatusOK {
				t.Errorf("%s: %s is answered %d", target, file, script.StatusCode)
			}
		}
		for _, script := range want {
			if !slices.Contains(named, script) {
				t.Errorf("%s: Link names %v; want %s too", target, named, script)
			}
		}
		if named[0] != "shared" {
			t.Errorf("%s: Link begins with %s; want shared, the largest", target, named[0])
		}
	}
}
