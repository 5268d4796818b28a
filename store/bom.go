package store

import (
	"context"
	"fmt"
	"time"
)

// The states of a Bom.
const (
	BomPending = "PENDING"
	BomReady   = "READY"
	BomFailed  = "FAILED"
)

// Bom is one ingested document.
type Bom struct {
	ID, ReleaseID, JobID            int64
	State                           string
	Format, SpecVersion, Encoding   string
	Tool, Digest, FileName          string
	IngestedBy                      string
	Size                            int64 // bytes, as uploaded
	DocumentedAt, IngestedAt        time.Time
	ComponentCount, DependencyCount int // 0 until READY
	WarningCount                    int
}

// Warning is an entry of a Bom's document that could not be used as it stood.
type Warning struct {
	BomID                   int64
	Seq                     int
	Code, Location, Message string
}

const bomColumns = `
	bom.id,
	bom.release_id,
	bom.job_id,
	bom.state,
	bom.format,
	bom.spec_version,
	bom.encoding,
	bom.tool,
	bom.digest,
	bom.file_name,
	bom.ingested_by,
	bom.size,
	bom.documented_at,
	bom.ingested_at,
	bom.component_count,
	bom.dependency_count,
	bom.warning_count`

func (b *Bom) columns() []any {
	return []any{
		&b.ID,
		&b.ReleaseID,
		(*optionalID)(&b.JobID),
		&b.State,
		&b.Format,
		&b.SpecVersion,
		&b.Encoding,
		&b.Tool,
		&b.Digest,
		&b.FileName,
		&b.IngestedBy,
		&b.Size,
		(*millis)(&b.DocumentedAt),
		(*millis)(&b.IngestedAt),
		&b.ComponentCount,
		&b.DependencyCount,
		&b.WarningCount,
	}
}

func (w *Warning) columns() []any {
	return []any{&w.BomID, &w.Seq, &w.Code, &w.Location, &w.Message}
}

// Ids grow: the newest Bom has the highest.
var (
	bomOrder     = order{columns: []string{"bom.id"}, down: true}
	warningOrder = order{columns: []string{"bom_warning.seq"}}
)

// BomsByIDs returns the Boms that exist, in any order.
func (r reads) BomsByIDs(ctx context.Context, ids []int64) ([]Bom, error) {
	boms, err := selectRows[Bom](ctx, r.conn, `
		SELECT `+bomColumns+`
		FROM bom
		WHERE {{in bom.id}} AND bom.state <> 'DELETED'`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d boms by id: %w", len(ids), err)
	}
	return boms, nil
}

// BomsOfReleases returns a page of each release's Boms, the newest first, by
// release id.
func (r reads) BomsOfReleases(ctx context.Context, releaseIDs []int64, p Page) (map[int64]Slice[Bom], error) {
	c, err := p.cut(bomOrder)
	if err != nil {
		return nil, fmt.Errorf("store: boms: %w", err)
	}
	boms, err := selectSlices(ctx, r.conn, p, releaseIDs, below[Bom],
		func(b *Bom) []any { return []any{b.ID} }, c.in(`
		SELECT
			k.value, `+bomColumns+`
		FROM {{numbers k}}
		{{pick bom (id)}}
			SELECT bom.id
			FROM bom
			WHERE bom.release_id = k.value {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY k.value, {{order}}`), c.below(releaseIDs)...)
	if err != nil {
		return nil, fmt.Errorf("store: boms of %d releases: %w", len(releaseIDs), err)
	}
	return boms, nil
}

// CountBoms returns how many Boms each release has, by release id.
func (r reads) CountBoms(ctx context.Context, releaseIDs []int64) (map[int64]int, error) {
	counts, err := selectMap[int64, int](ctx, r.conn, `
		SELECT
			bom.release_id,
			COUNT(*)
		FROM bom
		WHERE {{in bom.release_id}}
		GROUP BY bom.release_id`, releaseIDs)
	if err != nil {
		return nil, fmt.Errorf("store: count boms of %d releases: %w", len(releaseIDs), err)
	}
	return fill(counts, releaseIDs), nil
}

