package kev

import (
	"os"
	"testing"
)

func FuzzDecode(f *testing.F) {
	data, err := os.ReadFile("testdata/kev.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"count":2,"vulnerabilities":[{},null]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		cat, err := decode(data)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, e := range cat.Entries {
			if seen[e.CVE] || !isCVE.MatchString(e.CVE) {
				t.Errorf("entry %+v", e)
			}
			seen[e.CVE] = true
		}
		for _, s := range cat.Skipped {
			if s.Reason == "" {
				t.Errorf("skipped %+v without a reason", s)
			}
		}
	})
}
