package mirror

import (
	"context"
	"errors"
	"time"

	"loadline/store"
)

// heldFile is what the store has of a file.
type heldFile struct{ store.MirrorFile }

func (r *syncing) heldFile(ctx context.Context, name string) (heldFile, error) {
	files, err := r.store.MirrorFiles(ctx)
	if err != nil {
		return heldFile{}, err
	}
	for _, f := range files {
		if f.Name == name {
			return heldFile{f}, nil
		}
	}
	return heldFile{store.MirrorFile{Name: name}}, nil
}

// validators are those of the file, if it came from the mirror.
func (h heldFile) validators(m *Mirror) validators {
	if h.Generation == 0 || h.Source != m.name {
		return validators{}
	}
	return validators{h.ETag, h.LastModified}
}

// with is what is held once a file has been read.
func (h heldFile) with(m *Mirror, f *file, res FileResult) store.MirrorFile {
	next := h.MirrorFile
	next.Source = m.name
	next.ETag, next.LastModified = f.ETag, f.LastModified
	next.AsOf = f.asOf
	next.Records, next.Skipped = res.Records, res.Skipped
	return next
}

// unread makes a result of why a file could not be opened. The error is of the
// store or of ctx.
func (r *syncing) unread(ctx context.Context, res FileResult, held heldFile, err error) (FileResult, error) {
	switch {
	case ctx.Err() != nil:
		return res, ctx.Err()
	case errors.Is(err, ErrNotFound):
		res.Missing = true
		return res, nil
	case !errors.Is(err, errUnchanged):
		res.Err = err
		return res, nil
	}
	res.Unchanged, res.Records, res.Skipped = true, held.Records, held.Skipped
	next := held.MirrorFile
	if asOf, ok := r.mirror.files.stillAsOf(); ok {
		next.AsOf = asOf
	}
	if day, err := time.Parse(time.DateOnly, next.Edition); err == nil && next.Name == store.FileEPSS {
		next.AsOf = earlier(next.AsOf, day.Add(scoresHold))
	}
	return res, r.store.SaveMirrorFile(ctx, r.epoch, next)
}

// openFirst returns the first of the named files that the mirror has.
func (m *Mirror) openFirst(ctx context.Context, names []string, known validators) (*file, error) {
	err := ErrNotFound
	for _, name := range names {
		var f *file
		if f, err = m.files.open(ctx, name, known); !errors.Is(err, ErrNotFound) {
			return f, err
		}
	}
	return nil, err
}
