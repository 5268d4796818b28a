package store_test

import (
	"cmp"
	"context"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
)

func TestReleaseLife(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		projects := create(t, s, "one", "two")
		var a, b, c store.Release
		write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			if a, err = tx.CreateRelease(ctx, projects[0].ID, "1", []string{"x", "x"}); err != nil {
				return err
			}
			if b, err = tx.CreateRelease(ctx, projects[0].ID, "2", nil); err != nil {
				return err
			}
			c, err = tx.CreateRelease(ctx, projects[1].ID, "1", nil)
			return err
		})
		for name, r := range map[string]struct {
			want error
			do   func(context.Context, *store.Tx) error
		}{
			"create twice": {store.ErrConflict, func(ctx context.Context, tx *store.Tx) error {
				return fails(tx.CreateRelease(ctx, projects[0].ID, "1", nil))
			}},
			"create for nobody": {store.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { return fails(tx.CreateRelease(ctx, 99, "1", nil)) }},
			"rename to another": {store.ErrConflict, func(ctx context.Context, tx *store.Tx) error { return fails(tx.RenameRelease(ctx, a.ID, "2")) }},
			"rename none":       {store.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { return fails(tx.RenameRelease(ctx, 99, "2")) }},
			"tag none":          {store.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { return fails(tx.TagRelease(ctx, 99, nil)) }},
			"delete none":       {store.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteRelease(ctx, 99) }},
		} {
			t.Run(name, func(t *testing.T) { refused(t, s, r.want, r.do) })
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			if a, err = tx.RenameRelease(ctx, a.ID, "main"); err != nil {
				return err
			}
			return fails(tx.TagRelease(ctx, b.ID, []string{"z", "y"}))
		})

		got := must(s.ReleasesByVersions(ctx, []store.ReleaseKey{
			{ProjectID: projects[0].ID, Version: "main"},
			{ProjectID: projects[1].ID, Version: "1"},
			{ProjectID: projects[1].ID, Version: "main"},
		}))(t)
		slices.SortFunc(got, func(a, b store.Release) int { return cmp.Compare(a.ID, b.ID) })
		if diff := gocmp.Diff([]store.Release{a, c}, got); diff != "" {
			t.Errorf("by version (-want +got):\n%s", diff)
		}
		tags := map[int64][]string{a.ID: {"x"}, b.ID: {"y", "z"}}
		if diff := gocmp.Diff(tags, must(s.ReleaseTags(ctx, []int64{a.ID, b.ID, c.ID}))(t)); diff != "" {
			t.Errorf("tags (-want +got):\n%s", diff)
		}
		counts := map[int64]int{projects[0].ID: 2, projects[1].ID: 1, 99: 0}
		if diff := gocmp.Diff(counts, must(s.CountReleases(ctx, []int64{projects[0].ID, projects[1].ID, 99}))(t)); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		list := must(s.ReleasesOfProjects(ctx, []int64{projects[0].ID}, store.Page{First: 2}))(t)[projects[0].ID]
		if diff := gocmp.Diff([]store.Release{b, a}, list.Rows); diff != "" {
			t.Errorf("the newest first (-want +got):\n%s", diff)
		}
	})
}
