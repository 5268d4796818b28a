package standin

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type depsVersion struct {
	VersionKey   versionKey `json:"versionKey"`
	PURL         string     `json:"purl"`
	PublishedAt  string     `json:"publishedAt"`
	IsDefault    bool       `json:"isDefault"`
	IsDeprecated bool       `json:"isDeprecated"`
	Licenses     []string   `json:"licenses"`
	AdvisoryKeys []struct {
		ID string `json:"id"`
	} `json:"advisoryKeys"`
}

type depsBatch struct {
	Responses []struct {
		Request struct {
			VersionKey versionKey `json:"versionKey"`
			PURL       string     `json:"purl"`
		} `json:"request"`
		Version *depsVersion `json:"version"`
		Result  *struct {
			Version *depsVersion `json:"version"`
		} `json:"result"`
	} `json:"responses"`
	NextPageToken string `json:"nextPageToken"`
}

func keys(system string, versions ...string) string {
	requests := make([]string, len(versions))
	for i, v := range versions {
		name, version, _ := strings.Cut(v, "|")
		requests[i] = fmt.Sprintf(`{"versionKey":{"system":%q,"name":%q,"version":%q}}`, system, name, version)
	}
	return strings.Join(requests, ",")
}

func (c *client) versionBatch(t *testing.T, requests, pageToken string) depsBatch {
	t.Helper()
	r := c.post(t, "/v3alpha/versionbatch", fmt.Sprintf(`{"requests":[%s],"pageToken":%q}`, requests, pageToken))
	if r.status != 200 {
		t.Fatalf("status %d: %s", r.status, r.body)
	}
	var b depsBatch
	r.into(t, &b)
	return b
}

func TestVersionBatchEchoesTheRequestInCamelCase(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	r := c.post(t, "/v3alpha/versionbatch", `{"requests":[`+keys("PYPI", "Acme_Web|2.1.2")+`]}`)
	r.want(t, 200, `{"responses":[{"request":{"versionKey":{"system":"PYPI","name":"Acme_Web","version":"2.1.2"}},`+
		`"version":{"versionKey":{"system":"PYPI","name":"acme-web","version":"2.1.2"},"purl":"pkg:pypi/acme-web@2.1.2",`+
		`"publishedAt":"2025-11-01T10:00:00Z","isDefault":false,"isDeprecated":false,"deprecatedReason":"",`+
		`"licenses":["non-standard"],"licenseDetails":[{"license":"non-standard","spdx":"non-standard"}],`+
		`"advisoryKeys":[{"id":"GHSA-27cc-33ff-44gg"},{"id":"PYSEC-2099-1"}],"links":[],"slsaProvenances":[],"attestations":[],`+
		`"registries":[],"relatedProjects":[],"upstreamIdentifiers":[],"projectStatus":{"status":"active","reason":""}}}],"nextPageToken":""}`)
}

func TestVersionBatchLeavesOutTheVersionOfWhatIsUnknown(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, tc := range []struct{ name, request string }{
		{"package by its name", keys("MAVEN", "doesnotexist:doesnotexist|1.0")},
		{"package by the file", keys("NPM", "@acme/internal|1.0.0")},
		{"version by the file", keys("NPM", "left-shelf|7.7.7")},
		{"no version", keys("NPM", "some-package|")},
		{"Go version without v", keys("GO", "example.com/acme/mux|1.4.0")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := c.versionBatch(t, tc.request, ""); len(got.Responses) != 1 || got.Responses[0].Version != nil {
				t.Errorf("responses %+v, want one without a version", got.Responses)
			}
		})
	}
	if got := c.versionBatch(t, keys("GO", "example.com/acme/mux|v1.4.0"), ""); got.Responses[0].Version == nil {
		t.Error("a Go version with its v is unknown")
	}
}

func TestVersionBatchDoesNotKeepTheOrder(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	var asked, got []string
	for i := range 40 {
		asked = append(asked, fmt.Sprintf("package-%02d|1.0.0", i))
	}
	for _, r := range c.versionBatch(t, keys("NPM", asked...), "").Responses {
		got = append(got, r.Request.VersionKey.Name+"|"+r.Request.VersionKey.Version)
		if r.Version == nil || r.Version.VersionKey != r.Request.VersionKey {
			t.Errorf("request %+v is answered with %+v", r.Request, r.Version)
		}
	}
	if slices.Equal(asked, got) {
		t.Error("the order is that of the requests")
	}
	slices.Sort(got)
	if diff := cmp.Diff(asked, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestVersionBatchPagesTheSameRequest(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Pages: Pages{DepsDev: 2}})
	requests := keys("NPM", "a|1", "b|1", "c|1", "d|1", "e|1")
	seen := map[string]int{}
	token, pages := "", 0
	for {
		page := c.versionBatch(t, requests, token)
		pages++
		for _, r := range page.Responses {
			seen[r.Request.VersionKey.Name]++
		}
		if token = page.NextPageToken; token == "" {
			break
		}
	}
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, seen); diff != "" || pages != 3 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
	token = c.versionBatch(t, requests, "").NextPageToken
	r := c.post(t, "/v3alpha/versionbatch", fmt.Sprintf(`{"requests":[%s],"pageToken":%q}`, keys("NPM", "a|1", "b|1"), token))
	if r.status != 400 {
		t.Errorf("token with other requests: status %d, want 400", r.status)
	}
}

