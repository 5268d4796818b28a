package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
	"loadline/triage"
)

func TestTriage(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		first := storetest.Ingest(t, s, "shop", "1", storetest.Document(3))
		second := storetest.Ingest(t, s, "shop", "2", storetest.Document(3))
		other := storetest.Ingest(t, s, "other", "1", storetest.Document(3))
		releases := must(s.ReleasesByIDs(ctx, []int64{first.ReleaseID}))(t)
		project := releases[0].ProjectID
		decide := func(decisions ...triage.Decision) []triage.Decision {
			var made []triage.Decision
			if err := s.InTx(ctx, func(tx *store.Tx) (err error) {
				made, err = tx.Decide(ctx, decisions)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return made
		}
		on := func(state triage.State, ids ...string) triage.Decision {
			return triage.Decision{
				ProjectID: project, Package: "pkg:npm/a", State: state, Justification: "CODE_NOT_PRESENT",
				Response: []string{"UPDATE"}, Note: "why", By: "ada", IDs: ids,
			}
		}
		inFirst := on(triage.Affected, "CVE-1")
		inFirst.ReleaseID = first.ReleaseID
		watched := []int64{project, must(s.ReleasesByIDs(ctx, []int64{other.ReleaseID}))(t)[0].ProjectID}
		before := must(s.FindingsStates(ctx, watched))(t)
		both := decide(on(triage.NotAffected, "CVE-1", "GHSA-1"), inFirst)
		before[project] = store.FindingsState{ProjectID: project, Revision: before[project].Revision + 1}
		if diff := cmp.Diff(before, must(s.FindingsStates(ctx, watched))(t)); diff != "" {
			t.Errorf("who watches findings (-want +got):\n%s", diff)
		}
		if len(both) != 2 || both[0].ID == 0 || both[0].At.IsZero() {
			t.Fatalf("made %+v", both)
		}
		again := decide(on(triage.Accepted, "CVE-1", "GHSA-1", "GHSA-2"))

		states := func(decisions []triage.Decision) []triage.State {
			var all []triage.State
			for _, d := range decisions {
				all = append(all, d.State)
			}
			return all
		}
		now := must(s.TriageOfBoms(ctx, []int64{first.ID, second.ID, other.ID, first.ID, 99}))(t)
		if diff := cmp.Diff([]triage.State{triage.Affected, triage.Accepted}, states(now[first.ID])); diff != "" {
			t.Errorf("in the first (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(again, now[second.ID]); diff != "" {
			t.Errorf("in the second (-want +got):\n%s", diff)
		}
		if len(now[other.ID]) != 0 {
			t.Errorf("in another project %v", now[other.ID])
		}
		history := must(s.TriageHistory(ctx, []int64{first.ID, second.ID}, []string{"GHSA-1", "CVE-1"}))(t)
		if diff := cmp.Diff([]triage.State{triage.Accepted, triage.Affected, triage.NotAffected}, states(history[first.ID])); diff != "" {
			t.Errorf("history of the first (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]triage.State{triage.Accepted, triage.NotAffected}, states(history[second.ID])); diff != "" {
			t.Errorf("history of the second (-want +got):\n%s", diff)
		}
		t.Run("goes with its release and its project", func(t *testing.T) {
			in := func(do func(context.Context, *store.Tx) error) {
				t.Helper()
				if err := s.InTx(ctx, func(tx *store.Tx) error { return do(ctx, tx) }); err != nil {
					t.Fatal(err)
				}
			}
			in(func(ctx context.Context, tx *store.Tx) error { return tx.DeleteRelease(ctx, first.ReleaseID) })
			if left := must(s.TriageOfBoms(ctx, []int64{second.ID}))(t); len(left[second.ID]) != 1 {
				t.Errorf("left of the project's: %v", left)
			}
			in(func(ctx context.Context, tx *store.Tx) error { return tx.DeleteProject(ctx, project) })
			err := s.InTx(ctx, func(tx *store.Tx) error {
				_, err := tx.Decide(ctx, []triage.Decision{on(triage.Open, "CVE-1")})
				return err
			})
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("deciding in a project that is gone: %v, want ErrNotFound", err)
			}
		})
	})
}
