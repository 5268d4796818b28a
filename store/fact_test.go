package store_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
)

func TestScores(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		var scores []store.Score
		var cves []string
		for i := range 1200 {
			cve := fmt.Sprintf("CVE-2026-%04d", i)
			cves = append(cves, cve)
			scores = append(scores, store.Score{CVE: cve, Probability: 0.00043 + float64(i)/1e6, Percentile: 0.5, Date: "2026-08-16", Known: true, FetchedAt: day})
		}
		if err := s.SaveFacts(t.Context(), store.Facts{Scores: scores}); err != nil {
			t.Fatal(err)
		}
		scores[7] = store.Score{CVE: cves[7], FetchedAt: day.Add(time.Hour)}
		if err := s.SaveFacts(t.Context(), store.Facts{Scores: []store.Score{scores[8], scores[7], scores[8]}}); err != nil {
			t.Fatal(err)
		}
		got := must(s.Scores(t.Context(), append(cves, "CVE-0")))(t)
		slices.SortFunc(got, func(a, b store.Score) int { return cmp.Compare(a.CVE, b.CVE) })
		if diff := gocmp.Diff(scores, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestKev(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		if _, err := s.KevState(ctx); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("before the first: %v", err)
		}
		if err := s.TouchKev(ctx, day); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("touched before the first: %v", err)
		}
		entry := store.KevEntry{
			CVE: "CVE-1", Vendor: "v", Product: "p", Name: "n", Description: "d", RequiredAction: "a",
			DateAdded: "2026-01-01", DueDate: "2026-02-01", Ransomware: true, Notes: "x",
		}
		state := store.CatalogueState{Version: "1", Released: day, FetchedAt: day, ETag: `"e"`, LastModified: "then"}
		if err := s.ReplaceKev(ctx, []store.KevEntry{entry, {CVE: "CVE-2"}}, state); err != nil {
			t.Fatal(err)
		}
		entry.Ransomware = false
		state.Version, state.ETag = "2", ""
		if err := s.ReplaceKev(ctx, []store.KevEntry{{CVE: "CVE-1"}, entry}, state); err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([]store.KevEntry{entry}, must(s.KevEntries(ctx, []string{"CVE-1", "CVE-2"}))(t)); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		state.FetchedAt = day.Add(time.Hour)
		if err := s.TouchKev(ctx, state.FetchedAt); err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(state, must(s.KevState(ctx))(t)); diff != "" {
			t.Errorf("state (-want +got):\n%s", diff)
		}
	})
}

func TestLatestVersions(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		storetest.Ingest(t, s, "p", "1", storetest.Document(6))
		latest := []store.Latest{
			{PackageID: 1, Version: "2.0.0", PublishedAt: day, FetchedAt: day},
			{PackageID: 2, FetchedAt: day},
		}
		if err := s.SaveFacts(t.Context(), store.Facts{Latest: []store.Latest{{PackageID: 1, Version: "1", FetchedAt: day}}}); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveFacts(t.Context(), store.Facts{Latest: latest}); err != nil {
			t.Fatal(err)
		}
		got := must(s.LatestVersions(t.Context(), []int64{1, 2, 3}))(t)
		if diff := gocmp.Diff(latest, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if err := s.SaveFacts(t.Context(), store.Facts{Latest: []store.Latest{{PackageID: 99, FetchedAt: day}}}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("of no package: %v", err)
		}
	})
}

func TestSourceRecords(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		want := []store.SourceRecord{
			{Source: "EPSS", LastSuccessAt: day},
			{Source: "OSV", LastFailureAt: day, LastError: "timeout"},
		}
		for _, rec := range []store.SourceRecord{{Source: "OSV", LastSuccessAt: day}, want[1], want[0]} {
			if err := s.SaveSourceRecord(t.Context(), rec); err != nil {
				t.Fatal(err)
			}
		}
		if diff := gocmp.Diff(want, must(s.SourceRecords(t.Context()))(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
