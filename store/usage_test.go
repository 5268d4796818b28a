package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
)

// "Where do we use it" is asked about what is shipped now: Boms that a later one
// has taken the place of do not count.
func TestUsesInCurrentBoms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		uses := func(purls ...string) *sbom.Document {
			d := &sbom.Document{}
			for i, p := range purls {
				d.Components = append(d.Components, sbom.Component{Ref: string(rune('a' + i)), PURL: p})
			}
			return d
		}
		const a1, a2, b1 = "pkg:npm/a@1", "pkg:npm/a@2", "pkg:npm/b@1"
		storetest.Ingest(t, s, "zebra", "1", uses(a1))
		storetest.Ingest(t, s, "ape", "2", uses(a1, b1, a1))
		storetest.Ingest(t, s, "ape", "10", uses(a2))
		storetest.Ingest(t, s, "was", "1", uses(a1))
		storetest.Ingest(t, s, "was", "1", uses(b1))
		storetest.Accept(t, s, "will", "1", uses(a1))
		versions := storetest.Versions(t, s, "pkg:npm/a", "pkg:npm/b")
		packages := map[string]int64{}
		for _, p := range must(s.PackagesByPURLs(ctx, []string{"pkg:npm/a", "pkg:npm/b"}))(t) {
			packages[p.Name] = p.ID
		}
		a, b := packages["a"], packages["b"]
		page := store.Page{First: 10}

		names := func(slice store.Slice[store.Release]) []string {
			var all []string
			for _, r := range slice.Rows {
				p := must(s.ProjectsByIDs(ctx, []int64{r.ProjectID}))(t)[0]
				all = append(all, p.Name+" "+r.Version)
			}
			return all
		}
		releases := must(s.ReleasesUsingPackages(ctx, []int64{a, b, 99}, page))(t)
		if diff := cmp.Diff([]string{"ape 10", "ape 2", "zebra 1"}, names(releases[a])); diff != "" {
			t.Errorf("releases using a (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"ape 2", "was 1"}, names(releases[b])); diff != "" {
			t.Errorf("releases using b (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[int64]int{a: 3, b: 2, 99: 0}, must(s.CountReleasesUsingPackages(ctx, []int64{a, b, 99}))(t)); diff != "" {
			t.Errorf("count of releases (-want +got):\n%s", diff)
		}
		components := must(s.ComponentsUsingPackages(ctx, []int64{a, b, 99}, page))(t)
		if len(components[a].Rows) != 4 || len(components[b].Rows) != 2 || len(components[99].Rows) != 0 {
			t.Errorf("components %v", components)
		}
		if diff := cmp.Diff(map[int64]int{a: 4, b: 2, 99: 0}, must(s.CountComponentsUsingPackages(ctx, []int64{a, b, 99}))(t)); diff != "" {
			t.Errorf("count of components (-want +got):\n%s", diff)
		}
		sets := map[string][]int64{
			"one":         {versions[a1]},
			"the other":   {versions[a2]},
			"any of both": {versions[a2], versions[b1]},
			"twice":       {versions[a2], versions[a2]},
			"none":        nil,
		}
		usingReleases := must(s.ReleasesUsingVersions(ctx, sets, page))(t)
		usingComponents := must(s.ComponentsUsingVersions(ctx, sets, page))(t)
		countReleases := must(s.CountReleasesUsingVersions(ctx, sets))(t)
		countComponents := must(s.CountComponentsUsingVersions(ctx, sets))(t)
		for name, c := range map[string]struct {
			releases   []string
			components int
		}{
			"one":         {[]string{"ape 2", "zebra 1"}, 3},
			"the other":   {[]string{"ape 10"}, 1},
			"any of both": {[]string{"ape 10", "ape 2", "was 1"}, 3},
			"twice":       {[]string{"ape 10"}, 1},
			"none":        {nil, 0},
		} {
			if diff := cmp.Diff(c.releases, names(usingReleases[name])); diff != "" {
				t.Errorf("releases using %s (-want +got):\n%s", name, diff)
			}
			if n := countReleases[name]; n != len(c.releases) {
				t.Errorf("count of releases using %s: %d", name, n)
			}
			if n := len(usingComponents[name].Rows); n != c.components {
				t.Errorf("components using %s: %d, want %d", name, n, c.components)
			}
			if n := countComponents[name]; n != c.components {
				t.Errorf("count of components using %s: %d, want %d", name, n, c.components)
			}
		}
		if diff := cmp.Diff(map[int64]int{a: 2, b: 1, 99: 0}, must(s.CountVersions(ctx, []int64{a, b, 99}))(t)); diff != "" {
			t.Errorf("count of versions (-want +got):\n%s", diff)
		}
	})
}
