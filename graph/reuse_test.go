package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loadline/bench/standin"
	"loadline/graph/wire/wiretest"
	"loadline/store"
)

// exchange is a request and what came back.
type exchange struct {
	status int
	etag   string
	data   string
	cost   struct{ SQLStatements int }
}

func (s *server) exchange(t testing.TB, header http.Header, query string, variables map[string]any) exchange {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Header.Set("Content-Type", "application/json")
	return roundTrip(t, req)
}

func roundTrip(t testing.TB, req *http.Request) exchange {
	t.Helper()
	resp, text := wiretest.Exchange(t, req)
	x := exchange{status: resp.StatusCode, etag: resp.Header.Get("ETag")}
	if len(text) > 0 {
		var a struct {
			Data       json.RawMessage
			Extensions struct {
				Cost struct{ SQLStatements int }
			}
		}
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		x.data, x.cost = string(a.Data), a.Extensions.Cost
	}
	return x
}

var noStore = http.Header{"Cache-Control": {"no-store"}}

// settled asks until the answer is one that may be given again.
func (s *server) settled(t testing.TB, query string, variables map[string]any) exchange {
	t.Helper()
	for {
		if err := s.resolver.Enrich.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if x := s.exchange(t, nil, query, variables); x.etag != "" {
			return x
		}
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// Between any two reads something is written that the answer must show.
func TestAnswersAreGivenAgainUntilSomethingIsWritten(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2", "pkg:maven/org.example.log/log-core@2.14.1"))
	const query = `query($project: String!, $release: String!) { project(name: $project) { name tags release(version: $release) { tags components(first: 10) { totalCount
		nodes { purl sourceStatus { state asOf } findings { id state triage { note } vulnerability { id severity { rating } epss { probability } kev { dateAdded } } } } } } } }`
	first := s.settled(t, query, theRelease)
	again := s.exchange(t, nil, query, theRelease)
	if again.data != first.data || again.etag != first.etag || again.cost.SQLStatements != 1 {
		t.Fatalf("asked again: %+v, want what came first: %+v", again, first)
	}
	if executed := s.exchange(t, noStore, query, theRelease); executed.data != first.data {
		t.Errorf("executed: %s, want %s", executed.data, first.data)
	}

	ctx := t.Context()
	project := func() store.Project {
		rows, err := s.store.ProjectsByNames(ctx, []string{"shop"})
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		return rows[0]
	}
	finding := func() string {
		var a struct {
			Project struct {
				Release struct {
					Components struct {
						Nodes []struct{ Findings []struct{ ID string } }
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(first.data), &a); err != nil {
			t.Fatal(err)
		}
		return a.Project.Release.Components.Nodes[0].Findings[0].ID
	}
	now := time.Now().Truncate(time.Millisecond)
	for _, step := range []struct {
		name  string
		write func() error
	}{
		{"a tag", func() error {
			return s.store.InTx(ctx, func(tx *store.Tx) error {
				_, err := tx.TagProject(ctx, project().ID, []string{"new"})
				return err
			})
		}},
		{"a score", func() error {
			return s.store.SaveFacts(ctx, store.Facts{Scores: []store.Score{{CVE: "CVE-2099-10001", Known: true, Probability: 0.123, Percentile: 0.5, Date: "2099-01-01", FetchedAt: now}}})
		}},
		{"the catalogue", func() error {
			return s.store.ReplaceKev(ctx, []store.KevEntry{{CVE: "CVE-2099-10001", DateAdded: "2099-02-02", DueDate: "2099-03-03"}}, store.CatalogueState{Version: "2", Released: now, FetchedAt: now})
		}},
		{"a decision", func() error {
			s.get(t, `mutation($id: ID!) { triageFinding(input: {id: $id, state: IN_TRIAGE, note: "looking"}) { userErrors { message } } }`, map[string]any{"id": finding()})
			return nil
		}},
		{"a document", func() error {
			s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
			return nil
		}},
		{"time", func() error {
			s.advance(t, 48*time.Hour)
			return nil
		}},
	} {
		before := s.settled(t, query, theRelease)
		if err := step.write(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		after := s.exchange(t, nil, query, theRelease)
		if executed := s.exchange(t, noStore, query, theRelease); after.data == before.data || step.name != "time" && executed.data != after.data {
			t.Errorf("after %s:\n%s\nexecuted:\n%s\nbefore:\n%s", step.name, after.data, executed.data, before.data)
		}
	}
}

func TestWhatChangesByItselfIsNotGivenAgain(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
	for name, query := range map[string]string{
		"sources":        `{ sources { source calls } }`,
		"a job":          `{ project(name: "shop") { release(version: "1.0") { bom { job { state } } } } }`,
		"a fragment":     `{ project(name: "shop") { release(version: "1.0") { bom { ...B } } } } fragment B on Bom { job { state } }`,
		"an error":       `{ project(name: "shop") { release(version: "1.0") { components { totalCount } } } }`,
		"a bad document": `{ nothing }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 3 {
				if x := s.exchange(t, nil, query, nil); x.etag != "" {
					t.Errorf("ETag %s", x.etag)
				}
			}
		})
	}
}

func TestClientsThatHaveTheAnswerGetNone(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
	address := s.URL + "?" + url.Values{"query": {`{ projects(first: 1) { nodes { name tags } } }`}}.Encode()
	get := func(etag string) exchange {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if etag != "" {
			req.Header.Set("If-None-Match", etag)
		}
		return roundTrip(t, req)
	}
	first := get("")
	if first.status != http.StatusOK || first.etag == "" {
		t.Fatalf("first answer %+v", first)
	}
	for name, etag := range map[string]string{"the tag": first.etag, "one of several": `"x", ` + first.etag, "any": "*"} {
		if x := get(etag); x.status != http.StatusNotModified || x.data != "" || x.etag != first.etag {
			t.Errorf("%s: %+v, want 304", name, x)
		}
	}
	if x := get(`W/"other"`); x.status != http.StatusOK || x.data != first.data {
		t.Errorf("another tag: %+v", x)
	}
	// An answer that must be made anew may still be the one that the client has.
	if err := s.store.SaveFacts(t.Context(), store.Facts{Scores: []store.Score{{CVE: "CVE-1", Date: "2026-01-01", FetchedAt: time.Now()}}}); err != nil {
		t.Fatal(err)
	}
	if x := get(first.etag); x.status != http.StatusNotModified {
		t.Errorf("after a write about something else: %+v, want 304", x)
	}
	s.put(t, "second", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
	renamed := s.get(t, `mutation { createProject(input: {name: "aaa"}) { userErrors { message } } }`, nil)
	if len(renamed.Errors) > 0 {
		t.Fatal(renamed.Errors)
	}
	if x := get(first.etag); x.status != http.StatusOK || x.data == first.data {
		t.Errorf("after a write: %+v, want another answer", x)
	}
}

// Whoever reads after a write has returned sees it, whatever others read meanwhile.
func TestReadersSeeWhatWasWrittenBefore(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
	rows, err := s.store.ProjectsByNames(t.Context(), []string{"shop"})
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	var written atomic.Int64
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				least := written.Load()
				x := s.exchange(t, nil, `{ project(name: "shop") { tags } }`, nil)
				var got int64
				if _, err := fmt.Sscanf(x.data, `{"project":{"tags":["t%d"`, &got); err != nil && least > 0 {
					t.Errorf("%v: %s", err, x.data)
				}
				if got < least {
					t.Errorf("read %d after %d was written", got, least)
				}
			}
		})
	}
	for i := range int64(300) {
		err := s.store.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.TagProject(t.Context(), rows[0].ID, []string{fmt.Sprint("t", i+1)})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		written.Store(i + 1)
	}
	close(done)
	readers.Wait()
}

// What is in memory of a project goes when that project changes, and only then.
func TestRowsInMemoryFollowTheirProject(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
	const query = `query($project: String!, $release: String!) { project(name: $project) { id name release(version: $release) { version components(first: 10) { totalCount nodes { purl } } } } }`
	ask := func() exchange { return s.exchange(t, noStore, query, theRelease) }
	// One statement asks whether anything has changed, and if so, which the background
	// may see to at any time, another one what.
	const changes = 2
	if cold := ask(); cold.cost.SQLStatements <= changes {
		t.Fatalf("asked first: %d statements", cold.cost.SQLStatements)
	}
	before := ask()
	if n := before.cost.SQLStatements; n > changes {
		t.Errorf("asked again: %d statements, want %d at most", n, changes)
	}
	s.put(t, "cart", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2", "pkg:npm/other@1.0.0"))
	after := ask()
	if after.data != before.data || after.cost.SQLStatements > changes {
		t.Errorf("after another project's upload: %d statements, want two at most:\n%s\nbefore:\n%s", after.cost.SQLStatements, after.data, before.data)
	}
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2", "pkg:npm/other@1.0.0"))
	if after := ask(); after.data == before.data {
		t.Errorf("after an upload: %s", after.data)
	}
	var id struct{ Project struct{ ID string } }
	if err := json.Unmarshal([]byte(before.data), &id); err != nil {
		t.Fatal(err)
	}
	s.get(t, `mutation($id: ID!) { renameProject(input: {id: $id, name: "old"}) { userErrors { message } } }`, map[string]any{"id": id.Project.ID})
	if after := ask(); after.data != `{"project":null}` {
		t.Errorf("after its name has gone: %s", after.data)
	}
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
	if after := ask(); after.data == before.data || after.data == `{"project":null}` {
		t.Errorf("after its name has been given to another: %s", after.data)
	}
}
