package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"loadline/triage"
)

// decision is a triage.Decision as a row.
type decision struct{ triage.Decision }

const triageColumns = `
	triage.id,
	triage.project_id,
	triage.release_id,
	triage.package,
	triage.version,
	triage.state,
	triage.justification,
	triage.response,
	triage.note,
	triage.decided_by,
	triage.decided_at,
	triage.members`

func (d *decision) columns() []any {
	return []any{
		&d.ID,
		&d.ProjectID,
		(*optionalID)(&d.ReleaseID),
		&d.Package,
		&d.Version,
		&d.State,
		&d.Justification,
		listColumn[string]{&d.Response},
		&d.Note,
		&d.By,
		(*millis)(&d.At),
		listColumn[string]{&d.IDs},
	}
}

// TriageOfBoms returns the decisions that may count in each Bom's release, the
// first made first, by Bom id. Those that a later one has replaced are not there.
func (r reads) TriageOfBoms(ctx context.Context, bomIDs []int64) (map[int64][]triage.Decision, error) {
	decisions, err := r.triage(ctx, `
		SELECT
			k.value, `+triageColumns+`
		FROM {{numbers k}}
		JOIN bom ON bom.id = k.value
		JOIN release ON release.id = bom.release_id
		JOIN triage ON triage.project_id = release.project_id
			AND triage.replaced_by IS NULL
			AND (triage.release_id IS NULL OR triage.release_id = release.id)
		ORDER BY k.value, triage.id`, distinct(bomIDs))
	if err != nil {
		return nil, fmt.Errorf("store: triage of %d boms: %w", len(bomIDs), err)
	}
	return decisions, nil
}

// TriageHistory returns all decisions that were ever made in each Bom's release
// about any of the ids, the last one first, by Bom id.
func (r reads) TriageHistory(ctx context.Context, bomIDs []int64, ids []string) (map[int64][]triage.Decision, error) {
	decisions, err := r.triage(ctx, `
		SELECT
			k.value, `+triageColumns+`
		FROM {{numbers k}}
		JOIN bom ON bom.id = k.value
		JOIN release ON release.id = bom.release_id
		JOIN triage ON triage.project_id = release.project_id
			AND (triage.release_id IS NULL OR triage.release_id = release.id)
		WHERE triage.id IN (
			SELECT triage_member.triage_id
			FROM triage_member
			WHERE {{in triage_member.member}}
		)
		ORDER BY k.value, triage.id DESC`, distinct(bomIDs), distinct(ids))
	if err != nil {
		return nil, fmt.Errorf("store: triage history of %d boms: %w", len(bomIDs), err)
	}
	return decisions, nil
}

func (r reads) triage(ctx context.Context, stmt string, args ...any) (map[int64][]triage.Decision, error) {
	rows, err := selectInto(ctx, r.conn, func(v *child[int64, decision]) []any {
		return append([]any{&v.parent}, v.row.columns()...)
	}, stmt, args...)
	if err != nil {
		return nil, err
	}
	decisions := make(map[int64][]triage.Decision)
	for _, v := range rows {
		decisions[v.parent] = append(decisions[v.parent], v.row.Decision)
	}
	return decisions, nil
}

// Decide keeps decisions, all of this moment, and returns them with their ids.
// Of those about the same, the last one counts. It returns ErrNotFound when a
// project or release that one is about does not exist.
func (tx *Tx) Decide(ctx context.Context, decisions []triage.Decision) ([]triage.Decision, error) {
	decisions = lastByKey(decisions, decisionKey)
	if len(decisions) == 0 {
		return nil, nil
	}
	tx.touch(TopicTriage)
	made, err := tx.decide(ctx, decisions)
	if err == nil {
		projects := make([]int64, len(decisions))
		for i, d := range decisions {
			projects[i] = d.ProjectID
		}
		err = tx.reviseFindings(ctx, distinct(projects))
	}
	if err != nil {
		return nil, fmt.Errorf("store: decide about %d findings: %w", len(decisions), err)
	}
	return made, nil
}

func decisionKey(d triage.Decision) [5]string {
	return [5]string{
		fmt.Sprint(d.ProjectID),
		fmt.Sprint(d.ReleaseID),
		d.Package,
		d.Version,
		strings.Join(d.IDs, "\n"),
	}
}

func (tx *Tx) decide(ctx context.Context, decisions []triage.Decision) ([]triage.Decision, error) {
	earlier, err := tx.replaceable(ctx, decisions)
	if err != nil {
		return nil, err
	}
	const width = 12
	args := make([]any, 0, len(decisions)*width)
	for _, d := range decisions {
		response, err := toList(d.Response)
		if err != nil {
			return nil, err
		}
		members, err := toList(d.IDs)
		if err != nil {
			return nil, err
		}
		args = append(args, d.ProjectID, toID(d.ReleaseID), d.Package, d.Version, string(d.State), d.Justification,
			response, d.Note, d.By, tx.now, members, nil)
	}
	made, err := selectRows[decision](ctx, tx.conn, strings.Replace(`
		INSERT INTO triage (
			project_id,
			release_id,
			package,
			version,
			state,
			justification,
			response,
			note,
			decided_by,
			decided_at,
			members,
			replaced_by
		)
		VALUES {{rows}}
		RETURNING `+triageColumns, "{{rows}}", placeholders(len(decisions), width), 1), args...)
	if err != nil {
		return nil, err
	}
	kept := make([]triage.Decision, len(made))
	var members [][]any
	var replaced [][2]any
	for i, d := range made {
		kept[i] = d.Decision
		for _, id := range d.IDs {
			members = append(members, []any{d.ID, id})
		}
		for _, e := range earlier {
			if d.Replaces(e) {
				replaced = append(replaced, [2]any{e.ID, d.ID})
			}
		}
	}
	slices.SortFunc(kept, func(a, b triage.Decision) int { return int(a.ID - b.ID) })
	err = tx.insert(ctx, `
		INSERT INTO triage_member (
			triage_id,
			member
		)
		VALUES {{rows}}`, len(members), func(i int) []any { return members[i] })
	if err != nil {
		return nil, err
	}
	_, err = tx.exec(ctx, `
		UPDATE triage
		SET replaced_by = k.later
		FROM {{pairs k id BIGINT later BIGINT}}
		WHERE triage.id = k.id`, lastByKey(replaced, func(p [2]any) any { return p[0] }))
	return kept, err
}

// replaceable returns the decisions of the same projects about the same packages
// that nothing has replaced yet.
func (tx *Tx) replaceable(ctx context.Context, decisions []triage.Decision) ([]triage.Decision, error) {
	projects := make([]int64, len(decisions))
	packages := make([]string, len(decisions))
	for i, d := range decisions {
		projects[i], packages[i] = d.ProjectID, d.Package
	}
	rows, err := selectRows[decision](ctx, tx.conn, `
		SELECT `+triageColumns+`
		FROM triage
		WHERE {{in triage.project_id}} AND {{in triage.package}} AND triage.replaced_by IS NULL
		ORDER BY triage.id`, distinct(projects), distinct(packages))
	if err != nil {
		return nil, err
	}
	earlier := make([]triage.Decision, len(rows))
	for i, row := range rows {
		earlier[i] = row.Decision
	}
	return earlier, nil
}
