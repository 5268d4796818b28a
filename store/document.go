package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"loadline/sbom"
)

// ingestAttempts is how often a document is tried before it is given up. A try
// whose process is killed counts: a server that is killed again and again must not
// lose uploads, and one that a document kills must get rid of it.
const ingestAttempts = 25

// NewBom is a document to accept, and the release that it describes.
type NewBom struct {
	Project, Release     string
	Content              []byte // as uploaded
	FileName, IngestedBy string
	Document             *sbom.Document // Content, read: for the metadata

	digest string
	packed []byte
}

// Pack does ahead what AcceptBom otherwise does inside its transaction, while
// nobody else can write: compress Content. It takes about a second for 100 MB.
func (b *NewBom) Pack() error {
	sum := sha256.Sum256(b.Content)
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err == nil {
		_, err = w.Write(b.Content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("store: compress document: %w", err)
	}
	b.digest, b.packed = hex.EncodeToString(sum[:]), packed.Bytes()
	return nil
}

// AcceptBom keeps a document and enqueues the INGEST_BOM job that brings it in.
// Project and release are created where they are missing. The Bom is PENDING.
func (tx *Tx) AcceptBom(ctx context.Context, n NewBom) (Bom, Job, error) {
	b, job, err := tx.acceptBom(ctx, n)
	if err != nil {
		return Bom{}, Job{}, fmt.Errorf("store: accept bom of release %q of project %q: %w", n.Release, n.Project, err)
	}
	return b, job, nil
}

func (tx *Tx) acceptBom(ctx context.Context, n NewBom) (Bom, Job, error) {
	if n.packed == nil {
		if err := n.Pack(); err != nil {
			return Bom{}, Job{}, err
		}
	}
	release, err := tx.ensureRelease(ctx, n.Project, n.Release)
	if err != nil {
		return Bom{}, Job{}, err
	}
	tx.touchProject(release.ProjectID)
	_, err = tx.exec(ctx, `
		INSERT INTO document (
			digest,
			content
		)
		VALUES (?, ?)
		ON CONFLICT (digest) DO NOTHING`, n.digest, n.packed)
	if err != nil {
		return Bom{}, Job{}, err
	}
	d := n.Document
	b, err := selectOne[Bom](ctx, tx.conn, `
		INSERT INTO bom (
			release_id,
			state,
			format,
			spec_version,
			encoding,
			tool,
			digest,
			size,
			file_name,
			ingested_by,
			documented_at,
			ingested_at
		)
		VALUES (?, 'PENDING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING `+bomColumns,
		release.ID, d.Format, d.SpecVersion, d.Encoding, d.Tool,
		n.digest, len(n.Content), n.FileName, n.IngestedBy, d.DocumentedAt, tx.now)
	if err != nil {
		return Bom{}, Job{}, err
	}
	job, err := tx.Enqueue(ctx, NewJob{Kind: KindIngestBom, BomID: b.ID, ProjectID: release.ProjectID, MaxAttempts: ingestAttempts})
	if err != nil {
		return Bom{}, Job{}, err
	}
	b.JobID = job.ID
	return b, job, tx.execOne(ctx, `
		UPDATE bom
		SET job_id = ?
		WHERE id = ?`, b.JobID, b.ID)
}

// ensureRelease returns a release, which it creates, with its project, where it
// is missing.
func (tx *Tx) ensureRelease(ctx context.Context, project, version string) (Release, error) {
	_, err := tx.exec(ctx, `
		INSERT INTO project (
			name,
			folded,
			created_at,
			updated_at
		)
		VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO NOTHING`, project, strings.ToLower(project), tx.now, tx.now)
	if err != nil {
		return Release{}, err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO release (
			project_id,
			version,
			created_at
		)
		SELECT
			project.id,
			?,
			?
		FROM project
		WHERE project.name = ?
		ON CONFLICT (project_id, version) DO NOTHING`, version, tx.now, project)
	if err != nil {
		return Release{}, err
	}
	return selectOne[Release](ctx, tx.conn, `
		SELECT `+releaseColumns+`
		FROM project
		JOIN release ON release.project_id = project.id
		WHERE project.name = ? AND release.version = ?`, project, version)
}

// BomDocument returns the document as it was uploaded, or ErrNotFound.
func (r reads) BomDocument(ctx context.Context, bomID int64) ([]byte, error) {
	rows, err := selectInto(ctx, r.conn, func(b *[]byte) []any { return []any{b} }, `
		SELECT d.content
		FROM bom
		JOIN document AS d ON d.digest = bom.digest
		WHERE bom.id = ?`, bomID)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("store: document of bom %d: %w", bomID, err)
	}
	z, err := gzip.NewReader(bytes.NewReader(rows[0]))
	if err != nil {
		return nil, fmt.Errorf("store: unpack document of bom %d: %w", bomID, err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("store: unpack document of bom %d: %w", bomID, err)
	}
	return content, nil
}

// digests returns the rows of a statement whose one column is a digest.
func (tx *Tx) digests(ctx context.Context, stmt string, id int64) ([]string, error) {
	return selectInto(ctx, tx.conn, func(d *string) []any { return []any{d} }, stmt, id)
}

// deleteUnusedDocuments removes those of the documents that no Bom uses.
func (tx *Tx) deleteUnusedDocuments(ctx context.Context, digests []string) error {
	_, err := tx.exec(ctx, `
		DELETE FROM document
		WHERE {{in digest}} AND NOT EXISTS (
			SELECT 1
			FROM bom
			WHERE bom.digest = document.digest
		)`, digests)
	return err
}
