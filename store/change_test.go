package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
	"loadline/triage"
)

func TestWritesSayWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var got store.Changes
		follower := s.Follow(func(c store.Changes) { got = c })
		catchUp := func() int64 {
			t.Helper()
			n, err := follower.CatchUp(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		catchUp()
		if got != nil {
			t.Errorf("first catching up told of %v, want everything", got)
		}
		now := time.Now()
		var bom store.Bom
		for _, step := range []struct {
			name  string
			write func() error
			want  store.Changes
		}{
			{"a project", func() error {
				return s.InTx(ctx, func(tx *store.Tx) error {
					_, err := tx.CreateProject(ctx, "shop", nil)
					return err
				})
			}, store.Changes{store.TopicShipped: nil}},
			{"an upload, which is about its project", func() error {
				return s.InTx(ctx, func(tx *store.Tx) error {
					var err error
					bom, _, err = tx.AcceptBom(ctx, store.NewBom{Project: "cart", Release: "1", Content: []byte("{}"), Document: storetest.Document(1)})
					return err
				})
			}, store.Changes{store.TopicShipped: {"2"}}},
			{"a Bom that becomes current", func() error {
				return s.InTx(ctx, func(tx *store.Tx) error { return tx.PublishBom(ctx, bom.ID) })
			}, store.Changes{store.TopicShipped: {"2"}}},
			{"a decision", func() error {
				return s.InTx(ctx, func(tx *store.Tx) error {
					_, err := tx.Decide(ctx, []triage.Decision{{ProjectID: 2, IDs: []string{"CVE-1"}, Package: "pkg:npm/package-0", State: triage.NotAffected}})
					return err
				})
			}, store.Changes{store.TopicTriage: nil}},
			{"scores", func() error {
				return s.SaveFacts(ctx, store.Facts{Scores: []store.Score{{CVE: "CVE-1", Date: "2026-01-01", FetchedAt: now}, {CVE: "CVE-2", Date: "2026-01-01", FetchedAt: now}}})
			}, store.Changes{store.TopicScore: {"CVE-1", "CVE-2"}}},
			{"records, under all their ids", func() error {
				return s.SaveFacts(ctx, store.Facts{Advisories: []store.AdvisoryRecord{{ID: "GHSA-1", Modified: now, FetchedAt: now, Document: []byte(`{"id":"GHSA-1","modified":"2026-01-01T00:00:00Z","aliases":["CVE-1"]}`)}}})
			}, store.Changes{store.TopicAdvisory: {"GHSA-1", "CVE-1"}}},
			{"the catalogue", func() error {
				return s.ReplaceKev(ctx, nil, store.CatalogueState{Version: "1", Released: now, FetchedAt: now})
			}, store.Changes{store.TopicKev: nil}},
			{"a job's work, which nobody keeps", func() error {
				_, err := s.ClaimJob(ctx, "worker", time.Minute)
				if errors.Is(err, store.ErrNotFound) {
					return nil
				}
				return err
			}, nil},
		} {
			before := catchUp()
			got = nil
			if err := step.write(); err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			if n := catchUp(); (n > before) != (step.want != nil) {
				t.Errorf("%s: generation went from %d to %d", step.name, before, n)
			}
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", step.name, diff)
			}
		}
	})
}

func TestWhoIsFarBehindIsToldThatEverythingChanged(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		told := 0
		var last store.Changes
		follower := s.Follow(func(c store.Changes) {
			told++
			last = c
		})
		if _, err := follower.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		for range 6000 {
			if err := s.SaveFacts(ctx, store.Facts{Scores: []store.Score{{CVE: "CVE-1", Date: "2026-01-01", FetchedAt: now}}}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := follower.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		if told != 2 || last != nil {
			t.Errorf("told %d times, at last of %d topics, want twice and of everything", told, len(last))
		}
	})
}
