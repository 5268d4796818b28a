package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/dependency"
	"loadline/store"
	"loadline/store/storetest"
)

func TestUsesAndCurrentReleases(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		storetest.Ingest(t, s, "shop", "1", storetest.Document(2))
		old := storetest.Ingest(t, s, "shop", "2", storetest.Document(3))
		now := storetest.Ingest(t, s, "shop", "1", storetest.Document(3))
		tool := storetest.Ingest(t, s, "a tool", "1", storetest.Document(1))
		pending, _ := storetest.Accept(t, s, "later", "1", storetest.Document(4))

		uses := must(s.UsesInBoms(ctx, []int64{now.ID, pending.ID, 99}))(t)
		if len(uses) != 3 || uses[0].Seq != 0 || uses[0].Direct == nil || !*uses[0].Direct || *uses[1].Direct || uses[2].PackageVersionID == 0 {
			t.Errorf("uses = %+v", uses)
		}
		again := must(s.UsesOfVersions(ctx, []int64{uses[0].PackageVersionID, uses[0].PackageVersionID}))(t)
		var boms []int64
		for _, u := range again {
			boms = append(boms, u.BomID)
		}
		if diff := cmp.Diff([]int64{old.ID, now.ID, tool.ID}, boms); diff != "" {
			t.Errorf("current Boms with the version (-want +got):\n%s", diff)
		}
		var current []string
		for _, r := range must(s.CurrentReleases(ctx))(t) {
			current = append(current, r.Project+" "+r.Version)
		}
		if diff := cmp.Diff([]string{"a tool 1", "shop 1", "shop 2"}, current); diff != "" {
			t.Errorf("current releases (-want +got):\n%s", diff)
		}
		project := must(s.ReleasesByIDs(ctx, []int64{now.ReleaseID}))(t)[0].ProjectID
		latest := must(s.LatestReleases(ctx, []int64{project, 99}))(t)
		if len(latest) != 1 || latest[0].ID != now.ReleaseID || latest[0].BomID != now.ID {
			t.Errorf("latest = %+v", latest)
		}
	})
}

func TestGraphs(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		bom := storetest.Ingest(t, s, "shop", "1", storetest.Document(10))
		pending, _ := storetest.Accept(t, s, "shop", "2", storetest.Document(10))
		for range 2 {
			found := must(s.Graphs(t.Context(), []int64{bom.ID, pending.ID, bom.ID, 99}))(t)
			if len(found) != 1 {
				t.Fatalf("%d graphs", len(found))
			}
			// Each depends on the next and on the one 7 behind; 0 and 5 are direct.
			routes := found[bom.ID].Routes(7)
			if diff := cmp.Diff([]int{0, 5}, routes.Starts); diff != "" {
				t.Errorf("starts (-want +got):\n%s", diff)
			}
			part := found[bom.ID].Towards(2, 7)
			if diff := cmp.Diff([]dependency.Edge{{From: 0, To: 7}}, part.Edges); diff != "" {
				t.Errorf("edges (-want +got):\n%s", diff)
			}
		}
	})
}

func TestTrend(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		one := storetest.Ingest(t, s, "shop", "1", storetest.Document(1))
		two := storetest.Ingest(t, s, "shop", "2", storetest.Document(1))
		other := storetest.Ingest(t, s, "tool", "1", storetest.Document(1))
		day := func(n int) time.Time { return time.Date(2026, 8, n, 23, 0, 0, 0, time.UTC) }
		point := func(b store.Bom, latest bool, active int) store.ReleasePoint {
			return store.ReleasePoint{ReleaseID: b.ReleaseID, Latest: latest, TrendPoint: store.TrendPoint{Components: 1, Known: 1, Total: active + 1, Active: active, Critical: active}}
		}
		save := func(d int, points ...store.ReleasePoint) {
			t.Helper()
			if err := s.SaveTrend(ctx, day(d), points); err != nil {
				t.Fatal(err)
			}
		}
		before := must(s.Generation(ctx))(t)
		save(1, point(one, true, 3), point(other, true, 1))
		save(2, point(one, true, 9), point(other, true, 1))
		save(2, point(one, false, 3), point(two, true, 4), point(other, true, 1), store.ReleasePoint{ReleaseID: 99, Latest: true})
		if after := must(s.Generation(ctx))(t); after != before {
			t.Errorf("the generation went from %d to %d: nobody keeps trends", before, after)
		}
		sum := func(d string, releases, active int) store.TrendPoint {
			return store.TrendPoint{Day: d, Releases: releases, Components: releases, Known: releases, Total: active + releases, Active: active, Critical: active}
		}
		if diff := cmp.Diff([]store.TrendPoint{sum("2026-08-01", 2, 4), sum("2026-08-02", 2, 5)}, must(s.Trend(ctx, "2026-08-01"))(t)); diff != "" {
			t.Errorf("all (-want +got):\n%s", diff)
		}
		project := must(s.ReleasesByIDs(ctx, []int64{one.ReleaseID}))(t)[0].ProjectID
		if diff := cmp.Diff(map[int64][]store.TrendPoint{project: {sum("2026-08-01", 1, 3), sum("2026-08-02", 1, 4)}}, must(s.TrendOfProjects(ctx, []int64{project, 99}, "2026-08-01"))(t)); diff != "" {
			t.Errorf("of the project (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[int64][]store.TrendPoint{one.ReleaseID: {sum("2026-08-02", 1, 3)}}, must(s.TrendOfReleases(ctx, []int64{one.ReleaseID}, "2026-08-02"))(t)); diff != "" {
			t.Errorf("of the release (-want +got):\n%s", diff)
		}
		if err := s.SaveTrend(ctx, day(1).AddDate(2, 0, 0), nil); err != nil {
			t.Fatal(err)
		}
		if left := must(s.Trend(ctx, ""))(t); len(left) != 0 {
			t.Errorf("left after two years: %v", left)
		}
	})
}
