package store

import (
	"context"
	"fmt"
)

// FindingsState tells one state of the findings of a project from another.
type FindingsState struct {
	ProjectID int64
	Revision  int64 // grows when they may have changed
	Gone      bool  // the project has been deleted
}

// FindingsStates returns the state of each project's findings, by project id.
func (r reads) FindingsStates(ctx context.Context, projectIDs []int64) (map[int64]FindingsState, error) {
	revisions, err := selectMap[int64, int64](ctx, r.conn, `
		SELECT
			project.id,
			project.findings_revision
		FROM project
		WHERE {{in project.id}} AND project.deleted_at IS NULL`, projectIDs)
	if err != nil {
		return nil, fmt.Errorf("store: states of the findings of %d projects: %w", len(projectIDs), err)
	}
	states := make(map[int64]FindingsState, len(projectIDs))
	for _, id := range projectIDs {
		revision, ok := revisions[id]
		states[id] = FindingsState{ProjectID: id, Revision: revision, Gone: !ok}
	}
	return states, nil
}

// FindingsChanged says that the findings of projects may have changed, and that
// there may be news among them.
func (tx *Tx) FindingsChanged(ctx context.Context, projectIDs []int64) error {
	ids := distinct(projectIDs)
	err := tx.reviseFindings(ctx, ids)
	if err == nil {
		err = tx.hintFindings(ctx, ids)
	}
	if err != nil {
		return fmt.Errorf("store: findings of %d projects changed: %w", len(projectIDs), err)
	}
	return nil
}

// reviseFindings has those look again who watch the findings of projects.
func (tx *Tx) reviseFindings(ctx context.Context, projectIDs []int64) error {
	_, err := tx.exec(ctx, `
		UPDATE project
		SET findings_revision = findings_revision + 1
		WHERE {{in id}}`, projectIDs)
	return err
}

// FindingsOfVersionsChanged says that the findings of the projects may have
// changed whose releases have any of the package versions.
func (tx *Tx) FindingsOfVersionsChanged(ctx context.Context, versionIDs []int64) error {
	ids, err := selectInto(ctx, tx.conn, func(id *int64) []any { return []any{id} }, `
		UPDATE project
		SET findings_revision = findings_revision + 1
		WHERE id IN (
			SELECT release.project_id
			FROM component
			JOIN release ON release.bom_id = component.bom_id
			WHERE {{in component.package_version_id}}
		)
		RETURNING id`, distinct(versionIDs))
	if err == nil {
		err = tx.hintFindings(ctx, ids)
	}
	if err != nil {
		return fmt.Errorf("store: findings of %d versions changed: %w", len(versionIDs), err)
	}
	return nil
}

// allFindingsChanged says that the findings of every project may have changed.
func (tx *Tx) allFindingsChanged(ctx context.Context) error {
	_, err := tx.exec(ctx, `
		UPDATE project
		SET findings_revision = findings_revision + 1`)
	if err != nil {
		return fmt.Errorf("store: all findings changed: %w", err)
	}
	return nil
}
