package mirror

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"loadline/store"
)

const (
	listName = "modified_id.csv"
	// maxSingles is how many changed records are fetched one by one; with more the
	// whole archive costs less.
	maxSingles = 1000
	// singlesAtOnce bounds how many are fetched at the same time.
	singlesAtOnce = 8
	// overlap is how far the list is read beyond what has been followed: a record
	// may appear in it later than others that were modified after it.
	overlap = 24 * time.Hour
)

// change is a line of the list of changes.
type change struct {
	id       string
	modified time.Time
}

// changesSince reads the list of changes, which has the newest first, back to a
// time. Lines that cannot be read are an error: what they hide is not known.
func changesSince(r io.Reader, since time.Time) ([]change, error) {
	var changes []change
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		when, id, found := strings.Cut(line, ",")
		modified, err := time.Parse(time.RFC3339Nano, when)
		if !found || err != nil || !isFolder(id) {
			return nil, fmt.Errorf("line %d is not a time and an id", n)
		}
		if modified.Before(since) {
			break
		}
		changes = append(changes, change{id, modified})
	}
	return changes, lines.Err()
}

// changes brings the records that the list of changes says are newer, and
// returns whether that was all there is to do. It is not where there is no list,
// or where the whole archive costs less.
func (r *syncing) changes(ctx context.Context, st *store.Staging, res *DumpResult) (done bool, err error) {
	held := st.Dump()
	f, err := r.mirror.files.open(ctx, res.Ecosystem+"/"+listName, validators{held.ListETag, held.ListModified})
	switch {
	case errors.Is(err, errUnchanged):
		return true, r.confirm(ctx, st, res)
	case err != nil:
		return false, ctx.Err()
	}
	defer f.Close()
	list, err := changesSince(f, held.Newest.Add(-overlap))
	if err != nil {
		return false, nil // the archive says it all
	}
	d := held
	d.ListETag, d.ListModified, d.AsOf = f.ETag, f.LastModified, f.asOf
	var due []change
	for _, c := range list {
		if c.modified.After(d.Newest) {
			d.Newest = c.modified
		}
		if m, ok := st.Modified(c.id); !ok || c.modified.Truncate(time.Millisecond).After(m) {
			due = append(due, c)
		}
	}
	switch {
	case len(due) > maxSingles:
		return false, nil
	case len(due) == 0:
		res.Unchanged = true
	default:
		if ok, err := r.singles(ctx, st, due, res); !ok || err != nil {
			return false, err
		}
		d.Digest = ""
	}
	d.Skipped = held.Skipped + res.Skipped
	return true, r.publish(ctx, st, d, false, res)
}

// singles stages records that are fetched one by one. It returns false, having
// staged nothing, where one cannot be had.
func (r *syncing) singles(ctx context.Context, st *store.Staging, due []change, res *DumpResult) (bool, error) {
	r.progress(Progress{res.Ecosystem, 0, len(due)})
	fetched := make([]unpacked, len(due))
	var g errgroup.Group
	g.SetLimit(singlesAtOnce)
	for i, c := range due {
		g.Go(func() error {
			plain, err := r.single(ctx, res.Ecosystem, c.id)
			if err != nil {
				return err
			}
			deflated, err := deflate(plain)
			if err != nil {
				return err
			}
			fetched[i].id = c.id
			fetched[i].record, _, fetched[i].err = newRecord(res.Ecosystem, c.id, plain, deflated)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return false, ctx.Err()
	}
	b := r.batch(st, res, 0, len(due))
	for _, f := range fetched {
		if f.err != nil {
			res.skip(f.id, f.err)
			continue
		}
		if st.Has(f.id, f.record.Checksum, f.record.Size) {
			continue
		}
		if err := b.add(ctx, f.record); err != nil {
			return false, err
		}
	}
	return true, b.flush(ctx)
}

// single fetches a record.
func (r *syncing) single(ctx context.Context, ecosystem, id string) ([]byte, error) {
	f, err := r.mirror.files.open(ctx, ecosystem+"/"+id+".json", validators{})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.size > maxRecord {
		return nil, fmt.Errorf("%s is larger than %d bytes", id, maxRecord)
	}
	return io.ReadAll(f)
}
