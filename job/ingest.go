package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"loadline/background"
	"loadline/sbom"
	"loadline/spool"
	"loadline/store"
)

const (
	// MaxNameLength is the longest project name and release version, in characters.
	MaxNameLength = 200
	// maxHandedOver bounds how many documents wait in memory, already read, for
	// the job that writes them; others are read again from the store.
	maxHandedOver = 8
	// handedOverFor is how long they wait: their job may have been deleted.
	handedOverFor = time.Minute
	// turnWithin is how long an upload waits for others to be read.
	turnWithin = 30 * time.Second
)

// Ingest takes documents in and brings them into the database.
type Ingest struct {
	store    *store.Store
	lane     *background.Lane
	maxSize  int64
	saved    func(ctx context.Context, bomID int64) error
	accepted func()
	refresh  bool // ask the sources once a Bom is ready

	// reading bounds how many documents are read at once, and so the memory
	// that takes.
	reading chan struct{}

	mu   sync.Mutex
	read map[int64]*sbom.Document
}

// NewIngest returns an Ingest that refuses documents of more than maxSize bytes
// and has at most readers of them in memory to read them. Reading and writing go
// by the lane. It calls saved, which may be nil, with each Bom whose components
// are stored, before anybody sees it.
func NewIngest(s *store.Store, lane *background.Lane, maxSize int64, readers int, saved func(ctx context.Context, bomID int64) error) *Ingest {
	if saved == nil {
		saved = func(context.Context, int64) error { return nil }
	}
	return &Ingest{
		store:    s,
		lane:     lane,
		maxSize:  maxSize,
		saved:    saved,
		accepted: func() {},
		reading:  make(chan struct{}, readers),
		read:     make(map[int64]*sbom.Document),
	}
}

// Upload is a document that somebody wants to have ingested.
type Upload struct {
	Project, Release string
	Content          io.Reader
	Size             int64 // of Content in bytes, where it is known
	FileName         string
	By               string
}

// Refusal says why an upload was not accepted.
type Refusal struct {
	Field   string // "project", "release" or "document"
	Code    string // INVALID, UNSUPPORTED_FORMAT, MALFORMED_DOCUMENT, TOO_LARGE, TOO_SLOW or BUSY
	Message string
}

func (r *Refusal) Error() string { return r.Message }

