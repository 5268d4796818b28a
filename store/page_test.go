package store_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
)

// Every list, read page by page from either end, with any page size, is the list
// that it is when read at once; also where many parents are asked for together.
func TestPagesMakeUpTheList(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		const n = 250
		doc := storetest.Document(n)
		for i := range n {
			doc.Warnings = append(doc.Warnings, sbom.Warning{Code: "W", Location: fmt.Sprint(i), Message: "m"})
			// One component with many neighbours in both directions.
			if i > 10 {
				doc.Dependencies = append(doc.Dependencies, sbom.Dependency{From: 2, To: i}, sbom.Dependency{From: i, To: 1})
			}
		}
		doc.Components[200].Name = "Odd%_\\name"
		slices.SortFunc(doc.Dependencies, func(a, b sbom.Dependency) int { return a.From*1000 + a.To - b.From*1000 - b.To })
		doc.Dependencies = slices.Compact(doc.Dependencies)
		boms := []int64{
			storetest.Ingest(t, s, "product", "1", doc).ID,
			storetest.Ingest(t, s, "product", "2", storetest.Document(40)).ID,
			storetest.Ingest(t, s, "product", "3", &sbom.Document{}).ID,
			storetest.Ingest(t, s, "Äpfel", "1", storetest.Document(250)).ID,
		}
		var projects []int64
		for _, p := range must(s.ProjectsByNames(t.Context(), []string{"product", "Äpfel", "none"}))(t) {
			projects = append(projects, p.ID)
		}
		releases := []int64{9999}
		for _, b := range must(s.BomsByIDs(t.Context(), boms))(t) {
			releases = append(releases, b.ReleaseID)
		}
		for i := range n {
			create(t, s, fmt.Sprintf("project %d", i*7919%n))
			storetest.Ingest(t, s, "product", fmt.Sprintf("1.%d", i*7919%n), storetest.Document(3))
		}
		for range n {
			storetest.Accept(t, s, "product", "1", storetest.Document(1))
		}
		packages := make([]int64, 100)
		for i := range packages {
			packages[i] = int64(i + 1)
		}
		keys := []store.ComponentKey{{BomID: boms[0], Seq: 2}, {BomID: boms[0], Seq: 1}, {BomID: boms[1], Seq: 1}, {BomID: 999, Seq: 0}}
		versions := packages
		yes := true
		filter := store.ComponentFilter{NameContains: "AGE-1", Direct: &yes, PURLType: "npm"}

		samePages(t, "Projects", []int{0}, one(func(ctx context.Context, p store.Page) (store.Slice[store.Project], error) {
			return s.Projects(ctx, store.ProjectFilter{}, p)
		}), n+2)
		samePages(t, "filtered Projects", []int{0}, one(func(ctx context.Context, p store.Page) (store.Slice[store.Project], error) {
			return s.Projects(ctx, store.ProjectFilter{NameContains: "PROJECT 1"}, p)
		}), 111)
		samePages(t, "ReleasesOfProjects", projects, func(ctx context.Context, p store.Page) (map[int64]store.Slice[store.Release], error) {
			return s.ReleasesOfProjects(ctx, projects, p)
		}, n+4)
		samePages(t, "BomsOfReleases", releases, func(ctx context.Context, p store.Page) (map[int64]store.Slice[store.Bom], error) {
			return s.BomsOfReleases(ctx, releases, p)
		}, n+4)
		samePages(t, "WarningsOfBoms", boms, func(ctx context.Context, p store.Page) (map[int64]store.Slice[store.Warning], error) {
			return s.WarningsOfBoms(ctx, boms, p)
		}, n)
		samePages(t, "ComponentsOfBoms", boms, func(ctx context.Context, p store.Page) (map[int64]store.Slice[store.Component], error) {
			return s.ComponentsOfBoms(ctx, boms, store.ComponentFilter{}, p)
		}, n+40+250)
		samePages(t, "filtered ComponentsOfBoms", boms, func(ctx context.Context, p store.Page) (map[int64]store.Slice[store.Component], error) {
			return s.ComponentsOfBoms(ctx, boms, filter, p)
		}, -1)
		samePages(t, "DependenciesOf", keys, func(ctx context.Context, p store.Page) (map[store.ComponentKey]store.Slice[store.Component], error) {
			return s.DependenciesOf(ctx, keys, p)
		}, -1)
		samePages(t, "DependentsOf", keys, func(ctx context.Context, p store.Page) (map[store.ComponentKey]store.Slice[store.Component], error) {
			return s.DependentsOf(ctx, keys, p)
		}, -1)
		samePages(t, "VersionsOfPackages", packages, func(ctx context.Context, p store.Page) (map[int64]store.Slice[store.PackageVersion], error) {
			return s.VersionsOfPackages(ctx, packages, p)
		}, -1)
		samePages(t, "ReleasesUsingPackages", packages, func(ctx context.Context, p store.Page) (map[int64]store.Slice[store.Release], error) {
			return s.ReleasesUsingPackages(ctx, packages, p)
		}, -1)
		samePages(t, "ComponentsUsingPackages", packages, func(ctx context.Context, p store.Page) (map[int64]store.Slice[store.Component], error) {
			return s.ComponentsUsingPackages(ctx, packages, p)
		}, -1)
		sets := map[string][]int64{"all": versions, "none": nil, "some": versions[:2]}
		samePages(t, "ReleasesUsingVersions", []string{"all"}, func(ctx context.Context, p store.Page) (map[string]store.Slice[store.Release], error) {
			return s.ReleasesUsingVersions(ctx, map[string][]int64{"all": versions}, p)
		}, n+3)
		samePages(t, "ReleasesUsingVersions of sets", []string{"all", "none", "some"}, func(ctx context.Context, p store.Page) (map[string]store.Slice[store.Release], error) {
			return s.ReleasesUsingVersions(ctx, sets, p)
		}, -1)
		samePages(t, "ComponentsUsingVersions", []string{"all", "none", "some"}, func(ctx context.Context, p store.Page) (map[string]store.Slice[store.Component], error) {
			return s.ComponentsUsingVersions(ctx, sets, p)
		}, -1)
	})
}

