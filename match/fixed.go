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
	for _, s := range subjects(t) {
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
		next, in := s.step(group)
		if !in {
			return fixed, affected
		}
		affected = true
		if next == "" {
			return "", true
		}
		fixed, s = next, s.at(next)
	}
	return "", true
}

// step reports whether any record affects the subject, and the highest of the
// fixed versions that end the runs it lies in, or "".
func (s subject) step(group []advisory.Advisory) (next string, affected bool) {
	for _, a := range group {
		if !a.Withdrawn.IsZero() {
			continue
		}
		for _, entry := range a.Affected {
			if !s.is(entry.Package) {
				continue
			}
			affected = affected || s.isListed(entry.Versions)
			for _, r := range entry.Ranges {
				in, end := s.in(r)
				affected = affected || in
				if end != "" && (next == "" || s.isAfter(end, next)) {
					next = end
				}
			}
		}
	}
	return next, affected
}

func (s subject) isAfter(a, b string) bool {
	c, err := Compare(s.ecosystem, a, b)
	return err == nil && c > 0
}
