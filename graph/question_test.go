package graph_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
)

func TestQuestionIsAnswered(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2", "pkg:maven/org.example.log/log-core@2.14.1", "pkg:npm/harmless@1.0.0", "pkg:generic/thing@1", "pkg:npm/unversioned"))
	a := s.get(t, question, theRelease)
	release := at(t, a.Data, "project", "release")
	if total := at(t, release, "components", "totalCount"); total != 5.0 {
		t.Errorf("totalCount = %v, want 5", total)
	}
	nodes := at(t, release, "components", "nodes")

	t.Run("one finding for each alias group, the worst first", func(t *testing.T) {
		var got []string
		for i := range at(t, nodes, 0, "findings").([]any) {
			got = append(got, fmt.Sprint(at(t, nodes, 0, "findings", i, "vulnerability", "id"), " ", at(t, nodes, 0, "findings", i, "fixedIn")))
		}
		want := []string{"CVE-2099-10001 1.2.3", "CVE-2099-10002 1.5.0"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
	})
	t.Run("with its score, its place in KEV and its rating", func(t *testing.T) {
		v := at(t, nodes, 1, "findings", 0, "vulnerability")
		got := []any{
			at(t, v, "aliases", 0), at(t, v, "severity", "rating"), at(t, v, "severity", "score"),
			at(t, v, "epss", "probability"), at(t, v, "epss", "asOf"), at(t, v, "kev", "dateAdded"), at(t, v, "published") != nil,
		}
		want := []any{"GHSA-28cc-33ff-44gg", "CRITICAL", 9.8, 0.97556, "2026-03-15", "2026-02-02", true}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("vulnerability (-want +got):\n%s", diff)
		}
	})
	t.Run("no findings is an empty list when OSV says so", func(t *testing.T) {
		if findings := at(t, nodes, 2, "findings"); findings == nil || len(findings.([]any)) != 0 {
			t.Errorf("findings = %v, want []", findings)
		}
		if got := states(t, at(t, nodes, 2, "package", "sourceStatus")); got["OSV"] != "FRESH" {
			t.Errorf("OSV is %s, want FRESH", got["OSV"])
		}
	})
	t.Run("null when OSV covers no such package", func(t *testing.T) {
		if findings := at(t, nodes, 3, "findings"); findings != nil {
			t.Errorf("findings = %v, want null", findings)
		}
		if got := states(t, at(t, nodes, 3, "package", "sourceStatus")); got["OSV"] != "NOT_COVERED" || got["DEPS_DEV"] != "NOT_COVERED" {
			t.Errorf("states are %v, want NOT_COVERED", got)
		}
	})
	t.Run("null when there is no version to judge by", func(t *testing.T) {
		if findings := at(t, nodes, 4, "findings"); findings != nil {
			t.Errorf("findings = %v, want null", findings)
		}
	})
}

// states are the states of a sourceStatus by source.
func states(t *testing.T, list any) map[string]string {
	t.Helper()
	got := make(map[string]string)
	for i := range list.([]any) {
		got[at(t, list, i, "source").(string)] = at(t, list, i, "state").(string)
	}
	return got
}

// The cost must not depend on how many components there are: neither when
// nothing is known, nor when everything is, nor when everything is old.
func TestQuestionCostsTheSameForOneAndForHundred(t *testing.T) {
	t.Parallel()
	type cost struct{ statements, calls int }
	measure := func(components int) map[string]cost {
		s := newServer(t, standin.Config{})
		s.put(t, "shop", "1.0", cyclonedx(leftShelves(components)...))
		s.awaitLatest(t, "pkg:npm/left-shelf")
		costs := make(map[string]cost)
		for _, step := range []string{"cold", "warm", "old"} {
			if step == "old" {
				s.advance(t, 48*time.Hour)
			}
			s.forget(t)
			a := s.get(t, question, theRelease)
			found := at(t, a.Data, "project", "release", "components", "nodes").([]any)
			if len(found) != components || len(at(t, found, components-1, "findings").([]any)) != 2 {
				t.Fatalf("%s: %d components, the last with %v", step, len(found), at(t, found, components-1, "findings"))
			}
			costs[step] = cost{a.Extensions.Cost.SQLStatements, a.Extensions.Cost.UpstreamCalls}
		}
		return costs
	}
	one, hundred := measure(1), measure(100)
	if diff := cmp.Diff(one, hundred, cmp.AllowUnexported(cost{})); diff != "" {
		t.Errorf("costs (-1 component +100 components):\n%s", diff)
	}
	if one["warm"].calls != 0 {
		t.Errorf("%d upstream calls although everything is fresh", one["warm"].calls)
	}
	t.Logf("SQL statements and upstream calls: %+v", hundred)
}

