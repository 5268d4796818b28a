package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
	"loadline/graph"
	"loadline/graph/wire/wiretest"
	"loadline/sbom"
)

// What shortcuts write must be what gqlgen writes, byte for byte.
func TestShortcutsChangeNoAnswer(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2", "pkg:maven/org.example.log/log-core@2.14.1", "pkg:npm/harmless@1.0.0", "pkg:generic/thing@1", "pkg:npm/unversioned"))
	plain := httptest.NewServer(graph.NewHandler(s.resolver, graph.Options{MaxUpload: sbom.MaxSize, NoShortcuts: true}))
	t.Cleanup(plain.Close)
	s.get(t, question, theRelease)

	for name, query := range map[string]string{
		"the question":     question,
		"projects":         `{ projects(first: 10) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id name tags createdAt releases(last: 2) { nodes { version } } } } } }`,
		"components":       `{ project(name: "shop") { release(version: "1.0") { components(first: 100, filter: {nameContains: "o"}) { edges { cursor node { __typename id purl type scope ref direct hashes { algorithm value } licenses { expression url } dependencies(first: 5) { totalCount nodes { id } } } } } } } }`,
		"boms":             `{ project(name: "shop") { release(version: "1.0") { bom { id state format specVersion encoding tool digest size fileName documentedAt ingestedBy componentCount job { state kind done total error } warnings(first: 3) { nodes { __typename } } release { version } } } } }`,
		"a vulnerability":  `{ vulnerability(id: "CVE-2099-10001") { id aliases summary details published modified withdrawn severity { rating score vector advisory } advisories { id aliases summary url references published } epss { probability percentile asOf cve } kev { dateAdded name requiredAction ransomware } sourceStatus { source state asOf reason } components(first: 5) { nodes { purl findings { state fixedIn component { name } } } } releases(first: 5) { totalCount } } }`,
		"a package":        `{ package(purl: "pkg:npm/left-shelf") { id purl type name ecosystem latestVersion { version purl publishedAt } versions(first: 3) { nodes { version } } } }`,
		"nothing there":    `{ vulnerability(id: "CVE-1") { id } project(name: "none") { id } node(id: "x") { id ... on Project { name } } }`,
		"an error":         `{ project(name: "shop") { name release(version: "1.0") { components { nodes { id } } } } }`,
		"sources":          `{ sources { source health lastError lastFailureAt calls failures asOf } }`,
		"what is included": `query($no: Boolean = false) { project(name: "shop") { id @skip(if: true) ...P ... @include(if: $no) { createdAt } } } fragment P on Project { n: name release(version: "1.0") { v: version project { name } } }`,
		"introspection":    `{ __schema { queryType { name fields { name } } } __type(name: "Finding") { kind fields { name type { kind ofType { name } } } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// What the answers have cost depends on what is in memory.
			want, _, _ := strings.Cut(body(t, plain.URL, query), `,"extensions":{"cost"`)
			got, _, _ := strings.Cut(body(t, s.URL, query), `,"extensions":{"cost"`)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("answer (-without +with shortcuts):\n%s", diff)
			}
			if !strings.HasPrefix(got, `{"data":{`) && name != "an error" {
				t.Errorf("no answer: %s", got)
			}
		})
	}
}

func body(t *testing.T, url, query string) string {
	t.Helper()
	variables := map[string]any{}
	if query == question {
		variables = theRelease
	}
	b, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	_, text := wiretest.Exchange(t, req)
	return text
}

// An answer from memory is made level by level. Were it made element by element,
// it would take ten times the allocations.
func TestTheQuestionIsResolvedLevelByLevel(t *testing.T) {
	data, purls := workload(t, 100)
	s := newServer(t, standin.Config{Data: data})
	s.put(t, "shop", "1.0", cyclonedx(purls...))
	s.settled(t, question, theRelease)
	b, err := json.Marshal(map[string]any{"query": question, "variables": theRelease})
	if err != nil {
		t.Fatal(err)
	}
	handler := *s.handler.Load()
	allocations := testing.AllocsPerRun(5, func() {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(b))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Cache-Control", "no-store")
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)
		if rec.Code != http.StatusOK || !bytes.HasPrefix(rec.Body.Bytes(), []byte(`{"data":`)) {
			t.Errorf("%d: %.200s", rec.Code, rec.Body)
		}
	})
	t.Logf("%.0f allocations for 100 components", allocations)
	if allocations > 10_000 {
		t.Errorf("%.0f allocations for 100 components", allocations)
	}
}
