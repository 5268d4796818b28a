package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
)

const triageMutation = `mutation($input: TriageFindingInput!) {
  triageFinding(input: $input) { finding { id state triage { state justification response note by scope package version vulnerabilityIds } } userErrors { field code message } }
}`

const stateQuery = `query($release: String!) { release(project: "shop", version: $release) { findings(first: 100, orderBy: {field: PACKAGE}) { nodes { id state fixedIn component { purl } vulnerability { id } triage { state by note } } } } }`

// statesOf are the states of a release's findings, by purl and vulnerability.
func (s *server) statesOf(t *testing.T, release string) map[string]string {
	t.Helper()
	got := map[string]string{}
	for _, n := range at(t, s.get(t, stateQuery, map[string]any{"release": release}).Data, "release", "findings", "nodes").([]any) {
		got[fmt.Sprint(at(t, n, "component", "purl"), " ", at(t, n, "vulnerability", "id"))] = at(t, n, "state").(string)
	}
	return got
}

// findingID is the id of the first finding about the vulnerability.
func (s *server) findingID(t *testing.T, release, vulnerability string) string {
	t.Helper()
	for _, n := range at(t, s.get(t, stateQuery, map[string]any{"release": release}).Data, "release", "findings", "nodes").([]any) {
		if at(t, n, "vulnerability", "id") == vulnerability {
			return at(t, n, "id").(string)
		}
	}
	t.Fatalf("nothing is about %s in %s", vulnerability, release)
	return ""
}

func (s *server) triage(t *testing.T, input map[string]any) any {
	t.Helper()
	return at(t, s.get(t, triageMutation, map[string]any{"input": input}).Data, "triageFinding")
}

