package standin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type ref struct {
	ID       string `json:"id"`
	Modified string `json:"modified"`
}

type result struct {
	Vulns         []ref  `json:"vulns"`
	NextPageToken string `json:"next_page_token"`
}

func (r result) ids() []string {
	ids := make([]string, len(r.Vulns))
	for i, v := range r.Vulns {
		ids[i] = v.ID
	}
	return ids
}

// batch posts queries and returns the results of a 200.
func (c *client) batch(t *testing.T, queries string, header ...string) []result {
	t.Helper()
	r := c.post(t, "/v1/querybatch", `{"queries":[`+queries+`]}`, header...)
	if r.status != 200 {
		t.Fatalf("status %d: %s", r.status, r.body)
	}
	var body struct {
		Results []result `json:"results"`
	}
	r.into(t, &body)
	return body.Results
}

func named(ecosystem, name, version string) string {
	return fmt.Sprintf(`{"package":{"ecosystem":%q,"name":%q},"version":%q}`, ecosystem, name, version)
}

func TestQueryBatchAnswersInOrderWithEmptyObjects(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.post(t, "/v1/querybatch", `{"queries":[`+
		named("npm", "unheard-of", "1.0.0")+","+
		named("Packagist", "acme/editor", "5.0.0")+","+
		named("npm", "left-shelf", "99.0.0")+","+
		named("Hex", "plugboard", "1.1.0")+`]}`).want(t, 200,
		`{"results":[{},{"vulns":[{"id":"GHSA-2fcc-33ff-44gg","modified":"2026-02-05T00:00:00Z"}]},{},`+
			`{"vulns":[{"id":"GHSA-2gcc-33ff-44gg","modified":"2026-02-15T00:00:00Z"}]}]}`)
	c.post(t, "/v1/querybatch", `{}`).want(t, 200, `{}`)
	if got := c.Counts().Of(OSVQueryBatch); got.Calls != 2 || got.Items != 4 {
		t.Errorf("counts %+v, want 2 calls and 4 items", got)
	}
}

func TestQueryBatchSortsIDs(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	got := c.batch(t, named("Go", "example.com/acme/mux", "1.4.0")+","+named("PyPI", "acme-web", "2.1.0"))
	want := [][]string{{"GHSA-26cc-33ff-44gg", "GO-2099-0001"}, {"GHSA-27cc-33ff-44gg", "PYSEC-2099-1"}}
	if diff := cmp.Diff(want, [][]string{got[0].ids(), got[1].ids()}); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestQueryBatchMatchesByRange(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, tc := range []struct {
		name, query string
		want        []string
	}{
		{"first pair", named("npm", "left-shelf", "1.4.9"), []string{"GHSA-23cc-33ff-44gg"}},
		{"between the pairs", named("npm", "left-shelf", "1.9.0"), []string{}},
		{"second pair", named("npm", "left-shelf", "2.3.0"), []string{"GHSA-23cc-33ff-44gg"}},
		{"two records", named("npm", "left-shelf", "1.2.2"), []string{"GHSA-22cc-33ff-44gg", "GHSA-23cc-33ff-44gg"}},
		{"last affected", named("npm", "@acme/router", "3.4.0"), []string{"GHSA-25cc-33ff-44gg"}},
		{"after last affected", named("npm", "@acme/router", "3.4.1"), []string{}},
		{"listed version", named("npm", "left-shelve", "1.0.2"), []string{"MAL-2099-1"}},
		{"unlisted version", named("npm", "left-shelve", "1.0.3"), []string{}},
		{"release of a distribution", named("Debian:11", "acmessl", "1.1.1n-0+deb11u3"), []string{"DSA-9001-1"}},
		{"fixed there", named("Debian:11", "acmessl", "1.1.1n-0+deb11u4"), []string{}},
		{"distribution without release", named("Debian", "acmessl", "1.1.1n-0+deb10u1"), []string{"DLA-9001-1", "DSA-9001-1"}},
		{"suffix with v", named("Alpine:v3.18", "acmessl", "3.1.7-r0"), []string{"ALPINE-CVE-2099-10013"}},
		{"standard library", named("Go", "stdlib", "1.22.0"), []string{"GO-2099-0002"}},
		{"no version is every version", `{"package":{"ecosystem":"npm","name":"left-shelf"}}`, []string{"GHSA-22cc-33ff-44gg", "GHSA-23cc-33ff-44gg"}},
		{"no ecosystem is every ecosystem", `{"package":{"name":"left-shelf"},"version":"1.2.2"}`, []string{"GHSA-22cc-33ff-44gg", "GHSA-23cc-33ff-44gg"}},
		{"purl", `{"package":{"purl":"pkg:npm/%40acme/router@3.0.0"}}`, []string{"GHSA-25cc-33ff-44gg"}},
		{"purl and version apart", `{"package":{"purl":"pkg:maven/org.example.log/log-core"},"version":"2.14.1"}`, []string{"GHSA-28cc-33ff-44gg"}},
		{"purl without version", `{"package":{"purl":"pkg:pypi/acme-web"}}`, []string{"GHSA-27cc-33ff-44gg", "PYSEC-2099-1"}},
		{"commit", `{"commit":"6879efc2c1596d11a6a6ad296f80063b558d5e0f"}`, []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, c.batch(t, tc.query)[0].ids()); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueryBatchRefusesMoreThan1000Queries(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	query := named("npm", "left-shelf", "1.2.2")
	if got := c.batch(t, query+strings.Repeat(","+query, 999)); len(got) != 1000 {
		t.Errorf("%d results of 1,000 queries", len(got))
	}
	c.post(t, "/v1/querybatch", `{"queries":[`+query+strings.Repeat(","+query, 1000)+`]}`).
		want(t, 400, `{"code":3,"message":"too many queries"}`)
}

// refusals are the queries that OSV refuses.
var refusals = []struct{ name, query, message string }{
	{"version twice", `{"package":{"purl":"pkg:pypi/jinja2@3.1.4"},"version":"3.1.4"}`, "version specified in params and PURL query"},
	{"name twice", `{"package":{"purl":"pkg:pypi/jinja2@3.1.4","name":"jinja2"}}`, "name specified in a PURL query"},
	{"ecosystem twice", `{"package":{"purl":"pkg:pypi/jinja2@3.1.4","ecosystem":"PyPI"}}`, "ecosystem specified in a PURL query"},
	{"unknown ecosystem", `{"package":{"ecosystem":"Pypi","name":"jinja2"},"version":"1"}`, "invalid ecosystem"},
	{"nothing", `{}`, "invalid query"},
	{"version alone", `{"version":"1"}`, "invalid query"},
	{"name alone", `{"package":{"name":"jinja2"}}`, "invalid query"},
	{"ecosystem alone", `{"package":{"ecosystem":"npm"},"version":"1"}`, "invalid query"},
	{"empty commit", `{"commit":""}`, "invalid hash"},
	{"commit of other letters", `{"commit":"xyz"}`, "invalid hash"},
	{"page token", `{"package":{"ecosystem":"npm","name":"left-shelf"},"page_token":"nonsense"}`, "invalid cursor"},
}

func TestQueryRefusals(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, tc := range refusals {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c.post(t, "/v1/query", tc.query).want(t, 400, fmt.Sprintf(`{"code":3,"message":%q}`, tc.message))
		})
	}
}

func TestQueryBatchWrapsErrorWithIndex(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, tc := range refusals {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c.post(t, "/v1/querybatch", `{"queries":[`+named("npm", "left-shelf", "1.2.2")+","+tc.query+`]}`).want(t, 400,
				fmt.Sprintf(`{"code":3,"message":"error in query at index 1: rpc error: code = InvalidArgument desc = %s"}`, tc.message))
		})
	}
	c.post(t, "/v1/querybatch", `{"queries":[null]}`).want(t, 400,
		`{"code":3,"message":"error in query at index 0: rpc error: code = InvalidArgument desc = no query provided"}`)
}

