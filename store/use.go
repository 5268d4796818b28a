package store

import (
	"context"
	"fmt"
)

// Use is a component, as far as what affects it goes by it.
type Use struct {
	BomID            int64
	Seq              int
	PackageVersionID int64 // 0 without a version or a valid purl
	Direct           *bool
}

func (u *Use) columns() []any {
	return []any{&u.BomID, &u.Seq, (*optionalID)(&u.PackageVersionID), &u.Direct}
}

const useColumns = `
	component.bom_id,
	component.seq,
	component.package_version_id,
	component.direct`

// UsesInBoms returns every component of the Boms that are READY, by Bom id and
// place.
func (r reads) UsesInBoms(ctx context.Context, bomIDs []int64) ([]Use, error) {
	uses, err := selectRows[Use](ctx, r.conn, `
		SELECT `+useColumns+`
		FROM {{numbers k}}
		JOIN bom ON bom.id = k.value AND bom.state = 'READY'
		JOIN component ON component.bom_id = bom.id
		ORDER BY component.bom_id, component.seq`, bomIDs)
	if err != nil {
		return nil, fmt.Errorf("store: components of %d boms: %w", len(bomIDs), err)
	}
	return uses, nil
}

// UsesOfVersions returns every component of current Boms that is one of the
// package versions, by Bom id and place.
func (r reads) UsesOfVersions(ctx context.Context, versionIDs []int64) ([]Use, error) {
	uses, err := selectRows[Use](ctx, r.conn, `
		SELECT `+useColumns+`
		FROM {{numbers k}}
		JOIN component ON component.package_version_id = k.value
		JOIN release ON release.bom_id = component.bom_id
		ORDER BY component.bom_id, component.seq`, distinct(versionIDs))
	if err != nil {
		return nil, fmt.Errorf("store: components of %d package versions: %w", len(versionIDs), err)
	}
	return uses, nil
}

// CurrentRelease is a release with its current Bom.
type CurrentRelease struct {
	ID, ProjectID int64
	Project       string // its name
	Version       string
	BomID         int64
}

func (r *CurrentRelease) columns() []any {
	return []any{&r.ID, &r.ProjectID, &r.Project, &r.Version, &r.BomID}
}

const currentReleaseColumns = `
	release.id,
	release.project_id,
	project.name,
	release.version,
	release.bom_id`

// CurrentReleases returns every release that has a Bom, by project name and id.
func (r reads) CurrentReleases(ctx context.Context) ([]CurrentRelease, error) {
	releases, err := selectRows[CurrentRelease](ctx, r.conn, `
		SELECT `+currentReleaseColumns+`
		FROM release
		JOIN project ON project.id = release.project_id
		WHERE release.bom_id IS NOT NULL
		ORDER BY project.name, release.id`)
	if err != nil {
		return nil, fmt.Errorf("store: current releases: %w", err)
	}
	return releases, nil
}

// LatestReleases returns of each project the release whose current Bom was
// ingested last, for those that have one, in any order.
func (r reads) LatestReleases(ctx context.Context, projectIDs []int64) ([]Release, error) {
	releases, err := selectRows[Release](ctx, r.conn, `
		SELECT `+releaseColumns+`
		FROM release
		WHERE release.bom_id IN (
			SELECT MAX(release.bom_id)
			FROM release
			WHERE {{in release.project_id}}
			GROUP BY release.project_id
		)`, projectIDs)
	if err != nil {
		return nil, fmt.Errorf("store: latest releases of %d projects: %w", len(projectIDs), err)
	}
	return releases, nil
}
