package mirror

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// directory is a mirror in the file system.
type directory struct {
	root string
	now  func() time.Time
}

func (d directory) open(_ context.Context, name string, known validators) (*file, error) {
	f, err := os.Open(filepath.Join(d.root, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = ErrNotFound
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	v := validators{
		ETag:         strconv.FormatInt(info.Size(), 10),
		LastModified: info.ModTime().UTC().Format(time.RFC3339Nano),
	}
	if v == known {
		return nil, errors.Join(errUnchanged, f.Close())
	}
	asOf := info.ModTime()
	if now := d.now(); asOf.After(now) {
		asOf = now
	}
	return &file{File: f, size: info.Size(), validators: v, asOf: asOf}, nil
}

func (d directory) list(context.Context) ([]string, error) {
	entries, err := os.ReadDir(d.root)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(d.root, e.Name(), archiveName)); err == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (d directory) stillAsOf() (time.Time, bool) { return time.Time{}, false }
