package mirror

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
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
	// Ecosystems are the dumps to bring. One that the mirror does not have is
	// reported as failed, unless it comes from Used.
	Ecosystems []string
	// Progress hears of every step; it may be nil.
	Progress func(Progress)
}

// What Request.Ecosystems may have instead of names.
const (
	All  = "all"  // those that the mirror has
	Used = "used" // those of the packages in the store
)

// Progress is how far a sync is.
type Progress struct {
	Part        string // an ecosystem, or the name of a file
	Done, Total int    // records of the part
}

// Result is what a sync did.
type Result struct {
	Dumps []DumpResult // by ecosystem
	Files []FileResult
}

// DumpResult is what a sync did for an ecosystem.
type DumpResult struct {
	Ecosystem               string
	Unchanged               bool
	Missing                 bool // the mirror does not have it
	Records                 int  // after the sync
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
	ecosystems, err := run.ecosystems(ctx, req.Ecosystems)
	if err != nil {
		return Result{}, err
	}
	var result Result
	for _, ecosystem := range ecosystems {
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

// ecosystems are the names that are asked for, each once.
func (r *syncing) ecosystems(ctx context.Context, asked []string) ([]string, error) {
	var names []string
	for _, name := range asked {
		switch name = strings.TrimSpace(name); name {
		case All:
			all, err := r.mirror.Ecosystems(ctx)
			if err != nil {
				return nil, err
			}
			names = append(names, all...)
			gone, err := r.gone(ctx, all)
			if err != nil {
				return nil, err
			}
			names = append(names, gone...)
		case Used:
			used, err := r.store.UsedEcosystems(ctx)
			if err != nil {
				return nil, err
			}
			names = append(names, used...)
			r.used = used
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
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

// gone are the ecosystems that were brought from this mirror and that it no
// longer lists. What is held of them stays, and the result says so.
func (r *syncing) gone(ctx context.Context, listed []string) ([]string, error) {
	dumps, err := r.store.Dumps(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range dumps {
		if d.Generation > 0 && d.Source == r.mirror.name && !slices.Contains(listed, d.Ecosystem) {
			r.vanished = append(r.vanished, d.Ecosystem)
		}
	}
	return r.vanished, nil
}

// syncing is one run of Sync.
type syncing struct {
	mirror   *Mirror
	store    *store.Store
	epoch    int64
	progress func(Progress)
	cves     map[string]bool // the ids whose scores are wanted; nil: all
	used     []string        // the ecosystems that are wanted if the mirror has them
	vanished []string        // the ecosystems that the mirror had before
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
	// An earlier sync may have been killed before it could.
	if err := r.settle(ctx, st); err != nil {
		return res, err
	}
	held := st.Dump()
	res.Records = held.Records
	if slices.Contains(r.vanished, ecosystem) {
		res.Err = fmt.Errorf("the mirror no longer has this ecosystem; what was brought of it until %s is kept", held.SyncedAt.Format(time.DateOnly))
		return res, nil
	}
	same := held.Generation > 0 && held.Source == r.mirror.name
	if same && !held.Newest.IsZero() && !st.Leftover {
		done, err := r.changes(ctx, st, &res)
		if done || err != nil {
			return res, err
		}
	}
	var known validators
	if same {
		known = validators{held.ETag, held.LastModified}
	}
	a, err := r.mirror.openArchive(ctx, ecosystem, known)
	switch {
	case errors.Is(err, errUnchanged):
		return res, r.confirm(ctx, st, &res)
	case ctx.Err() != nil:
		return res, ctx.Err()
	case errors.Is(err, ErrNotFound) && slices.Contains(r.used, ecosystem):
		res.Missing = true
		return res, nil
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
	if d.Newest, err = r.archive(ctx, st, a, same, &res); err != nil {
		return res, err
	}
	if same && held.Digest == "" && !d.Newest.IsZero() {
		// Single records have been brought which the archive may not have yet.
		st.KeepLater(d.Newest)
	}
	d.Skipped = res.Skipped
	return res, r.publish(ctx, st, d, true, &res)
}

// confirm notes that the mirror still has what is held.
func (r *syncing) confirm(ctx context.Context, st *store.Staging, res *DumpResult) error {
	if st.Leftover {
		if err := st.Discard(ctx); err != nil {
			return err
		}
	}
	d := st.Dump()
	if asOf, ok := r.mirror.files.stillAsOf(); ok {
		d.AsOf = asOf
	}
	res.Unchanged, res.Skipped = true, d.Skipped
	return r.publish(ctx, st, d, false, res)
}

func (r *syncing) publish(ctx context.Context, st *store.Staging, d store.Dump, whole bool, res *DumpResult) error {
	p, err := st.Publish(ctx, d, whole)
	if err != nil {
		return err
	}
	res.Records, res.Added, res.Changed, res.Removed = p.Dump.Records, p.Added, p.Changed, p.Removed
	return r.settle(ctx, st)
}

// settle does what is left to do once a generation is published: what it has
// changed is noted, and what it has replaced goes.
func (r *syncing) settle(ctx context.Context, st *store.Staging) error {
	if err := r.rematch(ctx, st); err != nil {
		return err
	}
	return st.Clean(ctx)
}

// archive stages the records of an archive that are not as they were, and
// returns when the newest of the archive was modified. Of a mirror that was read
// before, older states of records are passed over.
func (r *syncing) archive(ctx context.Context, st *store.Staging, a *archive, same bool, res *DumpResult) (newest time.Time, err error) {
	var wanted []int
	for i, f := range a.records {
		if !st.Has(idOf(f), f.CRC32, int64(f.UncompressedSize64)) {
			wanted = append(wanted, i)
			continue
		}
		if m, _ := st.Modified(idOf(f)); m.After(newest) {
			newest = m
		}
	}
	b := r.batch(st, res, len(a.records)-len(wanted), len(a.records))
	err = unpackAll(ctx, a, wanted, res.Ecosystem, func(f unpacked) error {
		if f.err != nil {
			st.Keep(f.id)
			res.skip(f.id, f.err)
			return nil //nolint:nilerr // one record that cannot be read does not end the sync
		}
		if f.record.Modified.After(newest) {
			newest = f.record.Modified
		}
		if held, ok := st.Modified(f.id); same && ok && f.record.Modified.Before(held) {
			st.Keep(f.id)
			return nil
		}
		return b.add(ctx, f.record)
	})
	if err == nil {
		err = b.flush(ctx)
	}
	return newest, err
}

// batch stages records some at a time.
type batch struct {
	staging  *store.Staging
	progress func(done int)
	records  []store.MirrorRecord
	done     int
}

func (r *syncing) batch(st *store.Staging, res *DumpResult, done, total int) *batch {
	b := &batch{staging: st, done: done}
	b.progress = func(done int) { r.progress(Progress{res.Ecosystem, done, total}) }
	b.progress(done)
	return b
}

func (b *batch) add(ctx context.Context, r store.MirrorRecord) error {
	b.records = append(b.records, r)
	if len(b.records) < recordsPerTx {
		return nil
	}
	return b.flush(ctx)
}

func (b *batch) flush(ctx context.Context) error {
	if len(b.records) == 0 {
		return nil
	}
	err := b.staging.Put(ctx, b.records)
	b.done += len(b.records)
	b.records = b.records[:0]
	b.progress(b.done)
	return err
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
