package standin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// reply is what came over the wire.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// client is a Server over real HTTP and a client of its own. It opens a
// connection for each call: on a used one, net/http repeats a GET that failed.
type client struct {
	*Server
	url  string
	http *http.Client
}

func start(t *testing.T, config Config) *client {
	t.Helper()
	s := New(config)
	srv := httptest.NewServer(s)
	transport := &http.Transport{DisableKeepAlives: true}
	t.Cleanup(func() {
		s.Reset()
		transport.CloseIdleConnections()
		srv.Close()
	})
	return &client{Server: s, url: srv.URL, http: &http.Client{Transport: transport}}
}

// do sends a request with header pairs; the error is that of the transport or of
// reading the body.
func (c *client) do(ctx context.Context, method, path, body string, header ...string) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, got}, err
}

func (c *client) get(t *testing.T, path string, header ...string) reply {
	t.Helper()
	r, err := c.do(t.Context(), http.MethodGet, path, "", header...)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return r
}

func (c *client) post(t *testing.T, path, body string, header ...string) reply {
	t.Helper()
	r, err := c.do(t.Context(), http.MethodPost, path, body, header...)
	if err != nil {
		t.Fatalf("POST %s: %v", path, err)
	}
	return r
}

// want compares status and body, as text.
func (r reply) want(t *testing.T, status int, body string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d", r.status, status)
	}
	if diff := cmp.Diff(body, string(r.body)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// into decodes the body.
func (r reply) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("status %d, body %.200q: %v", r.status, r.body, err)
	}
}

// shared returns the path of shared data, or skips the test.
func shared(t *testing.T, name string) string {
	t.Helper()
	root, err := sharedRoot()
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared data: %v", err)
	}
	return path
}

// sharedRoot looks for shared/data beside the repository.
func sharedRoot() (string, error) {
	if root := os.Getenv("LOADLINE_SHARED"); root != "" {
		return filepath.Join(root, "data"), nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		root := filepath.Join(dir, "shared", "data")
		if _, err := os.Stat(root); err == nil {
			return root, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no shared/data beside the repository, and LOADLINE_SHARED does not name the folder that holds data")
		}
	}
}

// sharedData returns all shared advisories, loaded once for all tests.
func sharedData(t *testing.T) *Data {
	t.Helper()
	shared(t, "advisories")
	d, err := loadShared()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var loadShared = sync.OnceValues(func() (*Data, error) {
	root, err := sharedRoot()
	if err != nil {
		return nil, err
	}
	return Load(os.DirFS(filepath.Join(root, "advisories")), nil)
})

func textLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

func TestSample(t *testing.T) {
	t.Parallel()
	d, err := Load(Sample(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if d.Records() != 21 || len(d.ecosystems) != 11 || len(d.scores.rows) != 141 || len(d.registry) != 4 {
		t.Errorf("records %d, ecosystems %d, scores %d, packages %d; want 21, 11, 141, 4",
			d.Records(), len(d.ecosystems), len(d.scores.rows), len(d.registry))
	}
}

func TestLoadToleratesMissingPieces(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	dir := t.TempDir()
	for name, text := range map[string]string{
		"npm/A-1.json":    `{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[]}`,
		"npm/broken.json": `{"id":`,
		"notes/text.txt":  "not a record",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Load(os.DirFS(dir), textLogger(&log))
	if err != nil {
		t.Fatal(err)
	}
	if d.Records() != 1 {
		t.Errorf("records %d, want 1", d.Records())
	}
	for _, want := range []string{"npm/broken.json", "kev.json", "epss"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not name %s:\n%s", want, log.String())
		}
	}
	c := start(t, Config{Data: d})
	c.get(t, "/v1/vulns/A-1").want(t, 200, `{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[]}`)
	c.get(t, "/data/v1/epss?cve=CVE-2099-10001").want(t, 200,
		`{"status":"OK","status-code":200,"version":"1.0","access":"public","total":0,"offset":0,"limit":100,"data":[]}`)
	if got := c.get(t, "/sites/default/files/feeds/known_exploited_vulnerabilities.json"); got.status != 200 {
		t.Errorf("catalogue: status %d", got.status)
	}
}

// All calls of one burst are under way at once: with a latency that none of them
// outlives, they would not be if one waited for another.
func TestConcurrentCallsDoNotQueue(t *testing.T) {
	t.Parallel()
	const calls = 242
	c := start(t, Config{Latency: Latency{Median: time.Hour}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	var wg sync.WaitGroup
	for range calls {
		wg.Go(func() {
			if r, err := c.do(ctx, http.MethodGet, vulnPath, ""); err == nil {
				t.Errorf("status %d before its latency was over", r.status)
			}
		})
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for c.Counts().Of(OSVVuln).Peak < calls && ctx.Err() == nil {
		<-tick.C
	}
	cancel()
	wg.Wait()
	if got := c.Counts().Of(OSVVuln); got.Calls != calls || got.Peak != calls {
		t.Errorf("counts %+v, want %d calls, all of them at once", got, calls)
	}
}

func BenchmarkVuln(b *testing.B) {
	s := New(Config{})
	r := httptest.NewRequest(http.MethodGet, "/v1/vulns/GO-2099-0001", nil)
	b.ReportAllocs()
	for b.Loop() {
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
}

func BenchmarkQueryBatch(b *testing.B) {
	s := New(Config{})
	body := `{"queries":[` + strings.TrimSuffix(strings.Repeat(`{"package":{"name":"left-shelf","ecosystem":"npm"},"version":"1.2.0"},`, 100), ",") + `]}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/v1/querybatch", strings.NewReader(body))
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
}