func TestQuestionOutlivesItsSources(t *testing.T) {
	t.Parallel()
	sources := map[standin.Endpoint]string{"osv": "OSV", "epss": "EPSS", "kev": "KEV", "depsdev": "DEPS_DEV"}
	path := []any{"project", "release", "components", "nodes", 0}
	// stateOf is the states of all sources in a component and its first finding.
	stateOf := func(t *testing.T, a answer) map[string]string {
		got := states(t, at(t, a.Data, append(path, "package", "sourceStatus")...))
		if findings, ok := at(t, a.Data, append(path, "findings")...).([]any); ok {
			for source, state := range states(t, at(t, findings, 0, "vulnerability", "sourceStatus")) {
				if source == "OSV" && state != got[source] {
					t.Errorf("OSV's record is %s and its answer %s", state, got[source])
				}
				got[source] = state
			}
		}
		return got
	}
	for _, down := range [][]standin.Endpoint{{"osv"}, {"epss"}, {"kev"}, {"depsdev"}, {"osv", "epss", "kev", "depsdev"}} {
		t.Run(fmt.Sprint(down, " down from the start"), func(t *testing.T) {
			t.Parallel()
			s := newServer(t, standin.Config{})
			for _, source := range down {
				s.Upstreams.Fault(source, standin.Fault{Kind: "500"})
			}
			s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
			if !slices.Contains(down, "depsdev") {
				s.awaitLatest(t, "pkg:npm/left-shelf")
			}
			a := s.get(t, question, theRelease)
			if got := at(t, a.Data, append(path, "purl")...); got != "pkg:npm/left-shelf@1.0.0" {
				t.Errorf("purl = %v", got)
			}
			want := map[string]string{"OSV": "FRESH", "EPSS": "FRESH", "KEV": "FRESH", "DEPS_DEV": "FRESH"}
			for _, d := range down {
				want[sources[d]] = "UNAVAILABLE"
			}
			if want["OSV"] == "UNAVAILABLE" {
				// Without OSV there is no vulnerability to have a score.
				delete(want, "EPSS")
				delete(want, "KEV")
				if findings := at(t, a.Data, append(path, "findings")...); findings != nil {
					t.Errorf("findings = %v, want null: they are not known", findings)
				}
			}
			if diff := cmp.Diff(want, stateOf(t, a)); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
		})
		t.Run(fmt.Sprint(down, " down later"), func(t *testing.T) {
			t.Parallel()
			s := newServer(t, standin.Config{})
			s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
			s.awaitLatest(t, "pkg:npm/left-shelf")
			before := s.get(t, question, theRelease)
			s.advance(t, 48*time.Hour)
			for _, source := range down {
				s.Upstreams.Fault(source, standin.Fault{Kind: standin.Reset})
			}
			after := s.get(t, question, theRelease)
			for _, fact := range []string{"id", "summary", "epss", "kev"} {
				step := append(path[:len(path):len(path)], "findings", 0, "vulnerability", fact)
				if diff := cmp.Diff(at(t, before.Data, step...), at(t, after.Data, step...)); diff != "" {
					t.Errorf("%s changed (-before +after):\n%s", fact, diff)
				}
			}
			// Only the background asks for catalogues and newest versions again.
			want := map[string]string{"OSV": "FRESH", "EPSS": "FRESH", "KEV": "STALE", "DEPS_DEV": "STALE"}
			for _, d := range down {
				want[sources[d]] = "STALE"
			}
			if diff := cmp.Diff(want, stateOf(t, after)); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
		})
	}
}

// awaitLatest asks until the background has learnt a package's newest version.
func (s *server) awaitLatest(t *testing.T, purl string) {
	t.Helper()
	for {
		a := s.get(t, `query($purl: PURL!) { package(purl: $purl) { latestVersion { version } } }`, map[string]any{"purl": purl})
		if at(t, a.Data, "package", "latestVersion") != nil {
			return
		}
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNodesCostTheSameForOneAndForFifty(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(50)...))
	var ids []any
	collect(s.get(t, `{ release(project: "shop", version: "1.0") { components(first: 50) { nodes { findings { id } } } } }`, nil).Data, &ids)
	const query = `query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Finding { component { purl } vulnerability { id } } } }`
	s.forget(t)
	one := s.get(t, query, map[string]any{"ids": ids[:1]})
	s.forget(t)
	fifty := s.get(t, query, map[string]any{"ids": ids[:50]})
	for i := range 50 {
		if at(t, fifty.Data, "nodes", i, "id") != ids[i] {
			t.Errorf("node %d = %v, want id %v", i, at(t, fifty.Data, "nodes", i), ids[i])
		}
	}
	if one.Extensions.Cost.SQLStatements != fifty.Extensions.Cost.SQLStatements {
		t.Errorf("%d statements for one finding, %d for fifty", one.Extensions.Cost.SQLStatements, fifty.Extensions.Cost.SQLStatements)
	}
}
