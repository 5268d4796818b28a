package graph_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
	"loadline/mirror"
)

// sync brings the stand-in's bulk exports into the server's store.
func (s *server) sync(t testing.TB) {
	t.Helper()
	exports := httptest.NewServer(s.Upstreams)
	defer exports.Close()
	s.syncFrom(t, exports.URL+"/bulk")
}

func (s *server) syncFrom(t testing.TB, location string) {
	t.Helper()
	m, err := mirror.Open(location, mirror.Options{Now: s.Clock.now})
	if err != nil {
		t.Fatal(err)
	}
	result, err := m.Sync(t.Context(), s.store, mirror.Request{Ecosystems: []string{mirror.All}})
	if err != nil {
		t.Fatal(err)
	}
	if err := result.Failed(); err != nil {
		t.Fatal(err)
	}
}

// With a mirror the question needs nobody else, and as many statements for a
// hundred components as for one.
func TestQuestionCostsTheSameForOneAndForHundredInAMirror(t *testing.T) {
	t.Parallel()
	type cost struct{ statements, calls int }
	measure := func(components int) map[string]cost {
		s := newServer(t, standin.Config{})
		// The day of the sample's scores, so that they are the newest.
		s.advance(t, time.Until(time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)))
		s.sync(t)
		s.put(t, "shop", "1.0", cyclonedx(leftShelves(components)...))
		s.awaitLatest(t, "pkg:npm/left-shelf")
		costs := make(map[string]cost)
		for _, step := range []string{"first", "again"} {
			s.forget(t)
			a := s.get(t, question, theRelease)
			nodes := at(t, a.Data, "project", "release", "components", "nodes").([]any)
			if len(nodes) != components || len(at(t, nodes, components-1, "findings").([]any)) != 2 {
				t.Fatalf("%s: %d components, the last with %v", step, len(nodes), at(t, nodes, components-1, "findings"))
			}
			costs[step] = cost{a.Extensions.Cost.SQLStatements, a.Extensions.Cost.UpstreamCalls}
		}
		return costs
	}
	one, hundred := measure(1), measure(100)
	if diff := cmp.Diff(one, hundred, cmp.AllowUnexported(cost{})); diff != "" {
		t.Errorf("costs (-1 component +100 components):\n%s", diff)
	}
	if one["first"].calls != 0 {
		t.Errorf("%d upstream calls although the mirror has it all", one["first"].calls)
	}
	t.Logf("SQL statements and upstream calls: %+v", hundred)
}

func TestEndOfLife(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.advance(t, time.Until(time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)))
	s.put(t, "shop", "1.0", cyclonedx("pkg:pypi/Django@4.2.1", "pkg:pypi/django@10.0", "pkg:pypi/django@5.2", "pkg:npm/left-shelf@1.0.0", "pkg:golang/stdlib@v1.26.3"))
	const query = `{ release(project: "shop", version: "1.0") { components(first: 100) { nodes { endOfLife { product cycle ended endsOn latestVersion sourceStatus { source state } } } } } sources { source mirror { name records } } }`
	ends := func(a answer) []any {
		var all []any
		for i := range at(t, a.Data, "release", "components", "nodes").([]any) {
			e := at(t, a.Data, "release", "components", "nodes", i, "endOfLife")
			all = append(all, []any{at(t, e, "product"), at(t, e, "cycle"), at(t, e, "ended"), at(t, e, "endsOn"), at(t, e, "latestVersion"), at(t, e, "sourceStatus", 0, "state")})
		}
		return all
	}
	none := []any{nil, nil, nil, nil, nil, "UNAVAILABLE"}
	if diff := cmp.Diff([]any{none, none, none, none, none}, ends(s.get(t, query, nil))); diff != "" {
		t.Errorf("before a sync (-want +got):\n%s", diff)
	}
	dir := t.TempDir()
	content := `{"django":{"title":"Django","category":"framework","identifiers":[{"purl":"pkg:pypi/Django"}],"releases":[
		{"releaseCycle":"5.2","eol":"2028-04-30","latest":"5.2.17"},{"releaseCycle":"4.2","eol":"2026-03-15","latest":"4.2.30"},{"releaseCycle":"1","eol":true}]},
	"go":{"title":"Go","identifiers":[{"type":"purl","id":"pkg:golang/stdlib"}],"releases":[{"name":"1.26","isEol":false,"latest":{"name":"1.26.7"}},{"name":"1.2","isEol":true}]}}`
	if err := os.WriteFile(filepath.Join(dir, "endoflife.json"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	s.syncFrom(t, dir)
	want := []any{
		[]any{"django", "4.2", true, "2026-03-15", "4.2.30", "FRESH"},
		[]any{"django", nil, nil, nil, nil, "NOT_COVERED"},
		[]any{"django", "5.2", false, "2028-04-30", "5.2.17", "FRESH"},
		[]any{nil, nil, nil, nil, nil, "NOT_COVERED"},
		[]any{"go", "1.26", false, nil, "1.26.7", "FRESH"},
	}
	s.forget(t)
	a := s.get(t, query, nil)
	if diff := cmp.Diff(want, ends(a)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if last := at(t, a.Data, "sources", len(at(t, a.Data, "sources").([]any))-1); at(t, last, "source") != "END_OF_LIFE" || at(t, last, "mirror", 0, "records") != 2.0 {
		t.Errorf("sources end with %v", last)
	}
	s.put(t, "shop", "1.0", cyclonedx("pkg:pypi/django@4.2.1"))
	s.forget(t)
	if one := s.get(t, query, nil); one.Extensions.Cost.SQLStatements != a.Extensions.Cost.SQLStatements {
		t.Errorf("%d statements for one component, %d for five", one.Extensions.Cost.SQLStatements, a.Extensions.Cost.SQLStatements)
	}
}
