package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"

	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
)

func TestComponentsAreHiddenUntilPublished(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		doc := storetest.WithWarnings(storetest.Document(20), 3)
		b, _ := storetest.Accept(t, s, "p", "1", doc)
		if err := s.SaveComponents(t.Context(), b.ID, doc, nil); err != nil {
			t.Fatal(err)
		}
		if got := seen(t, s, b.ID); got != (view{}) {
			t.Errorf("before: %+v", got)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.PublishBom(ctx, b.ID) })
		want := view{
			listed: 20, counted: 20, byKey: 1, dependencies: 2, dependents: 2, countedDependencies: 2, countedDependents: 2,
			usingPackage: 3, countedUsing: 3, warnings: 3, countedWarnings: 3,
		}
		if got := seen(t, s, b.ID); got != want {
			t.Errorf("after: %+v, want %+v", got, want)
		}
		ready := must(s.BomsByIDs(t.Context(), []int64{b.ID}))(t)[0]
		if ready.State != store.BomReady || ready.ComponentCount != 20 || ready.DependencyCount != len(doc.Dependencies) || ready.WarningCount != 3 {
			t.Errorf("bom is %+v", ready)
		}
	})
}

// view is how much of a Bom is to be seen.
type view struct {
	listed, counted, byKey                 int
	dependencies, dependents               int
	countedDependencies, countedDependents int
	usingPackage, countedUsing             int
	warnings, countedWarnings              int
}

func seen(t *testing.T, s *store.Store, bom int64) view {
	t.Helper()
	ctx, all := t.Context(), store.Page{First: 1000}
	key := store.ComponentKey{BomID: bom, Seq: 7}
	keys, ids := []store.ComponentKey{key}, []int64{bom}
	return view{
		listed:              len(must(s.ComponentsOfBoms(ctx, ids, store.ComponentFilter{}, all))(t)[bom].Rows),
		counted:             must(s.CountComponents(ctx, ids, store.ComponentFilter{}))(t)[bom],
		byKey:               len(must(s.ComponentsByKeys(ctx, keys))(t)),
		dependencies:        len(must(s.DependenciesOf(ctx, keys, all))(t)[key].Rows),
		dependents:          len(must(s.DependentsOf(ctx, keys, all))(t)[key].Rows),
		countedDependencies: must(s.CountDependenciesOf(ctx, keys))(t)[key],
		countedDependents:   must(s.CountDependentsOf(ctx, keys))(t)[key],
		usingPackage:        len(must(s.ComponentsUsingPackages(ctx, []int64{1}, all))(t)[1].Rows),
		countedUsing:        must(s.CountComponentsUsingPackages(ctx, []int64{1}))(t)[1],
		warnings:            len(must(s.WarningsOfBoms(ctx, ids, all))(t)[bom].Rows),
		countedWarnings:     must(s.CountWarnings(ctx, ids))(t)[bom],
	}
}

// A worker that dies in the middle leaves a job whose lease runs out; the next
// one brings the Bom in as if nothing had happened.
func TestSaveComponentsAfterBeingKilled(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 16, 9, 0, 0, 0, time.UTC)
	s := storetest.OpenAt(t, func() time.Time { return now })
	doc := storetest.WithWarnings(storetest.Document(5000), 10)
	b, accepted := storetest.Accept(t, s, "p", "1", doc)
	if _, err := s.ClaimJob(t.Context(), "first", time.Minute, store.KindIngestBom); err != nil {
		t.Fatal(err)
	}
	dying, kill := context.WithCancel(t.Context())
	err := s.SaveComponents(dying, b.ID, doc, func(done, total int) {
		if total != 15_000 {
			t.Errorf("total is %d", total)
		}
		if done > 6000 {
			kill()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if n := must(s.CountRows(t.Context(), "component"))(t); n != 5000 {
		t.Fatalf("%d components were left", n)
	}
	if _, err := s.ClaimJob(t.Context(), "second", time.Minute, store.KindIngestBom); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("claimed while the lease runs: %v", err)
	}
	now = now.Add(2 * time.Minute)
	j := must(s.ClaimJob(t.Context(), "second", time.Minute, store.KindIngestBom))(t)
	if j.ID != accepted.ID || j.Attempts != 2 || j.BomID != b.ID {
		t.Errorf("claimed %+v", j)
	}
	for range 2 {
		if err := s.SaveComponents(t.Context(), b.ID, doc, nil); err != nil {
			t.Fatal(err)
		}
	}
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.PublishBom(ctx, b.ID); err != nil {
			return err
		}
		return fails(tx.SucceedJob(ctx, j))
	})
	for table, want := range map[string]int{"component": 5000, "dependency": 10_000, "bom_warning": 10, "package_version": 5000, "package": 1667} {
		if n := must(s.CountRows(t.Context(), table))(t); n != want {
			t.Errorf("%s has %d rows, want %d", table, n, want)
		}
	}
	// A READY Bom is left alone.
	if err := s.SaveComponents(t.Context(), b.ID, storetest.Document(1), nil); err != nil {
		t.Fatal(err)
	}
	if n := must(s.CountRows(t.Context(), "component"))(t); n != 5000 {
		t.Errorf("%d components are left", n)
	}
}

func TestSaveComponentsOfABomThatIsGone(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		if err := s.SaveComponents(t.Context(), 99, storetest.Document(1), nil); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("never there: got %v", err)
		}
		doc := storetest.Document(3000)
		b, _ := storetest.Accept(t, s, "p", "1", doc)
		err := s.SaveComponents(t.Context(), b.ID, doc, func(done, _ int) {
			if done == 1000 {
				write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteRelease(ctx, b.ReleaseID) })
			}
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("deleted on the way: got %v", err)
		}
		if n := must(s.CountRows(t.Context(), "component"))(t); n != 0 {
			t.Errorf("%d components are left", n)
		}
	})
}

