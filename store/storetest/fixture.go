package storetest

import (
	"context"
	"fmt"
	"testing"

	"loadline/sbom"
	"loadline/store"
)

// Document returns a document of n components, npm packages in three versions
// each, and, from 8 components on, two dependencies for each of them. Every fifth component is direct.
// The same n gives the same document, and a larger one shares its packages.
func Document(n int) *sbom.Document {
	d := &sbom.Document{Format: "CycloneDX", SpecVersion: "1.5", Encoding: "JSON", Tool: "storetest 1"}
	for i := range n {
		direct := i%5 == 0
		name, version := fmt.Sprintf("package-%d", i/3), fmt.Sprintf("1.%d.0", i%3)
		d.Components = append(d.Components, sbom.Component{
			Ref:      fmt.Sprintf("ref-%d", i),
			PURL:     "pkg:npm/" + name + "@" + version,
			Name:     name,
			Version:  version,
			Type:     "library",
			Scope:    sbom.ScopeRequired,
			Direct:   &direct,
			Licenses: []sbom.License{{Expression: "MIT"}},
			Hashes:   []sbom.Hash{{Algorithm: "SHA-256", Value: fmt.Sprintf("%064x", i)}},
		})
		for _, step := range []int{1, 7} {
			if step < n {
				d.Dependencies = append(d.Dependencies, sbom.Dependency{From: i, To: (i + step) % n})
			}
		}
	}
	return d
}

// WithWarnings returns the document with n warnings.
func WithWarnings(d *sbom.Document, n int) *sbom.Document {
	warned := *d
	warned.Warnings = nil
	for i := range n {
		warned.Warnings = append(warned.Warnings, sbom.Warning{
			Code:     "INVALID_PURL",
			Location: fmt.Sprintf("$.components[%d].purl", i),
			Message:  "it is left out",
		})
	}
	return &warned
}

// Accept keeps a document for a release and returns its Bom and job.
func Accept(t testing.TB, s *store.Store, project, release string, d *sbom.Document) (store.Bom, store.Job) {
	t.Helper()
	var b store.Bom
	var j store.Job
	in(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		b, j, err = tx.AcceptBom(ctx, store.NewBom{
			Project:  project,
			Release:  release,
			Content:  fmt.Appendf(nil, "%s %s %d", project, release, len(d.Components)),
			Document: d,
		})
		return err
	})
	return b, j
}

// Ingest brings a document in as its job would, and returns the READY Bom.
func Ingest(t testing.TB, s *store.Store, project, release string, d *sbom.Document) store.Bom {
	t.Helper()
	b, _ := Accept(t, s, project, release, d)
	if err := s.SaveComponents(t.Context(), b.ID, d, nil); err != nil {
		t.Fatal(err)
	}
	in(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.PublishBom(ctx, b.ID) })
	boms, err := s.BomsByIDs(t.Context(), []int64{b.ID})
	if err != nil {
		t.Fatal(err)
	}
	return boms[0]
}

// Versions returns the ids of the versions of the packages that purls name, by
// the purls of the versions.
func Versions(t testing.TB, s *store.Store, purls ...string) map[string]int64 {
	t.Helper()
	packages, err := s.PackagesByPURLs(t.Context(), purls)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, len(packages))
	for i, p := range packages {
		ids[i] = p.ID
	}
	found, err := s.VersionsOfPackages(t.Context(), ids, store.Page{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]int64{}
	for _, slice := range found {
		for _, v := range slice.Rows {
			versions[v.PURL] = v.ID
		}
	}
	return versions
}

func in(t testing.TB, s *store.Store, do func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.InTx(t.Context(), func(tx *store.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}
