package mirror

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"loadline/store"
)

// recordsPerTx is how many records one write transaction brings: it keeps other
// writers waiting for less than a tenth of a second.
const recordsPerTx = 500

// shownProblems bounds how many problems of a dump are described.
const shownProblems = 20

// Request says what to sync.
type Request struct {
	// Ecosystems are the dumps to bring; those that the mirror does not have are
	// reported as failed.
	Ecosystems []string
	// Progress hears of every step; it may be nil.
	Progress func(Progress)
}

// Progress is how far a sync is.
type Progress struct {
	Part        string // an ecosystem, or the name of a file
	Done, Total int    // records of the part
}

// Result is what a sync did.
type Result struct {
	Dumps []DumpResult // in the order of Request.Ecosystems
	Files []FileResult
}

// DumpResult is what a sync did for an ecosystem.
type DumpResult struct {
	Ecosystem               string
	Unchanged               bool
	Records                 int // after the sync
	Added, Changed, Removed int
	Skipped                 int       // records that could not be read
	Problems                []Problem // the first of these
	Err                     error     // nil, or why what was held before is still held
	Took                    time.Duration
}

// Problem is a record that could not be read.
type Problem struct {
	Record string
	Err    error
}

// FileResult is what a sync did for one of the files beside the dumps.
type FileResult struct {
	Name      string
	Unchanged bool
	Missing   bool // the mirror does not have it
	Records   int
	Skipped   int
	Err       error
}

// Failed returns the errors of all parts, as one.
func (r Result) Failed() error {
	var errs []error
	for _, d := range r.Dumps {
		if d.Err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", d.Ecosystem, d.Err))
		}
	}
	for _, f := range r.Files {
		if f.Err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", f.Name, f.Err))
		}
	}
	return errors.Join(errs...)
}

// Sync brings a mirror into the store. What fails is in the Result, and leaves
// what was held before; the error is of the store or of ctx, and of a sync that a
// newer one has taken over from (store.ErrSyncTaken).
func (m *Mirror) Sync(ctx context.Context, s *store.Store, req Request) (Result, error) {
	epoch, err := s.BeginSync(ctx)
	if err != nil {
		return Result{}, err
	}
	run := &syncing{mirror: m, store: s, epoch: epoch, progress: req.Progress}
	if run.progress == nil {
		run.progress = func(Progress) {}
	}
	var result Result
	for _, ecosystem := range req.Ecosystems {
		began := time.Now()
		d, err := run.dump(ctx, ecosystem)
		d.Took = time.Since(began)
		result.Dumps = append(result.Dumps, d)
		if err != nil {
			return result, fmt.Errorf("sync %s: %w", ecosystem, err)
		}
	}
	return result, run.besides(ctx, &result, run.scores, run.catalogue, run.endsOfLife)
}

// besides syncs files beside the dumps.
func (r *syncing) besides(ctx context.Context, result *Result, files ...func(context.Context) (FileResult, error)) error {
	for _, sync := range files {
		f, err := sync(ctx)
		if err != nil {
			return fmt.Errorf("sync %s: %w", f.Name, err)
		}
		result.Files = append(result.Files, f)
	}
	return nil
}

// syncing is one run of Sync.
type syncing struct {
	mirror   *Mirror
	store    *store.Store
	epoch    int64
	progress func(Progress)
	cves     map[string]bool // the ids whose scores are wanted; nil: all
}

// dump syncs an ecosystem. The error is of the store or of ctx.
func (r *syncing) dump(ctx context.Context, ecosystem string) (DumpResult, error) {
	res := DumpResult{Ecosystem: ecosystem}
	if !isFolder(ecosystem) {
		res.Err = fmt.Errorf("%q is not the name of an ecosystem", ecosystem)
		return res, nil
	}
	r.progress(Progress{Part: ecosystem})
	st, err := r.store.StageDump(ctx, r.epoch, ecosystem)
	if err != nil {
		return res, err
	}
	var known validators
	if d := st.Dump(); d.Generation > 0 && d.Source == r.mirror.name {
		known = validators{d.ETag, d.LastModified}
	}
	a, err := r.mirror.openArchive(ctx, ecosystem, known)
	switch {
	case errors.Is(err, errUnchanged):
		return r.confirm(ctx, st, res)
	case ctx.Err() != nil:
		return res, ctx.Err()
	case err != nil:
		res.Err = err
		return res, nil
	}
	defer a.Close()
	d := store.Dump{Source: r.mirror.name, ETag: a.ETag, LastModified: a.LastModified, AsOf: a.asOf}
	if d.Digest, err = a.digest(); err != nil {
		res.Err = err
		return res, nil
	}
	if err := r.archive(ctx, st, a, &res); err != nil {
		return res, err
	}
	d.Skipped = res.Skipped
	return r.publish(ctx, st, d, res)
}

