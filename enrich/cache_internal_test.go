package enrich

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestDecodedRecords(t *testing.T) {
	t.Parallel()
	document := func(id string, i int) []byte {
		return fmt.Appendf(nil, `{"id":%q,"modified":"2026-01-01T00:00:00Z","summary":"%d","details":%q}`, id, i, strings.Repeat("x", 10_000))
	}
	t.Run("a changed document is another record", func(t *testing.T) {
		t.Parallel()
		d := newDecoded()
		for i := range 3 {
			for range 2 {
				a, err := d.decode(document("GHSA-1", i))
				if err != nil || a.Summary != fmt.Sprint(i) {
					t.Errorf("record %d: summary %q, error %v", i, a.Summary, err)
				}
			}
		}
		if hits := d.records.Stats().Hits; hits != 3 {
			t.Errorf("%d were found decoded, want 3", hits)
		}
	})
	t.Run("what is kept is bounded, and what is used stays", func(t *testing.T) {
		t.Parallel()
		d := newDecoded()
		for i := range 3000 {
			if _, err := d.decode(document("GHSA-new", i)); err != nil {
				t.Fatal(err)
			}
			if _, err := d.decode(document("GHSA-used", 0)); err != nil {
				t.Fatal(err)
			}
			if n := d.records.Stats().Bytes; n > decodedBytes {
				t.Fatalf("%d bytes kept after %d", n, i)
			}
		}
		if hits := d.records.Stats().Hits; hits < 2900 {
			t.Errorf("what is used was found %d times of 3000", hits)
		}
	})
	t.Run("damaged documents are not kept", func(t *testing.T) {
		t.Parallel()
		d := newDecoded()
		if _, err := d.decode([]byte("{")); err == nil || d.records.Stats().Bytes > 0 {
			t.Errorf("error %v, %d bytes kept", err, d.records.Stats().Bytes)
		}
	})
	t.Run("of many goroutines", func(t *testing.T) {
		t.Parallel()
		d := newDecoded()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for i := range 200 {
					if a, err := d.decode(document("GHSA-1", i%50)); err != nil || a.Summary != fmt.Sprint(i%50) {
						t.Errorf("summary %q, error %v", a.Summary, err)
					}
				}
			})
		}
		wg.Wait()
	})
}
