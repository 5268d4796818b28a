package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"time"
)

// Export is a document that was asked for.
type Export struct {
	JobID                int64
	FileName, MediaType  string
	Size                 int64  // bytes of Content
	Content              []byte // nil where only the rest was asked for
	CreatedAt, ExpiresAt time.Time
}

// SaveExport keeps an export, in the place of an earlier one of the same job, for
// as long as it is to be kept.
func (s *Store) SaveExport(ctx context.Context, e Export, keep time.Duration) error {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(e.Content)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("store: compress export: %w", err)
	}
	err = s.InTx(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, `
			INSERT INTO export (
				job_id,
				file_name,
				media_type,
				size,
				content,
				created_at,
				expires_at
			)
			VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (job_id) DO UPDATE
			SET
				file_name = excluded.file_name,
				media_type = excluded.media_type,
				size = excluded.size,
				content = excluded.content,
				created_at = excluded.created_at,
				expires_at = excluded.expires_at`,
			e.JobID, e.FileName, e.MediaType, len(e.Content), packed.Bytes(), tx.now, tx.now.Add(keep))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: save export of job %d: %w", e.JobID, err)
	}
	return nil
}

// ExportsOfJobs returns the exports of those jobs that have one that has not
// expired, without their contents, in any order.
func (r reads) ExportsOfJobs(ctx context.Context, jobIDs []int64) ([]Export, error) {
	exports, err := selectInto(ctx, r.conn, func(e *Export) []any {
		return []any{&e.JobID, &e.FileName, &e.MediaType, &e.Size, (*millis)(&e.CreatedAt), (*millis)(&e.ExpiresAt)}
	}, `
		SELECT
			export.job_id,
			export.file_name,
			export.media_type,
			export.size,
			export.created_at,
			export.expires_at
		FROM export
		WHERE {{in export.job_id}} AND export.expires_at > ?`, jobIDs, r.clock())
	if err != nil {
		return nil, fmt.Errorf("store: exports of %d jobs: %w", len(jobIDs), err)
	}
	return exports, nil
}

// Export returns the export of a job, with its content, or ErrNotFound when it has
// none that has not expired.
func (r reads) Export(ctx context.Context, jobID int64) (Export, error) {
	exports, err := r.ExportsOfJobs(ctx, []int64{jobID})
	if err == nil && len(exports) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Export{}, fmt.Errorf("store: export of job %d: %w", jobID, err)
	}
	e := exports[0]
	packed, err := selectInto(ctx, r.conn, func(b *[]byte) []any { return []any{b} }, `
		SELECT export.content
		FROM export
		WHERE export.job_id = ?`, jobID)
	if err == nil && len(packed) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Export{}, fmt.Errorf("store: export of job %d: %w", jobID, err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed[0]))
	if err == nil {
		e.Content, err = io.ReadAll(z)
	}
	if err != nil {
		return Export{}, fmt.Errorf("store: unpack export of job %d: %w", jobID, err)
	}
	return e, nil
}

// prunedPerTx is how many rows a transaction prunes.
const prunedPerTx = 500

// Prune removes exports that have expired, and jobs that ended before the time,
// but for those that say what became of an upload. It returns how many rows it
// removed.
func (s *Store) Prune(ctx context.Context, before time.Time) (int, error) {
	exports, err := s.prune(ctx, s.clock(), `
		DELETE FROM export
		WHERE job_id IN (
			SELECT export.job_id
			FROM export
			WHERE export.expires_at <= ?
			ORDER BY export.expires_at
			LIMIT ?
		)`)
	if err != nil {
		return exports, fmt.Errorf("store: prune exports: %w", err)
	}
	jobs, err := s.prune(ctx, before, `
		DELETE FROM job
		WHERE id IN (
			SELECT job.id
			FROM job
			WHERE job.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED') AND job.finished_at <= ? AND job.kind <> 'INGEST_BOM'
			ORDER BY job.id
			LIMIT ?
		)`)
	if err != nil {
		return exports + jobs, fmt.Errorf("store: prune jobs: %w", err)
	}
	return exports + jobs, nil
}

// prune runs a statement until there is nothing left for it to delete.
func (s *Store) prune(ctx context.Context, before time.Time, stmt string) (pruned int, err error) {
	for n := int64(prunedPerTx); n == prunedPerTx; pruned += int(n) {
		err := s.InTx(ctx, func(tx *Tx) (err error) {
			tx.hush()
			n, err = tx.exec(ctx, stmt, before, prunedPerTx)
			return err
		})
		if err != nil {
			return pruned, err
		}
	}
	return pruned, nil
}

// DependenciesOfBom returns all dependencies of a Bom as places of components, by
// the one that depends.
func (r reads) DependenciesOfBom(ctx context.Context, bomID int64) ([][2]int, error) {
	edges, err := selectInto(ctx, r.conn, func(e *[2]int) []any { return []any{&e[0], &e[1]} }, `
		SELECT
			d.from_seq,
			d.to_seq
		FROM dependency AS d
		WHERE d.bom_id = ?
		ORDER BY d.from_seq, d.to_seq`, bomID)
	if err != nil {
		return nil, fmt.Errorf("store: dependencies of bom %d: %w", bomID, err)
	}
	return edges, nil
}

// ComponentsOfBom returns all components of a Bom that is READY, in the order of
// the document.
func (r reads) ComponentsOfBom(ctx context.Context, bomID int64) ([]Component, error) {
	components, err := selectRows[Component](ctx, r.conn, `
		SELECT `+componentColumns+`
		FROM bom
		JOIN component ON component.bom_id = bom.id
		WHERE bom.id = ? AND bom.state = 'READY'
		ORDER BY component.seq`, bomID)
	if err != nil {
		return nil, fmt.Errorf("store: all components of bom %d: %w", bomID, err)
	}
	return components, nil
}
