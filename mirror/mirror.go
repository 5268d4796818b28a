// Package mirror reads a mirror of OSV's bulk exports, with the files of EPSS,
// KEV and endoflife.date beside them, from a directory or over HTTP, and brings
// it into the store. It knows nothing of SQL or of who asks.
package mirror

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"loadline/upstream"
)

// ErrNotFound says that the mirror does not have a file.
var ErrNotFound = errors.New("not in the mirror")

// errUnchanged says that a file is the one whose validators were given.
var errUnchanged = errors.New("unchanged")

// Mirror is the place that advisories come from.
type Mirror struct {
	name  string // as it was given
	files files
}

// files are the files of a mirror. Names are relative and have slashes.
type files interface {
	// open returns a file; ErrNotFound or errUnchanged says why there is none.
	open(ctx context.Context, name string, known validators) (*file, error)
	// list returns the names of the folders that hold an archive, or ErrNotFound
	// where that cannot be told.
	list(ctx context.Context) ([]string, error)
	// stillAsOf returns when the mirror held a file that turned out unchanged;
	// false where that is when it held it before.
	stillAsOf() (time.Time, bool)
}

// validators tell one state of a file from another.
type validators struct{ ETag, LastModified string }

// file is an open file of a mirror.
type file struct {
	*os.File
	size int64
	validators
	asOf   time.Time // when the mirror held it
	remove bool      // it is a copy
}

// Close closes the file.
func (f *file) Close() error {
	err := f.File.Close()
	if f.remove {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// Options say how a mirror is reached.
type Options struct {
	UserAgent string
	Offline   bool              // refuse mirrors that are not on this machine
	Transport http.RoundTripper // nil is the network
	Now       func() time.Time  // nil is time.Now
}

// Open returns the mirror in a directory or at an http or https URL. Nothing is
// read over HTTP yet; a directory has to be there.
func Open(location string, o Options) (*Mirror, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if !strings.Contains(location, "://") {
		info, err := os.Stat(location)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: there is no such directory", location)
		case err != nil:
			return nil, fmt.Errorf("%s: %w", location, err)
		case !info.IsDir():
			return nil, fmt.Errorf("%s: is a file; give the directory that holds <Ecosystem>/all.zip", location)
		}
		absolute, err := filepath.Abs(location)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", location, err)
		}
		return &Mirror{name: absolute, files: directory{root: absolute, now: o.Now}}, nil
	}
	if err := upstream.CheckBaseURL(location); err != nil {
		return nil, err
	}
	if o.Offline && !onThisMachine(location) {
		return nil, fmt.Errorf("%s is on another machine, and nothing may leave this one: give a directory, or do without --offline", location)
	}
	return &Mirror{name: upstream.Base(location), files: newRemote(upstream.Base(location), o)}, nil
}

func onThisMachine(location string) bool {
	u, err := url.Parse(location)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.IsLoopback()
}

// Name returns where the mirror is.
func (m *Mirror) Name() string { return m.name }

// Ecosystems returns the ecosystems that the mirror has records of, in
// alphabetical order.
func (m *Mirror) Ecosystems(ctx context.Context) ([]string, error) {
	names, err := m.files.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("mirror %s: list ecosystems: %w", m.name, err)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// isFolder says whether an ecosystem's name can be that of a folder.
func isFolder(ecosystem string) bool {
	return ecosystem != "." && filepath.IsLocal(ecosystem) && !strings.ContainsAny(ecosystem, `/\`)
}
