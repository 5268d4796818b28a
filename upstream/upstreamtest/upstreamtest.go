// Package upstreamtest is what the tests of the upstream clients share: a
// transport that does not wait, and recorded exchanges to replay.
package upstreamtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/upstream"
)

// Client returns a Client for the source that waits for nothing it need not.
func Client(t testing.TB, source upstream.Source) *upstream.Client {
	t.Helper()
	return ClientWith(t, source, upstream.Options{})
}

// ClientWith is Client with other options.
func ClientWith(t testing.TB, source upstream.Source, o upstream.Options) *upstream.Client {
	t.Helper()
	o.Backoff, o.MaxBackoff = time.Microsecond, time.Microsecond
	o.Budget, o.AttemptTimeout = time.Minute, time.Minute
	o.RequestsPerSecond, o.Burst = 1e6, 1e6
	c := upstream.NewClient(source, o)
	t.Cleanup(c.Close)
	return c
}

// Exchange is a recorded request with its answer.
type Exchange struct {
	Request struct {
		Method string          `json:"method"`
		URL    string          `json:"url"`
		Body   json.RawMessage `json:"body"`
	} `json:"request"`
	Response struct {
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body"`
	} `json:"response"`
}

// URL returns the recorded address.
func (e Exchange) URL(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse(e.Request.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// Answer writes the recorded answer. A body that is a JSON string was text.
func (e Exchange) Answer(w http.ResponseWriter) {
	body := []byte(e.Response.Body)
	var text string
	if json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	} else {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(e.Response.Status)
	w.Write(body)
}

// Own returns the exchanges of a file in the test's testdata.
func Own(t testing.TB, file string) []Exchange {
	t.Helper()
	return read(t, filepath.Join("testdata", file))
}

// Recorded returns the exchanges of a file in shared/data/recorded beside the
// repository, or under the directory that LOADLINE_SHARED names. It skips the
// test where there is none.
func Recorded(t testing.TB, file string) []Exchange {
	t.Helper()
	return read(t, filepath.Join(Shared(t), "data", "recorded", file))
}

// Shared returns the directory of shared test data, and skips the test where
// there is none.
func Shared(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("LOADLINE_SHARED"); dir != "" {
		return dir
	}
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		shared := filepath.Join(dir, "shared")
		if _, err := os.Stat(filepath.Join(shared, "data")); err == nil {
			return shared
		}
	}
	t.Skip("no shared/data beside the repository; LOADLINE_SHARED can name another directory that holds data/")
	return ""
}

func read(t testing.TB, path string) []Exchange {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []Exchange
	for decoder := json.NewDecoder(bytes.NewReader(data)); ; {
		var e Exchange
		err := decoder.Decode(&e)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("%s: exchange %d: %v", path, len(all)+1, err)
		}
		all = append(all, e)
	}
}

// Serve runs h, and returns its address.
func Serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// JSON compares two documents for what they say.
func JSON(t testing.TB, want, got []byte) (diff string) {
	t.Helper()
	var w, g any
	if err := json.Unmarshal(want, &w); err != nil {
		t.Fatalf("%v in %.200q", err, want)
	}
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("%v in %.200q", err, got)
	}
	return cmp.Diff(w, g)
}
