package standin

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whatever a client sends is answered with JSON or refused.
func FuzzPost(f *testing.F) {
	for _, body := range []string{
		batchBody,
		`{"queries":[null,{"commit":"zz"}]}`,
		`{"package":{"ecosystem":"npm","name":"left-shelf"},"page_token":"RklSU1RfUEFHRV9UT0tFTg=="}`,
		`{"requests":[{"versionKey":{"system":"NPM","name":"left-shelf","version":"1.2.2"}}],"pageToken":"MDAwMC4x"}`,
		`{"requests":[{"purl":"pkg:maven/org.example.log/log-core@2.14.1"}]}`,
	} {
		f.Add(body)
	}
	s := New(Config{Pages: Pages{Batch: 1, Query: 1, DepsDev: 1}})
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/v1/query", "/v1/querybatch", "/v3alpha/versionbatch", "/v3alpha/purlbatch"} {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
			if w.Code != 200 && w.Code != 400 {
				t.Errorf("%s: status %d", path, w.Code)
			}
			if w.Header().Get("Content-Type") == typeJSON && !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s: no JSON: %q", path, w.Body)
			}
		}
	})
}

func FuzzParseRule(f *testing.F) {
	for _, text := range []string{"429", "osv.querybatch=429,first=2,retry-after=0", "=drip,every=3,pause=5ms", ",=,"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rule, err := ParseRule(text)
		if err != nil {
			return
		}
		again, err := ParseRule(rule.String())
		if err != nil || again.String() != rule.String() {
			t.Errorf("%q is written %q, which is read as %q (%v)", text, rule.String(), again.String(), err)
		}
	})
}

func FuzzParseScores(f *testing.F) {
	f.Add("#model_version:v1,score_date:2026-03-15T12:55:00Z\ncve,epss,percentile\nCVE-2099-1,5e-05,0.1\n")
	f.Add("cve,epss\nx,NaN,1")
	f.Fuzz(func(t *testing.T, table string) {
		s, err := parseScores([]byte(table))
		if err != nil {
			return
		}
		for _, row := range s.rows {
			if !json.Valid(row.body) {
				t.Errorf("row %q", row.body)
			}
		}
	})
}