// WarningsOfBoms returns a page of each Bom's warnings, in the order of the
// document, by Bom id.
func (r reads) WarningsOfBoms(ctx context.Context, bomIDs []int64, p Page) (map[int64]Slice[Warning], error) {
	c, err := p.cut(warningOrder)
	if err != nil {
		return nil, fmt.Errorf("store: warnings: %w", err)
	}
	warnings, err := selectSlices(ctx, r.conn, p, bomIDs, below[Warning],
		func(w *Warning) []any { return []any{w.Seq} }, c.in(`
		SELECT
			bom.id,
			bom_warning.bom_id,
			bom_warning.seq,
			bom_warning.code,
			bom_warning.location,
			bom_warning.message
		FROM {{numbers k}}
		JOIN bom ON bom.id = k.value AND bom.state = 'READY'
		{{pick bom_warning (bom_id, seq)}}
			SELECT
				bom_warning.bom_id,
				bom_warning.seq
			FROM bom_warning
			WHERE bom_warning.bom_id = bom.id {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		{{end}}
		ORDER BY bom.id, {{order}}`), c.below(bomIDs)...)
	if err != nil {
		return nil, fmt.Errorf("store: warnings of %d boms: %w", len(bomIDs), err)
	}
	return warnings, nil
}

// CountWarnings returns how many warnings each Bom has, by Bom id.
func (r reads) CountWarnings(ctx context.Context, bomIDs []int64) (map[int64]int, error) {
	counts, err := selectMap[int64, int](ctx, r.conn, `
		SELECT
			bom.id,
			bom.warning_count
		FROM bom
		WHERE {{in bom.id}}`, bomIDs)
	if err != nil {
		return nil, fmt.Errorf("store: count warnings of %d boms: %w", len(bomIDs), err)
	}
	return fill(counts, bomIDs), nil
}

// PublishBom makes a Bom READY, and its release's current one unless a later
// Bom already is. It returns ErrNotFound when the Bom is gone.
func (tx *Tx) PublishBom(ctx context.Context, bomID int64) error {
	b, err := selectOne[Bom](ctx, tx.conn, `
		UPDATE bom
		SET
			state = 'READY',
			component_count = (SELECT COUNT(*) FROM component WHERE component.bom_id = bom.id),
			dependency_count = (SELECT COUNT(*) FROM dependency AS d WHERE d.bom_id = bom.id),
			warning_count = (SELECT COUNT(*) FROM bom_warning WHERE bom_warning.bom_id = bom.id)
		WHERE id = ? AND state <> 'DELETED'
		RETURNING `+bomColumns, bomID)
	if err != nil {
		return fmt.Errorf("store: publish bom %d: %w", bomID, err)
	}
	r, err := selectOne[Release](ctx, tx.conn, `
		UPDATE release
		SET bom_id = CASE WHEN bom_id > ? THEN bom_id ELSE ? END
		WHERE id = ?
		RETURNING `+releaseColumns, b.ID, b.ID, b.ReleaseID)
	if err != nil {
		return fmt.Errorf("store: publish bom %d: %w", bomID, err)
	}
	tx.touchProject(r.ProjectID)
	return nil
}

// FailBom makes a Bom FAILED, unless it is READY already. It returns
// ErrNotFound when the Bom is gone.
func (tx *Tx) FailBom(ctx context.Context, bomID int64) error {
	tx.touch(TopicShipped)
	err := tx.execOne(ctx, `
		UPDATE bom
		SET state = CASE state WHEN 'READY' THEN state ELSE 'FAILED' END
		WHERE id = ? AND state <> 'DELETED'`, bomID)
	if err != nil {
		return fmt.Errorf("store: fail bom %d: %w", bomID, err)
	}
	return nil
}

// ReopenBom makes a Bom that is FAILED PENDING again. It returns ErrNotFound when
// there is no such Bom.
func (tx *Tx) ReopenBom(ctx context.Context, bomID int64) error {
	tx.touch(TopicShipped)
	err := tx.execOne(ctx, `
		UPDATE bom
		SET state = 'PENDING'
		WHERE id = ? AND state = 'FAILED'`, bomID)
	if err != nil {
		return fmt.Errorf("store: reopen bom %d: %w", bomID, err)
	}
	return nil
}
