package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
)

func TestComponentFilter(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		yes, no := true, false
		b := storetest.Ingest(t, s, "p", "1", &sbom.Document{Components: []sbom.Component{
			{Ref: "direct", Name: "Lodash", PURL: "pkg:npm/lodash@1", Direct: &yes},
			{Ref: "transitive", Name: "under_score", PURL: "pkg:npm/under_score@1", Direct: &no},
			{Ref: "unknown", Name: "core", PURL: "pkg:maven/org.lodash/core@1"},
			{Ref: "bare", Name: "100%"},
			{Ref: "other", Name: "underXscore", PURL: "pkg:npmx/underXscore@1"},
		}})
		for name, c := range map[string]struct {
			filter store.ComponentFilter
			want   []string
		}{
			"none":                     {store.ComponentFilter{}, []string{"direct", "transitive", "unknown", "bare", "other"}},
			"name or purl, any case":   {store.ComponentFilter{NameContains: "LODASH"}, []string{"direct", "unknown"}},
			"underscore":               {store.ComponentFilter{NameContains: "r_s"}, []string{"transitive"}},
			"percent sign":             {store.ComponentFilter{NameContains: "0%"}, []string{"bare"}},
			"direct":                   {store.ComponentFilter{Direct: &yes}, []string{"direct"}},
			"transitive":               {store.ComponentFilter{Direct: &no}, []string{"transitive"}},
			"type":                     {store.ComponentFilter{PURLType: "NPM"}, []string{"direct", "transitive"}},
			"a type is no pattern":     {store.ComponentFilter{PURLType: "%"}, nil},
			"every condition together": {store.ComponentFilter{PURLType: "npm", Direct: &yes, NameContains: "o"}, []string{"direct"}},
		} {
			t.Run(name, func(t *testing.T) {
				var got []string
				for _, c := range must(s.ComponentsOfBoms(t.Context(), []int64{b.ID}, c.filter, store.Page{First: 10}))(t)[b.ID].Rows {
					got = append(got, c.Ref)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if n := must(s.CountComponents(t.Context(), []int64{b.ID}, c.filter))(t)[b.ID]; n != len(c.want) {
					t.Errorf("counted %d, want %d", n, len(c.want))
				}
			})
		}
	})
}

func TestDependencies(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		doc := &sbom.Document{
			Components:   []sbom.Component{{Ref: "0"}, {Ref: "1"}, {Ref: "2"}, {Ref: "3"}},
			Dependencies: []sbom.Dependency{{From: 3, To: 0}, {From: 0, To: 2}, {From: 0, To: 1}, {From: 1, To: 1}, {From: 2, To: 1}, {From: 1, To: 0}},
		}
		// Another Bom with the same places and other edges.
		other := storetest.Ingest(t, s, "p", "0", &sbom.Document{Components: doc.Components, Dependencies: []sbom.Dependency{{From: 0, To: 3}}})
		b := storetest.Ingest(t, s, "p", "1", doc)
		keys := []store.ComponentKey{{BomID: b.ID, Seq: 0}, {BomID: b.ID, Seq: 1}, {BomID: b.ID, Seq: 3}, {BomID: other.ID, Seq: 0}, {BomID: 99, Seq: 0}}
		refs := func(found map[store.ComponentKey]store.Slice[store.Component]) [][]string {
			all := make([][]string, len(keys))
			for i, k := range keys {
				for _, c := range found[k].Rows {
					all[i] = append(all[i], c.Ref)
				}
			}
			return all
		}
		counts := func(found map[store.ComponentKey]int) []int {
			var all []int
			for _, k := range keys {
				all = append(all, found[k])
			}
			return all
		}
		page := store.Page{First: 10}
		if diff := cmp.Diff([][]string{{"1", "2"}, {"0", "1"}, {"0"}, {"3"}, nil}, refs(must(s.DependenciesOf(t.Context(), keys, page))(t))); diff != "" {
			t.Errorf("dependencies (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]int{2, 2, 1, 1, 0}, counts(must(s.CountDependenciesOf(t.Context(), keys))(t))); diff != "" {
			t.Errorf("count of dependencies (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([][]string{{"1", "3"}, {"0", "1", "2"}, nil, nil, nil}, refs(must(s.DependentsOf(t.Context(), keys, page))(t))); diff != "" {
			t.Errorf("dependents (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]int{2, 3, 0, 0, 0}, counts(must(s.CountDependentsOf(t.Context(), keys))(t))); diff != "" {
			t.Errorf("count of dependents (-want +got):\n%s", diff)
		}
	})
}
