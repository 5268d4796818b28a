package graph_test

import (
	"net/http/httptest"
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
	m, err := mirror.Open(exports.URL+"/bulk", mirror.Options{Now: s.Clock.now})
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