func TestQueryRefusesUnknownFields(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, path := range []string{"/v1/query", "/v1/querybatch"} {
		c.post(t, path, `{"purl":"pkg:npm/left-shelf@1.2.2"}`).want(t, 400, `{"code":3,"message":"invalid name purl: Cannot find field."}`)
		if got := c.post(t, path, `{"`); got.status != 400 {
			t.Errorf("%s: status %d for broken JSON, want 400", path, got.status)
		}
	}
}

func TestQueryAnswersUnsupportedPURLWithEmptyObject(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.post(t, "/v1/query", `{"package":{"purl":"pkg:oci/debian@sha256%3Aabc"}}`).want(t, 200, `{}`)
	c.post(t, "/v1/querybatch", `{"queries":[{"package":{"purl":"pkg:oci/debian@1"}},{"package":{"purl":"pkg:hex/plugboard@1.1.0"}}]}`).
		want(t, 200, `{"results":[{},{"vulns":[{"id":"GHSA-2gcc-33ff-44gg","modified":"2026-02-15T00:00:00Z"}]}]}`)
}

func TestQueryBatchPagesEachSlot(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Pages: Pages{Batch: 1}})
	two, none := named("npm", "left-shelf", "1.2.2"), named("npm", "left-shelf", "99.0.0")
	first := c.batch(t, two+","+none)
	if len(first[0].Vulns) != 1 || first[0].NextPageToken == "" || first[1].NextPageToken != "" {
		t.Fatalf("first page %+v, want one id with a token, and nothing", first)
	}
	again := func(query, token string) string {
		return strings.TrimSuffix(query, "}") + fmt.Sprintf(`,"page_token":%q}`, token)
	}
	second := c.batch(t, again(two, first[0].NextPageToken))
	if got := append(first[0].ids(), second[0].ids()...); !slices.Equal(got, []string{"GHSA-22cc-33ff-44gg", "GHSA-23cc-33ff-44gg"}) {
		t.Errorf("both pages hold %v", got)
	}
	// The page that is full carries a token, though nothing is behind it.
	third := c.batch(t, again(two, second[0].NextPageToken))
	if len(third) != 1 || len(third[0].Vulns) != 0 || third[0].NextPageToken != "" {
		t.Errorf("third page %+v, want {}", third)
	}
	// A token belongs to its question.
	got := c.post(t, "/v1/querybatch", `{"queries":[`+again(none, first[0].NextPageToken)+`]}`)
	got.want(t, 400, `{"code":3,"message":"error in query at index 0: rpc error: code = InvalidArgument desc = invalid cursor"}`)
}

