package loader_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/graph/loader"
	"loadline/store"
	"loadline/store/storetest"
)

func TestObserver(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		l := loader.New(s, nil, loader.NewMemory())
		got := map[string]int{}
		ctx := loader.WithObserver(t.Context(), func(name string, keys int, start time.Time) {
			if start.IsZero() {
				t.Errorf("%s has no start", name)
			}
			got[name] += keys
		})
		for range 2 {
			if _, err := l.ProjectTags.LoadMany(ctx, []int64{1, 2})(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := l.ComponentsOfBom.Load(ctx, loader.PageKey[loader.BomFilter]{Page: store.Page{First: 1}})(); err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"ProjectTags": 2, "Slice[Component]": 1}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("batches (-want +got):\n%s", diff)
		}
	})
}
