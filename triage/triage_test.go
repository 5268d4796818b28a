package triage_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"loadline/triage"
)

func decision(id int64, state triage.State, ids ...string) triage.Decision {
	return triage.Decision{ID: id, ProjectID: 1, Package: "pkg:npm/a", State: state, IDs: ids}
}

func TestDecisionThatCounts(t *testing.T) {
	t.Parallel()
	inRelease := func(d triage.Decision) triage.Decision { d.ReleaseID = 7; return d }
	ofVersion := func(d triage.Decision, v string) triage.Decision { d.Version = v; return d }
	for name, c := range map[string]struct {
		made []triage.Decision
		ids  []string
		want triage.State // empty: none
	}{
		"none":                            {nil, []string{"CVE-1"}, ""},
		"one about one of the ids":        {[]triage.Decision{decision(1, triage.Accepted, "CVE-1")}, []string{"CVE-1", "GHSA-1"}, triage.Accepted},
		"one about another vulnerability": {[]triage.Decision{decision(1, triage.Accepted, "CVE-2")}, []string{"CVE-1"}, ""},
		"one about another package": {
			[]triage.Decision{{ID: 1, ProjectID: 1, Package: "pkg:npm/b", State: triage.Accepted, IDs: []string{"CVE-1"}}}, []string{"CVE-1"}, "",
		},
		"one about this version":    {[]triage.Decision{ofVersion(decision(1, triage.Fixed, "CVE-1"), "1.0")}, []string{"CVE-1"}, triage.Fixed},
		"one about another version": {[]triage.Decision{ofVersion(decision(1, triage.Fixed, "CVE-1"), "2.0")}, []string{"CVE-1"}, ""},
		"the later of two":          {[]triage.Decision{decision(1, triage.Affected, "CVE-1"), decision(2, triage.NotAffected, "CVE-1")}, []string{"CVE-1"}, triage.NotAffected},
		"taken back":                {[]triage.Decision{decision(1, triage.NotAffected, "CVE-1"), decision(2, triage.Open, "CVE-1")}, []string{"CVE-1"}, triage.Open},
		"a later one about any version after one about this": {
			[]triage.Decision{ofVersion(decision(1, triage.Fixed, "CVE-1"), "1.0"), decision(2, triage.Affected, "CVE-1")}, []string{"CVE-1"}, triage.Affected,
		},
		"merged: the most alarming, whichever was later": {
			[]triage.Decision{decision(1, triage.Affected, "CVE-1"), decision(2, triage.NotAffected, "CVE-2")}, []string{"CVE-1", "CVE-2"}, triage.Affected,
		},
		"merged and then decided again": {
			[]triage.Decision{decision(1, triage.Affected, "CVE-1"), decision(2, triage.NotAffected, "CVE-2"), decision(3, triage.Accepted, "CVE-1", "CVE-2")},
			[]string{"CVE-1", "CVE-2"}, triage.Accepted,
		},
		"split: this half": {[]triage.Decision{decision(1, triage.Accepted, "CVE-1", "CVE-2")}, []string{"CVE-2", "GHSA-9"}, triage.Accepted},
		"split and one half decided again: that half": {
			[]triage.Decision{decision(1, triage.Affected, "CVE-1", "CVE-2"), decision(2, triage.NotAffected, "CVE-1")}, []string{"CVE-1"}, triage.NotAffected,
		},
		"split and one half decided again: the other": {
			[]triage.Decision{decision(1, triage.Affected, "CVE-1", "CVE-2"), decision(2, triage.NotAffected, "CVE-1")}, []string{"CVE-2"}, triage.Affected,
		},
		"split, one half decided again, and merged": {
			[]triage.Decision{decision(1, triage.Affected, "CVE-1", "CVE-2"), decision(2, triage.NotAffected, "CVE-1")}, []string{"CVE-1", "CVE-2"}, triage.Affected,
		},
		"the release's before a later one of the project": {
			[]triage.Decision{inRelease(decision(1, triage.Affected, "CVE-1")), decision(2, triage.NotAffected, "CVE-1")}, []string{"CVE-1"}, triage.Affected,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := triage.NewSet(c.made).Of(triage.Finding{Package: "pkg:npm/a", Version: "1.0", IDs: c.ids})
			if ok != (c.want != "") || got.State != c.want {
				t.Errorf("%v %q, want %q", ok, got.State, c.want)
			}
		})
	}
}

// Alias groups are any partition of the ids at any time. Whatever they become, a
// group with an id that was decided about is decided, a decision just made is the
// one that counts, and leaving replaced decisions out changes nothing.
func TestNothingIsLostWhenGroupsMergeAndSplit(t *testing.T) {
	t.Parallel()
	ids := []string{"CVE-1", "CVE-2", "GHSA-1", "GHSA-2", "GO-1", "PYSEC-1"}
	states := []triage.State{triage.Open, triage.InTriage, triage.Affected, triage.Accepted, triage.Fixed, triage.NotAffected, triage.FalsePositive}
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		var made []triage.Decision
		replaced := map[int64]bool{}
		decided := map[string]bool{}
		for step := range 12 {
			groups := partition(r, ids)
			g := groups[r.IntN(len(groups))]
			d := decision(int64(step+1), states[r.IntN(len(states))], g...)
			if r.IntN(4) == 0 {
				d.Version = "1.0"
			}
			for _, e := range made {
				if d.Replaces(e) {
					replaced[e.ID] = true
				}
			}
			made = append(made, d)
			for _, id := range g {
				decided[id] = true
			}
			if got, _ := triage.NewSet(made).Of(finding(g)); got.ID != d.ID {
				t.Fatalf("seed %d: %v of %v counts just after %v", seed, got, g, d)
			}
			left := slices.DeleteFunc(slices.Clone(made), func(d triage.Decision) bool { return replaced[d.ID] })
			for _, g := range partition(r, ids) {
				all, ok := triage.NewSet(made).Of(finding(g))
				if ok != slices.ContainsFunc(g, func(id string) bool { return decided[id] }) {
					t.Fatalf("seed %d: %v decided: %v", seed, g, ok)
				}
				if some, _ := triage.NewSet(left).Of(finding(g)); some.ID != all.ID {
					t.Fatalf("seed %d: without the replaced ones %v counts for %v, not %v", seed, some, g, all)
				}
			}
		}
	}
}

func finding(ids []string) triage.Finding {
	return triage.Finding{Package: "pkg:npm/a", Version: "1.0", IDs: ids}
}

// partition returns the ids in random groups, each sorted.
func partition(r *rand.Rand, ids []string) [][]string {
	groups := make([][]string, len(ids))
	for _, id := range ids {
		i := r.IntN(len(ids))
		groups[i] = append(groups[i], id)
	}
	return slices.DeleteFunc(groups, func(g []string) bool { return len(g) == 0 })
}
