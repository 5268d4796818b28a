package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
)

func TestSmoke(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var p store.Project
		err := s.InTx(ctx, func(tx *store.Tx) (err error) {
			p, err = tx.CreateProject(ctx, "Größe", []string{"b", "a", "b"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Projects(ctx, store.ProjectFilter{NameContains: "GRÖ", Tag: "a"}, store.Page{First: 1})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]store.Project{p}, got.Rows); diff != "" {
			t.Error(diff)
		}
		err = s.InTx(ctx, func(tx *store.Tx) (err error) {
			_, err = tx.CreateProject(ctx, "Größe", nil)
			return err
		})
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
	})
}