func TestTriage(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.0.0", "pkg:npm/left-shelf@1.0.1"))
	id := s.findingID(t, "1.0", "CVE-2099-10001")

	decided := s.triage(t, map[string]any{
		"id": id, "state": "NOT_AFFECTED", "justification": "CODE_NOT_REACHABLE", "response": []string{"UPDATE", "UPDATE"}, "note": " only in tests ", "by": "ada",
	})
	want := map[string]any{
		"finding": map[string]any{"id": id, "state": "NOT_AFFECTED", "triage": map[string]any{
			"state": "NOT_AFFECTED", "justification": "CODE_NOT_REACHABLE", "response": []any{"UPDATE"}, "note": "only in tests", "by": "ada",
			"scope": "PROJECT", "package": "pkg:npm/left-shelf", "version": nil, "vulnerabilityIds": []any{"CVE-2099-10001", "GHSA-22cc-33ff-44gg"},
		}},
		"userErrors": []any{},
	}
	if diff := cmp.Diff(want, decided); diff != "" {
		t.Fatalf("triageFinding (-want +got):\n%s", diff)
	}
	t.Run("is there wherever the finding is", func(t *testing.T) {
		a := s.get(t, `query($id: ID!) { node(id: $id) { ... on Finding { state triage { by } } } release(project: "shop", version: "1.0") { components(first: 1) { nodes { findings { state vulnerability { id } } } } } }`, map[string]any{"id": id})
		if at(t, a.Data, "node", "state") != "NOT_AFFECTED" || at(t, a.Data, "node", "triage", "by") != "ada" {
			t.Errorf("node = %v", at(t, a.Data, "node"))
		}
		if got := at(t, a.Data, "release", "components", "nodes", 0, "findings", 0); at(t, got, "state") != "NOT_AFFECTED" {
			t.Errorf("finding = %v", got)
		}
	})
	t.Run("outlives a new Bom and holds in a new release, for every version of the package", func(t *testing.T) {
		s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.0.1", "pkg:npm/harmless@1.0.0"))
		s.put(t, "shop", "2.0", cyclonedx("pkg:npm/left-shelf@1.1.0"))
		s.put(t, "other", "2.0", cyclonedx("pkg:npm/left-shelf@1.1.0"))
		want := map[string]string{"pkg:npm/left-shelf@1.0.1 CVE-2099-10001": "NOT_AFFECTED", "pkg:npm/left-shelf@1.0.1 CVE-2099-10002": "OPEN"}
		if diff := cmp.Diff(want, s.statesOf(t, "1.0")); diff != "" {
			t.Errorf("1.0 (-want +got):\n%s", diff)
		}
		if got := s.statesOf(t, "2.0")["pkg:npm/left-shelf@1.1.0 CVE-2099-10001"]; got != "NOT_AFFECTED" {
			t.Errorf("2.0 is %s", got)
		}
		a := s.get(t, `{ release(project: "other", version: "2.0") { findings(first: 9, filter: {state: [OPEN]}) { totalCount } } }`, nil)
		if got := at(t, a.Data, "release", "findings", "totalCount"); got != 2.0 {
			t.Errorf("%v findings of another project are open, want 2", got)
		}
	})
	t.Run("FIXED is about one version, RELEASE about one release", func(t *testing.T) {
		s.triage(t, map[string]any{"id": s.findingID(t, "2.0", "CVE-2099-10002"), "state": "FIXED"})
		s.triage(t, map[string]any{"id": s.findingID(t, "2.0", "CVE-2099-10001"), "state": "AFFECTED", "scope": "RELEASE"})
		want := map[string]string{"pkg:npm/left-shelf@1.1.0 CVE-2099-10001": "AFFECTED", "pkg:npm/left-shelf@1.1.0 CVE-2099-10002": "FIXED"}
		if diff := cmp.Diff(want, s.statesOf(t, "2.0")); diff != "" {
			t.Errorf("2.0 (-want +got):\n%s", diff)
		}
		want = map[string]string{"pkg:npm/left-shelf@1.0.1 CVE-2099-10001": "NOT_AFFECTED", "pkg:npm/left-shelf@1.0.1 CVE-2099-10002": "OPEN"}
		if diff := cmp.Diff(want, s.statesOf(t, "1.0")); diff != "" {
			t.Errorf("1.0 (-want +got):\n%s", diff)
		}
	})
	t.Run("of many at once, and its history", func(t *testing.T) {
		ids := []any{s.findingID(t, "1.0", "CVE-2099-10001"), s.findingID(t, "1.0", "CVE-2099-10002")}
		a := s.get(t, `mutation($ids: [ID!]!) { triageFindings(input: {ids: $ids, state: ACCEPTED, note: "until spring"}) { findings { id state triageHistory(first: 1) { totalCount pageInfo { hasNextPage endCursor } nodes { state } } } userErrors { code } } }`, map[string]any{"ids": ids})
		for i := range ids {
			if f := at(t, a.Data, "triageFindings", "findings", i); at(t, f, "id") != ids[i] || at(t, f, "state") != "ACCEPTED" {
				t.Errorf("finding %d = %v", i, f)
			}
		}
		first := at(t, a.Data, "triageFindings", "findings", 0, "triageHistory")
		if at(t, first, "totalCount") != 2.0 || at(t, first, "nodes", 0, "state") != "ACCEPTED" {
			t.Errorf("history = %v", first)
		}
		a = s.get(t, `query($id: ID!, $after: String) { node(id: $id) { ... on Finding { triageHistory(first: 9, after: $after) { nodes { state by } pageInfo { hasPreviousPage hasNextPage } } } } }`, map[string]any{"id": ids[0], "after": at(t, first, "pageInfo", "endCursor")})
		want := map[string]any{"nodes": []any{map[string]any{"state": "NOT_AFFECTED", "by": "ada"}}, "pageInfo": map[string]any{"hasPreviousPage": true, "hasNextPage": false}}
		if diff := cmp.Diff(want, at(t, a.Data, "node", "triageHistory")); diff != "" {
			t.Errorf("the rest of the history (-want +got):\n%s", diff)
		}
	})
	for name, test := range map[string]struct {
		input map[string]any
		field string
		code  string
	}{
		"NOT_AFFECTED without a reason":  {map[string]any{"id": id, "state": "NOT_AFFECTED", "note": " "}, "justification", "INVALID"},
		"ACCEPTED without a note":        {map[string]any{"id": id, "state": "ACCEPTED"}, "note", "INVALID"},
		"a justification of another one": {map[string]any{"id": id, "state": "AFFECTED", "justification": "CODE_NOT_PRESENT"}, "justification", "INVALID"},
		"a note that is a book":          {map[string]any{"id": id, "state": "AFFECTED", "note": strings.Repeat("x", 10_001)}, "note", "INVALID"},
		"an id of nothing":               {map[string]any{"id": "nothing", "state": "AFFECTED"}, "id", "NOT_FOUND"},
		"a finding that is no more":      {map[string]any{"id": "ZjEKMAo", "state": "AFFECTED"}, "id", "NOT_FOUND"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			got := s.triage(t, test.input)
			if e := at(t, got, "userErrors", 0); at(t, e, "field", 1) != test.field || at(t, e, "code") != test.code || at(t, got, "finding") != nil {
				t.Errorf("triageFinding = %v, want %s on %s", got, test.code, test.field)
			}
		})
	}
}

func TestTriageCostsTheSameForOneAndForFifty(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(50)...))
	var ids []any
	collect(s.get(t, `{ release(project: "shop", version: "1.0") { findings(first: 50) { nodes { id } } } }`, nil).Data, &ids)
	const mutation = `mutation($ids: [ID!]!) { triageFindings(input: {ids: $ids, state: IN_TRIAGE}) { findings { state triageHistory(first: 5) { totalCount } } userErrors { message } } }`
	one := s.get(t, mutation, map[string]any{"ids": ids[:1]})
	fifty := s.get(t, mutation, map[string]any{"ids": ids})
	if got := len(at(t, fifty.Data, "triageFindings", "findings").([]any)); got != 50 {
		t.Fatalf("%d findings", got)
	}
	if one.Extensions.Cost.SQLStatements != fifty.Extensions.Cost.SQLStatements {
		t.Errorf("%d statements for one, %d for fifty", one.Extensions.Cost.SQLStatements, fifty.Extensions.Cost.SQLStatements)
	}
	t.Logf("%d statements", fifty.Extensions.Cost.SQLStatements)
}
