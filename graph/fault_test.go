package graph_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"loadline/bench/standin"
)

// A record that cannot be fetched may have a CVE id: what EPSS and KEV say about
// it is not known, rather than nothing.
func TestMissingRecordsAreNotWithoutCVE(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.Upstreams.Fault(standin.OSVVuln, standin.Fault{Kind: "500"})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(1)...))
	v := at(t, s.get(t, question, theRelease).Data, "project", "release", "components", "nodes", 0, "findings", 0, "vulnerability")
	for source, state := range states(t, at(t, v, "sourceStatus")) {
		if state != "UNAVAILABLE" {
			t.Errorf("%s is %s, want UNAVAILABLE", source, state)
		}
	}
	if at(t, v, "id") != "GHSA-22cc-33ff-44gg" {
		t.Errorf("id = %v, want the one that OSV named", at(t, v, "id"))
	}
}

func TestOldRecordsAreStaleWhenTheAnswerIs(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(1)...))
	s.get(t, question, theRelease)
	s.advance(t, 72*time.Hour)
	s.Upstreams.Fault("", standin.Fault{Kind: "503"})
	node := at(t, s.get(t, question, theRelease).Data, "project", "release", "components", "nodes", 0)
	if got := states(t, at(t, node, "package", "sourceStatus"))["OSV"]; got != "STALE" {
		t.Errorf("OSV's answer is %s, want STALE", got)
	}
	if got := states(t, at(t, node, "findings", 0, "vulnerability", "sourceStatus"))["OSV"]; got != "STALE" {
		t.Errorf("OSV's record is %s, want STALE", got)
	}
}

// OSV knows the CVE id only as an alias, and the record that has it fails.
func TestVulnerabilityOfAliasThatFailsIsNotUnknown(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.Upstreams.Fault(standin.OSVVuln, standin.Fault{Kind: standin.WrongJSON, Every: 2})
	v := at(t, s.get(t, `{ vulnerability(id: "CVE-2099-10001") { id aliases sourceStatus { source state } } }`, nil).Data, "vulnerability")
	if v == nil {
		t.Fatal("the vulnerability is null, as if no source had a record")
	}
	if got := states(t, at(t, v, "sourceStatus"))["OSV"]; got != "UNAVAILABLE" {
		t.Errorf("OSV is %s, want UNAVAILABLE", got)
	}
}

func TestQuestionDoesNotWaitForTheCatalogue(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.Upstreams.Fault(standin.KEVCatalogue, standin.Fault{Kind: standin.Hang})
	t.Cleanup(s.Upstreams.ClearFaults)
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(1)...))
	v := at(t, s.get(t, question, theRelease).Data, "project", "release", "components", "nodes", 0, "findings", 0, "vulnerability")
	got := states(t, at(t, v, "sourceStatus"))
	if got["KEV"] != "UNAVAILABLE" || got["OSV"] != "FRESH" || got["EPSS"] != "FRESH" {
		t.Errorf("states are %v, want KEV alone to be UNAVAILABLE", got)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	post := func(contentType, origin string, body io.Reader) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", contentType)
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		answer, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(answer)
	}
	for _, body := range []string{"", "{", "[]", `{"query":1}`, `{"query":"{ projects(first: 1) { nodes { id } } }","variables":"x"}`, "null"} {
		if status, answer := post("application/json", "", strings.NewReader(body)); status != http.StatusBadRequest && status != http.StatusUnprocessableEntity || strings.Contains(answer, "internal error") {
			t.Errorf("%q: %d %s, want a refusal", body, status, answer)
		}
	}
	if strings.Contains(s.Log.String(), "panicked") {
		t.Errorf("something panicked:\n%s", s.Log)
	}
	ok, err := json.Marshal(map[string]string{"query": `mutation { createProject(input: {name: "x"}) { project { id } } }`})
	if err != nil {
		t.Fatal(err)
	}
	if status, answer := post("application/json", "http://elsewhere.example", bytes.NewReader(ok)); status != http.StatusForbidden {
		t.Errorf("from a page of another origin: %d %s, want 403", status, answer)
	}
	huge := `{"query":"{ x }","variables":{"v":"` + strings.Repeat("0", 40<<20) + `"}}`
	if status, answer := post("application/json", "", strings.NewReader(huge)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("40 MB of variables: %d %.200s, want 413", status, answer)
	}
	// Without a length it is cut off where it gets too long.
	if _, answer := post("application/json", "", io.MultiReader(strings.NewReader(huge))); !strings.Contains(answer, "too long") {
		t.Errorf("40 MB of variables without a length: %.200s, want a refusal", answer)
	}
}
