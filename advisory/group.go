package advisory

import "slices"

// Group is the records about one vulnerability.
type Group struct {
	ID      string     // preferred id: see PreferredID
	Aliases []string   // all its other ids, as SortIDs sorts them
	Records []Advisory // sorted by id, as SortIDs sorts them
}

// Groups returns the records that name each other, directly or through others,
// as one vulnerability each, sorted by preferred id. Two records that name the
// same third id are of one group though neither names the other. IDs says which
// ids count. Of records with the same id the last modified counts.
func Groups(records []Advisory) []Group {
	records = newest(records)
	owner := make(map[string]int, 3*len(records)) // id to a record that has it
	parent := make([]int, len(records))
	for i := range parent {
		parent[i] = i
	}
	for i, a := range records {
		for _, id := range IDs(a) {
			if other, found := owner[id]; found {
				parent[root(parent, i)] = root(parent, other)
			} else {
				owner[id] = i
			}
		}
	}

	index := make(map[int]int, len(records)) // root to place in groups
	var groups []Group
	for i, a := range records {
		at, found := index[root(parent, i)]
		if !found {
			at = len(groups)
			index[root(parent, i)] = at
			groups = append(groups, Group{})
		}
		groups[at].Records = append(groups[at].Records, a)
		groups[at].Aliases = append(groups[at].Aliases, IDs(a)...)
	}
	for i := range groups {
		SortIDs(groups[i].Aliases)
		ids := slices.Compact(groups[i].Aliases)
		groups[i].ID, groups[i].Aliases = ids[0], ids[1:]
	}
	slices.SortFunc(groups, func(a, b Group) int { return compareIDs(a.ID, b.ID) })
	return groups
}

// newest returns the records sorted by id, the last modified one of each.
func newest(records []Advisory) []Advisory {
	records = slices.Clone(records)
	slices.SortStableFunc(records, func(a, b Advisory) int {
		if a.ID == b.ID {
			return b.Modified.Compare(a.Modified)
		}
		return compareIDs(a.ID, b.ID)
	})
	return slices.CompactFunc(records, func(a, b Advisory) bool { return a.ID == b.ID })
}

// root follows parents to the one that is its own, halving the way for the next.
func root(parent []int, i int) int {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}
