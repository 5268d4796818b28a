package graph_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"loadline/bench/standin"
)

func TestResponsesAreWhole(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(20)...))
	s.get(t, question, theRelease)
	long, err := json.Marshal(map[string]any{"query": question, "variables": theRelease})
	if err != nil {
		t.Fatal(err)
	}
	small := `{"query":"{ __typename }"}`
	for _, test := range []struct {
		name, method, query, body, accept, encoding string
		status                                      int
		compressed                                  bool
		want                                        string // how the answer begins
	}{
		{"a small answer", "POST", "", small, "", "gzip", 200, false, `{"data":{"__typename":"Query"}`},
		{"a long answer", "POST", "", string(long), "", "gzip", 200, true, `{"data":{"project":{"id":`},
		{"for a client that does not ask", "POST", "", string(long), "", "", 200, false, `{"data":{"project":{"id":`},
		{"for a client that refuses", "POST", "", string(long), "", "gzip;q=0", 200, false, `{"data":{"project":{"id":`},
		{"by GET", "GET", "?query={__typename}", "", "", "gzip", 200, false, `{"data":{"__typename":"Query"}`},
		{"an error of a field", "POST", "", `{"query":"{ projects { totalCount } }"}`, "", "gzip", 200, false, `{"errors":[{"message":"give `},
		{"no such field", "POST", "", `{"query":"{ nothing }"}`, "application/graphql-response+json", "gzip", 400, false, `{"errors":[{"message":"Cannot query field`},
		{"a mutation by GET", "GET", "?query=" + url.QueryEscape(`mutation { deleteProject(input: {id: "x"}) { deletedId } }`), "", "", "", 405, false, `{"errors":[{"message":"a mutation has to be sent by POST`},
		{"no JSON", "POST", "", "{", "", "", 400, false, `{"errors":[{"message":"the request's body is not JSON`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(t.Context(), test.method, s.URL+test.query, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			if test.accept != "" {
				req.Header.Set("Accept", test.accept)
			}
			client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
			defer client.CloseIdleConnections()
			if test.encoding != "" {
				req.Header.Set("Accept-Encoding", test.encoding)
			}
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			got, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != test.status {
				t.Errorf("status %d, want %d", resp.StatusCode, test.status)
			}
			if compressed := resp.Header.Get("Content-Encoding") == "gzip"; compressed != test.compressed {
				t.Errorf("compressed is %t, want %t", compressed, test.compressed)
			}
			if test.compressed {
				plain, err := gzip.NewReader(bytes.NewReader(got))
				if err != nil {
					t.Fatal(err)
				}
				if got, err = io.ReadAll(plain); err != nil {
					t.Fatal(err)
				}
			} else if length := resp.Header.Get("Content-Length"); length != strconv.Itoa(len(got)) {
				t.Errorf("Content-Length %q, want %d", length, len(got))
			}
			if !json.Valid(got) || !strings.HasPrefix(string(got), test.want) {
				t.Errorf("answer %.200s, want one that begins with %s", got, test.want)
			}
		})
	}
}
