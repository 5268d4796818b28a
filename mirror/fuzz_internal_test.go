package mirror

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

func FuzzScores(f *testing.F) {
	f.Add([]byte("#model_version:v1,score_date:2026-03-01T00:00:00Z\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\nCVE-2026-0002,2,x\n"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := newScores(bytes.NewReader(data))
		if err != nil {
			return
		}
		list, err := table.next(100)
		for _, s := range list {
			if !cvePattern.MatchString(s.CVE) || s.Probability < 0 || s.Probability > 1 || s.Percentile < 0 || s.Percentile > 1 {
				t.Errorf("%+v, %v", s, err)
			}
		}
	})
}

func FuzzChanges(f *testing.F) {
	f.Add([]byte("2026-03-01T12:00:00.5Z,A-1\n2026-03-01T12:00:00Z,A-2\n"))
	f.Add([]byte("2026-03-01T12:00:00Z,../../x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		changes, err := changesSince(bytes.NewReader(data), time.Time{})
		for _, c := range changes {
			if !isFolder(c.id) {
				t.Errorf("%q, %v", c.id, err)
			}
		}
	})
}

func FuzzNamedIDs(f *testing.F) {
	f.Add([]byte(`{"id":"A-1","aliases" : [ "CVE-1" , "B\"2" ],"upstream":["X"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, id := range namedIDs(data) {
			if !bytes.Contains(data, []byte(id)) {
				t.Errorf("%q is not in the record", id)
			}
		}
	})
}

func FuzzProducts(f *testing.F) {
	f.Add([]byte(`{"go":{"title":"Go","identifiers":[{"purl":"pkg:golang/stdlib"}],"releases":[]}}`))
	f.Add([]byte(`{"result":[{"name":"go","label":"Go","identifiers":[{"type":"purl","id":"pkg:golang/stdlib"}],"releases":[{}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		products, _, err := productsOf(data)
		if err == nil && len(products) == 0 {
			t.Error("no product and no error")
		}
	})
}

func FuzzExcerpt(f *testing.F) {
	wanted := map[string]bool{"CVE-2026-0001": true}
	f.Add([]byte(`{"catalogVersion":"1","dateReleased":"2026-03-01T00:00:00Z","count":2,"vulnerabilities":[{"cveID":"CVE-2026-0001","notes":"}\"{"},{"cveID":"CVE-2026-0002"}]}`))
	f.Add([]byte(`{"dateReleased":"2026-03-01T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2026-0001","x":{"y":[{}]}} , {`))
	f.Fuzz(func(t *testing.T, data []byte) {
		short, ok := excerpt(data, wanted)
		if !ok || !json.Valid(data) {
			return
		}
		var whole, part struct {
			Entries []struct {
				CVE string `json:"cveID"`
			} `json:"vulnerabilities"`
		}
		if err := json.Unmarshal(data, &whole); err != nil {
			return
		}
		if err := json.Unmarshal(short, &part); err != nil {
			t.Fatalf("%s: %v", short, err)
		}
		if len(part.Entries) > len(whole.Entries) {
			t.Errorf("%d entries of %d", len(part.Entries), len(whole.Entries))
		}
	})
}
