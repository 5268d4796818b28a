// Package storetest runs tests on fresh databases.
package storetest

import (
	"path/filepath"
	"testing"
	"time"

	"loadline/store"
)

// Run runs test once for each kind of database, on a fresh one. There is one
// kind so far; PostgreSQL will be the other.
func Run(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, Open(t))
	})
}

// Open returns a fresh SQLite store that is closed when the test ends.
func Open(t testing.TB) *store.Store {
	t.Helper()
	return OpenAt(t, time.Now)
}

// OpenAt is Open with a clock.
func OpenAt(t testing.TB, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(t.TempDir(), "loadline.db"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
