package osv

import (
	"errors"
	"os"
	"testing"

	"loadline/upstream"
)

func FuzzDecodeBatch(f *testing.F) {
	for _, s := range []string{
		`{"results":[{},{"vulns":[{"id":"A","modified":"2026-01-01T00:00:00Z"}],"next_page_token":"x"}]}`,
		`{"results":[null,7]}`, `{}`, `null`, `[`,
		`{"code":3,"message":"error in query at index 1: rpc error: code = InvalidArgument desc = invalid hash"}`,
	} {
		f.Add([]byte(s), 2)
	}
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		page, err := decodeBatch(data, n)
		if err == nil && len(page) != n {
			t.Errorf("%d results for %d queries", len(page), n)
		}
		for _, result := range page {
			refs, _, _ := decodeResult(result)
			for _, ref := range refs {
				if ref.ID == "" || len(ref.ID) > maxID {
					t.Errorf("id %q", ref.ID)
				}
			}
		}
	})
}

func FuzzErrorAnswers(f *testing.F) {
	f.Add([]byte(`{"code":5,"message":"Vulnerability not found, but the following aliases were: A B"}`))
	f.Add([]byte(`{"code":3,"message":"error in query at index 999999999: rpc error: code = InvalidArgument desc = invalid hash"}`))
	f.Add([]byte(`Bug not found.`))
	c := New("http://upstream.invalid", upstream.NewClient(upstream.OSV, upstream.Options{Offline: true}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if notFound("X", data) == nil {
			t.Error("no error for a record that is not there")
		}
		err := c.refusal(data)
		var why *refusal
		if err == nil || errors.As(err, &why) && why.index < 0 {
			t.Errorf("refusal %v", err)
		}
	})
}

func FuzzDecodeVuln(f *testing.F) {
	data, err := os.ReadFile("testdata/vulns.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("GHSA-xxxx-yyyy-zzzz", data)
	f.Add("A", []byte(`{"id":"A","modified":"2026-01-01T00:00:00Z","affected":[{"ranges":[{"type":"GIT"}]}]}`))
	f.Add("A", []byte(`{"id":"B"}`))
	f.Fuzz(func(t *testing.T, id string, data []byte) {
		r, err := decodeVuln(id, data)
		if err == nil && r.Advisory.ID != id {
			t.Errorf("record %q for %q", r.Advisory.ID, id)
		}
	})
}
