package match

import (
	"slices"
	"strings"

	"loadline/advisory"
)

// Result is how an advisory affects a target.
type Result struct {
	// FixedIn is the lowest version that ends it on the release train that the
	// target's version is on; empty where the record names none.
	FixedIn string
}

// Affects reports whether a record affects a target: whether the target's version
// is listed for its package, or lies in one of the package's ranges. A withdrawn
// record affects nothing, and so does any record a target without version. A
// range with a boundary that cannot be put in order with the version does not
// hold it. GIT ranges hold only the commits they name.
func Affects(a advisory.Advisory, t Target) (Result, bool) {
	if !a.Withdrawn.IsZero() {
		return Result{}, false
	}
	list, n := subjects(t)
	group := [1]advisory.Advisory{a}
	for _, s := range list[:n] {
		if fixed, affected := s.fixedIn(group[:]); affected {
			return Result{FixedIn: fixed}, true
		}
	}
	return Result{}, t.Commit != "" && namesCommit(a, t.Commit)
}

// subject is one name that records may call a target by, with its version.
type subject struct {
	ecosystem string
	scheme    scheme
	name      string
	version   string
}

func subjects(t Target) (list [2]subject, n int) {
	if t.Ecosystem == "" || t.Version == "" {
		return list, 0
	}
	scheme := schemeOf(t.Ecosystem)
	names, n := t.names()
	for i, name := range names[:n] {
		list[i] = subject{t.Ecosystem, scheme, NormalName(t.Ecosystem, name.Name), name.Version}
	}
	return list, n
}

// is reports whether s is the package.
func (s subject) is(p advisory.Package) bool {
	return sameEcosystem(p.Ecosystem, s.ecosystem) && (p.Name == s.name || NormalName(s.ecosystem, p.Name) == s.name)
}

// isListed reports whether a list of versions has the subject's, as a string. A
// leading v, which tags of some ecosystems have and their versions do not, makes
// no difference there.
func (s subject) isListed(versions []string) bool {
	if slices.Contains(versions, s.version) {
		return true
	}
	base, _, _ := strings.Cut(s.ecosystem, ":")
	switch base {
	case "Go", "Packagist", "GitHub Actions", "SwiftURL":
		bare := strings.TrimPrefix(s.version, "v")
		return slices.ContainsFunc(versions, func(v string) bool { return strings.TrimPrefix(v, "v") == bare })
	}
	return false
}

// in reports whether a range holds the subject's version, and the event that ends
// the run it lies in, which is empty where nothing does.
//
// The schema sorts the events and walks them: introduced opens, fixed and what is
// after last_affected closes. The state after the walk is that of the last event
// at or before the version, so one pass that keeps that event, and the first end
// after it, decides the same without sorting.
func (s subject) in(r advisory.Range) (in bool, end advisory.Event) {
	if r.Type == "GIT" {
		return false, advisory.Event{}
	}
	var last advisory.Event
	limited, within := false, false
	for _, e := range r.Events {
		if e.Limit != "" {
			before, ok := s.isBeforeLimit(e.Limit)
			if !ok {
				return false, advisory.Event{}
			}
			limited, within = true, within || before
			continue
		}
		reached, ok := s.hasReached(e)
		if !ok {
			return false, advisory.Event{}
		}
		switch {
		case reached:
			if later, ok := s.isLater(e, last); !ok {
				return false, advisory.Event{}
			} else if later {
				last = e
			}
		case e.Introduced == "":
			if earlier, ok := s.isEarlierEnd(e, end); !ok {
				return false, advisory.Event{}
			} else if earlier {
				end = e
			}
		}
	}
	if last.Introduced == "" || limited && !within {
		return false, advisory.Event{}
	}
	return true, end
}

func (s subject) isBeforeLimit(limit string) (before, ok bool) {
	if limit == "*" {
		return true, true
	}
	c, err := s.scheme.compare(s.version, limit)
	return c < 0, err == nil
}

// hasReached reports whether the walk of a range takes note of an event.
func (s subject) hasReached(e advisory.Event) (reached, ok bool) {
	if e.Introduced == "0" {
		return true, true // before everything, and not a version
	}
	c, err := s.scheme.compare(s.version, boundary(e))
	if e.LastAffected != "" {
		return c > 0, err == nil
	}
	return c >= 0, err == nil
}

// isLater reports whether an event comes after another in a range's order. Of
// equal versions last_affected comes last, since it closes after that version;
// otherwise the record's own order stands.
func (s subject) isLater(e, than advisory.Event) (later, ok bool) {
	switch {
	case than == (advisory.Event{}) || than.Introduced == "0":
		return true, true
	case e.Introduced == "0":
		return false, true
	}
	c, err := s.scheme.compare(boundary(e), boundary(than))
	if err != nil {
		return false, false
	}
	return c > 0 || c == 0 && (than.LastAffected == "" || e.LastAffected != ""), true
}

// isEarlierEnd reports whether an event ends a run before another does: a fixed
// version ends it before the same version as last_affected.
func (s subject) isEarlierEnd(e, than advisory.Event) (earlier, ok bool) {
	if than == (advisory.Event{}) {
		return true, true
	}
	c, err := s.scheme.compare(boundary(e), boundary(than))
	if err != nil {
		return false, false
	}
	return c < 0 || c == 0 && e.Fixed != "", true
}

// boundary returns the version of an event.
func boundary(e advisory.Event) string {
	switch {
	case e.Introduced != "":
		return e.Introduced
	case e.Fixed != "":
		return e.Fixed
	case e.LastAffected != "":
		return e.LastAffected
	}
	return e.Limit
}

// namesCommit reports whether a record names a commit as affected.
func namesCommit(a advisory.Advisory, commit string) bool {
	for _, affected := range a.Affected {
		if slices.Contains(affected.Versions, commit) {
			return true
		}
		for _, r := range affected.Ranges {
			if r.Type != "GIT" {
				continue
			}
			for _, e := range r.Events {
				if e.Introduced == commit || e.LastAffected == commit {
					return true
				}
			}
		}
	}
	return false
}
