package store

import (
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"time"

	"loadline/advisory"
)

// The kinds of Change.
const (
	ChangeNew     = "NEW"     // it affects the version from now on
	ChangeChanged = "CHANGED" // it still does, and is rated or fixed in another way
	ChangeGone    = "GONE"    // it does no longer
)

// Change is what a sync has changed about a package version.
type Change struct {
	ID               int64
	At               time.Time
	PackageVersionID int64
	AdvisoryID       string
	Kind             string
	FixedIn          string // after the change
	PURL             string // of the version; only read
}

const changeColumns = `
	mirror_change.id,
	mirror_change.changed_at,
	mirror_change.package_version_id,
	mirror_change.advisory_id,
	mirror_change.kind,
	mirror_change.fixed_in,
	package_version.purl`

var changeOrder = order{columns: []string{"mirror_change.id"}, down: true}

func (c *Change) columns() []any {
	return []any{&c.ID, (*millis)(&c.At), &c.PackageVersionID, &c.AdvisoryID, &c.Kind, &c.FixedIn, &c.PURL}
}

func (c *Change) key() []any { return []any{c.ID} }

// Revision is what a record said about a package before or after a change.
type Revision struct {
	RecordID   int64
	AdvisoryID string
	Package    AdvisoryPackage
	Affected   []advisory.Affected
	After      bool
}

// ChangedAdvisories returns the ids of the records that the published generation
// has changed, in alphabetical order.
func (st *Staging) ChangedAdvisories(ctx context.Context) ([]string, error) {
	ids, err := selectInto(ctx, st.store.conn, func(id *string) []any { return []any{id} }, `
		SELECT r.advisory_id
		FROM mirror_record AS r
		WHERE r.dump_id = ? AND r.since = ?
		UNION
		SELECT r.advisory_id
		FROM mirror_record AS r
		WHERE r.dump_id = ? AND r.until = ?
		ORDER BY 1`, st.dump.ID, st.dump.Generation, st.dump.ID, st.dump.Generation)
	if err != nil {
		return nil, fmt.Errorf("store: changed records of %s: %w", st.dump.Ecosystem, err)
	}
	return ids, nil
}

// Revisions returns what the records said about packages before the published
// generation, and what they say in it, in any order.
func (st *Staging) Revisions(ctx context.Context, advisoryIDs []string) ([]Revision, error) {
	type row struct {
		Revision
		affected []byte
	}
	rows, err := selectInto(ctx, st.store.conn, func(v *row) []any {
		return []any{&v.RecordID, &v.AdvisoryID, &v.Package.Ecosystem, &v.Package.Name, &v.affected, &v.After}
	}, `
		SELECT
			r.id,
			r.advisory_id,
			m.ecosystem,
			m.name,
			m.affected,
			r.since = ?
		FROM mirror_record AS r
		JOIN mirror_key AS m ON m.record_id = r.id
		WHERE {{in r.advisory_id}} AND r.dump_id = ? AND (r.since = ? OR r.until = ?)`,
		st.dump.Generation, advisoryIDs, st.dump.ID, st.dump.Generation, st.dump.Generation)
	if err != nil {
		return nil, fmt.Errorf("store: revisions of %d records: %w", len(advisoryIDs), err)
	}
	revisions := make([]Revision, len(rows))
	for i, v := range rows {
		revisions[i] = v.Revision
		if revisions[i].Affected, err = decodeAffected(v.affected); err != nil {
			return nil, fmt.Errorf("store: mirrored record %s: %w", v.AdvisoryID, err)
		}
	}
	return revisions, nil
}

// Documents returns the records in OSV's JSON, by RecordID.
func (st *Staging) Documents(ctx context.Context, recordIDs []int64) (map[int64][]byte, error) {
	documents, err := selectMap[int64, []byte](ctx, st.store.conn, `
		SELECT
			c.record_id,
			c.content
		FROM mirror_document AS c
		WHERE {{in c.record_id}}`, recordIDs)
	if err != nil {
		return nil, fmt.Errorf("store: %d mirrored documents: %w", len(recordIDs), err)
	}
	inflate := newInflater()
	for id, content := range documents {
		if documents[id], err = inflate.all(content); err != nil {
			return nil, fmt.Errorf("store: mirrored document %d: %w", id, err)
		}
	}
	return documents, nil
}

// SaveChanges notes what the published generation has changed. Noting it again
// changes nothing.
func (st *Staging) SaveChanges(ctx context.Context, changes []Change) error {
	changes = lastByKey(changes, func(c Change) [2]any { return [2]any{c.PackageVersionID, c.AdvisoryID} })
	versions := make([]int64, len(changes))
	for i, c := range changes {
		versions[i] = c.PackageVersionID
	}
	err := st.store.inSync(ctx, st.epoch, func(tx *Tx) error {
		tx.touch(TopicShipped)
		if err := tx.FindingsOfVersionsChanged(ctx, versions); err != nil {
			return err
		}
		return tx.insert(ctx, `
			INSERT INTO mirror_change (
				dump_id,
				generation,
				changed_at,
				package_version_id,
				advisory_id,
				kind,
				fixed_in
			)
			VALUES {{rows}}
			ON CONFLICT (package_version_id, advisory_id, dump_id, generation) DO NOTHING`, len(changes), func(i int) []any {
			c := changes[i]
			return []any{st.dump.ID, st.dump.Generation, tx.now, c.PackageVersionID, c.AdvisoryID, c.Kind, c.FixedIn}
		})
	})
	if err != nil {
		return fmt.Errorf("store: save %d changes: %w", len(changes), err)
	}
	return nil
}