// confirm notes that the mirror still has what is held.
func (r *syncing) confirm(ctx context.Context, st *store.Staging, res DumpResult) (DumpResult, error) {
	if st.Leftover {
		if err := st.Discard(ctx); err != nil {
			return res, err
		}
	}
	d := st.Dump()
	if asOf, ok := r.mirror.files.stillAsOf(); ok {
		d.AsOf = asOf
	}
	p, err := st.Publish(ctx, d, false)
	if err != nil {
		return res, err
	}
	res.Unchanged, res.Records, res.Skipped = true, p.Dump.Records, p.Dump.Skipped
	return res, nil
}

func (r *syncing) publish(ctx context.Context, st *store.Staging, d store.Dump, res DumpResult) (DumpResult, error) {
	p, err := st.Publish(ctx, d, true)
	if err != nil {
		return res, err
	}
	res.Records, res.Added, res.Changed, res.Removed = p.Dump.Records, p.Added, p.Changed, p.Removed
	return res, st.Clean(ctx)
}

// archive stages the records of an archive that are not as they were.
func (r *syncing) archive(ctx context.Context, st *store.Staging, a *archive, res *DumpResult) error {
	var wanted []int
	for i, f := range a.records {
		if !st.Has(idOf(f), f.CRC32, int64(f.UncompressedSize64)) {
			wanted = append(wanted, i)
		}
	}
	total := len(a.records)
	done := total - len(wanted)
	r.progress(Progress{res.Ecosystem, done, total})
	batch := make([]store.MirrorRecord, 0, recordsPerTx)
	put := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := st.Put(ctx, batch)
		done += len(batch)
		batch = batch[:0]
		r.progress(Progress{res.Ecosystem, done, total})
		return err
	}
	err := unpackAll(ctx, a, wanted, res.Ecosystem, func(f unpacked) error {
		if f.err != nil {
			st.Keep(f.id)
			res.skip(f.id, f.err)
			done++
			return nil
		}
		batch = append(batch, f.record)
		if len(batch) < recordsPerTx {
			return nil
		}
		return put()
	})
	if err != nil {
		return err
	}
	return put()
}

func (d *DumpResult) skip(record string, err error) {
	d.Skipped++
	if len(d.Problems) < shownProblems {
		d.Problems = append(d.Problems, Problem{record, err})
	}
}

// unpacked is what became of one file of an archive.
type unpacked struct {
	id     string
	record store.MirrorRecord
	err    error
}

// unpackAll reads files of an archive, on all processors, and hands them to take
// one at a time, in any order.
func unpackAll(ctx context.Context, a *archive, wanted []int, ecosystem string, take func(unpacked) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make(chan unpacked, 64)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(wanted)) {
		workers.Go(func() {
			u := newUnpacker()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(wanted) {
					return
				}
				select {
				case out <- unpackOne(u, a.records[wanted[i]], ecosystem):
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		workers.Wait()
		close(out)
	}()
	var err error
	for f := range out {
		if err == nil {
			err = take(f)
		}
		if err != nil {
			cancel()
		}
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

func unpackOne(u *unpacker, f *zip.File, ecosystem string) unpacked {
	id := idOf(f)
	plain, deflated, err := u.read(f)
	if err != nil {
		return unpacked{id: id, err: err}
	}
	record, _, err := newRecord(ecosystem, id, plain, deflated)
	return unpacked{id: id, record: record, err: err}
}
