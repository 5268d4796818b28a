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
		var d decoded
		for i := range 3 {
			for range 2 {
				a, err := d.decode(document("GHSA-1", i))
				if err != nil || a.Summary != fmt.Sprint(i) {
					t.Errorf("record %d: summary %q, error %v", i, a.Summary, err)
				}
			}
		}
		if n := len(d.young); n != 3 {
			t.Errorf("%d records kept, want 3", n)
		}
	})
	t.Run("what is kept is bounded, and what is used stays", func(t *testing.T) {
		t.Parallel()
		var d decoded
		for i := range 3000 {
			if _, err := d.decode(document("GHSA-new", i)); err != nil {
				t.Fatal(err)
			}
			if _, err := d.decode(document("GHSA-used", 0)); err != nil {
				t.Fatal(err)
			}
			if n := len(d.young) + len(d.old); n > decodedBytes/decodedFactor/10_000 {
				t.Fatalf("%d records kept after %d", n, i)
			}
		}
		if d.bytes == 0 || len(d.old) == 0 {
			t.Error("nothing became old")
		}
	})
	t.Run("damaged documents are not kept", func(t *testing.T) {
		t.Parallel()
		var d decoded
		if _, err := d.decode([]byte("{")); err == nil || len(d.young) > 0 {
			t.Errorf("error %v, %d records kept", err, len(d.young))
		}
	})
	t.Run("of many goroutines", func(t *testing.T) {
		t.Parallel()
		var d decoded
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
