package depsdev_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/purl"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/upstreamtest"
)

func kind(err error) upstream.Kind {
	var e *upstream.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if err != nil {
		return "OTHER"
	}
	return ""
}

func npm(name, version string) depsdev.VersionKey {
	return depsdev.VersionKey{System: "NPM", Name: name, Version: version}
}

type batch struct {
	Requests []struct {
		VersionKey depsdev.VersionKey `json:"versionKey"`
	} `json:"requests"`
	PageToken string `json:"pageToken"`
}

// api answers versionbatch with what h writes, and keeps the requests.
type api struct {
	mu       sync.Mutex
	requests []batch
	url      string
}

func newAPI(t *testing.T, h func(w http.ResponseWriter, b batch)) *api {
	a := &api{}
	a.url = upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v3alpha/versionbatch" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		var b batch
		if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
			t.Error(err)
		}
		a.mu.Lock()
		a.requests = append(a.requests, b)
		a.mu.Unlock()
		h(w, b)
	})
	return a
}

// found is the response about one key; version is the key's, or empty where
// there is no such version.
func found(key depsdev.VersionKey, version string) string {
	k, _ := json.Marshal(key)
	if version == "" {
		return fmt.Sprintf(`{"request":{"versionKey":%s}}`, k)
	}
	return fmt.Sprintf(`{"request":{"versionKey":%s},"version":{"versionKey":%s,"publishedAt":"2026-01-02T03:04:05Z"}}`, k, k)
}

func page(w http.ResponseWriter, next string, responses ...string) {
	fmt.Fprintf(w, `{"responses":[%s],"nextPageToken":%q}`, strings.Join(responses, ","), next)
}

func TestReplay(t *testing.T) {
	t.Parallel()
	for name, load := range map[string]func(t testing.TB) []upstreamtest.Exchange{
		"own":      func(t testing.TB) []upstreamtest.Exchange { return upstreamtest.Own(t, "depsdev.jsonl") },
		"recorded": func(t testing.TB) []upstreamtest.Exchange { return upstreamtest.Recorded(t, "depsdev.jsonl") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up := upstreamtest.Client(t, upstream.DepsDev)
			for _, e := range load(t) {
				parts := strings.Split(strings.TrimPrefix(e.URL(t).Path, "/"), "/")
				switch {
				case parts[len(parts)-1] == "versionbatch":
					replayBatch(t, up, e)
				case strings.Contains(e.Request.URL, "/versions/"):
					replayVersion(t, up, e)
				default:
					replayPackage(t, up, e)
				}
			}
		})
	}
}

