package store

import (
	"context"
	"time"

	"loadline/sbom"
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

// NewBom is a document to accept, and the release that it describes.
type NewBom struct {
	Project, Release     string
	Content              []byte
	FileName, IngestedBy string
	Document             *sbom.Document // Content, read: for the metadata
}

// BomsByIDs returns the Boms that exist, in any order.
func (r reads) BomsByIDs(ctx context.Context, ids []int64) ([]Bom, error) { return nil, errNotBuilt }

// BomsOfReleases returns a page of each release's Boms, the newest first, by
// release id.
func (r reads) BomsOfReleases(ctx context.Context, releaseIDs []int64, p Page) (map[int64]Slice[Bom], error) {
	return nil, errNotBuilt
}

// CountBoms returns how many Boms each release has, by release id.
func (r reads) CountBoms(ctx context.Context, releaseIDs []int64) (map[int64]int, error) {
	return nil, errNotBuilt
}

// BomDocument returns the document as it was uploaded, or ErrNotFound.
func (r reads) BomDocument(ctx context.Context, bomID int64) ([]byte, error) {
	return nil, errNotBuilt
}

// WarningsOfBoms returns a page of each Bom's warnings, in the order of the
// document, by Bom id.
func (r reads) WarningsOfBoms(ctx context.Context, bomIDs []int64, p Page) (map[int64]Slice[Warning], error) {
	return nil, errNotBuilt
}

// CountWarnings returns how many warnings each Bom has, by Bom id.
func (r reads) CountWarnings(ctx context.Context, bomIDs []int64) (map[int64]int, error) {
	return nil, errNotBuilt
}

// AcceptBom keeps a document and enqueues the INGEST_BOM job that brings it in.
// Project and release are created where they are missing.
func (tx *Tx) AcceptBom(ctx context.Context, b NewBom) (Bom, Job, error) {
	return Bom{}, Job{}, errNotBuilt
}

// SaveComponents writes what the document says, in many short transactions;
// progress, which may be nil, hears of each. It may be repeated after it was
// interrupted. Nobody sees the components before PublishBom. It returns
// ErrNotFound when the Bom is gone.
func (s *Store) SaveComponents(ctx context.Context, bomID int64, doc *sbom.Document, progress func(done, total int)) error {
	return errNotBuilt
}

// PublishBom makes a Bom READY, and its release's current one unless a later
// Bom already is. It returns ErrNotFound when the Bom is gone.
func (tx *Tx) PublishBom(ctx context.Context, bomID int64) error { return errNotBuilt }

// FailBom makes a Bom FAILED. It returns ErrNotFound when the Bom is gone.
func (tx *Tx) FailBom(ctx context.Context, bomID int64) error { return errNotBuilt }
