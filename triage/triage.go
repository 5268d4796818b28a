// Package triage says what has been decided about a finding when decisions were
// made about the ids of its vulnerability one after the other, while alias groups
// merged and split. It is pure and knows nothing of where decisions are kept.
package triage

import (
	"cmp"
	"slices"
	"time"
)

// State is what has been decided about a finding.
type State string

// The states. A finding about which nothing has been decided is Open.
const (
	Open          State = "OPEN"
	InTriage      State = "IN_TRIAGE"
	Affected      State = "AFFECTED"
	Accepted      State = "ACCEPTED"
	Fixed         State = "FIXED"
	NotAffected   State = "NOT_AFFECTED"
	FalsePositive State = "FALSE_POSITIVE"
)

// alarm orders the states, the most alarming first.
var alarm = map[State]int{Affected: 0, Open: 1, InTriage: 2, Accepted: 3, Fixed: 4, NotAffected: 5, FalsePositive: 6}

// Active says whether a finding in the state asks for somebody's attention.
func (s State) Active() bool { return alarm[s] <= alarm[InTriage] }

// Decision is what somebody decided about a vulnerability of a package, in all
// releases of a project or in one.
type Decision struct {
	ID            int64
	ProjectID     int64
	ReleaseID     int64  // 0: in all releases of the project
	Package       string // the purl without version
	Version       string // the only version it is about; empty: any
	State         State
	Justification string
	Response      []string
	Note, By      string
	At            time.Time
	IDs           []string // of the vulnerability when it was decided, sorted
}

// Finding is what decisions are looked up by.
type Finding struct {
	Package, Version string
	IDs              []string // of the vulnerability now
}

// IsAbout says whether the decision is about the finding: about its package, this
// version of it, and at least one id of its vulnerability.
func (d Decision) IsAbout(f Finding) bool {
	return d.Package == f.Package &&
		(d.Version == "" || d.Version == f.Version) &&
		slices.ContainsFunc(f.IDs, d.names)
}

func (d Decision) names(id string) bool {
	_, ok := slices.BinarySearch(d.IDs, id)
	return ok
}

// Replaces says whether the decision, made later, leaves nothing of an earlier
// one, whatever becomes of the alias group: it is about all of the earlier one's
// ids, in the same releases, and about all of its versions.
func (d Decision) Replaces(earlier Decision) bool {
	return d.ProjectID == earlier.ProjectID &&
		d.ReleaseID == earlier.ReleaseID &&
		d.Package == earlier.Package &&
		(d.Version == "" || d.Version == earlier.Version) &&
		!slices.ContainsFunc(earlier.IDs, func(id string) bool { return !d.names(id) })
}

// Set is decisions that hold in one release, by package.
type Set map[string][]Decision

// NewSet returns the set of decisions that hold in one release.
func NewSet(decisions []Decision) Set {
	if len(decisions) == 0 {
		return nil
	}
	s := make(Set)
	for _, d := range decisions {
		s[d.Package] = append(s[d.Package], d)
	}
	return s
}

// Of returns the decision that counts for the finding; false where there is none.
//
// A decision about the one release goes before those about all. A later decision
// takes the place of an earlier one when it was about all of the finding's ids
// that the earlier one was about. Where several are left, because groups that had
// been decided differently have become one, the most alarming counts; among
// equals the last.
func (s Set) Of(f Finding) (Decision, bool) {
	var about []Decision
	for _, d := range s[f.Package] {
		if !d.IsAbout(f) {
			continue
		}
		about = append(about, d)
	}
	if slices.ContainsFunc(about, func(d Decision) bool { return d.ReleaseID != 0 }) {
		about = slices.DeleteFunc(about, func(d Decision) bool { return d.ReleaseID == 0 })
	}
	if len(about) == 0 {
		return Decision{}, false
	}
	left := slices.DeleteFunc(slices.Clone(about), func(d Decision) bool {
		return slices.ContainsFunc(about, func(later Decision) bool { return later.ID > d.ID && later.covers(d, f) })
	})
	return slices.MinFunc(left, func(a, b Decision) int {
		return cmp.Or(cmp.Compare(alarm[a.State], alarm[b.State]), cmp.Compare(b.ID, a.ID))
	}), true
}

// covers says whether the decision is about all ids of the finding that the
// other one is about.
func (d Decision) covers(other Decision, f Finding) bool {
	return !slices.ContainsFunc(f.IDs, func(id string) bool { return other.names(id) && !d.names(id) })
}
