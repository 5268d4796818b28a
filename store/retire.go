package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
)

// deleteAttempts is how often clearing away is tried before somebody has to look.
const deleteAttempts = 20

// Retired is what a DELETE job clears away: a project or a release.
type Retired struct {
	ProjectID int64 `json:"project,omitempty"`
	ReleaseID int64 `json:"release,omitempty"`
}

// RetireProject has a project with its releases and their Boms vanish, and
// enqueues the DELETE job that clears them away. Its name is free at once, and
// what was to be done for it is no longer. It returns ErrNotFound when there is no
// such project.
func (tx *Tx) RetireProject(ctx context.Context, id int64) (Job, error) {
	j, err := tx.retireProject(ctx, id)
	if err != nil {
		return Job{}, fmt.Errorf("store: retire project %d: %w", id, err)
	}
	return j, nil
}

// retiredName is what a name becomes when it is free again: no name may have the
// character.
func retiredName(id int64) string { return "\x1f" + strconv.FormatInt(id, 10) }

func (tx *Tx) retireProject(ctx context.Context, id int64) (Job, error) {
	err := tx.execOne(ctx, `
		UPDATE project
		SET
			name = name || CAST(? AS TEXT),
			deleted_at = ?
		WHERE id = ? AND deleted_at IS NULL`, retiredName(id), tx.now, id)
	if err == nil {
		_, err = tx.exec(ctx, `
			UPDATE release
			SET
				bom_id = NULL,
				deleted_at = ?
			WHERE project_id = ?`, tx.now, id)
	}
	if err == nil {
		_, err = tx.exec(ctx, `
			UPDATE bom
			SET state = 'DELETED'
			WHERE release_id IN (SELECT release.id FROM release WHERE release.project_id = ?)`, id)
	}
	if err == nil {
		err = tx.dropJobs(ctx, `job.project_id = ?`, id)
	}
	if err != nil {
		return Job{}, err
	}
	return tx.enqueueDelete(ctx, Retired{ProjectID: id}, id)
}

// RetireRelease is RetireProject for one release.
func (tx *Tx) RetireRelease(ctx context.Context, id int64) (Job, error) {
	j, err := tx.retireRelease(ctx, id)
	if err != nil {
		return Job{}, fmt.Errorf("store: retire release %d: %w", id, err)
	}
	return j, nil
}

func (tx *Tx) retireRelease(ctx context.Context, id int64) (Job, error) {
	r, err := selectOne[Release](ctx, tx.conn, `
		UPDATE release
		SET
			version = version || CAST(? AS TEXT),
			bom_id = NULL,
			deleted_at = ?
		WHERE id = ? AND deleted_at IS NULL
		RETURNING `+releaseColumns, retiredName(id), tx.now, id)
	if err == nil {
		_, err = tx.exec(ctx, `
			UPDATE bom
			SET state = 'DELETED'
			WHERE release_id = ?`, id)
	}
	if err == nil {
		err = tx.dropJobs(ctx, `job.bom_id IN (SELECT bom.id FROM bom WHERE bom.release_id = ?)`, id)
	}
	if err == nil {
		err = tx.FindingsChanged(ctx, []int64{r.ProjectID})
	}
	if err != nil {
		return Job{}, err
	}
	return tx.enqueueDelete(ctx, Retired{ReleaseID: id}, r.ProjectID)
}

// dropJobs cancels the open jobs that meet the condition. Those that run can no
// longer write.
func (tx *Tx) dropJobs(ctx context.Context, condition string, id int64) error {
	_, err := tx.exec(ctx, `
		UPDATE job
		SET
			state = 'CANCELLED',
			cancel_asked = TRUE,
			again = FALSE,
			finished_at = ?,
			lease_until = NULL,
			claim = claim + 1,
			revision = revision + 1
		WHERE
			id IN (SELECT job.id FROM job WHERE job.state IN ('QUEUED', 'RUNNING') AND `+condition+`)
			AND kind <> 'DELETE'`, tx.now, id)
	return err
}

func (tx *Tx) enqueueDelete(ctx context.Context, r Retired, projectID int64) (Job, error) {
	return tx.Enqueue(ctx, NewJob{Kind: KindDelete, ProjectID: projectID, Args: r, MaxAttempts: deleteAttempts})
}

// Clear removes what was retired, in many short transactions; progress hears of
// each how many rows are gone, of how many. It may be repeated after it was
// interrupted.
func (s *Store) Clear(ctx context.Context, args JSON, progress func(done, total int)) error {
	var r Retired
	err := json.Unmarshal(args, &r)
	if err == nil {
		err = s.clear(ctx, r, progress)
	}
	if err != nil {
		return fmt.Errorf("store: clear %s: %w", args, err)
	}
	return nil
}

func (s *Store) clear(ctx context.Context, r Retired, progress func(done, total int)) error {
	boms, err := s.retiredBoms(ctx, r)
	if err != nil {
		return err
	}
	total, done := 0, 0
	for _, b := range boms {
		total += b.rows()
	}
	for _, b := range boms {
		progress(done, total)
		err := s.clearBom(ctx, b.ID, func(n int) {
			done += n
			progress(done, max(done, total))
		})
		if err != nil {
			return err
		}
		err = s.InTx(ctx, func(tx *Tx) error {
			if _, err := tx.exec(ctx, `
				DELETE FROM bom
				WHERE id = ?`, b.ID); err != nil {
				return err
			}
			return tx.deleteUnusedDocuments(ctx, []string{b.Digest})
		})
		if err != nil {
			return err
		}
	}
	return s.clearReleases(ctx, r)
}

// rows is about how many rows a Bom has.
func (b Bom) rows() int { return b.ComponentCount + b.DependencyCount + b.WarningCount }

func (s *Store) retiredBoms(ctx context.Context, r Retired) ([]Bom, error) {
	return selectRows[Bom](ctx, s.conn, `
		SELECT `+bomColumns+`
		FROM release
		JOIN bom ON bom.release_id = release.id
		WHERE (release.project_id = ? OR release.id = ?) AND release.deleted_at IS NOT NULL
		ORDER BY bom.id`, r.ProjectID, r.ReleaseID)
}

// clearReleases removes retired releases, whose Boms are gone, and their project
// where that is retired too.
func (s *Store) clearReleases(ctx context.Context, r Retired) error {
	for deleted := int64(rowsPerTx); deleted == rowsPerTx; {
		err := s.InTx(ctx, func(tx *Tx) (err error) {
			deleted, err = tx.exec(ctx, `
				DELETE FROM release
				WHERE id IN (
					SELECT release.id
					FROM release
					WHERE (release.project_id = ? OR release.id = ?) AND release.deleted_at IS NOT NULL
					ORDER BY release.id
					LIMIT ?
				)`, r.ProjectID, r.ReleaseID, rowsPerTx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.InTx(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, `
			DELETE FROM project
			WHERE id = ? AND deleted_at IS NOT NULL`, r.ProjectID)
		return err
	})
}
