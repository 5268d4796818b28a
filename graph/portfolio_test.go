package graph_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
)

// warm asks the sources about everything in a release.
func (s *server) warm(t *testing.T, project, release string) {
	t.Helper()
	s.get(t, `query($p: String!, $r: String!) { release(project: $p, version: $r) { findings(first: 1) { totalCount } } }`, map[string]any{"p": project, "r": release})
}

func TestPortfolio(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
	s.put(t, "shop", "2.0", cyclonedx("pkg:npm/left-shelf@1.2.1", "pkg:npm/left-shelf@1.4.0", "pkg:npm/%40acme/router@3.4.0"))
	s.put(t, "tool", "7", cyclonedx("pkg:maven/org.example.log/log-core@2.14.1", "pkg:npm/left-shelf@1.4.1"))
	const query = `query($within: Shipped, $first: Int = 100, $after: String) {
	  findings(first: $first, after: $after, within: $within) {
	    totalCount pageInfo { hasNextPage endCursor } coverage { components known complete sources { source state components } }
	    nodes { component { purl release { version project { name } } } vulnerability { id } state }
	  }
	  findingCounts(within: $within) { total active kev }
	  fixFirst(first: 10, within: $within) { totalCount nodes { package { purl } from to findingCount vulnerabilityCount kevCount releaseCount priority } }
	}`
	t.Run("asks no source, and says what is not known", func(t *testing.T) {
		a := s.get(t, query, nil)
		f := at(t, a.Data, "findings")
		if a.Extensions.Cost.UpstreamCalls != 0 || at(t, f, "totalCount") != 0.0 {
			t.Errorf("%d calls, %v", a.Extensions.Cost.UpstreamCalls, f)
		}
		if at(t, f, "coverage", "known") != 0.0 || at(t, f, "coverage", "components") != 5.0 || at(t, f, "coverage", "sources", 0, "state") != "UNAVAILABLE" {
			t.Errorf("coverage = %v", at(t, f, "coverage"))
		}
	})
	for _, r := range [][2]string{{"shop", "1.0"}, {"shop", "2.0"}, {"tool", "7"}} {
		s.warm(t, r[0], r[1])
	}
	names := func(t *testing.T, list any) []string {
		var got []string
		for i := range at(t, list, "nodes").([]any) {
			n := at(t, list, "nodes", i)
			got = append(got, fmt.Sprint(at(t, n, "vulnerability", "id"), " ", at(t, n, "component", "release", "project", "name"), " ", at(t, n, "component", "release", "version")))
		}
		return got
	}
	t.Run("has the latest releases, the most urgent first", func(t *testing.T) {
		a := s.get(t, query, nil)
		want := []string{
			"CVE-2099-10009 tool 7", "CVE-2099-10001 shop 2.0",
			"CVE-2099-10002 shop 2.0", "CVE-2099-10002 shop 2.0", "CVE-2099-10002 tool 7", "CVE-2099-10004 shop 2.0",
		}
		if diff := cmp.Diff(want, names(t, at(t, a.Data, "findings"))); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
		if at(t, a.Data, "findingCounts", "total") != 6.0 || at(t, a.Data, "findings", "coverage", "complete") != true {
			t.Errorf("counts = %v, coverage = %v", at(t, a.Data, "findingCounts"), at(t, a.Data, "findings", "coverage"))
		}
	})
	t.Run("in pages", func(t *testing.T) {
		var got []string
		variables := map[string]any{"first": 2}
		for {
			f := at(t, s.get(t, query, variables).Data, "findings")
			got = append(got, names(t, f)...)
			if at(t, f, "pageInfo", "hasNextPage") == false {
				break
			}
			variables["after"] = at(t, f, "pageInfo", "endCursor")
		}
		if diff := cmp.Diff(names(t, at(t, s.get(t, query, nil).Data, "findings")), got); diff != "" {
			t.Errorf("findings (-whole +paged):\n%s", diff)
		}
	})
	for name, test := range map[string]struct {
		within map[string]any
		want   float64
	}{
		"all releases":      {map[string]any{"releases": "ALL"}, 8},
		"a project":         {map[string]any{"project": "tool"}, 2},
		"all of a project":  {map[string]any{"project": "shop", "releases": "ALL"}, 6},
		"a project unknown": {map[string]any{"project": "none"}, 0},
		"a tag unknown":     {map[string]any{"tag": "none"}, 0},
	} {
		t.Run("within "+name, func(t *testing.T) {
			if got := at(t, s.get(t, query, map[string]any{"within": test.within}).Data, "findings", "totalCount"); got != test.want {
				t.Errorf("%v findings, want %v", got, test.want)
			}
		})
	}
	upgrade := func(t *testing.T) []string {
		var got []string
		list := at(t, s.get(t, query, nil).Data, "fixFirst")
		for i := range at(t, list, "nodes").([]any) {
			n := at(t, list, "nodes", i)
			got = append(got, fmt.Sprint(at(t, n, "package", "purl"), at(t, n, "from"), " to ", at(t, n, "to"), ": ", at(t, n, "findingCount"), " of ", at(t, n, "vulnerabilityCount"),
				", ", at(t, n, "kevCount"), " exploited, in ", at(t, n, "releaseCount")))
		}
		return got
	}
	t.Run("says what to upgrade first", func(t *testing.T) {
		want := []string{
			"pkg:maven/org.example.log/log-core[2.14.1] to 2.15.0: 1 of 1, 1 exploited, in 1",
			"pkg:npm/left-shelf[1.2.1 1.4.0 1.4.1] to 1.5.0: 4 of 2, 1 exploited, in 2",
		}
		if diff := cmp.Diff(want, upgrade(t)); diff != "" {
			t.Errorf("upgrades (-want +got):\n%s", diff)
		}
	})
	t.Run("leaves out what was decided to be no matter", func(t *testing.T) {
		a := s.get(t, `{ release(project: "tool", version: "7") { findings(first: 1) { nodes { id } } } }`, nil)
		s.triage(t, map[string]any{"id": at(t, a.Data, "release", "findings", "nodes", 0, "id"), "state": "FALSE_POSITIVE", "note": "shaded"})
		if got := upgrade(t); len(got) != 1 {
			t.Errorf("upgrades = %v", got)
		}
		if got := at(t, s.get(t, query, nil).Data, "findingCounts", "active"); got != 5.0 {
			t.Errorf("%v are active", got)
		}
	})
	t.Run("projects and releases count theirs", func(t *testing.T) {
		a := s.get(t, `{ projects(first: 9) { nodes { name latestRelease { version findingCounts { total } fixFirst(first: 1) { totalCount } } findingCounts(filter: {kev: true}) { total } } } }`, nil)
		want := []any{
			map[string]any{"name": "shop", "latestRelease": map[string]any{"version": "2.0", "findingCounts": map[string]any{"total": 4.0}, "fixFirst": map[string]any{"totalCount": 1.0}}, "findingCounts": map[string]any{"total": 1.0}},
			map[string]any{"name": "tool", "latestRelease": map[string]any{"version": "7", "findingCounts": map[string]any{"total": 2.0}, "fixFirst": map[string]any{"totalCount": 1.0}}, "findingCounts": map[string]any{"total": 1.0}},
		}
		if diff := cmp.Diff(want, at(t, a.Data, "projects", "nodes")); diff != "" {
			t.Errorf("projects (-want +got):\n%s", diff)
		}
	})
	t.Run("a vulnerability shows where it hits", func(t *testing.T) {
		a := s.get(t, `{ vulnerability(id: "GHSA-23cc-33ff-44gg") { findings(first: 9, orderBy: {field: PACKAGE}) { totalCount counts { active } nodes { fixedIn component { purl release { version } } } } } }`, nil)
		var got []string
		list := at(t, a.Data, "vulnerability", "findings")
		for i := range at(t, list, "nodes").([]any) {
			n := at(t, list, "nodes", i)
			got = append(got, fmt.Sprint(at(t, n, "component", "purl"), " in ", at(t, n, "component", "release", "version"), " until ", at(t, n, "fixedIn")))
		}
		want := []string{
			"pkg:npm/left-shelf@1.2.1 in 2.0 until 1.5.0", "pkg:npm/left-shelf@1.2.2 in 1.0 until 1.5.0",
			"pkg:npm/left-shelf@1.4.0 in 2.0 until 1.5.0", "pkg:npm/left-shelf@1.4.1 in 7 until 1.5.0",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
	})
}

func TestTrend(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	record := func() {
		t.Helper()
		if err := s.resolver.Enrich.RecordTrend(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2"))
	s.warm(t, "shop", "1.0")
	record()
	s.advance(t, 3*24*time.Hour)
	s.put(t, "shop", "2.0", cyclonedx("pkg:npm/left-shelf@1.4.0", "pkg:npm/harmless@1.0.0"))
	s.warm(t, "shop", "2.0")
	record()
	record()
	const query = `query($days: Int! = 10) { trend(days: $days) { date releases components known total active critical kev fixable } project(name: "shop") { trend(days: $days) { total } release(version: "1.0") { trend(days: $days) { total } } } }`
	a := s.get(t, query, nil)
	totals := func(list any) (got []float64) {
		for i := range list.([]any) {
			got = append(got, at(t, list, i, "total").(float64))
		}
		return got
	}
	if diff := cmp.Diff([]float64{2, 2, 2, 1}, totals(at(t, a.Data, "trend"))); diff != "" {
		t.Errorf("trend (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{2, 2, 2, 1}, totals(at(t, a.Data, "project", "trend"))); diff != "" {
		t.Errorf("the project's (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{2, 2, 2, 2}, totals(at(t, a.Data, "project", "release", "trend"))); diff != "" {
		t.Errorf("the release's (-want +got):\n%s", diff)
	}
	want := map[string]any{
		"date": s.Clock.now().UTC().Format(time.DateOnly), "releases": 1.0, "components": 2.0, "known": 2.0,
		"total": 1.0, "active": 1.0, "critical": 1.0, "kev": 0.0, "fixable": 1.0,
	}
	if diff := cmp.Diff(want, at(t, a.Data, "trend", 3)); diff != "" {
		t.Errorf("today (-want +got):\n%s", diff)
	}
	if got := len(at(t, s.get(t, query, map[string]any{"days": 2}).Data, "trend").([]any)); got != 2 {
		t.Errorf("%d of 2 days", got)
	}
	if got := s.ask(t, query, map[string]any{"days": 401}); len(got.Errors) == 0 {
		t.Error("401 days are accepted")
	}
}

func TestShippedCostsTheSameForOneAndForFifty(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	for i := range 50 {
		s.put(t, fmt.Sprintf("project-%02d", i), "1.0", cyclonedx(leftShelves(3)...))
	}
	s.warm(t, "project-00", "1.0")
	for name, query := range map[string]string{
		"projects": `query($n: Int!) { projects(first: $n) { nodes { latestRelease { version trend { total } findings(first: 2) { totalCount } } findingCounts { total } trend { total } } } }`,
		"findings": `query($n: Int!) { findings(first: $n) { nodes { state component { dependencyPaths(first: 1) { nodes { components { name } } } release { project { name } } } triageHistory(first: 1) { totalCount } } } }`,
		"hits":     `query($n: Int!) { findings(first: $n) { nodes { vulnerability { findings(first: 1) { totalCount } } } } }`,
	} {
		// Graphs are read once, and what the background writes is caught up with.
		cheapest := func(n int) answer {
			best := s.get(t, query, map[string]any{"n": n})
			for range 3 {
				if a := s.get(t, query, map[string]any{"n": n}); a.Extensions.Cost.SQLStatements < best.Extensions.Cost.SQLStatements {
					best = a
				}
			}
			return best
		}
		fifty := cheapest(50)
		one := cheapest(1)
		if one.Extensions.Cost.SQLStatements != fifty.Extensions.Cost.SQLStatements || fifty.Extensions.Cost.UpstreamCalls != 0 {
			t.Errorf("%s: %d statements for one, %d and %d calls for fifty", name, one.Extensions.Cost.SQLStatements, fifty.Extensions.Cost.SQLStatements, fifty.Extensions.Cost.UpstreamCalls)
		}
		t.Logf("%s: %d statements", name, fifty.Extensions.Cost.SQLStatements)
	}
}