// EndRematch notes that all changes of the published generation are saved.
func (st *Staging) EndRematch(ctx context.Context) error {
	err := st.store.inSync(ctx, st.epoch, func(tx *Tx) error {
		return tx.execOne(ctx, `
			UPDATE mirror_dump
			SET rematched = generation
			WHERE id = ?`, st.dump.ID)
	})
	if err != nil {
		return fmt.Errorf("store: end rematch of %s: %w", st.dump.Ecosystem, err)
	}
	st.dump.Rematched = st.dump.Generation
	return nil
}

// ChangesOfReleases returns a page of the changes about the package versions of
// each release's current Bom, the last first; by release id.
func (r reads) ChangesOfReleases(ctx context.Context, releaseIDs []int64, p Page) (map[int64]Slice[Change], error) {
	c, err := p.cut(changeOrder)
	if err != nil {
		return nil, fmt.Errorf("store: changes: %w", err)
	}
	changes, err := selectSlices(ctx, r.conn, p, releaseIDs, below[Change], (*Change).key, c.in(`
		SELECT
			k.value, `+changeColumns+`
		FROM {{numbers k}}
		{{pick mirror_change (id)}}
			SELECT mirror_change.id
			FROM mirror_change
			WHERE mirror_change.package_version_id IN (
				SELECT component.package_version_id
				FROM component
				JOIN release ON release.bom_id = component.bom_id
				WHERE release.id = k.value
			) {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		JOIN package_version ON package_version.id = mirror_change.package_version_id
		ORDER BY k.value, {{order}}`), c.below(releaseIDs)...)
	if err != nil {
		return nil, fmt.Errorf("store: changes of %d releases: %w", len(releaseIDs), err)
	}
	return changes, nil
}

// CountChanges returns how many changes ChangesOfReleases has on all pages, by
// release id.
func (r reads) CountChanges(ctx context.Context, releaseIDs []int64) (map[int64]int, error) {
	counts, err := selectMap[int64, int](ctx, r.conn, `
		SELECT
			k.value,
			(
				SELECT COUNT(*)
				FROM mirror_change
				WHERE mirror_change.package_version_id IN (
					SELECT component.package_version_id
					FROM component
					JOIN release ON release.bom_id = component.bom_id
					WHERE release.id = k.value
				)
			)
		FROM {{numbers k}}`, releaseIDs)
	if err != nil {
		return nil, fmt.Errorf("store: count changes of %d releases: %w", len(releaseIDs), err)
	}
	return counts, nil
}

// ReleaseChange counts what has changed about a release.
type ReleaseChange struct {
	ReleaseID          int64
	Project, Version   string
	New, Changed, Gone int
}

// ReleaseChanges counts the changes after the one with the id, for each release
// whose current Bom has a version that they are about, by project and version.
func (r reads) ReleaseChanges(ctx context.Context, afterID int64) ([]ReleaseChange, error) {
	changes, err := selectInto(ctx, r.conn, func(c *ReleaseChange) []any {
		return []any{&c.ReleaseID, &c.Project, &c.Version, &c.New, &c.Changed, &c.Gone}
	}, `
		SELECT
			release.id,
			project.name,
			release.version,
			COUNT(*) FILTER (WHERE c.kind = 'NEW'),
			COUNT(*) FILTER (WHERE c.kind = 'CHANGED'),
			COUNT(*) FILTER (WHERE c.kind = 'GONE')
		FROM (
			SELECT DISTINCT
				component.bom_id,
				mirror_change.id,
				mirror_change.kind
			FROM mirror_change
			JOIN component ON component.package_version_id = mirror_change.package_version_id
			WHERE mirror_change.id > ?
		) AS c
		JOIN release ON release.bom_id = c.bom_id
		JOIN project ON project.id = release.project_id
		GROUP BY release.id, project.name, release.version
		ORDER BY project.name, release.version`, afterID)
	if err != nil {
		return nil, fmt.Errorf("store: changes of releases: %w", err)
	}
	return changes, nil
}

// LastChange returns the id of the last change, 0 before the first.
func (r reads) LastChange(ctx context.Context) (int64, error) {
	n, err := selectNumber(ctx, r.conn, `
		SELECT COALESCE(MAX(mirror_change.id), 0)
		FROM mirror_change`)
	if err != nil {
		return 0, fmt.Errorf("store: last change: %w", err)
	}
	return int64(n), nil
}

// inflater reads deflated documents.
type inflater struct{ r io.ReadCloser }

func newInflater() inflater { return inflater{flate.NewReader(nil)} }

func (i inflater) all(content []byte) ([]byte, error) {
	if err := i.r.(flate.Resetter).Reset(bytes.NewReader(content), nil); err != nil {
		return nil, err
	}
	return io.ReadAll(i.r)
}
