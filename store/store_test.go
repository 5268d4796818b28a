package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"golang.org/x/sync/errgroup"

	"loadline/store"
	"loadline/store/storetest"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign.db")
	db, err := sql.Open("sqlite3", foreign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE recipe (id INTEGER)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ dsn, want string }{
		"no path":             {"", "give the path of a file"},
		"memory":              {":memory:", "give the path of a file"},
		"missing folder":      {filepath.Join(dir, "none", "x.db"), "make its folder first"},
		"folder":              {dir, "cannot open " + dir},
		"no database":         {text, "is not a SQLite database"},
		"another program's":   {foreign, "the database of another program"},
		"PostgreSQL":          {"postgres://127.0.0.1:1/x", "cannot reach PostgreSQL at 127.0.0.1:1: check that it runs"},
		"no URL":              {"postgres://me:secret@127.0.0.1:port/x", "the URL of the PostgreSQL database cannot be read"},
		"some other database": {"mysql://localhost/x", `"mysql://" is no kind of database`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := store.Open(t.Context(), store.Options{DSN: c.dsn})
			if err == nil {
				t.Fatalf("opened: %v", s.Close())
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %q, want it to contain %q", err, c.want)
			}
		})
	}
}

func TestOpenMakesAFileForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	// The characters that mean something in a URI are plain ones in a path.
	path := filepath.Join(t.TempDir(), "50% of what? #1.db")
	s, err := store.Open(t.Context(), store.Options{DSN: path})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode is %v", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*-wal")); len(left) > 0 {
		t.Errorf("Close left %v", left)
	}
}

func TestOpenAgainKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		for i := range 3 {
			s, err := store.Open(t.Context(), store.Options{DSN: dsn})
			if err != nil {
				t.Fatal(err)
			}
			create(t, s, fmt.Sprint(i))
			if n, err := s.CountProjects(t.Context(), store.ProjectFilter{}); err != nil || n != i+1 {
				t.Errorf("%d projects, %v", n, err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestOpenAtTheSameTime(t *testing.T) {
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		var g errgroup.Group
		for range 4 {
			g.Go(func() error {
				s, err := store.Open(t.Context(), store.Options{DSN: dsn})
				if err != nil {
					return err
				}
				return s.Close()
			})
		}
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	})
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		s, err := store.Open(t.Context(), store.Options{DSN: dsn})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SetSchemaVersion(t.Context(), 9999); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err = store.Open(t.Context(), store.Options{DSN: dsn}); !errors.Is(err, store.ErrSchemaTooNew) {
			t.Errorf("got %v, want %v", err, store.ErrSchemaTooNew)
		}
	})
}

func TestForeignKeysAreEnforcedOnEveryConnection(t *testing.T) {
	t.Parallel()
	enforced, err := onSQLite(t).ForeignKeys(t.Context(), 4)
	if err != nil {
		t.Fatal(err)
	}
	for i, on := range enforced {
		if !on {
			t.Errorf("not on connection %d", i)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	err := onSQLite(t).Exec(t.Context(), `DELETE FROM project`)
	if err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("got %v", err)
	}
}

// Two Stores on one database stand for two processes, such as a server and a scan.
func TestWritersAreNeverInEachOthersWay(t *testing.T) {
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		var stores [2]*store.Store
		for i := range stores {
			stores[i] = storetest.OpenDSN(t, dsn, time.Now)
		}
		g, ctx := errgroup.WithContext(t.Context())
		for w := range 50 {
			g.Go(func() error {
				s := stores[w%len(stores)]
				for i := range 5 {
					err := s.InTx(ctx, func(tx *store.Tx) error {
						// A read first: what makes a deferred transaction of SQLite fail, and
						// serializable ones of PostgreSQL each other.
						if _, err := tx.CountProjects(ctx, store.ProjectFilter{}); err != nil {
							return err
						}
						_, err := tx.CreateProject(ctx, fmt.Sprintf("%d %d", w, i), nil)
						return err
					})
					if err != nil {
						return err
					}
					if _, err := s.Projects(ctx, store.ProjectFilter{}, store.Page{First: 10}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if n, err := stores[0].CountProjects(t.Context(), store.ProjectFilter{}); err != nil || n != 250 {
			t.Errorf("%d projects, %v", n, err)
		}
	})
}

func TestInTx(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		stop := errors.New("stop")
		err := s.InTx(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.CreateProject(t.Context(), "lost", nil); err != nil {
				return err
			}
			if n, err := s.CountProjects(t.Context(), store.ProjectFilter{}); err != nil || n != 0 {
				t.Errorf("others see %d projects, %v", n, err)
			}
			if n, err := tx.CountProjects(t.Context(), store.ProjectFilter{}); err != nil || n != 1 {
				t.Errorf("the transaction sees %d projects, %v", n, err)
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Errorf("got %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = s.InTx(ctx, func(tx *store.Tx) error {
			if _, err := tx.CreateProject(ctx, "cancelled", nil); err != nil {
				return err
			}
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if n, err := s.CountProjects(t.Context(), store.ProjectFilter{}); err != nil || n != 0 {
			t.Errorf("%d projects are left, %v", n, err)
		}
	})
}

func TestStatementsAreCounted(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		if n := store.StatementsFrom(t.Context()); n != 0 {
			t.Errorf("%d statements without a counter", n)
		}
		ctx := store.WithCounter(t.Context())
		var g errgroup.Group
		for range 20 {
			g.Go(func() error { return s.Ping(ctx) })
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := store.StatementsFrom(ctx); n != 20 {
			t.Errorf("%d statements, want 20", n)
		}
	})
}

// create returns new projects of these names.
func create(t testing.TB, s *store.Store, names ...string) []store.Project {
	t.Helper()
	var projects []store.Project
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for _, name := range names {
			p, err := tx.CreateProject(ctx, name, nil)
			if err != nil {
				return err
			}
			projects = append(projects, p)
		}
		return nil
	})
	return projects
}

// write runs do in a transaction that must succeed.
func write(t testing.TB, s *store.Store, do func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.InTx(t.Context(), func(tx *store.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// refused runs do in a transaction that must end in the error want.
func refused(t testing.TB, s *store.Store, want error, do func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.InTx(t.Context(), func(tx *store.Tx) error { return do(t.Context(), tx) }); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// must returns what a read gives, without an error.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// onSQLite returns a Store for what is SQLite's alone.
func onSQLite(t testing.TB) *store.Store {
	t.Helper()
	return storetest.OpenDSN(t, storetest.SQLite(t), time.Now)
}
