package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
)

func TestProjectLife(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		projects := create(t, s, "one", "two")
		if p := projects[0]; p.ID == 0 || p.Name != "one" || time.Since(p.CreatedAt) > time.Minute || p.CreatedAt.Location() != time.UTC {
			t.Errorf("created %+v", p)
		}
		refused(t, s, store.ErrConflict, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.CreateProject(ctx, "two", nil)
			return err
		})
		id := projects[0].ID
		var renamed store.Project
		write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			if _, err := tx.TagProject(ctx, id, []string{"b", "a", "b"}); err != nil {
				return err
			}
			renamed, err = tx.RenameProject(ctx, id, "EINS")
			return err
		})
		if diff := cmp.Diff([]store.Project{renamed}, must(s.ProjectsByIDs(ctx, []int64{id, 99}))(t)); diff != "" {
			t.Errorf("by id (-want +got):\n%s", diff)
		}
		if got := must(s.ProjectsByNames(ctx, []string{"one", "EINS", "eins"}))(t); len(got) != 1 || got[0].ID != id {
			t.Errorf("by name: %v", got)
		}
		if diff := cmp.Diff(map[int64][]string{id: {"a", "b"}}, must(s.ProjectTags(ctx, []int64{id, projects[1].ID}))(t)); diff != "" {
			t.Errorf("tags (-want +got):\n%s", diff)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.TagProject(ctx, id, nil)
			return err
		})
		if got := must(s.ProjectTags(ctx, []int64{id}))(t); len(got) != 0 {
			t.Errorf("tags are left: %v", got)
		}
		refused(t, s, store.ErrConflict, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.RenameProject(ctx, id, "two")
			return err
		})
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteProject(ctx, id) })
		for name, do := range map[string]func(context.Context, *store.Tx) error{
			"rename": func(ctx context.Context, tx *store.Tx) error { return fails(tx.RenameProject(ctx, id, "x")) },
			"tag":    func(ctx context.Context, tx *store.Tx) error { return fails(tx.TagProject(ctx, id, nil)) },
			"delete": func(ctx context.Context, tx *store.Tx) error { return tx.DeleteProject(ctx, id) },
		} {
			t.Run(name, func(t *testing.T) { refused(t, s, store.ErrNotFound, do) })
		}
		if p := create(t, s, "one")[0]; p.ID <= projects[1].ID {
			t.Errorf("id %d is used again", p.ID)
		}
	})
}

func TestProjectFilter(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			for name, tags := range map[string][]string{
				"Größe 50%":  {"a"},
				"gross 500":  {"a", "b"},
				"under_bar":  nil,
				"underbar":   nil,
				`back\slash`: {"A"},
			} {
				if _, err := tx.CreateProject(ctx, name, tags); err != nil {
					return err
				}
			}
			return nil
		})
		for name, c := range map[string]struct {
			filter store.ProjectFilter
			want   []string
		}{
			"none":                           {store.ProjectFilter{}, []string{"Größe 50%", `back\slash`, "gross 500", "under_bar", "underbar"}},
			"letter case":                    {store.ProjectFilter{NameContains: "GRO"}, []string{"gross 500"}},
			"letters with marks in any case": {store.ProjectFilter{NameContains: "RÖSS"}, nil},
			"umlaut":                         {store.ProjectFilter{NameContains: "GRÖ"}, []string{"Größe 50%"}},
			"a percent sign":                 {store.ProjectFilter{NameContains: "50%"}, []string{"Größe 50%"}},
			"an underscore":                  {store.ProjectFilter{NameContains: "_"}, []string{"under_bar"}},
			"a backslash":                    {store.ProjectFilter{NameContains: `\`}, []string{`back\slash`}},
			"a tag":                          {store.ProjectFilter{Tag: "a"}, []string{"Größe 50%", "gross 500"}},
			"a tag and a name":               {store.ProjectFilter{Tag: "a", NameContains: "gross"}, []string{"gross 500"}},
		} {
			t.Run(name, func(t *testing.T) {
				var got []string
				for _, p := range must(s.Projects(t.Context(), c.filter, store.Page{First: 10}))(t).Rows {
					got = append(got, p.Name)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if n := must(s.CountProjects(t.Context(), c.filter))(t); n != len(c.want) {
					t.Errorf("counted %d, want %d", n, len(c.want))
				}
			})
		}
	})
}

func TestDeleteTakesEverythingAlong(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		doc := storetest.Document(20)
		kept := storetest.Ingest(t, s, "kept", "1", doc)
		tables := []string{"project", "project_tag", "release", "release_tag", "bom", "bom_warning", "component", "dependency", "document", "job"}
		before := map[string]int{}
		for _, table := range tables {
			before[table] = must(s.CountRows(t.Context(), table))(t)
		}
		check := func(t *testing.T) {
			t.Helper()
			for _, table := range tables {
				if n := must(s.CountRows(t.Context(), table))(t); n != before[table] {
					t.Errorf("%s has %d rows, had %d", table, n, before[table])
				}
			}
		}
		fill := func(t *testing.T) store.Release {
			t.Helper()
			b := storetest.Ingest(t, s, "gone", "1", storetest.WithWarnings(doc, 3))
			storetest.Accept(t, s, "gone", "2", doc)
			release := must(s.ReleasesByIDs(t.Context(), []int64{b.ReleaseID}))(t)[0]
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				if _, err := tx.TagProject(ctx, release.ProjectID, []string{"t"}); err != nil {
					return err
				}
				return fails(tx.TagRelease(ctx, release.ID, []string{"t"}))
			})
			// The same bytes as the Bom that is kept.
			write(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, _, err := tx.AcceptBom(ctx, store.NewBom{Project: "gone", Release: "1", Content: []byte("kept 1 20"), Document: doc})
				return err
			})
			return release
		}

		release := fill(t)
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteProject(ctx, release.ProjectID) })
		check(t)

		release = fill(t)
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteRelease(ctx, release.ID) })
		if got := must(s.CountReleases(t.Context(), []int64{release.ProjectID}))(t)[release.ProjectID]; got != 1 {
			t.Errorf("%d releases are left, want the other one", got)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteProject(ctx, release.ProjectID) })
		check(t)
		if got := must(s.BomDocument(t.Context(), kept.ID))(t); string(got) != "kept 1 20" {
			t.Errorf("the document that is still used became %q", got)
		}
	})
}
