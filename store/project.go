package store

import (
	"context"
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

// ProjectsByIDs returns the projects that exist, in any order.
func (r reads) ProjectsByIDs(ctx context.Context, ids []int64) ([]Project, error) {
	return nil, errNotBuilt
}

// ProjectsByNames returns the projects that exist, in any order.
func (r reads) ProjectsByNames(ctx context.Context, names []string) ([]Project, error) {
	return nil, errNotBuilt
}

// Projects returns a page of all projects that pass the filter, by name.
func (r reads) Projects(ctx context.Context, f ProjectFilter, p Page) (Slice[Project], error) {
	return Slice[Project]{}, errNotBuilt
}

// CountProjects returns how many projects pass the filter.
func (r reads) CountProjects(ctx context.Context, f ProjectFilter) (int, error) {
	return 0, errNotBuilt
}

// ProjectTags returns the tags of projects, sorted, by project id.
func (r reads) ProjectTags(ctx context.Context, ids []int64) (map[int64][]string, error) {
	return nil, errNotBuilt
}

// CreateProject returns the new project, or ErrConflict if the name is taken.
func (tx *Tx) CreateProject(ctx context.Context, name string, tags []string) (Project, error) {
	return Project{}, errNotBuilt
}

// RenameProject returns the renamed project, ErrNotFound, or ErrConflict if the
// name is taken.
func (tx *Tx) RenameProject(ctx context.Context, id int64, name string) (Project, error) {
	return Project{}, errNotBuilt
}

// TagProject replaces all tags and returns the project, or ErrNotFound.
func (tx *Tx) TagProject(ctx context.Context, id int64, tags []string) (Project, error) {
	return Project{}, errNotBuilt
}

// DeleteProject removes a project with its releases and their Boms. It returns
// ErrNotFound when there is none.
func (tx *Tx) DeleteProject(ctx context.Context, id int64) error { return errNotBuilt }
