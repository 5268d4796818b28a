package store

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Project is something that is shipped.
type Project struct {
	ID                   int64
	Name                 string
	CreatedAt, UpdatedAt time.Time
}

// ProjectFilter keeps projects that pass each condition that is not empty.
type ProjectFilter struct {
	NameContains string // in any letter case
	Tag          string
}

const projectColumns = `
	project.id,
	project.name,
	project.created_at,
	project.updated_at`

func (p *Project) columns() []any {
	return []any{&p.ID, &p.Name, (*millis)(&p.CreatedAt), (*millis)(&p.UpdatedAt)}
}

var projectOrder = order{columns: []string{"project.name"}, texts: 1}

// ProjectsByIDs returns the projects that exist, in any order.
func (r reads) ProjectsByIDs(ctx context.Context, ids []int64) ([]Project, error) {
	projects, err := selectRows[Project](ctx, r.conn, `
		SELECT `+projectColumns+`
		FROM project
		WHERE {{in project.id}} AND project.deleted_at IS NULL`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d projects by id: %w", len(ids), err)
	}
	return projects, nil
}

// ProjectsByNames returns the projects that exist, in any order.
func (r reads) ProjectsByNames(ctx context.Context, names []string) ([]Project, error) {
	projects, err := selectRows[Project](ctx, r.conn, `
		SELECT `+projectColumns+`
		FROM project
		WHERE {{in project.name}}`, names)
	if err != nil {
		return nil, fmt.Errorf("store: %d projects by name: %w", len(names), err)
	}
	return projects, nil
}

// Projects returns a page of all projects that pass the filter, by name.
func (r reads) Projects(ctx context.Context, f ProjectFilter, p Page) (Slice[Project], error) {
	c, err := p.cut(projectOrder)
	if err != nil {
		return Slice[Project]{}, fmt.Errorf("store: projects: %w", err)
	}
	where, args := f.where()
	rows, err := selectRows[Project](ctx, r.conn, c.in(`
		SELECT `+projectColumns+`
		FROM project
		WHERE project.id IN (
			SELECT project.id
			FROM project
			WHERE project.deleted_at IS NULL `+where+` {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		)
		ORDER BY {{order}}`), append(args, c.args...)...)
	if err != nil {
		return Slice[Project]{}, fmt.Errorf("store: projects: %w", err)
	}
	return slice(p, rows, func(p *Project) []any { return []any{p.Name} })
}

// CountProjects returns how many projects pass the filter.
func (r reads) CountProjects(ctx context.Context, f ProjectFilter) (int, error) {
	where, args := f.where()
	n, err := selectNumber(ctx, r.conn, `
		SELECT COUNT(*)
		FROM project
		WHERE project.deleted_at IS NULL `+where, args...)
	if err != nil {
		return 0, fmt.Errorf("store: count projects: %w", err)
	}
	return n, nil
}

// where returns the filter as conditions on p.
func (f ProjectFilter) where() (string, []any) {
	var where string
	var args []any
	if f.NameContains != "" {
		where += ` AND project.folded LIKE ? ESCAPE '\'`
		args = append(args, containing(strings.ToLower(f.NameContains)))
	}
	if f.Tag != "" {
		where += ` AND EXISTS (SELECT 1 FROM project_tag AS t WHERE t.project_id = project.id AND t.tag = ?)`
		args = append(args, f.Tag)
	}
	return where, args
}

// containing returns the pattern for LIKE that any text with part in it matches.
func containing(part string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(part) + "%"
}

// ProjectTags returns the tags of projects, sorted, by project id.
func (r reads) ProjectTags(ctx context.Context, ids []int64) (map[int64][]string, error) {
	tags, err := r.tags(ctx, `
		SELECT
			t.project_id,
			t.tag
		FROM project_tag AS t
		WHERE {{in t.project_id}}
		ORDER BY t.project_id, t.tag`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: tags of %d projects: %w", len(ids), err)
	}
	return tags, nil
}

// tags returns the rows of a statement whose columns are an id and a tag.
func (r reads) tags(ctx context.Context, stmt string, ids []int64) (map[int64][]string, error) {
	rows, err := selectInto(ctx, r.conn, func(v *child[int64, string]) []any {
		return []any{&v.parent, &v.row}
	}, stmt, ids)
	if err != nil {
		return nil, err
	}
	tags := make(map[int64][]string, len(ids))
	for _, row := range rows {
		tags[row.parent] = append(tags[row.parent], row.row)
	}
	return tags, nil
}

// CreateProject returns the new project, or ErrConflict if the name is taken.
func (tx *Tx) CreateProject(ctx context.Context, name string, tags []string) (Project, error) {
	p, err := selectOne[Project](ctx, tx.conn, `
		INSERT INTO project (
			name,
			folded,
			created_at,
			updated_at
		)
		VALUES (?, ?, ?, ?)
		RETURNING `+projectColumns, name, strings.ToLower(name), tx.now, tx.now)
	if err == nil {
		err = tx.insertProjectTags(ctx, p.ID, tags)
	}
	if err != nil {
		return Project{}, fmt.Errorf("store: create project %q: %w", name, err)
	}
	return p, nil
}

// RenameProject returns the renamed project, ErrNotFound, or ErrConflict if the
// name is taken.
func (tx *Tx) RenameProject(ctx context.Context, id int64, name string) (Project, error) {
	p, err := selectOne[Project](ctx, tx.conn, `
		UPDATE project
		SET
			name = ?,
			folded = ?,
			updated_at = ?
		WHERE id = ? AND deleted_at IS NULL
		RETURNING `+projectColumns, name, strings.ToLower(name), tx.now, id)
	if err != nil {
		return Project{}, fmt.Errorf("store: rename project %d to %q: %w", id, name, err)
	}
	return p, nil
}

// TagProject replaces all tags and returns the project, or ErrNotFound.
func (tx *Tx) TagProject(ctx context.Context, id int64, tags []string) (Project, error) {
	p, err := selectOne[Project](ctx, tx.conn, `
		UPDATE project
		SET updated_at = ?
		WHERE id = ? AND deleted_at IS NULL
		RETURNING `+projectColumns, tx.now, id)
	if err == nil {
		_, err = tx.exec(ctx, `
			DELETE FROM project_tag
			WHERE project_id = ?`, id)
	}
	if err == nil {
		err = tx.insertProjectTags(ctx, id, tags)
	}
	if err != nil {
		return Project{}, fmt.Errorf("store: tag project %d: %w", id, err)
	}
	return p, nil
}

func (tx *Tx) insertProjectTags(ctx context.Context, id int64, tags []string) error {
	tags = distinct(tags)
	return tx.insert(ctx, `
		INSERT INTO project_tag (
			project_id,
			tag
		)
		VALUES {{rows}}`, len(tags), func(i int) []any { return []any{id, tags[i]} })
}

// DeleteProject removes a project with its releases and their Boms, now and all
// at once: RetireProject is for those that may be large. It returns ErrNotFound
// when there is none.
func (tx *Tx) DeleteProject(ctx context.Context, id int64) error {
	digests, err := tx.digests(ctx, `
		SELECT DISTINCT bom.digest
		FROM release
		JOIN bom ON bom.release_id = release.id
		WHERE release.project_id = ?`, id)
	if err == nil {
		err = tx.execOne(ctx, `
			DELETE FROM project
			WHERE id = ?`, id)
	}
	if err == nil {
		err = tx.deleteUnusedDocuments(ctx, digests)
	}
	if err != nil {
		return fmt.Errorf("store: delete project %d: %w", id, err)
	}
	return nil
}