// replayBatch replays a whole versionbatch.
func replayBatch(t *testing.T, up *upstream.Client, e upstreamtest.Exchange) {
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if diff := upstreamtest.JSON(t, e.Request.Body, body); diff != "" || r.URL.Path != e.URL(t).Path || r.Method != e.Request.Method {
			t.Errorf("%s %s, body (-want +got):\n%s", r.Method, r.URL, diff)
		}
		e.Answer(w)
	})
	var b batch
	if err := json.Unmarshal(e.Request.Body, &b); err != nil {
		t.Fatal(err)
	}
	var keys []depsdev.VersionKey
	for _, r := range b.Requests {
		keys = append(keys, r.VersionKey)
	}
	got, err := depsdev.New(url, up).Versions(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	want := []depsdev.VersionResult{
		{Known: true, Version: depsdev.Version{
			Key: keys[0], PublishedAt: time.Date(2026, 2, 10, 8, 0, 0, 0, time.UTC), IsDefault: true, IsDeprecated: true,
			Licenses: []string{"MIT"}, AdvisoryKeys: []string{"GHSA-xxxx-yyyy-zzzz"},
		}},
		{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// replayVersion puts a version that was recorded on its own into a batch: the
// shape is the same.
func replayVersion(t *testing.T, up *upstream.Client, e upstreamtest.Exchange) {
	var version struct {
		VersionKey   depsdev.VersionKey
		PublishedAt  time.Time
		IsDefault    bool
		Licenses     []string
		AdvisoryKeys []struct{ ID string }
	}
	if err := json.Unmarshal(e.Response.Body, &version); err != nil {
		t.Fatal(err)
	}
	key := version.VersionKey
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		k, _ := json.Marshal(key)
		fmt.Fprintf(w, `{"responses":[{"request":{"versionKey":%s},"version":%s}]}`, k, e.Response.Body)
	})
	got, err := depsdev.New(url, up).Versions(t.Context(), []depsdev.VersionKey{key})
	if err != nil {
		t.Fatal(err)
	}
	want := depsdev.Version{Key: key, PublishedAt: version.PublishedAt, IsDefault: version.IsDefault, Licenses: version.Licenses}
	for _, a := range version.AdvisoryKeys {
		want.AdvisoryKeys = append(want.AdvisoryKeys, a.ID)
	}
	if diff := cmp.Diff([]depsdev.VersionResult{{Version: want, Known: true}}, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", e.Request.URL, diff)
	}
}

// replayPackage replays a package. Recordings of v3alpha have the shape of v3.
func replayPackage(t *testing.T, up *upstream.Client, e upstreamtest.Exchange) {
	wanted := strings.Replace(e.URL(t).Path, "/v3alpha/", "/v3/", 1)
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != e.Request.Method || r.URL.Path != wanted {
			t.Errorf("%s %s, want %s", r.Method, r.URL.Path, wanted)
		}
		// A name is one segment: /v3/systems/S/packages/N.
		if n := strings.Count(r.URL.EscapedPath(), "/"); n != 5 {
			t.Errorf("%d slashes in %s, want 5", n, r.URL.EscapedPath())
		}
		e.Answer(w)
	})
	parts := strings.SplitN(strings.TrimPrefix(wanted, "/v3/systems/"), "/", 3)
	key := depsdev.PackageKey{System: strings.ToUpper(parts[0]), Name: parts[2]}
	got, err := depsdev.New(url, up).Package(t.Context(), key)
	if e.Response.Status == http.StatusNotFound {
		if !errors.Is(err, upstream.ErrNotFound) {
			t.Errorf("%s: error %v, want not found", key.Name, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Versions []struct {
			VersionKey  depsdev.VersionKey
			PublishedAt time.Time
			IsDefault   bool
		}
	}
	if err := json.Unmarshal(e.Response.Body, &want); err != nil {
		t.Fatal(err)
	}
	if got.Key != key || len(got.Versions) != len(want.Versions) {
		t.Errorf("%+v with %d versions, want %+v with %d", got.Key, len(got.Versions), key, len(want.Versions))
	}
	for i, v := range got.Versions {
		w := want.Versions[i]
		if v.Version != w.VersionKey.Version || !v.PublishedAt.Equal(w.PublishedAt) || v.IsDefault != w.IsDefault {
			t.Errorf("version %d: %+v, want %+v", i, v, w)
		}
	}
}

func TestVersionsAreCutAndJoinedOnTheRequest(t *testing.T) {
	t.Parallel()
	a := newAPI(t, func(w http.ResponseWriter, b batch) {
		if len(b.Requests) > depsdev.MaxVersions {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var responses []string
		for _, r := range b.Requests {
			version := r.VersionKey.Version
			if version == "404" {
				version = ""
			}
			responses = append(responses, found(r.VersionKey, version))
		}
		slices.Reverse(responses)
		page(w, "", responses...)
	})
	var keys []depsdev.VersionKey
	for i := range 1500 {
		keys = append(keys, npm("a", fmt.Sprint(i)))
	}
	keys = append(keys, keys[3], depsdev.VersionKey{System: "NPM", Name: "a"})
	up := upstreamtest.Client(t, upstream.DepsDev)
	got, err := depsdev.New(a.url+"/", up).Versions(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got[:1501] {
		known := keys[i].Version != "404"
		if r.Err != nil || r.Known != known || known && r.Version.Key != keys[i] {
			t.Fatalf("%+v: %+v", keys[i], r)
		}
	}
	if kind(got[1501].Err) != upstream.BadQuery {
		t.Errorf("incomplete key: error %v", got[1501].Err)
	}
	if n := up.Health().Calls; n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
}

func TestVersionPagesRepeatTheRequest(t *testing.T) {
	t.Parallel()
	keys := []depsdev.VersionKey{npm("a", "1"), npm("b", "1"), npm("c", "1")}
	a := newAPI(t, func(w http.ResponseWriter, b batch) {
		switch b.PageToken {
		case "":
			page(w, "2", found(keys[1], "1"))
		case "2":
			page(w, "3")
		case "3":
			page(w, "", found(keys[0], "1"), found(keys[2], ""))
		}
	})
	got, err := depsdev.New(a.url, upstreamtest.Client(t, upstream.DepsDev)).Versions(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	for i, known := range []bool{true, true, false} {
		if got[i].Err != nil || got[i].Known != known {
			t.Errorf("%+v: %+v", keys[i], got[i])
		}
	}
	if len(a.requests) != 3 {
		t.Fatalf("%d calls, want 3", len(a.requests))
	}
	for _, b := range a.requests {
		if diff := cmp.Diff(a.requests[0].Requests, b.Requests); diff != "" {
			t.Errorf("page %q asks for something else (-first +this):\n%s", b.PageToken, diff)
		}
	}
}

func TestVersionsFaults(t *testing.T) {
	t.Parallel()
	a1, b1 := npm("a", "1"), npm("b", "1")
	text := func(s string) func(http.ResponseWriter, batch) {
		return func(w http.ResponseWriter, _ batch) { io.WriteString(w, s) }
	}
	lie := upstream.BadAnswer
	n := 0
	for name, test := range map[string]struct {
		answer func(http.ResponseWriter, batch)
		want   [2]upstream.Kind
	}{
		"one is not answered": {func(w http.ResponseWriter, _ batch) { page(w, "", found(b1, "1")) }, [2]upstream.Kind{lie, ""}},
		"the second page fails": {func(w http.ResponseWriter, b batch) {
			if b.PageToken != "" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			page(w, "2", found(a1, "1"))
		}, [2]upstream.Kind{"", upstream.Status}},
		"pages in a circle": {func(w http.ResponseWriter, _ batch) { page(w, "2", found(a1, "1")) }, [2]upstream.Kind{"", lie}},
		"pages without end": {func(w http.ResponseWriter, _ batch) { n++; page(w, fmt.Sprint(n)) }, [2]upstream.Kind{lie, lie}},
		"another version":   {text(`{"responses":[{"request":{"versionKey":{"system":"NPM","name":"a","version":"1"}},"version":{"versionKey":{"system":"NPM","name":"z","version":"1"}}},` + found(b1, "1") + `]}`), [2]upstream.Kind{lie, ""}},
		"empty":             {text(`{}`), [2]upstream.Kind{lie, lie}},
		"null":              {text(`null`), [2]upstream.Kind{lie, lie}},
		"not JSON":          {text(`oops`), [2]upstream.Kind{lie, lie}},
		"of another kind":   {text(`{"responses":{"a":1}}`), [2]upstream.Kind{lie, lie}},
	} {
		t.Run(name, func(t *testing.T) {
			api := newAPI(t, test.answer)
			got, err := depsdev.New(api.url, upstreamtest.Client(t, upstream.DepsDev)).Versions(t.Context(), []depsdev.VersionKey{a1, b1})
			if err != nil {
				t.Fatal(err)
			}
			if name == "pages in a circle" && len(api.requests) != 2 {
				t.Errorf("%d calls, want 2", len(api.requests))
			}
			if diff := cmp.Diff(test.want, [2]upstream.Kind{kind(got[0].Err), kind(got[1].Err)}); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPackageFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key  depsdev.PackageKey
		body string
		want upstream.Kind
	}{
		"canonical spelling":     {depsdev.PackageKey{System: "PYPI", Name: "Zope_Interface"}, `{"packageKey":{"system":"PYPI","name":"zope.interface"}}`, ""},
		"another package":        {depsdev.PackageKey{System: "PYPI", Name: "zope"}, `{"packageKey":{"system":"PYPI","name":"hope"}}`, upstream.BadAnswer},
		"of another system":      {depsdev.PackageKey{System: "PYPI", Name: "zope"}, `{"packageKey":{"system":"NPM","name":"zope"}}`, upstream.BadAnswer},
		"nobody":                 {depsdev.PackageKey{System: "PYPI", Name: "zope"}, `{}`, upstream.BadAnswer},
		"a version without name": {depsdev.PackageKey{System: "PYPI", Name: "zope"}, `{"packageKey":{"system":"PYPI","name":"zope"},"versions":[{}]}`, upstream.BadAnswer},
		"not JSON":               {depsdev.PackageKey{System: "PYPI", Name: "zope"}, `package not found`, upstream.BadAnswer},
		"no name asked":          {depsdev.PackageKey{System: "PYPI"}, `{}`, upstream.BadQuery},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, test.body) })
			if _, err := depsdev.New(url, upstreamtest.Client(t, upstream.DepsDev)).Package(t.Context(), test.key); kind(err) != test.want {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestNamesAreOneSegment(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"@colors/colors":        "%40colors%2Fcolors",
		"org.a:b":               "org.a%3Ab",
		"github.com/a/b":        "github.com%2Fa%2Fb",
		"..":                    "%2E%2E",
		"a b+c%":                "a%20b%2Bc%25",
		"a?versions=1#fragment": "a%3Fversions%3D1%23fragment",
	} {
		var got string
		url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
			got = strings.TrimPrefix(r.RequestURI, "/prefix/v3/systems/npm/packages/")
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, "package not found")
		})
		c := depsdev.New(url+"/prefix", upstreamtest.Client(t, upstream.DepsDev))
		if _, err := c.Package(t.Context(), depsdev.PackageKey{System: "NPM", Name: name}); !errors.Is(err, upstream.ErrNotFound) {
			t.Errorf("%q: error %v", name, err)
		}
		if got != want {
			t.Errorf("%q was asked for as %q, want %q", name, got, want)
		}
	}
}

func TestSystemOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"pkg:cargo/serde@1.0":                       "CARGO serde",
		"pkg:gem/rails@7":                           "RUBYGEMS rails",
		"pkg:golang/github.com/a/b@v1.0.0":          "GO github.com/a/b",
		"pkg:golang/stdlib@1.20":                    "GO stdlib",
		"pkg:maven/org.apache/commons@1":            "MAVEN org.apache:commons",
		"pkg:npm/%40colors/colors@1.5.0":            "NPM @colors/colors",
		"pkg:npm/lodash":                            "NPM lodash",
		"pkg:nuget/Newtonsoft.Json@1":               "NUGET Newtonsoft.Json",
		"pkg:pypi/django@1":                         "PYPI django",
		"pkg:deb/debian/openssl@1?distro=debian-12": "",
		"pkg:composer/a/b@1":                        "",
		"pkg:generic/a@1":                           "",
	} {
		p, err := purl.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		system, name, ok := depsdev.SystemOf(p)
		if got := strings.TrimSpace(system + " " + name); got != want || ok != (want != "") {
			t.Errorf("SystemOf(%s) = %q, %t; want %q", text, got, ok, want)
		}
	}
	if _, _, ok := depsdev.SystemOf(purl.PURL{Type: "maven", Name: "a"}); ok {
		t.Error("a Maven artifact without a group is taken for a package")
	}
}
