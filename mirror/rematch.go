package mirror

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"loadline/advisory"
	"loadline/match"
	"loadline/purl"
	"loadline/store"
)

// rematch notes what a published generation has changed about the package
// versions in the store. Only the versions of packages that a changed record is
// or was about are looked at. It may be cut short and done again.
func (r *syncing) rematch(ctx context.Context, st *store.Staging) error {
	if st.Dump().Rematched == st.Dump().Generation {
		return nil
	}
	ids, err := st.ChangedAdvisories(ctx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, recordsPerTx) {
		if err := r.rematchSome(ctx, st, part); err != nil {
			return err
		}
	}
	return st.EndRematch(ctx)
}

func (r *syncing) rematchSome(ctx context.Context, st *store.Staging, ids []string) error {
	revisions, err := st.Revisions(ctx, ids)
	if err != nil {
		return err
	}
	var packages []store.AdvisoryPackage
	about := map[store.AdvisoryPackage][]store.Revision{}
	for _, rev := range revisions {
		if about[rev.Package] == nil {
			packages = append(packages, rev.Package)
		}
		about[rev.Package] = append(about[rev.Package], rev)
	}
	versions, err := r.store.PackageVersionsNamed(ctx, packages)
	if err != nil || len(versions) == 0 {
		return err
	}
	seen := map[sight]*sighting{}
	for _, v := range versions {
		p, err := purl.Parse(v.PURL)
		if err != nil {
			continue // it is in no index, and has no advisories
		}
		target, covered := match.TargetOf(p)
		if !covered {
			continue
		}
		for _, key := range target.Keys() {
			for _, rev := range about[store.AdvisoryPackage(key)] {
				look(seen, v.ID, target, rev)
			}
		}
	}
	return r.note(ctx, st, seen)
}

// sight is a record and a version that it may affect.
type sight struct {
	version  int64
	advisory string
}

// sighting is whether it did before and does after.
type sighting struct {
	before, after store.Revision // without RecordID where it does not
	was, is       string         // the versions that end it
}

func look(seen map[sight]*sighting, version int64, target match.Target, rev store.Revision) {
	result, hit := match.Affects(advisory.Advisory{ID: rev.AdvisoryID, Affected: rev.Affected}, target)
	if !hit {
		return
	}
	at := sight{version, rev.AdvisoryID}
	s := seen[at]
	if s == nil {
		s = &sighting{}
		seen[at] = s
	}
	if rev.After {
		s.after, s.is = rev, result.FixedIn
	} else {
		s.before, s.was = rev, result.FixedIn
	}
}

// note saves what has changed.
func (r *syncing) note(ctx context.Context, st *store.Staging, seen map[sight]*sighting) error {
	var records []int64
	for _, s := range seen {
		if s.before.RecordID != 0 && s.after.RecordID != 0 {
			records = append(records, s.before.RecordID, s.after.RecordID)
		}
	}
	documents, err := st.Documents(ctx, records)
	if err != nil {
		return err
	}
	var changes []store.Change
	for at, s := range seen {
		c := store.Change{PackageVersionID: at.version, AdvisoryID: at.advisory, FixedIn: s.is}
		switch {
		case s.before.RecordID == 0:
			c.Kind = store.ChangeNew
		case s.after.RecordID == 0:
			c.Kind = store.ChangeGone
		case s.was != s.is || ratingOf(documents[s.before.RecordID]) != ratingOf(documents[s.after.RecordID]):
			c.Kind = store.ChangeChanged
		default:
			continue
		}
		changes = append(changes, c)
	}
	slices.SortFunc(changes, func(a, b store.Change) int {
		return cmp.Or(cmp.Compare(a.PackageVersionID, b.PackageVersionID), strings.Compare(a.AdvisoryID, b.AdvisoryID))
	})
	for part := range slices.Chunk(changes, recordsPerTx) {
		if err := st.SaveChanges(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// ratingOf is how a record rates itself.
func ratingOf(document []byte) advisory.Rating {
	a, err := advisory.Decode(document)
	if err != nil {
		return advisory.Rating{}
	}
	rating, _ := advisory.Rate([]advisory.Advisory{a})
	return rating
}
