package store

import (
	"context"
	"fmt"
	"time"
)

// Release is one version of a project.
type Release struct {
	ID, ProjectID int64
	Version       string
	CreatedAt     time.Time
	BomID         int64 // the current Bom; 0 before there is one
}

// ReleaseKey names a release by its project and version.
type ReleaseKey struct {
	ProjectID int64
	Version   string
}

const releaseColumns = `
	release.id,
	release.project_id,
	release.version,
	release.created_at,
	release.bom_id`

func (r *Release) columns() []any {
	return []any{&r.ID, &r.ProjectID, &r.Version, (*millis)(&r.CreatedAt), (*optionalID)(&r.BomID)}
}

// Ids grow: the newest release has the highest.
var releaseOrder = order{columns: []string{"release.id"}, down: true}

// ReleasesByIDs returns the releases that exist, in any order.
func (r reads) ReleasesByIDs(ctx context.Context, ids []int64) ([]Release, error) {
	releases, err := selectRows[Release](ctx, r.conn, `
		SELECT `+releaseColumns+`
		FROM release
		WHERE {{in release.id}} AND release.deleted_at IS NULL`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d releases by id: %w", len(ids), err)
	}
	return releases, nil
}

// ReleasesByVersions returns the releases that exist, in any order.
func (r reads) ReleasesByVersions(ctx context.Context, keys []ReleaseKey) ([]Release, error) {
	pairs := make([][2]any, len(keys))
	for i, k := range keys {
		pairs[i] = [2]any{k.ProjectID, k.Version}
	}
	releases, err := selectRows[Release](ctx, r.conn, `
		SELECT `+releaseColumns+`
		FROM {{pairs k project_id BIGINT version TEXT}}
		JOIN release ON release.project_id = k.project_id AND release.version = k.version`, pairs)
	if err != nil {
		return nil, fmt.Errorf("store: %d releases by version: %w", len(keys), err)
	}
	return releases, nil
}

// ReleasesOfProjects returns a page of each project's releases, the newest
// first, by project id.
func (r reads) ReleasesOfProjects(ctx context.Context, projectIDs []int64, p Page) (map[int64]Slice[Release], error) {
	c, err := p.cut(releaseOrder)
	if err != nil {
		return nil, fmt.Errorf("store: releases: %w", err)
	}
	releases, err := selectSlices(ctx, r.conn, p, projectIDs, below[Release],
		func(r *Release) []any { return []any{r.ID} }, c.in(`
		SELECT
			k.value, `+releaseColumns+`
		FROM {{numbers k}}
		{{pick release (id)}}
			SELECT release.id
			FROM release
			WHERE release.project_id = k.value AND release.deleted_at IS NULL {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY k.value, {{order}}`), c.below(projectIDs)...)
	if err != nil {
		return nil, fmt.Errorf("store: releases of %d projects: %w", len(projectIDs), err)
	}
	return releases, nil
}

// CountReleases returns how many releases each project has, by project id.
func (r reads) CountReleases(ctx context.Context, projectIDs []int64) (map[int64]int, error) {
	counts, err := selectMap[int64, int](ctx, r.conn, `
		SELECT
			release.project_id,
			COUNT(*)
		FROM release
		WHERE {{in release.project_id}} AND release.deleted_at IS NULL
		GROUP BY release.project_id`, projectIDs)
	if err != nil {
		return nil, fmt.Errorf("store: count releases of %d projects: %w", len(projectIDs), err)
	}
	return fill(counts, projectIDs), nil
}

// ReleaseTags returns the tags of releases, sorted, by release id.
func (r reads) ReleaseTags(ctx context.Context, ids []int64) (map[int64][]string, error) {
	tags, err := r.tags(ctx, `
		SELECT
			t.release_id,
			t.tag
		FROM release_tag AS t
		WHERE {{in t.release_id}}
		ORDER BY t.release_id, t.tag`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: tags of %d releases: %w", len(ids), err)
	}
	return tags, nil
}

// CreateRelease returns the new release, ErrNotFound if there is no such
// project, or ErrConflict if it has this version already.
func (tx *Tx) CreateRelease(ctx context.Context, projectID int64, version string, tags []string) (Release, error) {
	r, err := selectOne[Release](ctx, tx.conn, `
		INSERT INTO release (
			project_id,
			version,
			created_at
		)
		SELECT
			project.id,
			?,
			CAST(? AS BIGINT)
		FROM project
		WHERE project.id = ? AND project.deleted_at IS NULL
		RETURNING `+releaseColumns, version, tx.now, projectID)
	if err == nil {
		err = tx.insertReleaseTags(ctx, r.ID, tags)
	}
	if err != nil {
		return Release{}, fmt.Errorf("store: create release %q of project %d: %w", version, projectID, err)
	}
	return r, nil
}

// RenameRelease returns the renamed release, ErrNotFound, or ErrConflict if its
// project has this version already.
func (tx *Tx) RenameRelease(ctx context.Context, id int64, version string) (Release, error) {
	r, err := selectOne[Release](ctx, tx.conn, `
		UPDATE release
		SET version = ?
		WHERE id = ? AND deleted_at IS NULL
		RETURNING `+releaseColumns, version, id)
	if err != nil {
		return Release{}, fmt.Errorf("store: rename release %d to %q: %w", id, version, err)
	}
	return r, nil
}

// TagRelease replaces all tags and returns the release, or ErrNotFound.
func (tx *Tx) TagRelease(ctx context.Context, id int64, tags []string) (Release, error) {
	r, err := selectOne[Release](ctx, tx.conn, `
		SELECT `+releaseColumns+`
		FROM release
		WHERE release.id = ? AND release.deleted_at IS NULL`, id)
	if err == nil {
		_, err = tx.exec(ctx, `
			DELETE FROM release_tag
			WHERE release_id = ?`, id)
	}
	if err == nil {
		err = tx.insertReleaseTags(ctx, id, tags)
	}
	if err != nil {
		return Release{}, fmt.Errorf("store: tag release %d: %w", id, err)
	}
	return r, nil
}

func (tx *Tx) insertReleaseTags(ctx context.Context, id int64, tags []string) error {
	tags = distinct(tags)
	return tx.insert(ctx, `
		INSERT INTO release_tag (
			release_id,
			tag
		)
		VALUES {{rows}}`, len(tags), func(i int) []any { return []any{id, tags[i]} })
}

// DeleteRelease removes a release with its Boms, now and all at once:
// RetireRelease is for those that may be large. It returns ErrNotFound when there
// is none.
func (tx *Tx) DeleteRelease(ctx context.Context, id int64) error {
	digests, err := tx.digests(ctx, `
		SELECT DISTINCT bom.digest
		FROM bom
		WHERE bom.release_id = ?`, id)
	if err == nil {
		err = tx.execOne(ctx, `
			DELETE FROM release
			WHERE id = ?`, id)
	}
	if err == nil {
		err = tx.deleteUnusedDocuments(ctx, digests)
	}
	if err != nil {
		return fmt.Errorf("store: delete release %d: %w", id, err)
	}
	return nil
}
