package wire_test

import (
	"crypto/sha256"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"loadline/graph/wire"
)

// heap is what is in use after a collection.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Documents that are all new, all of them persisted, each as long as the caches take.
func TestMemoryIsBounded(t *testing.T) {
	base := serve(t, wire.Options{})
	padding := strings.Repeat("x", 200<<10)
	before := heap()
	for i := range 450 {
		query := fmt.Sprintf("{ motto } # %d %s", i, padding)
		r := post(query)
		r.body = strings.TrimSuffix(r.body, "}") + fmt.Sprintf(`,"extensions":{"persistedQuery":{"version":1,"sha256Hash":"%x"}}}`, sha256.Sum256([]byte(query)))
		if a := send(t, base, r); a.status != 200 {
			t.Fatalf("%d %.200s", a.status, a.text)
		}
	}
	if grown := heap() - before; grown > 70<<20 {
		t.Errorf("450 documents of 200 KiB have taken %d MiB", grown>>20)
	}
}
