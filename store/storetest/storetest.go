// Package storetest runs tests on fresh databases of each kind that there is.
//
// LOADLINE_TEST_POSTGRES is the URL of a PostgreSQL server on which the tests may
// create databases; they drop them again. Without it what needs PostgreSQL is
// skipped, or fails if it says "required".
package storetest

import (
	"path/filepath"
	"testing"
	"time"

	"loadline/store"
)

// Run runs test once for each kind of database, on a fresh one.
func Run(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	RunDSN(t, func(t *testing.T, dsn string) { test(t, OpenDSN(t, dsn, time.Now)) })
}

// RunDSN is Run for tests that open the database themselves.
func RunDSN(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// Open returns a fresh store on the database of DSN. It is closed when the test
// ends.
func Open(t testing.TB) *store.Store {
	t.Helper()
	return OpenAt(t, time.Now)
}

// OpenAt is Open with a clock.
func OpenAt(t testing.TB, now func() time.Time) *store.Store {
	t.Helper()
	return OpenDSN(t, DSN(t), now)
}

// OpenDSN opens a database with a clock. The store is closed when the test ends.
func OpenDSN(t testing.TB, dsn string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: now, Connections: connections})
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

// SQLite returns the path of a database that does not exist yet.
func SQLite(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "loadline.db")
}