// one makes a list without parents one with a single parent.
func one[T any](read func(context.Context, store.Page) (store.Slice[T], error)) func(context.Context, store.Page) (map[int]store.Slice[T], error) {
	return func(ctx context.Context, p store.Page) (map[int]store.Slice[T], error) {
		s, err := read(ctx, p)
		return map[int]store.Slice[T]{0: s}, err
	}
}

// samePages checks that pages of any size make up the lists. The lists must have
// total rows together, and at least one if total is -1.
func samePages[K comparable, T any](t *testing.T, name string, parents []K, read func(context.Context, store.Page) (map[K]store.Slice[T], error), total int) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(1, 2))
	all := must(read(t.Context(), store.Page{First: 1_000_000}))(t)
	rows := 0
	for _, parent := range parents {
		whole, ok := all[parent]
		if !ok || whole.HasNext || whole.HasPrevious || len(whole.Cursors) != len(whole.Rows) {
			t.Errorf("%s of %v: %d rows, %d cursors, next %v, previous %v", name, parent, len(whole.Rows), len(whole.Cursors), whole.HasNext, whole.HasPrevious)
		}
		rows += len(whole.Rows)
	}
	if rows != total && (total != -1 || rows == 0) {
		t.Errorf("%s: %d rows, want %d", name, rows, total)
	}
	backwards := must(read(t.Context(), store.Page{Last: 1_000_000}))(t)
	if diff := cmp.Diff(all, backwards); diff != "" {
		t.Errorf("%s: the last are not all (-want +got):\n%s", name, diff)
	}
	// Any stretch of any parent's list, for all parents at once.
	for range 30 {
		parent := parents[rnd.IntN(len(parents))]
		list := all[parent]
		from, to := 0, len(list.Rows)
		var p store.Page
		if len(list.Rows) > 0 && rnd.IntN(3) > 0 {
			i := rnd.IntN(len(list.Rows))
			p.After, from = list.Cursors[i], i+1
		}
		if from < len(list.Rows) && rnd.IntN(3) == 0 {
			i := from + rnd.IntN(len(list.Rows)-from)
			p.Before, to = list.Cursors[i], i
		}
		size := 1 + rnd.IntN(100)
		if rnd.IntN(2) == 0 {
			p.First = size
		} else {
			p.Last = size
		}
		want := store.Slice[T]{HasPrevious: p.After != "", HasNext: p.Before != ""}
		if p.First > 0 && to-from > size {
			to, want.HasNext = from+size, true
		}
		if p.Last > 0 && to-from > size {
			from, want.HasPrevious = to-size, true
		}
		want.Rows, want.Cursors = list.Rows[from:to], list.Cursors[from:to]
		got := must(read(t.Context(), p))(t)[parent]
		if len(want.Rows) == 0 && len(got.Rows) == 0 {
			want.Rows, want.Cursors = got.Rows, got.Cursors
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s of %v, %+v (-want +got):\n%s", name, parent, p, diff)
		}
	}
}

func TestForeignCursorsAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
		for name, cursor := range map[string]string{
			"no base64":       "%",
			"no JSON":         encode("x"),
			"no list":         encode(`{"a":1}`),
			"too short":       encode(`[]`),
			"too long":        encode(`[1,2]`),
			"a text":          encode(`["1"]`),
			"null":            encode(`[null]`),
			"a fraction":      encode(`[1.5]`),
			"too large":       encode(`[99999999999999999999]`),
			"with a tail":     encode(`[1]x`),
			"padded":          base64.URLEncoding.EncodeToString([]byte(`[1]`)) + "=",
			"a nested list":   encode(`[[1]]`),
			"not even base64": "ö",
		} {
			for _, p := range []store.Page{{First: 1, After: cursor}, {Last: 1, Before: cursor}} {
				if _, err := s.ReleasesOfProjects(t.Context(), []int64{1}, p); !errors.Is(err, store.ErrBadCursor) {
					t.Errorf("%s: got %v, want %v", name, err, store.ErrBadCursor)
				}
			}
		}
		if _, err := s.Projects(t.Context(), store.ProjectFilter{}, store.Page{First: 1, After: encode(`[1]`)}); !errors.Is(err, store.ErrBadCursor) {
			t.Errorf("a cursor of another list: got %v, want %v", err, store.ErrBadCursor)
		}
	})
}
