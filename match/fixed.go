package match

import "loadline/advisory"

// FixedIn returns the lowest version that ends a finding on the release train of
// the target's version, over all records of an alias group; "" where there is
// none.
//
// It starts from the runs that the version lies in and goes to the highest of the
// fixed versions that end them, since below it one of them still holds; from there
// again, until no record affects the version reached. Records that disagree are
// therefore all heeded: where one names a fix that another still calls affected,
// the answer is a later version that satisfies both, and none where the other
// knows no fix. A fix on another train, beyond versions that nothing affects, is
// never the answer.
func FixedIn(group []advisory.Advisory, t Target) string {
	list, n := subjects(t)
	for _, s := range list[:n] {
		if fixed, affected := s.fixedIn(group); affected {
			return fixed
		}
	}
	return ""
}

// maxSteps bounds the climb of fixedIn: an order that is not one, of versions that
// nobody would publish, may lead in a circle.
const maxSteps = 100

func (s subject) fixedIn(group []advisory.Advisory) (fixed string, affected bool) {
	for range maxSteps {
		end, in := s.step(group)
		if !in {
			return fixed, affected
		}
		affected = true
		// From the last affected version on only a run that goes beyond it helps.
		if end == (advisory.Event{}) || end.LastAffected == s.version {
			return "", true
		}
		fixed, s.version = end.Fixed, boundary(end)
	}
	return "", true
}

// step reports whether any record affects the subject, and the last of the events
// that end the runs it lies in, which is empty where nothing does.
func (s subject) step(group []advisory.Advisory) (last advisory.Event, affected bool) {
	for i := range group {
		if !group[i].Withdrawn.IsZero() {
			continue
		}
		for j := range group[i].Affected {
			entry := &group[i].Affected[j]
			if !s.is(entry.Package) {
				continue
			}
			affected = affected || s.isListed(entry.Versions)
			for _, r := range entry.Ranges {
				in, end := s.in(r)
				if !in {
					continue
				}
				affected = true
				if s.endsLater(end, last) {
					last = end
				}
			}
		}
	}
	return last, affected
}

func (s subject) endsLater(end, than advisory.Event) bool {
	if end == (advisory.Event{}) || than == (advisory.Event{}) {
		return end != advisory.Event{}
	}
	c, err := s.scheme.compare(boundary(end), boundary(than))
	return err == nil && (c > 0 || c == 0 && end.Fixed == "")
}