func TestVersionBatchRefusals(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	one := keys("NPM", "a|1")
	for _, tc := range []struct{ name, body string }{
		{"more than 5,000 requests", `{"requests":[` + one + strings.Repeat(","+one, 5000) + `]}`},
		{"system in lower case", `{"requests":[` + keys("npm", "a|1") + `]}`},
		{"unknown field", `{"requests":[{"version_key":{}}]}`},
		{"no JSON", `requests`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if r := c.post(t, "/v3alpha/versionbatch", tc.body); r.status != 400 {
				t.Errorf("status %d, want 400", r.status)
			}
		})
	}
}

func TestPURLBatchRefusesQualifiers(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, tc := range []struct {
		name, purl string
		status     int
	}{
		{"plain", "pkg:maven/org.example.log/log-core@2.14.1", 200},
		{"qualifier", "pkg:maven/org.example.log/log-core@2.14.1?type=jar", 400},
		{"subpath", "pkg:golang/example.com/acme/mux@v1.4.0#sub", 400},
		{"no version", "pkg:npm/left-shelf", 400},
		{"no purl", "left-shelf", 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := c.post(t, "/v3alpha/purlbatch", fmt.Sprintf(`{"requests":[{"purl":%q}]}`, tc.purl))
			if r.status != tc.status {
				t.Fatalf("status %d, want %d: %s", r.status, tc.status, r.body)
			}
		})
	}
}

func TestPURLBatchAnswersWithResults(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	r := c.post(t, "/v3alpha/purlbatch", `{"requests":[{"purl":"pkg:maven/org.example.log/log-core@2.14.1"},{"purl":"pkg:npm/%40acme/internal@1.0.0"},{"purl":"pkg:deb/debian/curl@1"}]}`)
	var b depsBatch
	r.into(t, &b)
	got := map[string]string{}
	for _, r := range b.Responses {
		got[r.Request.PURL] = "none"
		if r.Result != nil {
			got[r.Request.PURL] = r.Result.Version.VersionKey.Name + " " + r.Result.Version.PublishedAt
		}
	}
	want := map[string]string{
		"pkg:maven/org.example.log/log-core@2.14.1": "org.example.log:log-core 2021-03-07T05:12:31Z",
		"pkg:npm/%40acme/internal@1.0.0":            "none",
		"pkg:deb/debian/curl@1":                     "none",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestPackageListsVersions(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	type body struct {
		PackageKey versionKey    `json:"packageKey"`
		PURL       string        `json:"purl"`
		Versions   []depsVersion `json:"versions"`
	}
	var got body
	c.get(t, "/v3/systems/npm/packages/left-shelf").into(t, &got)
	var versions []string
	for _, v := range got.Versions {
		versions = append(versions, fmt.Sprint(v.VersionKey.Version, " ", v.IsDefault, " ", v.IsDeprecated))
	}
	if diff := cmp.Diff([]string{"1.2.2 false true", "1.4.9 false false", "2.4.0 true false"}, versions); diff != "" {
		t.Errorf("versions of the file (-want +got):\n%s", diff)
	}

	// Made up, with an escaped name; the alpha API has purls.
	const name = "@scope/some thing"
	got = body{}
	c.get(t, "/v3alpha/systems/NPM/packages/"+url.PathEscape(name)).into(t, &got)
	newest := DefaultVersion("NPM", name)
	if got.PackageKey.Name != name || got.PURL != "pkg:npm/%40scope/some%20thing" || len(got.Versions) != 5 {
		t.Fatalf("got %+v", got)
	}
	for _, v := range got.Versions {
		if v.IsDefault != (v.VersionKey.Version == newest) {
			t.Errorf("version %s: default %t", v.VersionKey.Version, v.IsDefault)
		}
		var single depsVersion
		c.get(t, "/v3alpha/systems/npm/packages/"+url.PathEscape(name)+"/versions/"+v.VersionKey.Version).into(t, &single)
		if single.PublishedAt != v.PublishedAt || single.IsDefault != v.IsDefault {
			t.Errorf("the version alone says %+v, the list %+v", single, v)
		}
	}
}

func TestVersionOfTheStableAPI(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	var got depsVersion
	c.get(t, "/v3/systems/maven/packages/org.example.log%3Alog-core/versions/2.14.1").into(t, &got)
	if got.PURL != "" || got.VersionKey.System != "MAVEN" || len(got.AdvisoryKeys) != 1 || got.AdvisoryKeys[0].ID != "GHSA-28cc-33ff-44gg" {
		t.Errorf("got %+v", got)
	}
}

func TestDepsDevNotFoundIsPlainText(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for path, body := range map[string]string{
		"/v3/systems/maven/packages/doesnotexist:doesnotexist":        "package not found",
		"/v3/systems/npm/packages/%40acme%2Finternal":                 "package not found",
		"/v3/systems/npm/packages/left-shelf/versions/7.7.7":          "version not found",
		"/v3/systems/go/packages/example.com%2Fa%2Fb/versions/1.0.0":  "version not found",
		"/v3/systems/npm/packages/%40acme%2Finternal/versions/1.0.0":  "version not found",
		"/v3alpha/systems/maven/packages/doesnotexist%3Adoesnotexist": "package not found",
	} {
		r := c.get(t, path)
		r.want(t, 404, body)
		if got := r.header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
			t.Errorf("%s: Content-Type %q", path, got)
		}
	}
}