func TestQueryBatchPagesThatHoldOnlyAToken(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Pages: Pages{TokenFirst: true}})
	query := named("Hex", "plugboard", "1.1.0")
	c.post(t, "/v1/querybatch", `{"queries":[`+query+`]}`).want(t, 200, `{"results":[{"next_page_token":"RklSU1RfUEFHRV9UT0tFTg=="}]}`)
	c.post(t, "/v1/query", query).want(t, 200, `{"next_page_token":"RklSU1RfUEFHRV9UT0tFTg=="}`)
	got := c.batch(t, strings.TrimSuffix(query, "}")+`,"page_token":"RklSU1RfUEFHRV9UT0tFTg=="}`)
	if !slices.Equal(got[0].ids(), []string{"GHSA-2gcc-33ff-44gg"}) || got[0].NextPageToken != "" {
		t.Errorf("behind the first token: %+v", got)
	}
}

func TestQueryStopsAtItsBudget(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Pages: Pages{Bytes: 1}})
	query := `{"package":{"ecosystem":"npm","name":"left-shelf"}%s}`
	var ids []string
	for token := ""; ; {
		var page result
		r := c.post(t, "/v1/query", fmt.Sprintf(query, token))
		r.into(t, &page)
		ids = append(ids, page.ids()...)
		if page.NextPageToken == "" {
			break
		}
		token = fmt.Sprintf(`,"page_token":%q`, page.NextPageToken)
	}
	if want := []string{"GHSA-22cc-33ff-44gg", "GHSA-23cc-33ff-44gg"}; !slices.Equal(ids, want) {
		t.Errorf("ids %v, want %v", ids, want)
	}
	// In a batch the first result uses the budget up; those behind it wait.
	got := c.batch(t, named("npm", "left-shelf", "1.2.2")+","+named("Hex", "plugboard", "1.1.0"))
	if len(got[0].Vulns) != 1 || got[1].NextPageToken != startToken {
		t.Errorf("results %+v, want one id, and a token alone", got)
	}
}

func TestQueryAnswersWholeRecords(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	var body struct {
		Vulns []json.RawMessage `json:"vulns"`
	}
	r := c.post(t, "/v1/query", named("npm", "@acme/router", "3.4.0"))
	r.into(t, &body)
	whole := c.get(t, "/v1/vulns/GHSA-25cc-33ff-44gg")
	if len(body.Vulns) != 1 || string(body.Vulns[0]) != string(whole.body) {
		t.Errorf("got %s, want the record as /v1/vulns serves it", r.body)
	}
	if strings.Contains(string(whole.body), `"versions"`) {
		t.Errorf("the API leaves empty versions out: %s", whole.body)
	}
	c.post(t, "/v1/query", named("npm", "@acme/router", "9.9.9")).want(t, 200, `{}`)
}

func TestQueryHidesWithdrawnRecords(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, r := range c.batch(t, `{"package":{"ecosystem":"npm","name":"left-shelf"}},{"package":{"ecosystem":"PyPI","name":"acme-web"}}`) {
		for _, id := range r.ids() {
			if id == "GHSA-24cc-33ff-44gg" || id == "PYSEC-2099-2" {
				t.Errorf("withdrawn %s in a query", id)
			}
		}
	}
	r := c.get(t, "/v1/vulns/GHSA-24cc-33ff-44gg")
	if r.status != 200 || !strings.Contains(string(r.body), `"withdrawn":"2025-12-31T23:59:59Z"`) {
		t.Errorf("by id: status %d, %s", r.status, r.body)
	}
}

func TestVulnNotFoundNamesAliases(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, tc := range []struct {
		name, id string
		status   int
		body     string
	}{
		{"nothing known", "CVE-2000-1", 404, `{"code":5,"message":"Vulnerability not found"}`},
		{"one alias", "CVE-2099-10001", 404, `{"code":5,"message":"Vulnerability not found, but the following aliases were: GHSA-22cc-33ff-44gg"}`},
		{"two aliases", "CVE-2099-10005", 404, `{"code":5,"message":"Vulnerability not found, but the following aliases were: GHSA-26cc-33ff-44gg GO-2099-0001"}`},
		{"other case", "ghsa-22cc-33ff-44gg", 404, `{"code":5,"message":"Vulnerability not found"}`},
		{"too long", strings.Repeat("A", 101), 400, `{"code":3,"message":"ID is too long"}`},
		{"none", "", 400, `{"code":3,"message":"ID is required"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := c.get(t, "/v1/vulns/"+tc.id)
			r.want(t, tc.status, tc.body)
			if got := r.header.Get("Content-Type"); got != "application/json" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
}
