package advisory

import (
	"cmp"
	"slices"
	"strings"
)

// IDs returns every id that makes the record part of an alias group, its own
// first: id, aliases, and the upstream id where there is exactly one.
//
// A distribution's record about one flaw names it as upstream and not as alias
// (ALPINE-CVE-2012-2738), so it is the same vulnerability. A bulletin that names
// several (DSA-5343-1 fixes eight CVEs) is the same as none of them: joining
// through it would make one vulnerability of hundreds of separate flaws. It stays
// a vulnerability of its own, and CVEs still says what it is about. related
// never joins.
func IDs(a Advisory) []string {
	ids := make([]string, 0, 2+len(a.Aliases))
	ids = append(ids, a.ID)
	for _, id := range a.Aliases {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(a.Upstream) == 1 && !slices.Contains(ids, a.Upstream[0]) {
		ids = append(ids, a.Upstream[0])
	}
	return ids
}

// CVEs returns the CVE ids that the records are about, sorted and once each: of
// their ids, aliases and upstreams, also of a bulletin with several. It is what
// EPSS and KEV are asked with.
func CVEs(records []Advisory) []string {
	var ids []string
	for _, a := range records {
		for _, list := range [][]string{{a.ID}, a.Aliases, a.Upstream} {
			for _, id := range list {
				if strings.HasPrefix(id, "CVE-") {
					ids = append(ids, id)
				}
			}
		}
	}
	SortIDs(ids)
	return slices.Compact(ids)
}

// PreferredID returns the id a vulnerability goes by: a CVE, then a GHSA, then
// any other. Among equals the first in the order of SortIDs counts, which for
// CVEs is the oldest. It is "" for no ids.
func PreferredID(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return slices.MinFunc(ids, compareIDs)
}

// SortIDs sorts ids in place: CVE, then GHSA, then the rest; within these by
// text, where a run of digits counts as a number (CVE-2024-999 before
// CVE-2024-1000).
func SortIDs(ids []string) { slices.SortFunc(ids, compareIDs) }

func compareIDs(a, b string) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), compareNatural(a, b), strings.Compare(a, b))
}

func rank(id string) int {
	switch {
	case strings.HasPrefix(id, "CVE-"):
		return 0
	case strings.HasPrefix(id, "GHSA-"):
		return 1
	}
	return 2
}

// compareNatural compares texts with runs of digits as numbers of any length.
func compareNatural(a, b string) int {
	for a != "" && b != "" {
		if isDigit(a[0]) && isDigit(b[0]) {
			na, nb := digits(a), digits(b)
			a, b = a[len(na):], b[len(nb):]
			na, nb = strings.TrimLeft(na, "0"), strings.TrimLeft(nb, "0")
			if c := cmp.Or(cmp.Compare(len(na), len(nb)), strings.Compare(na, nb)); c != 0 {
				return c
			}
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) string {
	end := 0
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	return s[:end]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
