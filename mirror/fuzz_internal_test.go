package mirror

import (
	"bytes"
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