// Receive is Accept for a document that is still on its way. All of it is kept in
// the space before it takes its turn, so that who sends slowly keeps nobody waiting.
func (i *Ingest) Receive(ctx context.Context, space *spool.Spool, u Upload) (store.Bom, store.Job, error) {
	if err := i.check(&u); err != nil {
		return store.Bom{}, store.Job{}, err
	}
	sent := space.Content(u.Size)
	defer sent.Close()
	size, err := sent.ReadFrom(io.LimitReader(u.Content, i.maxSize+1))
	switch {
	case errors.Is(err, spool.ErrFull):
		return store.Bom{}, store.Job{}, &Refusal{Field: "document", Code: "BUSY", Message: "the uploads that are being sent take all the space that the server has for them; try again in a moment"}
	case errors.Is(err, spool.ErrDisk):
		return store.Bom{}, store.Job{}, fmt.Errorf("ingest: receive: %w", err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return store.Bom{}, store.Job{}, &Refusal{Field: "document", Code: "TOO_SLOW", Message: "the document came too slowly"}
	case err != nil:
		return store.Bom{}, store.Job{}, &Refusal{Field: "document", Code: "INVALID", Message: "the document did not arrive whole"}
	}
	u.Content, u.Size = sent.Section(0, size), size
	return i.Accept(ctx, u)
}

// Accept reads a document that is at hand and, if it can be used, stores it
// together with the job that brings it in. Nothing changes when it returns an
// error; a *Refusal says what is wrong with the upload. It waits for its turn before
// it reads.
func (i *Ingest) Accept(ctx context.Context, u Upload) (store.Bom, store.Job, error) {
	if err := i.check(&u); err != nil {
		return store.Bom{}, store.Job{}, err
	}
	accepted, err := i.prepare(ctx, u)
	if err != nil {
		return store.Bom{}, store.Job{}, err
	}
	var bom store.Bom
	var j store.Job
	err = i.lane.Do(ctx, func(func()) error {
		return i.store.InTx(ctx, func(tx *store.Tx) error {
			bom, j, err = tx.AcceptBom(ctx, accepted)
			return err
		})
	})
	if err != nil {
		return store.Bom{}, store.Job{}, fmt.Errorf("ingest: accept: %w", err)
	}
	i.handOver(bom.ID, accepted.Document)
	i.accepted()
	return bom, j, nil
}

// check normalises the names of an upload, and refuses what can be told before its
// document is read.
func (i *Ingest) check(u *Upload) error {
	u.Project, u.Release = NormalName(u.Project), NormalName(u.Release)
	if err := checkName("project", u.Project); err != nil {
		return err
	}
	if err := checkName("release", u.Release); err != nil {
		return err
	}
	if u.Size > i.maxSize {
		return i.tooLarge()
	}
	return nil
}

// prepare makes a document ready to be stored.
func (i *Ingest) prepare(ctx context.Context, u Upload) (store.NewBom, error) {
	leave, err := i.takeTurn(ctx)
	if err != nil {
		return store.NewBom{}, err
	}
	defer leave()
	content, err := i.readAll(u.Content)
	if err != nil {
		return store.NewBom{}, err
	}
	accepted := store.NewBom{
		Project:    u.Project,
		Release:    u.Release,
		Content:    content,
		FileName:   u.FileName,
		IngestedBy: u.By,
	}
	err = i.lane.Do(ctx, func(func()) error {
		if accepted.Document, err = parse(content, u.FileName); err != nil {
			return err
		}
		if err := accepted.Pack(); err != nil {
			return fmt.Errorf("ingest: %w", err)
		}
		return nil
	})
	return accepted, err
}

// takeTurn waits until a document may be read. It bounds how many are in memory.
func (i *Ingest) takeTurn(ctx context.Context) (leave func(), err error) {
	select {
	case i.reading <- struct{}{}:
		return func() { <-i.reading }, nil
	default:
	}
	patience := time.NewTimer(turnWithin)
	defer patience.Stop()
	select {
	case i.reading <- struct{}{}:
		return func() { <-i.reading }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-patience.C:
		return nil, &Refusal{
			Field:   "document",
			Code:    "BUSY",
			Message: fmt.Sprintf("the server has been reading other documents for %s; try again in a moment", turnWithin),
		}
	}
}

func (i *Ingest) readAll(r io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, i.maxSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("ingest: read: %w", err)
	case int64(len(content)) > i.maxSize:
		return nil, i.tooLarge()
	}
	return content, nil
}

func (i *Ingest) tooLarge() error {
	return &Refusal{
		Field:   "document",
		Code:    "TOO_LARGE",
		Message: fmt.Sprintf("the document is larger than %d bytes, the most that this server accepts", i.maxSize),
	}
}

// parse reads a document; a *Refusal says what is wrong with it.
func parse(content []byte, name string) (*sbom.Document, error) {
	doc, err := sbom.Parse(content, name)
	var bad *sbom.Error
	if errors.As(err, &bad) {
		return nil, &Refusal{Field: "document", Code: string(bad.Code), Message: bad.Error()}
	}
	return doc, err
}

func (i *Ingest) handOver(bomID int64, doc *sbom.Document) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.read) >= maxHandedOver {
		return
	}
	i.read[bomID] = doc
	time.AfterFunc(handedOverFor, func() { i.takeOver(bomID) })
}

func (i *Ingest) takeOver(bomID int64) *sbom.Document {
	i.mu.Lock()
	defer i.mu.Unlock()
	doc := i.read[bomID]
	delete(i.read, bomID)
	return doc
}

