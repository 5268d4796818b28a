package mirror_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loadline/mirror"
	"loadline/store/storetest"
)

// What a mirror no longer has stays, and the sync says so.
func TestSyncTellsOfAnEcosystemThatIsGone(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), storetest.Open(t)
	write(t, dir, "npm", sample{id: "A-1"})
	write(t, dir, "Hex", sample{id: "H-1"}, sample{id: "H-2"})
	sync(t, s, dir, mirror.All)
	if err := os.RemoveAll(filepath.Join(dir, "Hex")); err != nil {
		t.Fatal(err)
	}
	r := sync(t, s, dir, mirror.All)
	if len(r.Dumps) != 2 || r.Dumps[0].Ecosystem != "Hex" || r.Dumps[0].Records != 2 || r.Dumps[0].Err == nil || !strings.Contains(r.Dumps[0].Err.Error(), "no longer has") {
		t.Errorf("dumps: %+v, want Hex with its 2 records and why", r.Dumps)
	}
	dumps, err := s.Dumps(t.Context())
	if err != nil || len(dumps) != 2 || dumps[0].Records+dumps[1].Records != 3 {
		t.Errorf("dumps held: %+v, %v", dumps, err)
	}
}
