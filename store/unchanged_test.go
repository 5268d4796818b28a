package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loadline/store"
	"loadline/store/storetest"
)

func TestOpenUnchangedWantsTheSchemaOfThisProgram(t *testing.T) {
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		s := must(store.Open(t.Context(), store.Options{DSN: dsn}))(t)
		create(t, s, "shop")
		there := must(store.OpenUnchanged(t.Context(), store.Options{DSN: dsn}))(t)
		if n, err := there.CountProjects(t.Context(), store.ProjectFilter{}); n != 1 || err != nil {
			t.Errorf("%d projects, %v", n, err)
		}
		if err := there.Close(); err != nil {
			t.Error(err)
		}
		if err := s.SetSchemaVersion(t.Context(), 9999); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := store.OpenUnchanged(t.Context(), store.Options{DSN: dsn}); !errors.Is(err, store.ErrSchemaTooNew) {
			t.Errorf("got %v, want %v", err, store.ErrSchemaTooNew)
		}
	})
}

func TestOpenUnchangedSaysWhyNot(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(t.TempDir(), "none.db"): "there is no database ",
		filepath.Join(file, "below-a-file"):   "not a directory",
	} {
		if _, err := store.OpenUnchanged(t.Context(), store.Options{DSN: path}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

func TestOpenUnchangedDoesNotUpgrade(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "old.db")
	db := must(sql.Open("sqlite3", path))(t)
	must(db.ExecContext(t.Context(), `
		CREATE TABLE goose_db_version (version_id INTEGER);
		INSERT INTO goose_db_version VALUES (0), (1)`))(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := must(os.ReadFile(path))(t)
	_, err := store.OpenUnchanged(t.Context(), store.Options{DSN: path})
	if err == nil || !strings.Contains(err.Error(), "its schema is version 1, this program needs") {
		t.Errorf("got %v", err)
	}
	if after := must(os.ReadFile(path))(t); string(after) != string(before) {
		t.Error("the file was written to")
	}
}