// Run writes the components of the job's Bom, which nobody sees until Finish.
func (i *Ingest) Run(ctx context.Context, t Task) error {
	bomID := t.Job.BomID
	doc := i.takeOver(bomID)
	if doc == nil {
		t.Report(store.JobProgress{Stage: "document", Message: "reading the document"})
		boms, err := i.store.BomsByIDs(ctx, []int64{bomID})
		if err != nil {
			return err
		}
		if len(boms) == 0 {
			return permanent{errors.New("the Bom has been deleted")}
		}
		content, err := i.store.BomDocument(ctx, bomID)
		if err != nil {
			return err
		}
		if doc, err = i.parseInTurn(ctx, content, boms[0].FileName); err != nil {
			return err
		}
	}
	return i.lane.Do(ctx, func(pause func()) error {
		err := t.Store.SaveComponents(ctx, bomID, doc, func(done, total int) {
			t.Report(store.JobProgress{
				Stage:   "components",
				Done:    done,
				Total:   total,
				Message: fmt.Sprintf("%d of %d components and dependencies written", done, total),
			})
			pause()
		})
		if err != nil {
			return fmt.Errorf("ingest: save components: %w", err)
		}
		return i.saved(ctx, bomID)
	})
}

// parseInTurn reads a document that has been accepted before.
func (i *Ingest) parseInTurn(ctx context.Context, content []byte, name string) (*sbom.Document, error) {
	select {
	case i.reading <- struct{}{}:
		defer func() { <-i.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var doc *sbom.Document
	err := i.lane.Do(ctx, func(func()) (err error) {
		doc, err = parse(content, name)
		return err
	})
	var bad *Refusal
	if errors.As(err, &bad) {
		err = permanent{err}
	}
	return doc, err
}

// Finish makes the Bom visible.
func (i *Ingest) Finish(ctx context.Context, tx *store.Tx, j store.Job) error {
	if err := tx.PublishBom(ctx, j.BomID); err != nil {
		return err
	}
	if err := tx.FindingsChanged(ctx, []int64{j.ProjectID}); err != nil || !i.refresh {
		return err
	}
	boms, err := tx.BomsByIDs(ctx, []int64{j.BomID})
	if err != nil || len(boms) == 0 {
		return err
	}
	_, err = tx.Enqueue(ctx, refreshOf(boms[0], j.ProjectID))
	return err
}

// Abandon marks the Bom as failed.
func (i *Ingest) Abandon(ctx context.Context, tx *store.Tx, j store.Job) error {
	return tx.FailBom(ctx, j.BomID)
}

// Reopen has the Bom wait again.
func (i *Ingest) Reopen(ctx context.Context, tx *store.Tx, j store.Job) error {
	return tx.ReopenBom(ctx, j.BomID)
}

// checkName refuses project names and release versions that nobody could use.
func checkName(field, name string) error {
	if problem := NameProblem(name); problem != "" {
		return &Refusal{Field: field, Code: "INVALID", Message: fmt.Sprintf("%s %s", field, problem)}
	}
	return nil
}

// NameProblem says what is wrong with the name of a project or the version of a
// release; it is empty when nothing is.
func NameProblem(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "must not be empty"
	case !utf8.ValidString(name):
		return "must be text in UTF-8"
	case strings.ContainsFunc(name, isUnseen):
		r, _ := utf8.DecodeRuneInString(name[strings.IndexFunc(name, isUnseen):])
		return fmt.Sprintf("must not contain %U: characters that cannot be seen make two names look alike", r)
	case utf8.RuneCountInString(name) > MaxNameLength:
		return fmt.Sprintf("must have at most %d characters, not %d", MaxNameLength, utf8.RuneCountInString(name))
	case strings.TrimSpace(name) != name:
		return "must not start or end with a space"
	}
	return ""
}

// isUnseen says whether a character controls how text is shown, or has no form.
func isUnseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

// NormalName is the one way that a name is written of those that look the same
// (Unicode's form NFC). All that takes names from outside uses it.
func NormalName(name string) string { return norm.NFC.String(name) }
