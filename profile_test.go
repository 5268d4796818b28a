package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loadline/cli"
	"loadline/graph/wire/wiretest"
)

// profiling returns the URL of a profiler that serves until the test ends.
func profiling(t *testing.T) string {
	t.Helper()
	var log bytes.Buffer
	profiler, err := serveCommand{PprofListen: "127.0.0.1:0"}.profile(slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { profiler.Close() })
	url := regexp.MustCompile(`url=(\S+)`).FindStringSubmatch(log.String())
	if url == nil {
		t.Fatalf("the log does not say where: %s", &log)
	}
	return url[1]
}

func TestProfileIsServedOnItsOwnListener(t *testing.T) {
	t.Parallel()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, profiling(t)+"goroutine?debug=1", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, body := wiretest.Exchange(t, req)
	if !strings.Contains(body, "goroutine profile:") {
		t.Errorf("got %s: %s", resp.Status, body)
	}
}

func TestPprofListenIsOfThisMachine(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"":               true,
		"127.0.0.1:6060": true,
		"[::1]:6060":     true,
		"localhost:6060": true,
		":6060":          false,
		"0.0.0.0:6060":   false,
		"192.0.2.1:6060": false,
		"127.0.0.1":      false,
	} {
		defaults := cli.Defaults()
		c := serveCommand{Listen: "127.0.0.1:8080", DatabaseFlags: cli.DatabaseFlags{Database: "x.db"}, MaxUpload: 1, PprofListen: address, Upstreams: cli.Upstreams{
			OSVURL: defaults["osv_url"], EPSSURL: defaults["epss_url"], KEVURL: defaults["kev_url"], DepsDevURL: defaults["depsdev_url"],
		}}
		if err := c.Validate(); (err == nil) != want || !want && !strings.Contains(err.Error(), "--pprof-listen") {
			t.Errorf("--pprof-listen %q: %v", address, err)
		}
	}
}
