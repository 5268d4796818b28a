package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"loadline/graph/wire/wiretest"
)

// serving runs the program as a server until the test ends, and returns its URL.
func serving(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	log := newSink(read)
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--offline", "--database", filepath.Join(t.TempDir(), "x.db")}, args...), io.Discard, write)
		write.Close()
	}()
	t.Cleanup(func() {
		stop()
		if status := <-ended; status != 0 {
			t.Errorf("the server ended with %d:\n%s", status, log)
		}
	})
	url, ok := <-log.url
	if !ok {
		t.Fatalf("the server did not start:\n%s", log)
	}
	return url
}

// A site that has its name resolved to the address of this machine: its pages and
// the server are of one origin then.
func TestForeignHosts(t *testing.T) {
	t.Parallel()
	url := serving(t)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(t *testing.T, method, path, host, accept string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.Header.Set("Origin", "http://"+host)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.Set("Accept", accept)
		req.Header.Set("X-Forwarded-Host", "localhost")
		resp, text := wiretest.Exchange(t, req)
		return resp.StatusCode, text
	}
	for host, taken := range map[string]bool{"evil.example:" + port: false, "localhost:" + port: true} {
		for name, test := range map[string]struct{ method, path, accept string }{
			"a query":    {"GET", "/graphql?query=%7B__typename%7D", "application/json"},
			"events":     {"GET", "/graphql?query=%7B__typename%7D", "text/event-stream"},
			"the page":   {"GET", "/", "text/html"},
			"the meters": {"GET", "/metrics", "*/*"},
			"health":     {"GET", "/healthz", "*/*"},
		} {
			t.Run(host+" "+name, func(t *testing.T) {
				t.Parallel()
				status, text := ask(t, test.method, test.path, host, test.accept)
				switch {
				case taken && status != http.StatusOK:
					t.Errorf("%d %s", status, text)
				case !taken && (status != http.StatusMisdirectedRequest || !strings.Contains(text, "--hosts evil.example ")):
					t.Errorf("%d %s", status, text)
				}
			})
		}
		t.Run(host+" a socket", func(t *testing.T) {
			t.Parallel()
			conn, resp, err := websocket.Dial(t.Context(), url+"/graphql", &websocket.DialOptions{
				Host: host, Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {"http://" + host}},
			})
			if err == nil {
				_ = conn.CloseNow()
			}
			if taken != (err == nil) || !taken && (resp == nil || resp.StatusCode != http.StatusMisdirectedRequest) {
				t.Errorf("%v %v", resp, err)
			}
		})
		t.Run(host+" an upload", func(t *testing.T) {
			t.Parallel()
			status, text := ask(t, "PUT", "/api/v1/boms?project=a&release=1", host, "*/*")
			if (status == http.StatusMisdirectedRequest) == taken {
				t.Errorf("%d %s", status, text)
			}
		})
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	const (
		inside  = "127.0.0.1"
		outside = "0.0.0.0"
	)
	for name, test := range map[string]struct {
		address, listen string
		names           []string
		host            string
		want            bool
	}{
		"an address":                       {inside, "127.0.0.1:8080", nil, "127.0.0.1:8080", true},
		"any address":                      {inside, "127.0.0.1:8080", nil, "10.1.2.3", true},
		"an address of IPv6":               {inside, "127.0.0.1:8080", nil, "[::1]:8080", true},
		"one without its port":             {inside, "127.0.0.1:8080", nil, "[::1]", true},
		"localhost":                        {inside, "127.0.0.1:8080", nil, "LocalHost:9", true},
		"below localhost":                  {inside, "127.0.0.1:8080", nil, "loadline.localhost:8080", true},
		"none, as of HTTP/1.0":             {inside, "127.0.0.1:8080", nil, "", true},
		"the name that it listens on":      {inside, "myself:8080", nil, "myself:8080", true},
		"another name":                     {inside, "127.0.0.1:8080", nil, "evil.example", false},
		"a name that begins as an address": {inside, "127.0.0.1:8080", nil, "127.0.0.1.evil.example", false},
		"a name that ends in localhost":    {inside, "127.0.0.1:8080", nil, "evillocalhost", false},
		"with two ports":                   {inside, "127.0.0.1:8080", nil, "evil:80:80", false},
		"a name that was named":            {inside, "127.0.0.1:8080", []string{"Loadline.example.com"}, "loadline.example.com.:443", true},
		"one below it":                     {inside, "127.0.0.1:8080", []string{"example.com"}, "evil.example.com", false},
		"outside, any name":                {outside, "0.0.0.0:8080", nil, "loadline", true},
		"outside, a name that was named":   {outside, "0.0.0.0:8080", []string{"loadline"}, "loadline:8080", true},
		"outside, another name":            {outside, "0.0.0.0:8080", []string{"loadline"}, "evil.example", false},
		"outside, the address of a probe":  {outside, "0.0.0.0:8080", []string{"loadline"}, "10.1.2.3:8080", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHosts(&net.TCPAddr{IP: net.ParseIP(test.address), Port: 8080}, test.listen, test.names)
			if got := h.have(test.host); got != test.want {
				t.Errorf("%q is taken: %t", test.host, got)
			}
		})
	}
}

func TestHostsAreNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"loadline": true, "loadline.example.com": true, "": false, "https://x.example": false, "x.example:443": false, "*.example": false} {
		if err := checkHosts([]string{name}); (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A profile tells what is in memory, and the command line.
func TestForeignHostsOfTheProfiler(t *testing.T) {
	t.Parallel()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, profiling(t)+"cmdline", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.example"
	if resp, _ := wiretest.Exchange(t, req); resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("the answer is %s", resp.Status)
	}
}

// A page of another site that uploads from its visitor's browser.
func TestForeignUploads(t *testing.T) {
	t.Parallel()
	url := serving(t)
	for name, headers := range map[string]map[string]string{
		"a browser":        {"Sec-Fetch-Site": "cross-site"},
		"an older browser": {"Origin": "https://evil.example"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url+"/api/v1/boms?project=a&release=1", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range headers {
			req.Header.Set(k, v)
		}
		if resp, text := wiretest.Exchange(t, req); resp.StatusCode != http.StatusForbidden || !strings.Contains(text, `"code":"FORBIDDEN"`) {
			t.Errorf("%s: %s %s", name, resp.Status, text)
		}
	}
}
