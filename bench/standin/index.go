package standin

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"loadline/advisory"
	"loadline/match"
)

// index fills packages, bases and aliases from records.
func (d *Data) index() {
	d.packages = map[match.Key][]*record{}
	d.aliases = map[string][]string{}
	bases := map[string]bool{}
	for _, r := range slices.SortedFunc(maps.Values(d.records), byID) {
		for _, alias := range r.advisory.Aliases {
			if _, ok := d.records[alias]; !ok {
				d.aliases[alias] = append(d.aliases[alias], r.id)
			}
		}
		if !r.advisory.Withdrawn.IsZero() {
			continue
		}
		for _, key := range match.KeysOf(r.advisory) {
			bases[key.Ecosystem] = true
			d.packages[key] = append(d.packages[key], r)
		}
	}
	d.bases = slices.Sorted(maps.Keys(bases))
}

// matchCache remembers which records concern what was asked for: the second
// question about a version costs a look-up.
type matchCache struct {
	mu   sync.RWMutex
	seen map[match.Target][]*record
}

// maxCached bounds a matchCache; at that many questions it starts anew.
const maxCached = 200_000

// matching returns the records that stand and concern q, by id. Without a
// version those are all of the package.
func (s *Server) matching(q question) []*record {
	if q.commit != "" || q.unsupported {
		return nil
	}
	s.matches.mu.RLock()
	records, ok := s.matches.seen[q.target]
	s.matches.mu.RUnlock()
	if ok {
		return records
	}
	records = s.data.affecting(q.target)
	s.matches.mu.Lock()
	defer s.matches.mu.Unlock()
	if s.matches.seen == nil || len(s.matches.seen) >= maxCached {
		s.matches.seen = map[match.Target][]*record{}
	}
	s.matches.seen[q.target] = records
	return records
}

func (d *Data) affecting(t match.Target) []*record {
	if t.Ecosystem == "" {
		// A name and a version alone are looked for everywhere.
		var records []*record
		for _, base := range d.bases {
			records = append(records, d.affecting(target(base, t.Name, t.Version))...)
		}
		slices.SortFunc(records, byID)
		return slices.Compact(records)
	}
	var records []*record
	for _, r := range d.packages[keyOf(t)] {
		if t.Version == "" && concerns(r.advisory, t) {
			records = append(records, r)
		} else if _, ok := match.Affects(r.advisory, t); ok {
			records = append(records, r)
		}
	}
	return records
}

// keyOf returns the key of t's own name: the API looks for the name that it is
// given, not for the source package behind it.
func keyOf(t match.Target) match.Key {
	base, _, _ := strings.Cut(t.Ecosystem, ":")
	return match.Key{Ecosystem: base, Name: match.NormalName(base, t.Name)}
}

// concerns reports whether a names the package of t in any version. Releases of
// a distribution count only where both sides name one.
func concerns(a advisory.Advisory, t match.Target) bool {
	key := keyOf(t)
	_, release, _ := strings.Cut(t.Ecosystem, ":")
	for _, affected := range a.Affected {
		base, its, _ := strings.Cut(affected.Package.Ecosystem, ":")
		if base == key.Ecosystem && match.NormalName(base, affected.Package.Name) == key.Name &&
			(release == "" || its == "" || release == its) {
			return true
		}
	}
	return false
}

// target is what a query by ecosystem and name asks about.
func target(ecosystem, name, version string) match.Target {
	return match.Target{Ecosystem: ecosystem, Name: name, Version: version}
}
