package store

import (
	"context"
	"fmt"
	"time"
)

// AdvisoryRef is a record as OSV's answer about a package version names it.
type AdvisoryRef struct {
	ID       string
	Modified time.Time
}

// Answer is what OSV said about a package version. An Answer without Refs says
// that there is no record; no Answer says that OSV was never asked.
type Answer struct {
	PackageVersionID int64
	FetchedAt        time.Time
	Refs             []AdvisoryRef // by ID
}

// Answers returns the answers that are stored, in any order.
func (r reads) Answers(ctx context.Context, packageVersionIDs []int64) ([]Answer, error) {
	type row struct {
		answer Answer
		id     *string
		ref    AdvisoryRef
	}
	rows, err := selectInto(ctx, r.conn, func(v *row) []any {
		return []any{&v.answer.PackageVersionID, (*millis)(&v.answer.FetchedAt), &v.id, (*millis)(&v.ref.Modified)}
	}, `
		SELECT
			a.package_version_id,
			a.fetched_at,
			r.advisory_id,
			r.modified
		FROM answer AS a
		LEFT JOIN answer_advisory AS r ON r.package_version_id = a.package_version_id
		WHERE {{in a.package_version_id}}
		ORDER BY a.package_version_id, r.advisory_id`, packageVersionIDs)
	if err != nil {
		return nil, fmt.Errorf("store: answers about %d package versions: %w", len(packageVersionIDs), err)
	}
	var answers []Answer
	for _, v := range rows {
		if n := len(answers); n == 0 || answers[n-1].PackageVersionID != v.answer.PackageVersionID {
			answers = append(answers, v.answer)
		}
		if v.id != nil {
			v.ref.ID = *v.id
			last := &answers[len(answers)-1]
			last.Refs = append(last.Refs, v.ref)
		}
	}
	return answers, nil
}

func (tx *Tx) saveAnswers(ctx context.Context, answers []Answer) error {
	tx.touch(TopicAnswer, numbers(answers, func(a Answer) int64 { return a.PackageVersionID })...)
	if err := tx.noteAnswers(ctx, answers); err != nil {
		return err
	}
	err := tx.insert(ctx, `
		INSERT INTO answer (
			package_version_id,
			fetched_at
		)
		VALUES {{rows}}
		ON CONFLICT (package_version_id) DO UPDATE SET
			fetched_at = excluded.fetched_at`, len(answers), func(i int) []any {
		return []any{answers[i].PackageVersionID, answers[i].FetchedAt}
	})
	if err != nil {
		return err
	}
	ids := make([]int64, len(answers))
	var refs [][]any
	for i, a := range answers {
		ids[i] = a.PackageVersionID
		for _, ref := range lastByKey(a.Refs, func(r AdvisoryRef) string { return r.ID }) {
			refs = append(refs, []any{a.PackageVersionID, ref.ID, ref.Modified})
		}
	}
	_, err = tx.exec(ctx, `
		DELETE FROM answer_advisory
		WHERE {{in package_version_id}}`, ids)
	if err != nil {
		return err
	}
	return tx.insert(ctx, `
		INSERT INTO answer_advisory (
			package_version_id,
			advisory_id,
			modified
		)
		VALUES {{rows}}`, len(refs), func(i int) []any { return refs[i] })
}

// VersionsWithAdvisories returns the ids of the package versions whose answer
// names the advisory, ascending, by advisory id.
func (r reads) VersionsWithAdvisories(ctx context.Context, advisoryIDs []string) (map[string][]int64, error) {
	rows, err := selectInto(ctx, r.conn, func(v *child[string, int64]) []any {
		return []any{&v.parent, &v.row}
	}, `
		SELECT
			r.advisory_id,
			r.package_version_id
		FROM answer_advisory AS r
		WHERE {{in r.advisory_id}}
		ORDER BY r.advisory_id, r.package_version_id`, advisoryIDs)
	if err != nil {
		return nil, fmt.Errorf("store: versions with %d advisories: %w", len(advisoryIDs), err)
	}
	versions := make(map[string][]int64, len(advisoryIDs))
	for _, v := range rows {
		versions[v.parent] = append(versions[v.parent], v.row)
	}
	return versions, nil
}
