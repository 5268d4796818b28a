package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
)

// A database goes from the one kind to the other and on, and is the same.
func TestCopyGoesThereAndBack(t *testing.T) {
	t.Parallel()
	first := onSQLite(t)
	fillAll(t, first)
	second := storetest.OpenDSN(t, storetest.Postgres(t), time.Now)
	there := must(store.Copy(t.Context(), first, second, nil))(t)
	third := onSQLite(t)
	back := must(store.Copy(t.Context(), second, third, nil))(t)
	if diff := cmp.Diff(there, back, sortedTables); diff != "" {
		t.Errorf("(-there +back):\n%s", diff)
	}
	for _, name := range []string{"component", "dependency", "document", "job", "advisory", "alias", "mirror_sync"} {
		if i := slices.IndexFunc(there, func(c store.CopiedTable) bool { return c.Name == name && c.Rows > 0 }); i < 0 {
			t.Errorf("nothing of %s was copied", name)
		}
	}
	// The ids of what was deleted are not given out again, and those that follow fit.
	for name, s := range map[string]*store.Store{"first": first, "postgres": second, "sqlite": third} {
		p := create(t, s, "the next")[0]
		if p.ID != 4 {
			t.Errorf("%s: the next project has id %d, want 4", name, p.ID)
		}
		storetest.Ingest(t, s, "the next", "1", storetest.Document(30))
	}
}

var sortedTables = cmp.Transformer("sorted", func(all []store.CopiedTable) map[string]store.CopiedTable {
	m := make(map[string]store.CopiedTable, len(all))
	for _, t := range all {
		m[t.Name] = t
	}
	return m
})

// fillAll writes what the kinds of columns can hold; the third project is deleted.
func fillAll(t *testing.T, s *store.Store) {
	t.Helper()
	doc := storetest.Document(20)
	doc.Components = append(doc.Components, sbom.Component{Name: "a\x00b \xff Ünï", Type: "library", Scope: sbom.ScopeRequired})
	storetest.Ingest(t, s, "shop", "1", storetest.WithWarnings(doc, 3))
	storetest.Accept(t, s, "stall", "2", storetest.Document(5))
	gone := create(t, s, "gone")[0]
	write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteProject(ctx, gone.ID) })
	now := time.Now()
	err := s.SaveFacts(t.Context(), store.Facts{
		Scores:     []store.Score{{CVE: "CVE-1", Probability: 1, Percentile: 0.25, Date: "2026-01-01", FetchedAt: now, Known: true}},
		Advisories: []store.AdvisoryRecord{{ID: "GHSA-1", Modified: now, FetchedAt: now, Document: []byte(`{"id":"GHSA-1","modified":"2026-01-01T00:00:00Z","aliases":["CVE-1"]}`)}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCopyRefusesADatabaseInUse(t *testing.T) {
	t.Parallel()
	from := onSQLite(t)
	create(t, from, "a")
	storetest.Run(t, func(t *testing.T, to *store.Store) {
		create(t, to, "b")
		if _, err := store.Copy(t.Context(), from, to, nil); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("got %v, want %v", err, store.ErrNotEmpty)
		}
	})
}

func TestCopyLeavesNothingOfATry(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, to *store.Store) {
		from := onSQLite(t)
		create(t, from, "a")
		written := false
		_, err := store.Copy(t.Context(), from, to, func(string, int, int) {
			if !written {
				written = true
				create(t, from, "while it is copied")
			}
		})
		if err == nil {
			t.Fatal("a write to the source was not seen")
		}
		if n := must(to.CountProjects(t.Context(), store.ProjectFilter{}))(t); n != 0 {
			t.Errorf("%d projects are left", n)
		}
		if _, err := store.Copy(t.Context(), from, to, nil); err != nil {
			t.Errorf("the second try: %v", err)
		}
	})
}
