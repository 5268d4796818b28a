package match_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"loadline/advisory"
	"loadline/match"
)

// The properties are checked on whole numbers as versions, with half numbers
// between them, so that between any two boundaries there is a version.
const ecosystem = "npm"

func version(halves int) string { return fmt.Sprintf("%d.%d.0", halves/2, 5*(halves%2)) }

// randomRange makes a range of pairs, unsorted.
func randomRange(r *rand.Rand) advisory.Range {
	var events []advisory.Event
	at := 0
	for range 1 + r.IntN(3) {
		start := at + r.IntN(4)
		switch {
		case start == 0 && r.IntN(2) == 0:
			events = append(events, advisory.Event{Introduced: "0"})
		default:
			events = append(events, advisory.Event{Introduced: version(2 * start)})
		}
		at = start + 1 + r.IntN(3)
		switch r.IntN(5) {
		case 0:
			events = append(events, advisory.Event{LastAffected: version(2 * at)})
			at++
		case 1:
			if r.IntN(2) == 0 {
				r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
				return advisory.Range{Type: "SEMVER", Events: events}
			}
			fallthrough
		default:
			events = append(events, advisory.Event{Fixed: version(2 * at)})
			at++
		}
	}
	r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	return advisory.Range{Type: "SEMVER", Events: events}
}

func randomRecord(r *rand.Rand) advisory.Advisory {
	a := advisory.Advisory{ID: "A"}
	for range 1 + r.IntN(2) {
		affected := advisory.Affected{Package: advisory.Package{Ecosystem: ecosystem, Name: "x"}}
		for range r.IntN(3) {
			affected.Ranges = append(affected.Ranges, randomRange(r))
		}
		for range r.IntN(3) {
			affected.Versions = append(affected.Versions, version(r.IntN(24)))
		}
		a.Affected = append(a.Affected, affected)
	}
	return a
}

// affectedAsTheSchemaSays sorts and walks, as the schema's text does.
func affectedAsTheSchemaSays(t *testing.T, a advisory.Advisory, v string) bool {
	t.Helper()
	compare := func(a, b string) int {
		c, err := match.Compare(ecosystem, a, b)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	at := func(e advisory.Event) string { return cmp.Or(e.Introduced, e.Fixed, e.LastAffected) }
	for _, affected := range a.Affected {
		if slices.Contains(affected.Versions, v) {
			return true
		}
		for _, r := range affected.Ranges {
			events := slices.Clone(r.Events)
			slices.SortStableFunc(events, func(a, b advisory.Event) int {
				switch {
				case a.Introduced == "0" || b.Introduced == "0":
					return cmp.Compare(at(a), at(b))
				default:
					return compare(at(a), at(b))
				}
			})
			vulnerable := false
			for _, e := range events {
				switch {
				case e.Introduced == "0":
					vulnerable = true
				case e.Introduced != "" && compare(v, e.Introduced) >= 0:
					vulnerable = true
				case e.Fixed != "" && compare(v, e.Fixed) >= 0, e.LastAffected != "" && compare(v, e.LastAffected) > 0:
					vulnerable = false
				}
			}
			if vulnerable {
				return true
			}
		}
	}
	return false
}

func TestAffectsIsTheSchemasEvaluation(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a := randomRecord(r)
		for halves := range 24 {
			v := version(halves)
			want := affectedAsTheSchemaSays(t, a, v)
			if _, got := match.Affects(a, match.Target{Ecosystem: ecosystem, Name: "x", Version: v}); got != want {
				t.Fatalf("%s: affected %v, want %v, by %+v", v, got, want, a.Affected)
			}
		}
	}
}

// TestFixedInIsTheFirstUnaffectedEnd says what FixedIn returns in other words:
// going up from the version through versions that are all affected, the first that
// is not, if a record calls it fixed.
func TestFixedInIsTheFirstUnaffectedEnd(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	answers := 0
	for range 400 {
		group := []advisory.Advisory{randomRecord(r), randomRecord(r)}
		for _, a := range group {
			for i := range a.Affected {
				a.Affected[i].Versions = nil // listed versions are not runs: nothing says what lies between them
			}
		}
		affected := func(halves int) bool {
			return affectedAsTheSchemaSays(t, group[0], version(halves)) || affectedAsTheSchemaSays(t, group[1], version(halves))
		}
		for halves := range 24 {
			want := ""
			if affected(halves) {
				end := halves + 1
				for end < 60 && affected(end) {
					end++
				}
				if isFixed(group, version(end)) {
					want = version(end)
				}
			}
			got := match.FixedIn(group, match.Target{Ecosystem: ecosystem, Name: "x", Version: version(halves)})
			if got != want {
				t.Fatalf("%s is fixed in %q, want %q, by %+v and %+v", version(halves), got, want, group[0].Affected, group[1].Affected)
			}
			if got != "" {
				answers++
			}
		}
	}
	if answers < 1000 {
		t.Errorf("only %d answers: the records say too little", answers)
	}
}

func isFixed(group []advisory.Advisory, v string) bool {
	for _, a := range group {
		for _, affected := range a.Affected {
			for _, r := range affected.Ranges {
				if slices.Contains(r.Events, advisory.Event{Fixed: v}) {
					return true
				}
			}
		}
	}
	return false
}
