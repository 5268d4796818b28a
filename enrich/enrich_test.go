package enrich_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/enrich"
	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
)

// ingest brings the purls in as one document and returns their versions.
func ingest(tb testing.TB, s *store.Store, purls []string) []store.PackageVersion {
	tb.Helper()
	doc := &sbom.Document{Format: "CycloneDX", SpecVersion: "1.5", Encoding: "JSON"}
	for _, p := range purls {
		doc.Components = append(doc.Components, sbom.Component{Ref: p, PURL: p, Name: p})
	}
	bom := storetest.Ingest(tb, s, "shop", purls[0], doc)
	components, err := s.ComponentsOfBoms(tb.Context(), []int64{bom.ID}, store.ComponentFilter{}, store.Page{First: len(purls)})
	if err != nil {
		tb.Fatal(err)
	}
	var ids []int64
	for _, c := range components[bom.ID].Rows {
		ids = append(ids, c.PackageVersionID)
	}
	versions, err := s.PackageVersionsByIDs(tb.Context(), ids)
	if err != nil {
		tb.Fatal(err)
	}
	return versions
}

func ids(versions []store.PackageVersion) []int64 {
	list := make([]int64, len(versions))
	for i, v := range versions {
		list[i] = v.ID
	}
	return list
}

// same compares what two answers say of each version.
func same(t *testing.T, want, got map[int64]enrich.Findings) {
	t.Helper()
	if diff := cmp.Diff(summary(want), summary(got)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func summary(found map[int64]enrich.Findings) map[int64][]string {
	all := make(map[int64][]string, len(found))
	for id, f := range found {
		lines := []string{string(f.Status.State)}
		for _, one := range f.Findings {
			v := one.Vulnerability
			lines = append(lines, v.ID+" "+one.FixedIn+" "+string(v.Status.State))
			lines = append(lines, slices.Sorted(slices.Values(v.Aliases))...)
		}
		all[id] = lines
	}
	return all
}

// contextThatEnds ends by itself, and long before the test.
func contextThatEnds(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), 20*time.Millisecond)
}
