package epss

import (
	"strings"
	"testing"
)

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"status":"OK","total":1,"data":[{"cve":"CVE-2021-0001","epss":"0.212330000","percentile":0.95,"date":"2025-08-14"}]}`))
	f.Add([]byte(`{"data":[{"cve":"","epss":"1e-400","percentile":"0x1p-2"}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		scores, err := decode(data)
		if err != nil {
			return
		}
		for id, r := range scores {
			if p := r.Score.Probability; !(p >= 0 && p <= 1) {
				t.Errorf("%q: probability %v", id, p)
			}
			if p := r.Score.Percentile; !(p >= 0 && p <= 1) {
				t.Errorf("%q: percentile %v", id, p)
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add(250, 13)
	f.Add(1, 28)
	f.Fuzz(func(t *testing.T, n, size int) {
		if n < 0 || n > 2000 || size < 1 || size > 28 {
			return
		}
		ids := make([]string, n)
		for i := range ids {
			ids[i] = strings.Repeat("x", size)
		}
		total := 0
		for _, chunk := range split(ids) {
			total += len(chunk)
			if len(chunk) == 0 || len(chunk) > MaxCVEs || len(strings.Join(chunk, ",")) > MaxChars {
				t.Errorf("%d ids of %d characters in a call", len(chunk), size)
			}
		}
		if total != n {
			t.Errorf("%d of %d ids", total, n)
		}
	})
}
