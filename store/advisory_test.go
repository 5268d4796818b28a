package store_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
)

var day = time.Date(2026, 8, 16, 0, 0, 0, 0, time.UTC)

// record returns a record about its own id and aliases.
func record(t testing.TB, id string, aliases ...string) store.AdvisoryRecord {
	t.Helper()
	doc, err := json.Marshal(map[string]any{"id": id, "modified": "2026-08-16T00:00:00Z", "aliases": aliases})
	if err != nil {
		t.Fatal(err)
	}
	return store.AdvisoryRecord{ID: id, Modified: day, FetchedAt: day, Document: doc}
}

func save(t testing.TB, s *store.Store, records ...store.AdvisoryRecord) {
	t.Helper()
	if err := s.SaveFacts(t.Context(), store.Facts{Advisories: records}); err != nil {
		t.Fatal(err)
	}
}

func TestAdvisories(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		a, b := record(t, "A"), record(t, "B", "CVE-1")
		save(t, s, a, b)
		b = record(t, "B", "CVE-2")
		b.Modified, b.FetchedAt = day.Add(time.Hour), day.Add(2*time.Hour)
		save(t, s, record(t, "B", "CVE-3"), b)
		got := must(s.AdvisoriesByIDs(t.Context(), []string{"B", "A", "none"}))(t)
		slices.SortFunc(got, func(a, b store.AdvisoryRecord) int { return strings.Compare(a.ID, b.ID) })
		if diff := cmp.Diff([]store.AdvisoryRecord{a, b}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		save(t, s)
		for name, bad := range map[string]store.AdvisoryRecord{
			"no record":  {ID: "C", Document: []byte("{")},
			"another id": {ID: "C", Document: a.Document},
		} {
			if err := s.SaveFacts(t.Context(), store.Facts{Advisories: []store.AdvisoryRecord{bad}}); err == nil {
				t.Errorf("%s: saved", name)
			}
		}
	})
}

func TestGroupsMergeAndSplit(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		groups := func(ids ...string) map[string]store.Group {
			return must(s.GroupsByMembers(t.Context(), ids))(t)
		}
		save(t, s, record(t, "GHSA-1", "CVE-1"), record(t, "GO-1"))
		want := map[string]store.Group{
			"CVE-1": {Members: []string{"CVE-1", "GHSA-1"}, Advisories: []string{"GHSA-1"}},
			"GO-1":  {Members: []string{"GO-1"}, Advisories: []string{"GO-1"}},
		}
		if diff := cmp.Diff(want, groups("CVE-1", "GO-1", "CVE-9")); diff != "" {
			t.Errorf("apart (-want +got):\n%s", diff)
		}
		save(t, s, record(t, "GO-1", "CVE-1"))
		whole := store.Group{Members: []string{"CVE-1", "GHSA-1", "GO-1"}, Advisories: []string{"GHSA-1", "GO-1"}}
		if diff := cmp.Diff(map[string]store.Group{"GO-1": whole, "CVE-1": whole, "GHSA-1": whole}, groups("GO-1", "CVE-1", "GHSA-1")); diff != "" {
			t.Errorf("merged (-want +got):\n%s", diff)
		}
		save(t, s, record(t, "GHSA-1", "CVE-2"))
		want = map[string]store.Group{
			"CVE-1":  {Members: []string{"CVE-1", "GO-1"}, Advisories: []string{"GO-1"}},
			"GHSA-1": {Members: []string{"CVE-2", "GHSA-1"}, Advisories: []string{"GHSA-1"}},
		}
		if diff := cmp.Diff(want, groups("CVE-1", "GHSA-1")); diff != "" {
			t.Errorf("split (-want +got):\n%s", diff)
		}
		save(t, s, record(t, "GO-1"))
		if got := groups("CVE-1"); len(got) != 0 {
			t.Errorf("an id that no record mentions any more: %v", got)
		}
	})
}

// Whatever is saved, in whatever order and in batches of whatever size, the
// groups are the transitive closure of what the stored records say.
func TestGroupsAreTheClosure(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		rnd := rand.New(rand.NewPCG(3, 4))
		id := func() string { return fmt.Sprintf("ID-%d", rnd.IntN(60)) }
		stored := map[string][]string{}
		for round := range 60 {
			var batch []store.AdvisoryRecord
			for range 1 + rnd.IntN(8) {
				name := id()
				var aliases []string
				for range rnd.IntN(3) {
					aliases = append(aliases, id())
				}
				batch = append(batch, record(t, name, aliases...))
				stored[name] = append(aliases, name)
			}
			save(t, s, batch...)

			all := map[string]bool{}
			for _, members := range stored {
				for _, m := range members {
					all[m] = true
				}
			}
			want := map[string]store.Group{}
			for member := range all {
				group := map[string]bool{member: true}
				for grown := true; grown; {
					grown = false
					for _, members := range stored {
						if slices.ContainsFunc(members, func(m string) bool { return group[m] }) {
							for _, m := range members {
								grown = grown || !group[m]
								group[m] = true
							}
						}
					}
				}
				var g store.Group
				for _, m := range slices.Sorted(maps.Keys(group)) {
					g.Members = append(g.Members, m)
					if stored[m] != nil {
						g.Advisories = append(g.Advisories, m)
					}
				}
				want[member] = g
			}
			ids := make([]string, 60)
			for i := range ids {
				ids[i] = fmt.Sprintf("ID-%d", i)
			}
			if diff := cmp.Diff(want, must(s.GroupsByMembers(t.Context(), ids))(t)); diff != "" {
				t.Fatalf("after round %d (-want +got):\n%s", round, diff)
			}
		}
	})
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		storetest.Ingest(t, s, "p", "1", storetest.Document(3))
		ref := func(id string) store.AdvisoryRef { return store.AdvisoryRef{ID: id, Modified: day} }
		answers := []store.Answer{
			{PackageVersionID: 1, FetchedAt: day, Refs: []store.AdvisoryRef{ref("A"), ref("B")}},
			{PackageVersionID: 2, FetchedAt: day},
		}
		if err := s.SaveFacts(ctx, store.Facts{Answers: answers}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(answers, must(s.Answers(ctx, []int64{1, 2, 3}))(t)); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		answers = []store.Answer{
			{PackageVersionID: 1, FetchedAt: day.Add(time.Hour), Refs: []store.AdvisoryRef{ref("B"), {ID: "C"}}},
			{PackageVersionID: 2, FetchedAt: day, Refs: []store.AdvisoryRef{ref("B")}},
		}
		if err := s.SaveFacts(ctx, store.Facts{Answers: answers}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(answers, must(s.Answers(ctx, []int64{1, 2, 3}))(t)); diff != "" {
			t.Errorf("replaced (-want +got):\n%s", diff)
		}
		want := map[string][]int64{"B": {1, 2}, "C": {1}}
		if diff := cmp.Diff(want, must(s.VersionsWithAdvisories(ctx, []string{"A", "B", "C"}))(t)); diff != "" {
			t.Errorf("by advisory (-want +got):\n%s", diff)
		}
		if err := s.SaveFacts(ctx, store.Facts{Answers: []store.Answer{{PackageVersionID: 99, FetchedAt: day}}}); err == nil {
			t.Error("saved an answer about nothing")
		}
	})
}
