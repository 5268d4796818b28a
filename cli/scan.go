package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"loadline/enrich"
	"loadline/match"
	"loadline/mirror"
	"loadline/sbom"
	"loadline/store"
)

// Scan reports what affects the components of documents.
type Scan struct {
	Files      []string `arg:"" name:"file" help:"Bills of materials and lockfiles; - reads standard input." placeholder:"FILE"`
	Format     string   `help:"How to report: table, json, sarif (SARIF 2.1.0), cyclonedx (CycloneDX 1.6 with vulnerabilities) or openvex (OpenVEX 0.2.0)." enum:"table,json,sarif,cyclonedx,openvex" default:"table" env:"LOADLINE_FORMAT"`
	FailOn     string   `help:"Exit with 1 when a finding is at least this severe: low, medium, high, critical, or any. A finding that no record rates counts as severe enough." enum:"low,medium,high,critical,any" default:"any" env:"LOADLINE_FAIL_ON"`
	Database   string   `help:"Keep what upstreams answer in this SQLite file, for the next scan; by default nothing is kept." env:"LOADLINE_SCAN_DATABASE" placeholder:"FILE"`
	Advisories string   `help:"A mirror of OSV's bulk exports to match with: a directory or a URL." env:"LOADLINE_ADVISORIES" placeholder:"DIR|URL"`
	Upstreams
}

// Run scans the files. It returns ErrFindings when there is something to fail
// on, and another error when that cannot be told.
func (s Scan) Run(ctx context.Context, out Output) error {
	log := slog.New(slog.NewTextHandler(out.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	docs := make([]*sbom.Document, len(s.Files))
	for i, name := range s.Files {
		var err error
		if docs[i], err = readDocument(name); err != nil {
			return err
		}
		for _, w := range docs[i].Warnings {
			fmt.Fprintf(out.Stderr, "loadline: %s: %s: %s\n", name, w.Location, w.Message)
		}
	}
	file, clean, err := s.database()
	if err != nil {
		return err
	}
	defer clean()
	db, err := store.Open(ctx, store.Options{DSN: file, Logger: log, Now: time.Now})
	if err != nil {
		return fmt.Errorf("--database %s: %w", file, err)
	}
	defer db.Close()
	bar := newProgress(out.Stderr)
	defer bar.clear()
	if err := s.mirror(ctx, out, bar, db, docs); err != nil {
		return err
	}
	clients, _ := s.Connect(out.UserAgent, nil)
	facts := enrich.New(db, clients, time.Now, log)
	defer facts.Close()

	report := Report{progress: bar}
	for i, doc := range docs {
		if err := report.add(ctx, db, facts, s.Files[i], doc, s.Offline); err != nil {
			return fmt.Errorf("scan %s: %w", s.Files[i], err)
		}
	}
	bar.clear()
	if err := report.write(out, s.Format, time.Now().UTC()); err != nil {
		return fmt.Errorf("scan: write the report: %w", err)
	}
	return report.verdict(s.FailOn)
}

// mirror brings what the scan needs of the mirror into the database: all about
// the documents' ecosystems into one that is kept, else only what the documents
// can be affected by.
func (s Scan) mirror(ctx context.Context, out Output, bar *progress, db *store.Store, docs []*sbom.Document) error {
	if s.Advisories == "" {
		return nil
	}
	source, err := mirror.Open(s.Advisories, mirror.Options{UserAgent: out.UserAgent, Offline: s.Offline})
	if err != nil {
		return fmt.Errorf("--advisories: %w", err)
	}
	var targets []match.Target
	for _, doc := range docs {
		targets = append(targets, targetsOf(doc)...)
	}
	var result mirror.Result
	if s.Database == "" {
		bar.show("advisories", 0, 0, "records")
		result, err = source.Load(ctx, db, targets)
	} else {
		result, err = source.Sync(ctx, db, mirror.Request{Ecosystems: ecosystemsOf(targets), Progress: bar.ofMirror})
	}
	bar.clear()
	warn(out.Stderr, result)
	return err
}

// database is the file that the scan works in, and what tidies up after it.
func (s Scan) database() (file string, clean func(), err error) {
	if s.Database != "" {
		return s.Database, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "loadline-scan-")
	if err != nil {
		return "", nil, fmt.Errorf("scan: %w", err)
	}
	return filepath.Join(dir, "scan.db"), func() { os.RemoveAll(dir) }, nil
}

func readDocument(name string) (*sbom.Document, error) {
	content, err := readFile(name)
	if err != nil {
		return nil, err
	}
	doc, err := sbom.Parse(content, filepath.Base(name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

func readFile(name string) ([]byte, error) {
	var in io.Reader = os.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	content, err := io.ReadAll(io.LimitReader(in, sbom.MaxSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case len(content) > sbom.MaxSize:
		return nil, fmt.Errorf("%s: larger than %d bytes, the most that is read", name, sbom.MaxSize)
	}
	return content, nil
}

// ingest brings a document into the database, as a project of a name that nobody
// else has, and returns the id of its Bom. forget removes it; the facts that are
// learnt about it stay.
func ingest(ctx context.Context, db *store.Store, doc *sbom.Document) (bomID int64, forget func() error, err error) {
	name := "scan " + rand.Text()
	err = db.InTx(ctx, func(tx *store.Tx) error {
		bom, _, err := tx.AcceptBom(ctx, store.NewBom{Project: name, Release: name, Document: doc})
		bomID = bom.ID
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	forget = func() error { return remove(context.WithoutCancel(ctx), db, name) }
	if err := db.SaveComponents(ctx, bomID, doc, func(int, int) {}); err != nil {
		return 0, nil, errors.Join(err, forget())
	}
	err = db.InTx(ctx, func(tx *store.Tx) error { return tx.PublishBom(ctx, bomID) })
	if err != nil {
		return 0, nil, errors.Join(err, forget())
	}
	return bomID, forget, nil
}

func remove(ctx context.Context, db *store.Store, project string) error {
	projects, err := db.ProjectsByNames(ctx, []string{project})
	if err != nil || len(projects) == 0 {
		return err
	}
	return db.InTx(ctx, func(tx *store.Tx) error { return tx.DeleteProject(ctx, projects[0].ID) })
}

// pageSize is how many components are read and asked about at a time.
const pageSize = 1000

// eachPage calls visit with the Bom's components, a page at a time.
func eachPage(ctx context.Context, db *store.Store, bomID int64, visit func([]store.Component) error) error {
	page := store.Page{First: pageSize}
	for {
		slices, err := db.ComponentsOfBoms(ctx, []int64{bomID}, store.ComponentFilter{}, page)
		if err != nil {
			return err
		}
		s := slices[bomID]
		if err := visit(s.Rows); err != nil {
			return err
		}
		if !s.HasNext {
			return nil
		}
		page.After = s.Cursors[len(s.Cursors)-1]
	}
}

// worst are the states of a source by how little they can be relied on.
var worst = []enrich.State{enrich.NotApplicable, enrich.NotCovered, enrich.Fresh, enrich.Stale, enrich.Unavailable}

func worse(a, b enrich.State) bool { return slices.Index(worst, a) > slices.Index(worst, b) }