func TestDocumentsThatShareNewPackagesAtTheSameTime(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		doc := storetest.Document(3000)
		var g errgroup.Group
		for _, release := range []string{"1", "2", "3"} {
			b, _ := storetest.Accept(t, s, "p", release, doc)
			g.Go(func() error { return s.SaveComponents(t.Context(), b.ID, doc, nil) })
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if n := must(s.CountRows(t.Context(), "package_version"))(t); n != 3000 {
			t.Errorf("%d versions, want 3000", n)
		}
	})
}

func TestComponentsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		yes := true
		doc := &sbom.Document{Components: []sbom.Component{
			{Ref: "a", PURL: "pkg:npm/%40angular/core@17.0.0", Name: "@angular/core", Version: "17.0.0", Type: "library", Scope: sbom.ScopeOptional, Direct: &yes,
				Licenses: []sbom.License{{Expression: "MIT", URL: "https://example.com/mit"}, {Expression: "Ö"}},
				Hashes:   []sbom.Hash{{Algorithm: "SHA-256", Value: "00"}}},
			{Ref: "b", Name: "nothing known", Type: "file"},
			{Ref: "c", PURL: "pkg:npm/%40angular/core", Name: "@angular/core", Type: "library"},
			{Ref: "d", PURL: "pkg:npm/%40angular/core@17.0.0", Name: "@angular/core", Version: "17.0.0", Type: "library"},
			{Ref: "e", PURL: "pkg:generic/thing@1", Name: "thing", Version: "1", Type: "library"},
			{Ref: "f", PURL: "pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl", Name: "libssl3", Version: "3.0.11-1", Type: "library"},
		}}
		b := storetest.Ingest(t, s, "p", "1", doc)
		got := must(s.ComponentsOfBoms(t.Context(), []int64{b.ID}, store.ComponentFilter{}, store.Page{First: 10}))(t)[b.ID].Rows
		want := make([]store.Component, len(doc.Components))
		for i, c := range doc.Components {
			want[i] = store.Component{
				BomID: b.ID, Seq: i, Ref: c.Ref, PURL: c.PURL, Name: c.Name, Version: c.Version, Type: c.Type,
				Scope: c.Scope, Direct: c.Direct, Licenses: c.Licenses, Hashes: c.Hashes,
				PackageID: got[i].PackageID, PackageVersionID: got[i].PackageVersionID,
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got[1].PackageID != 0 || got[1].PackageVersionID != 0 {
			t.Errorf("without purl: %+v", got[1])
		}
		if got[2].PackageID != got[0].PackageID || got[2].PackageVersionID != 0 {
			t.Errorf("without version: %+v", got[2])
		}
		if got[3].PackageVersionID != got[0].PackageVersionID {
			t.Errorf("the same purl: %+v", got[3])
		}
		packages := must(s.PackagesByIDs(t.Context(), []int64{got[0].PackageID, got[4].PackageID, got[5].PackageID}))(t)
		wantPackages := []store.Package{
			{ID: got[0].PackageID, PURL: "pkg:npm/%40angular/core", Type: "npm", Name: "@angular/core", Ecosystem: "npm", AdvisoryName: "@angular/core"},
			{ID: got[4].PackageID, PURL: "pkg:generic/thing", Type: "generic", Name: "thing"},
			{ID: got[5].PackageID, PURL: "pkg:deb/debian/libssl3", Type: "deb", Name: "libssl3", Ecosystem: "Debian", AdvisoryName: "libssl3"},
		}
		byPURL := cmpopts.SortSlices(func(a, b store.Package) bool { return a.PURL < b.PURL })
		if diff := cmp.Diff(wantPackages, packages, byPURL); diff != "" {
			t.Errorf("packages (-want +got):\n%s", diff)
		}
		version := must(s.PackageVersionsByIDs(t.Context(), []int64{got[5].PackageVersionID}))(t)
		wantVersion := []store.PackageVersion{{
			ID: got[5].PackageVersionID, PackageID: got[5].PackageID, Version: "3.0.11-1", Ecosystem: "Debian:12",
			PURL: "pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl",
		}}
		if diff := cmp.Diff(wantVersion, version); diff != "" {
			t.Errorf("version (-want +got):\n%s", diff)
		}
		for name, c := range map[string]struct {
			ask  store.AdvisoryPackage
			want int64
		}{
			"by name":                 {store.AdvisoryPackage{Ecosystem: "npm", Name: "@angular/core"}, got[0].PackageVersionID},
			"by source":               {store.AdvisoryPackage{Ecosystem: "Debian", Name: "openssl"}, got[5].PackageVersionID},
			"by binary":               {store.AdvisoryPackage{Ecosystem: "Debian", Name: "libssl3"}, got[5].PackageVersionID},
			"of another distribution": {store.AdvisoryPackage{Ecosystem: "Ubuntu", Name: "openssl"}, 0},
			"nothing":                 {store.AdvisoryPackage{}, 0},
		} {
			found := must(s.PackageVersionsNamed(t.Context(), []store.AdvisoryPackage{c.ask, {Ecosystem: "Go", Name: "x"}}))(t)
			if c.want == 0 && len(found) != 0 || c.want != 0 && (len(found) != 1 || found[0].ID != c.want) {
				t.Errorf("%s: got %v, want %d", name, found, c.want)
			}
		}
	})
}
