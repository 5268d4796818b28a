package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
)

const findingsQuery = `query($filter: FindingFilter, $order: FindingOrder, $first: Int, $after: String, $last: Int, $before: String) {
  release(project: "shop", version: "1.0") {
    findings(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $order) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { priority fixedIn component { purl } vulnerability { id } }
      counts { total active severity { critical high medium low none unrated } state { open accepted } kev fixable }
      coverage { components known complete sources { source state components vulnerabilities asOf reason } }
    }
    findingCounts(filter: $filter) { total }
  }
}`

func TestReleaseFindings(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2", "pkg:maven/org.example.log/log-core@2.14.1", "pkg:npm/harmless@1.0.0", "pkg:generic/thing@1", "pkg:npm/unversioned", "pkg:npm/%40acme/router@3.4.0", "pkg:cargo/oxide-json@1.0.0"))
	ask := func(t *testing.T, variables map[string]any) any {
		t.Helper()
		if variables["first"] == nil && variables["last"] == nil {
			variables["first"] = 100
		}
		return at(t, s.get(t, findingsQuery, variables).Data, "release", "findings")
	}
	names := func(t *testing.T, list any) []string {
		t.Helper()
		got := []string{}
		for i := range at(t, list, "nodes").([]any) {
			got = append(got, at(t, list, "nodes", i, "vulnerability", "id").(string))
		}
		return got
	}
	const log, shelf1, shelf2, router, rust = "CVE-2099-10009", "CVE-2099-10001", "CVE-2099-10002", "CVE-2099-10004", "RUSTSEC-2099-0001"
	all := ask(t, map[string]any{})

	t.Run("are the most urgent first", func(t *testing.T) {
		want := []string{log, shelf1, rust, shelf2, router}
		if diff := cmp.Diff(want, names(t, all)); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
		if got := at(t, all, "nodes", 0, "priority").(float64); got < 80 {
			t.Errorf("priority of what is exploited = %v", got)
		}
	})
	t.Run("are counted by kind", func(t *testing.T) {
		want := map[string]any{
			"total": 5.0, "active": 5.0, "kev": 2.0, "fixable": 3.0, "state": map[string]any{"open": 5.0, "accepted": 0.0},
			"severity": map[string]any{"critical": 3.0, "high": 0.0, "medium": 1.0, "low": 0.0, "none": 0.0, "unrated": 1.0},
		}
		if diff := cmp.Diff(want, at(t, all, "counts")); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
	})
	t.Run("say what is not known", func(t *testing.T) {
		want := map[string]any{"components": 7.0, "known": 5.0, "complete": false}
		got := map[string]any{}
		for k, v := range at(t, all, "coverage").(map[string]any) {
			if k != "sources" {
				got[k] = v
				continue
			}
			for i := range v.([]any) {
				s := at(t, v, i)
				got[fmt.Sprint(at(t, s, "source"), " ", at(t, s, "state"))] = fmt.Sprint(at(t, s, "components"), " ", at(t, s, "vulnerabilities"))
			}
		}
		maps.Copy(want, map[string]any{
			"OSV NOT_COVERED": "1 0", "OSV NOT_APPLICABLE": "1 0", "OSV FRESH": "0 5", // and "5 0" before it
			"EPSS FRESH": "0 4", "EPSS NOT_APPLICABLE": "0 1", "KEV FRESH": "0 4", "KEV NOT_APPLICABLE": "0 1",
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("coverage (-want +got):\n%s", diff)
		}
	})
	for name, test := range map[string]struct {
		filter map[string]any
		want   []string
	}{
		"by severity":           {map[string]any{"severity": []string{"CRITICAL"}}, []string{log, shelf1, shelf2}},
		"known to be exploited": {map[string]any{"kev": true}, []string{log, shelf1}},
		"not known to be":       {map[string]any{"kev": false}, []string{rust, shelf2, router}},
		"likely":                {map[string]any{"minEpss": 0.95}, []string{log}},
		"without a fix":         {map[string]any{"fixable": false}, []string{rust, router}},
		"decided":               {map[string]any{"state": []string{"ACCEPTED"}}, []string{}},
		"by package":            {map[string]any{"package": "LEFT-"}, []string{shelf1, shelf2}},
		"by another id":         {map[string]any{"vulnerability": "ghsa-28"}, []string{log}},
		"by a scoped name":      {map[string]any{"package": "@acme/"}, []string{router}},
		"by all of it":          {map[string]any{"kev": true, "package": "left"}, []string{shelf1}},
	} {
		t.Run("filtered "+name, func(t *testing.T) {
			got := ask(t, map[string]any{"filter": test.filter})
			if diff := cmp.Diff(test.want, names(t, got)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if at(t, got, "totalCount") != float64(len(test.want)) || at(t, got, "coverage", "components") != 7.0 {
				t.Errorf("totalCount = %v, coverage = %v", at(t, got, "totalCount"), at(t, got, "coverage"))
			}
		})
	}
	for _, order := range []map[string]any{
		{"field": "PRIORITY"}, {"field": "PRIORITY", "direction": "ASC"}, {"field": "SEVERITY"}, {"field": "SEVERITY", "direction": "ASC"},
		{"field": "EPSS"}, {"field": "PUBLISHED"}, {"field": "PUBLISHED", "direction": "ASC"}, {"field": "PACKAGE"}, {"field": "PACKAGE", "direction": "DESC"},
	} {
		t.Run(fmt.Sprint("in pages, both ways, by ", order), func(t *testing.T) {
			want := names(t, ask(t, map[string]any{"order": order}))
			var forwards, backwards []string
			next := map[string]any{"first": 1, "order": order}
			for {
				page := ask(t, next)
				forwards = append(forwards, names(t, page)...)
				if at(t, page, "pageInfo", "hasNextPage") == false {
					break
				}
				next = map[string]any{"first": 1, "order": order, "after": at(t, page, "pageInfo", "endCursor")}
			}
			next = map[string]any{"last": 1, "order": order}
			for {
				page := ask(t, next)
				backwards = append(names(t, page), backwards...)
				if at(t, page, "pageInfo", "hasPreviousPage") == false {
					break
				}
				next = map[string]any{"last": 1, "order": order, "before": at(t, page, "pageInfo", "startCursor")}
			}
			if len(want) != 5 {
				t.Errorf("%d findings", len(want))
			}
			if diff := cmp.Diff(want, forwards); diff != "" {
				t.Errorf("forwards (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want, backwards); diff != "" {
				t.Errorf("backwards (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a place stays one when its finding is gone", func(t *testing.T) {
		first := ask(t, map[string]any{"first": 1})
		rest := ask(t, map[string]any{"first": 9, "after": at(t, first, "pageInfo", "endCursor"), "filter": map[string]any{"kev": false}})
		if diff := cmp.Diff([]string{rust, shelf2, router}, names(t, rest)); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
	})
	t.Run("refuse a cursor of another order", func(t *testing.T) {
		cursor := at(t, ask(t, map[string]any{"first": 1}), "pageInfo", "endCursor")
		for _, c := range []any{cursor, "e30", "!"} {
			a := s.ask(t, findingsQuery, map[string]any{"first": 1, "after": c, "order": map[string]any{"field": "EPSS"}})
			if len(a.Errors) != 1 || !strings.Contains(a.Errors[0].Message, "not one that this list has handed out") {
				t.Errorf("errors = %v", a.Errors)
			}
		}
	})
}

// What a source that is down leaves unknown is not passed off as nothing.
func TestFindingsOfUnaskedSourcesAreNotKnown(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.Upstreams.Fault("osv", standin.Fault{Kind: "500"})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
	a := s.get(t, findingsQuery, map[string]any{"first": 10})
	c := at(t, a.Data, "release", "findings", "coverage")
	if at(t, c, "known") != 0.0 || at(t, c, "complete") != false || at(t, c, "sources", 0, "state") != "UNAVAILABLE" || at(t, c, "sources", 0, "components") != 3.0 {
		t.Errorf("coverage = %v", c)
	}
}

func TestFindingsCostTheSameForOneAndForHundred(t *testing.T) {
	t.Parallel()
	type cost struct{ statements, calls int }
	measure := func(components int) map[string]cost {
		s := newServer(t, standin.Config{})
		s.put(t, "shop", "1.0", cyclonedx(leftShelves(components)...))
		costs := make(map[string]cost)
		for _, step := range []string{"cold", "warm", "old"} {
			if step == "old" {
				s.advance(t, 48*time.Hour)
			}
			s.forget(t)
			a := s.get(t, findingsQuery, map[string]any{"first": 100})
			if got := at(t, a.Data, "release", "findings", "totalCount"); got != 2.0*float64(components) {
				t.Fatalf("%s: %v findings", step, got)
			}
			costs[step] = cost{a.Extensions.Cost.SQLStatements, a.Extensions.Cost.UpstreamCalls}
		}
		return costs
	}
	one, hundred := measure(1), measure(100)
	if diff := cmp.Diff(one, hundred, cmp.AllowUnexported(cost{})); diff != "" {
		t.Errorf("costs (-1 component +100 components):\n%s", diff)
	}
	t.Logf("SQL statements and upstream calls: %+v", hundred)
}

func TestFindingsAreJudgedByWhatIsInMemory(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(20)...))
	ask := func() answer { return s.get(t, findingsQuery, map[string]any{"first": 100}) }
	ask() // the sources are asked
	s.forget(t)
	stored, remembered := ask(), ask()
	if diff := cmp.Diff(stored.Data, remembered.Data); diff != "" {
		t.Errorf("the answer (-stored +remembered):\n%s", diff)
	}
	// What affects the versions, the records, the scores and the catalogue are not read again.
	if before, now := stored.Extensions.Cost.SQLStatements, remembered.Extensions.Cost.SQLStatements; now > before-4 {
		t.Errorf("%d statements, then %d", before, now)
	}
}
