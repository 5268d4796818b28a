package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loadline/bench/standin"
	"loadline/enrich"
	"loadline/graph"
	"loadline/job"
	"loadline/notify"
	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/epss"
	"loadline/upstream/kev"
	"loadline/upstream/osv"
)

// server is Loadline over a real database, with stand-in upstreams over real
// HTTP.
type server struct {
	URL       string
	Upstreams *standin.Server
	Clock     *clock
	Log       *journal
	ingest    *job.Ingest
	hub       *job.Hub
	store     *store.Store
	resolver  *graph.Resolver
	handler   atomic.Pointer[http.Handler]
}

// forget makes the server remember no more than one that has just been started.
func (s *server) forget(t testing.TB) {
	t.Helper()
	if err := s.resolver.Enrich.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.resolver.Enrich.Forget(nil)
	h := graph.NewHandler(s.resolver, graph.Options{MaxUpload: sbom.MaxSize})
	s.handler.Store(&h)
}

// clock is a clock that tests move.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// advance moves the clock to d from now, when what was answered so far is stored.
func (s *server) advance(t testing.TB, d time.Duration) {
	t.Helper()
	if err := s.resolver.Enrich.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Clock.ahead.Store(int64(d))
}

// newServer starts a server whose upstreams serve the stand-in's sample.
func newServer(t testing.TB, config standin.Config) *server {
	t.Helper()
	s := &server{Upstreams: standin.New(config), Clock: &clock{}, Log: &journal{}, hub: job.NewHub()}
	sources := httptest.NewServer(s.Upstreams)
	t.Cleanup(sources.Close)
	log := slog.New(slog.NewTextHandler(s.Log, nil))

	var err error
	s.store, err = store.Open(t.Context(), store.Options{DSN: storetest.DSN(t), Logger: log, Now: s.Clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.store.Close() })
	var all []*upstream.Client
	client := func(source upstream.Source) *upstream.Client {
		c := upstream.NewClient(source, upstream.Options{Attempts: 2, Backoff: time.Millisecond, Budget: 10 * time.Second, AttemptTimeout: 5 * time.Second})
		all = append(all, c)
		return c
	}
	clients := enrich.Upstreams{
		OSV:     osv.New(sources.URL, client(upstream.OSV)),
		EPSS:    epss.New(sources.URL, client(upstream.EPSS)),
		KEV:     kev.New(sources.URL, client(upstream.KEV)),
		DepsDev: depsdev.New(sources.URL, client(upstream.DepsDev)),
	}
	facts := enrich.New(s.store, clients, s.Clock.now, log)
	t.Cleanup(facts.Close)
	s.ingest = job.NewIngest(s.store, nil, sbom.MaxSize, 2, func(ctx context.Context, bomID int64) error {
		packages, err := s.store.PackageIDsOfBom(ctx, bomID)
		facts.WantLatest(packages)
		return err
	})
	runner := job.NewRunner(s.store, s.hub, s.ingest, "test", s.Clock.now, log)
	runner.AddExport(facts, "test")
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { runner.Run(ctx, 2) })
	work.Go(func() { s.hub.Keep(ctx, s.store, log) })
	t.Cleanup(func() { stop(); work.Wait() })

	notifier := notify.New(s.store, facts, s.Clock.now, log, notify.Options{AllowPrivate: true})
	t.Cleanup(notifier.Close)
	s.resolver = &graph.Resolver{Store: s.store, Enrich: facts, Ingest: s.ingest, Jobs: s.hub, Runner: runner, Notify: notifier, Clients: all, Log: log}
	s.forget(t)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*s.handler.Load()).ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	s.URL = web.URL
	return s
}

// journal is a log that is read while goroutines write it.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// put ingests a document and waits until it is in the database.
func (s *server) put(t testing.TB, project, release, document string) store.Bom {
	t.Helper()
	bom, j, err := s.ingest.Accept(t.Context(), job.Upload{Project: project, Release: release, Content: strings.NewReader(document)})
	if err != nil {
		t.Fatal(err)
	}
	changed, stop := s.hub.Watch(j.ID)
	defer stop()
	for {
		rows, err := s.store.JobsByIDs(t.Context(), []int64{j.ID})
		if err != nil {
			t.Fatal(err)
		}
		switch rows[0].State {
		case store.JobSucceeded:
			return bom
		case store.JobFailed:
			t.Fatalf("job failed: %s", rows[0].Error)
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
	}
}

// answer is a response.
type answer struct {
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
	Extensions struct {
		Cost struct {
			Requested     int `json:"requested"`
			Limit         int `json:"limit"`
			SQLStatements int `json:"sqlStatements"`
			UpstreamCalls int `json:"upstreamCalls"`
		} `json:"cost"`
	} `json:"extensions"`
}

// ask posts an operation.
func (s *server) ask(t *testing.T, query string, variables map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(s.URL, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

// get asks for something that must not fail.
func (s *server) get(t *testing.T, query string, variables map[string]any) answer {
	t.Helper()
	a := s.ask(t, query, variables)
	if len(a.Errors) > 0 {
		t.Fatalf("errors: %v\nlog: %s", a.Errors, s.Log)
	}
	return a
}

// at follows keys and indexes into an answer.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for i, step := range path {
		switch step := step.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("%v: %v is not an object", path[:i], v)
			}
			v = m[step]
		case int:
			l, ok := v.([]any)
			if !ok || step >= len(l) {
				t.Fatalf("%v: %v has no index %d", path[:i], v, step)
			}
			v = l[step]
		}
	}
	return v
}

// cyclonedx is a document with these purls as components.
func cyclonedx(purls ...string) string {
	type component struct {
		Type    string `json:"type"`
		Ref     string `json:"bom-ref"`
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
		PURL    string `json:"purl,omitempty"`
	}
	components := make([]component, len(purls))
	for i, p := range purls {
		name, version, _ := strings.Cut(p[strings.LastIndex(p, "/")+1:], "@")
		components[i] = component{"library", fmt.Sprintf("ref-%d", i), name, version, p}
	}
	b, err := json.Marshal(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// leftShelves are n versions of a package with the same two vulnerabilities.
func leftShelves(n int) []string {
	purls := make([]string, n)
	for i := range purls {
		purls[i] = fmt.Sprintf("pkg:npm/left-shelf@1.0.%d", i)
	}
	return purls
}

// question is the query that the product is about, as DESIGN has it.
const question = `query ReleaseReport($project: String!, $release: String!) {
  project(name: $project) {
    id name
    release(version: $release) {
      id version
      components(first: 100) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        nodes {
          id purl name version direct
          licenses { expression }
          package { latestVersion { version publishedAt } sourceStatus { source state asOf reason } }
          findings {
            id
            state
            fixedIn
            vulnerability {
              id aliases summary published modified
              severity { rating score vector }
              epss { probability percentile asOf }
              kev { dateAdded dueDate ransomware }
              sourceStatus { source state asOf reason }
            }
          }
        }
      }
    }
  }
}`

var theRelease = map[string]any{"project": "shop", "release": "1.0"}
