package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
)

func TestWhatIsRetiredVanishesAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		bom := storetest.Ingest(t, s, "shop", "1", storetest.Document(10))
		other := storetest.Ingest(t, s, "shop", "2", storetest.Document(10))
		pending, job := storetest.Accept(t, s, "shop", "3", storetest.Document(11))
		shop := must(s.ProjectsByNames(ctx, []string{"shop"}))(t)[0]
		packages := must(s.PackagesByPURLs(ctx, []string{"pkg:npm/package-0"}))(t)
		using := func() int {
			return must(s.CountReleasesUsingPackages(ctx, []int64{packages[0].ID}))(t)[packages[0].ID]
		}
		page := store.Page{First: 10}

		write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.RetireRelease(ctx, bom.ReleaseID)) })
		if n := len(must(s.ReleasesOfProjects(ctx, []int64{shop.ID}, page))(t)[shop.ID].Rows); n != 2 {
			t.Errorf("the project has %d releases, want 2", n)
		}
		if n := must(s.CountReleases(ctx, []int64{shop.ID}))(t)[shop.ID]; n != 2 {
			t.Errorf("the project counts %d releases, want 2", n)
		}
		if n := using(); n != 1 {
			t.Errorf("%d releases use the package, want 1", n)
		}
		gone := func(what string, n int, err error) {
			t.Helper()
			if n != 0 || err != nil {
				t.Errorf("%d %s are left, %v", n, what, err)
			}
		}
		releases, err := s.ReleasesByIDs(ctx, []int64{bom.ReleaseID})
		gone("releases", len(releases), err)
		boms, err := s.BomsByIDs(ctx, []int64{bom.ID})
		gone("Boms", len(boms), err)
		components, err := s.ComponentsByKeys(ctx, []store.ComponentKey{{BomID: bom.ID, Seq: 1}})
		gone("components", len(components), err)
		if err := s.InTx(ctx, func(tx *store.Tx) error { return fails(tx.RetireRelease(ctx, bom.ReleaseID)) }); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("retired twice: %v", err)
		}

		claimed := must(s.ClaimJob(ctx, "w", time.Minute, store.KindIngestBom))(t)
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.RetireProject(ctx, shop.ID)) })
		projects, err := s.Projects(ctx, store.ProjectFilter{}, page)
		gone("projects", len(projects.Rows), err)
		n, err := s.CountProjects(ctx, store.ProjectFilter{})
		gone("counted projects", n, err)
		projectsByID, err := s.ProjectsByIDs(ctx, []int64{shop.ID})
		gone("projects by id", len(projectsByID), err)
		boms, err = s.BomsByIDs(ctx, []int64{other.ID, pending.ID})
		gone("Boms of the project", len(boms), err)
		gone("releases that use the package", using(), nil)
		if err := s.ForJob(claimed, time.Minute).InTx(ctx, func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrJobLost) {
			t.Errorf("the upload that was being read can still write: %v", err)
		}
		if got := must(s.JobsByIDs(ctx, []int64{job.ID}))(t); got[0].State != store.JobCancelled {
			t.Errorf("job = %+v", got)
		}
		for name, do := range map[string]func(ctx context.Context, tx *store.Tx) error{
			"renamed": func(ctx context.Context, tx *store.Tx) error { return fails(tx.RenameProject(ctx, shop.ID, "x")) },
			"tagged":  func(ctx context.Context, tx *store.Tx) error { return fails(tx.TagProject(ctx, shop.ID, nil)) },
			"given a release": func(ctx context.Context, tx *store.Tx) error {
				return fails(tx.CreateRelease(ctx, shop.ID, "9", nil))
			},
			"retired twice": func(ctx context.Context, tx *store.Tx) error { return fails(tx.RetireProject(ctx, shop.ID)) },
		} {
			if err := s.InTx(ctx, func(tx *store.Tx) error { return do(ctx, tx) }); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("what is gone was %s: %v", name, err)
			}
		}
		// The name is free.
		again := storetest.Ingest(t, s, "shop", "1", storetest.Document(4))

		for range 2 { // its jobs may run twice
			jobs := must(s.Jobs(ctx, store.JobFilter{Kinds: []string{store.KindDelete}}, page))(t)
			if len(jobs.Rows) != 2 {
				t.Fatalf("%d jobs clear away", len(jobs.Rows))
			}
			for _, j := range jobs.Rows {
				if err := s.Clear(ctx, j.Args, func(done, total int) {
					if done > total {
						t.Errorf("%d rows of %d", done, total)
					}
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		want := map[string]int{"project": 1, "release": 1, "bom": 1, "document": 1, "component": 4, "dependency": 4, "package": 4}
		got := map[string]int{}
		for table := range want {
			got[table] = must(s.CountRows(ctx, table))(t)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if got := must(s.BomsByIDs(ctx, []int64{again.ID}))(t); len(got) != 1 || got[0].State != store.BomReady {
			t.Errorf("the new project's Bom is %+v", got)
		}
	})
}
