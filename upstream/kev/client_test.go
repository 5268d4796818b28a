package kev_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/upstream"
	"loadline/upstream/kev"
	"loadline/upstream/upstreamtest"
)

const path = "/sites/default/files/feeds/known_exploited_vulnerabilities.json"

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

func answer(t *testing.T, body []byte) string {
	return upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) { w.Write(body) })
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/kev.json")
	if err != nil {
		t.Fatal(err)
	}
	got, _, notModified, err := kev.New(answer(t, data), upstreamtest.Client(t, upstream.KEV)).Catalogue(t.Context(), kev.Validators{})
	if err != nil || notModified {
		t.Fatalf("notModified %t, error %v", notModified, err)
	}
	want := kev.Catalogue{
		Version:  "2026.08.25",
		Released: time.Date(2026, 8, 25, 17, 4, 19, 979600000, time.UTC),
		Entries: []kev.Entry{
			{
				CVE: "CVE-2026-0001", Vendor: "Example", Product: "Teapot", Name: "Example Teapot Overflow Vulnerability",
				Description: "The teapot overflows.", RequiredAction: "Put the lid on.",
				Notes: "https://example.org/1 ; https://example.org/2", CWEs: []string{"CWE-20", "CWE-400"}, Ransomware: true,
				DateAdded: day(2026, 8, 10), DueDate: day(2026, 8, 24),
			},
			{
				CVE: "CVE-2026-0002", Vendor: "Example", Product: "Kettle", Name: "Example Kettle Vulnerability",
				Description: "Optional fields are missing.", RequiredAction: "Boil.",
				DateAdded: day(2026, 8, 11), DueDate: day(2026, 9, 1),
			},
		},
		Skipped: []kev.Skipped{
			{Index: 2, CVE: "CVE-26-3", Reason: `cveID "CVE-26-3" is not a CVE id`},
			{Index: 3, CVE: "CVE-2026-0004", Reason: `dateAdded "yesterday" is not a day`},
			{Index: 4, Reason: "not an object with the fields of an entry"},
			{Index: 5, CVE: "CVE-2026-0001", Reason: "the id is there already"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("catalogue (-want +got):\n%s", diff)
	}
}

// The whole catalogue as CISA served it.
func TestCatalogueAsServed(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(upstreamtest.Shared(t), "data", "advisories", "kev.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Count           int
		Vulnerabilities []struct {
			CVEID                      string
			KnownRansomwareCampaignUse string
		}
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	got, _, _, err := kev.New(answer(t, data), upstreamtest.Client(t, upstream.KEV)).Catalogue(t.Context(), kev.Validators{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Entries) != want.Count || len(got.Skipped) != 0 {
		t.Fatalf("%d entries and %d skipped of %d: %v", len(got.Entries), len(got.Skipped), want.Count, got.Skipped)
	}
	for i, e := range got.Entries {
		w := want.Vulnerabilities[i]
		if e.CVE != w.CVEID || e.Ransomware != (w.KnownRansomwareCampaignUse == "Known") || e.DateAdded.IsZero() || e.Name == "" {
			t.Errorf("entry %d: %+v, want %+v", i, e, w)
		}
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	const etag, modified = `"abc"`, "Mon, 25 Aug 2025 17:04:19 GMT"
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/mirror"+path {
			t.Errorf("path %s", r.URL.Path)
		}
		w.Header().Set("ETag", etag)
		w.Header().Set("Last-Modified", modified)
		if r.Header.Get("If-None-Match") == etag && r.Header.Get("If-Modified-Since") == modified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, `{"catalogVersion":"1","count":0,"vulnerabilities":[]}`)
	})
	c := kev.New(url+"/mirror/", upstreamtest.Client(t, upstream.KEV))
	first, validators, notModified, err := c.Catalogue(t.Context(), kev.Validators{})
	if err != nil || notModified || first.Version != "1" {
		t.Fatalf("%+v, notModified %t, error %v", first, notModified, err)
	}
	if diff := cmp.Diff(kev.Validators{ETag: etag, LastModified: modified}, validators); diff != "" {
		t.Errorf("validators (-want +got):\n%s", diff)
	}
	_, again, notModified, err := c.Catalogue(t.Context(), validators)
	if err != nil || !notModified || again != validators {
		t.Errorf("validators %v, notModified %t, error %v", again, notModified, err)
	}
}

func TestCatalogueFaults(t *testing.T) {
	t.Parallel()
	const good = `{"cveID":"CVE-2026-0001","dateAdded":"2026-08-10","dueDate":"2026-08-24"}`
	lie := upstream.BadAnswer
	for name, test := range map[string]struct {
		body string
		want upstream.Kind
	}{
		"as many as count says":     {`{"count":1,"vulnerabilities":[` + good + `]}`, ""},
		"no count":                  {`{"vulnerabilities":[` + good + `]}`, ""},
		"fewer than count says":     {`{"count":2,"vulnerabilities":[` + good + `]}`, lie},
		"more than count says":      {`{"count":0,"vulnerabilities":[` + good + `]}`, lie},
		"none can be used":          {`{"count":2,"vulnerabilities":[{},null]}`, lie},
		"no vulnerabilities":        {`{"count":0}`, lie},
		"null":                      {`null`, lie},
		"vulnerabilities of a kind": {`{"vulnerabilities":{"a":1}}`, lie},
		"not JSON":                  {`<html>`, lie},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old := kev.Validators{ETag: "old"}
			got, validators, _, err := kev.New(answer(t, []byte(test.body)), upstreamtest.Client(t, upstream.KEV)).Catalogue(t.Context(), old)
			if kind(err) != test.want {
				t.Fatalf("error %v, want %q", err, test.want)
			}
			// A bad answer must not make the next one "not modified".
			if err != nil && (validators != old || got.Entries != nil) {
				t.Errorf("validators %v, %d entries beside the error", validators, len(got.Entries))
			}
		})
	}
	t.Run("304 out of the blue", func(t *testing.T) {
		t.Parallel()
		url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) })
		_, _, notModified, err := kev.New(url, upstreamtest.Client(t, upstream.KEV)).Catalogue(t.Context(), kev.Validators{})
		if kind(err) != upstream.Status || notModified {
			t.Errorf("notModified %t, error %v", notModified, err)
		}
	})
}

func TestWholeAddress(t *testing.T) {
	t.Parallel()
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/copies/kev.json" {
			t.Errorf("path %s", r.URL.Path)
		}
		fmt.Fprint(w, `{"count":0,"vulnerabilities":[]}`)
	})
	if _, _, _, err := kev.New(url+"/copies/kev.json", upstreamtest.Client(t, upstream.KEV)).Catalogue(t.Context(), kev.Validators{}); err != nil {
		t.Error(err)
	}
}
