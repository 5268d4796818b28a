package store

import (
	"context"
	"fmt"
	"time"

	"loadline/advisory"
)

// Dump is what is held of a mirror's records about one ecosystem.
type Dump struct {
	ID                         int64
	Ecosystem                  string    // the folder in the mirror
	Generation                 int64     // 0: it has never been whole, and says nothing
	Source                     string    // the mirror it came from
	ETag, LastModified, Digest string    // of the archive
	ListETag, ListModified     string    // of the list of changes
	Newest                     time.Time // up to when that has been followed
	AsOf, SyncedAt             time.Time // when the mirror held this; when the two were last compared
	Records, Skipped           int
	Rematched                  int64 // the generation whose changes have been noted
}

const dumpColumns = `
	mirror_dump.id,
	mirror_dump.ecosystem,
	mirror_dump.generation,
	mirror_dump.source,
	mirror_dump.etag,
	mirror_dump.last_modified,
	mirror_dump.digest,
	mirror_dump.list_etag,
	mirror_dump.list_modified,
	mirror_dump.newest,
	mirror_dump.as_of,
	mirror_dump.synced_at,
	mirror_dump.records,
	mirror_dump.skipped,
	mirror_dump.rematched`

func (d *Dump) columns() []any {
	return []any{
		&d.ID,
		&d.Ecosystem,
		&d.Generation,
		&d.Source,
		&d.ETag,
		&d.LastModified,
		&d.Digest,
		&d.ListETag,
		&d.ListModified,
		(*millis)(&d.Newest),
		(*millis)(&d.AsOf),
		(*millis)(&d.SyncedAt),
		&d.Records,
		&d.Skipped,
		&d.Rematched,
	}
}

// MirroredAdvisory is a record of the mirror.
type MirroredAdvisory struct {
	ID       string
	Modified time.Time
	AsOf     time.Time // when the mirror held it
	Document []byte    // the record in OSV's JSON
}

// Candidate is a record that is about a package, and what it says about it.
type Candidate struct {
	Package  AdvisoryPackage
	ID       string
	Modified time.Time
	Affected []advisory.Affected // of the package alone, without severity
}

// View reads one state of the database, whatever is written meanwhile.
type View struct{ reads }

// View calls do with one state of the database.
func (s *Store) View(ctx context.Context, do func(View) error) error {
	db, err := s.readers.BeginTxx(ctx, s.engine.view)
	if err != nil {
		return fmt.Errorf("store: begin view: %w", err)
	}
	defer func() { _ = db.Rollback() }()
	v := View{s.reads}
	v.db = db
	return do(v)
}

// Dumps returns what is held of the mirror, by ecosystem.
func (r reads) Dumps(ctx context.Context) ([]Dump, error) {
	dumps, err := selectRows[Dump](ctx, r.conn, `
		SELECT `+dumpColumns+`
		FROM mirror_dump
		ORDER BY mirror_dump.ecosystem`)
	if err != nil {
		return nil, fmt.Errorf("store: mirrored dumps: %w", err)
	}
	return dumps, nil
}

// visible are the records that a dump's generation holds.
const visible = `r.since <= d.generation AND r.until > d.generation`

// Candidates returns the mirror's records that are about the packages, as
// match.Keys names these, in any order. Withdrawn records are none.
func (r reads) Candidates(ctx context.Context, packages []AdvisoryPackage) ([]Candidate, error) {
	type row struct {
		Candidate
		affected []byte
	}
	rows, err := selectInto(ctx, r.conn, func(v *row) []any {
		return []any{&v.Package.Ecosystem, &v.Package.Name, &v.ID, (*millis)(&v.Modified), &v.affected}
	}, `
		SELECT
			k.ecosystem,
			k.name,
			r.advisory_id,
			r.modified,
			m.affected
		FROM {{pairs k ecosystem TEXT name TEXT}}
		CROSS JOIN mirror_key AS m
		JOIN mirror_record AS r ON r.id = m.record_id
		JOIN mirror_dump AS d ON d.id = r.dump_id AND `+visible+`
		WHERE m.ecosystem = k.ecosystem AND m.name = k.name`, packagePairs(packages))
	if err != nil {
		return nil, fmt.Errorf("store: mirrored records about %d packages: %w", len(packages), err)
	}
	candidates := make([]Candidate, len(rows))
	for i, v := range rows {
		candidates[i] = v.Candidate
		if candidates[i].Affected, err = decodeAffected(v.affected); err != nil {
			return nil, fmt.Errorf("store: mirrored record %s: %w", v.ID, err)
		}
	}
	return candidates, nil
}

func packagePairs(packages []AdvisoryPackage) [][2]any {
	pairs := make([][2]any, len(packages))
	for i, p := range packages {
		pairs[i] = [2]any{p.Ecosystem, p.Name}
	}
	return pairs
}

// MirroredLinks returns the ids together with all ids that the mirror's records
// connect them to, directly or through others, in any order.
func (r reads) MirroredLinks(ctx context.Context, ids []string) ([]string, error) {
	linked, err := selectInto(ctx, r.conn, func(id *string) []any { return []any{id} }, `
		WITH RECURSIVE linked (member) AS (
			SELECT k.value
			FROM {{texts k}}
			UNION
			SELECT o.member
			FROM linked
			CROSS JOIN mirror_member AS m
			JOIN mirror_record AS r ON r.id = m.record_id
			JOIN mirror_dump AS d ON d.id = r.dump_id AND `+visible+`
			JOIN mirror_member AS o ON o.record_id = m.record_id
			WHERE m.member = linked.member
		)
		SELECT linked.member
		FROM linked`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: mirrored links of %d ids: %w", len(ids), err)
	}
	return linked, nil
}

// MirroredAdvisories returns the mirror's records with the ids, the newest of
// each, in any order.
func (r reads) MirroredAdvisories(ctx context.Context, ids []string) ([]MirroredAdvisory, error) {
	rows, err := selectInto(ctx, r.conn, func(a *MirroredAdvisory) []any {
		return []any{&a.ID, (*millis)(&a.Modified), (*millis)(&a.AsOf), &a.Document}
	}, `
		SELECT
			r.advisory_id,
			r.modified,
			d.as_of,
			c.content
		FROM mirror_record AS r
		JOIN mirror_dump AS d ON d.id = r.dump_id AND `+visible+`
		JOIN mirror_document AS c ON c.record_id = r.id
		WHERE {{in r.advisory_id}}
		ORDER BY r.modified`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d mirrored records by id: %w", len(ids), err)
	}
	rows = lastByKey(rows, func(a MirroredAdvisory) string { return a.ID })
	inflate := newInflater()
	for i := range rows {
		if rows[i].Document, err = inflate.all(rows[i].Document); err != nil {
			return nil, fmt.Errorf("store: mirrored record %s: %w", rows[i].ID, err)
		}
	}
	return rows, nil
}

// UsedEcosystems returns the ecosystems of all package versions, without
// release, in alphabetical order.
func (r reads) UsedEcosystems(ctx context.Context) ([]string, error) {
	used, err := selectInto(ctx, r.conn, func(e *string) []any { return []any{e} }, `
		SELECT DISTINCT p.ecosystem
		FROM package AS p
		WHERE p.ecosystem <> ''
		ORDER BY p.ecosystem`)
	if err != nil {
		return nil, fmt.Errorf("store: used ecosystems: %w", err)
	}
	return used, nil
}
