package store

import (
	"context"
	"fmt"
	"slices"
)

// VersionIDsOfBom returns the package versions of a Bom's components, ascending.
func (r reads) VersionIDsOfBom(ctx context.Context, bomID int64) ([]int64, error) {
	ids, err := selectInto(ctx, r.conn, func(id *int64) []any { return []any{id} }, `
		SELECT DISTINCT component.package_version_id
		FROM component
		WHERE component.bom_id = ?
			AND component.package_version_id IS NOT NULL
		ORDER BY component.package_version_id`, bomID)
	if err != nil {
		return nil, fmt.Errorf("store: package versions of bom %d: %w", bomID, err)
	}
	return ids, nil
}

// CurrentVersionIDs returns up to limit package versions of current Boms, those
// with the lowest ids above after, ascending.
func (r reads) CurrentVersionIDs(ctx context.Context, after int64, limit int) ([]int64, error) {
	ids, err := selectInto(ctx, r.conn, func(id *int64) []any { return []any{id} }, `
		SELECT package_version.id
		FROM package_version
		WHERE
			package_version.id > ?
			AND EXISTS (
				SELECT 1
				FROM component
				JOIN release ON release.bom_id = component.bom_id
				WHERE component.package_version_id = package_version.id
			)
		ORDER BY package_version.id
		LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("store: package versions of current boms: %w", err)
	}
	return ids, nil
}

// CountVersionIDs returns how many package versions there are, used or not.
func (r reads) CountVersionIDs(ctx context.Context) (int, error) {
	n, err := selectNumber(ctx, r.conn, `
		SELECT COUNT(*)
		FROM package_version`)
	if err != nil {
		return 0, fmt.Errorf("store: count package versions: %w", err)
	}
	return n, nil
}

// noteAnswers tells the projects whose findings answers change, before they are
// saved.
func (tx *Tx) noteAnswers(ctx context.Context, answers []Answer) error {
	ids := make([]int64, len(answers))
	for i, a := range answers {
		ids[i] = a.PackageVersionID
	}
	old, err := tx.Answers(ctx, ids)
	if err != nil {
		return err
	}
	said := make(map[int64][]AdvisoryRef, len(old))
	for _, a := range old {
		said[a.PackageVersionID] = append([]AdvisoryRef{}, a.Refs...)
	}
	var changed []int64
	for _, a := range answers {
		before, again := said[a.PackageVersionID]
		if !again || !sameRefs(before, a.Refs) {
			changed = append(changed, a.PackageVersionID)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return tx.FindingsOfVersionsChanged(ctx, changed)
}

func sameRefs(a, b []AdvisoryRef) bool {
	b = lastByKey(b, func(r AdvisoryRef) string { return r.ID })
	if len(a) != len(b) {
		return false
	}
	for _, ref := range b {
		if !slices.ContainsFunc(a, func(r AdvisoryRef) bool { return r.ID == ref.ID && toMillis(r.Modified) == toMillis(ref.Modified) }) {
			return false
		}
	}
	return true
}
