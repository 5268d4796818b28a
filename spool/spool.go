// Package spool keeps what is being sent until all of it is there: the beginning
// in memory, the rest in a file. It knows nothing of what it keeps.
package spool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

var (
	// ErrFull says that everything that is being kept takes all the space that
	// there is for it.
	ErrFull = errors.New("spool: full")
	// ErrDisk is the mark of errors of the disk, beside those of who sends.
	ErrDisk = errors.New("spool: the disk fails")
)

const (
	// inMemory is how much of each Content is in memory.
	inMemory = 64 << 10
	// piece is how much is read at a time behind that.
	piece = 32 << 10
)

// Spool bounds what all its Contents have on disk.
type Spool struct {
	limit int64
	used  atomic.Int64
}

// New returns a Spool of at most limit bytes on disk.
func New(limit int64) *Spool { return &Spool{limit: limit} }

func (s *Spool) take(n int64) error {
	if s.used.Add(n) > s.limit {
		s.used.Add(-n)
		return ErrFull
	}
	return nil
}

// Content is what has been sent so far. It may be read from several goroutines,
// once all of it is there.
type Content struct {
	spool *Spool
	head  []byte
	file  *os.File // of what is behind head, or nil
	taken int64
	size  int64
}

// Content returns one that is empty, for about as many bytes as are expected; below
// 0 nobody knows. Whoever gets it closes it.
func (s *Spool) Content(expected int64) *Content {
	return &Content{spool: s, head: make([]byte, 0, min(max(expected, 0), inMemory-1)+1)}
}

// ReadFrom adds all that the reader has. Its errors are returned as they are; there
// is also ErrFull, and what is marked as ErrDisk.
func (c *Content) ReadFrom(r io.Reader) (int64, error) {
	before := c.size
	for len(c.head) < inMemory {
		if len(c.head) == cap(c.head) {
			c.head = append(c.head, 0)[:len(c.head)]
		}
		n, err := r.Read(c.head[len(c.head):min(cap(c.head), inMemory)])
		c.head = c.head[:len(c.head)+n]
		c.size += int64(n)
		switch {
		case err == io.EOF:
			return c.size - before, nil
		case err != nil:
			return c.size - before, err
		}
	}
	buffer := make([]byte, piece)
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			if err := c.write(buffer[:n]); err != nil {
				return c.size - before, err
			}
		}
		switch {
		case err == io.EOF:
			return c.size - before, nil
		case err != nil:
			return c.size - before, err
		}
	}
}

func (c *Content) write(p []byte) error {
	if err := c.spool.take(int64(len(p))); err != nil {
		return err
	}
	c.taken += int64(len(p))
	if c.file == nil {
		file, err := os.CreateTemp("", "loadline-upload-")
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDisk, err)
		}
		c.file = file
		// Where a file that is open can lose its name, nothing is left of it when
		// the process is killed.
		_ = os.Remove(file.Name())
	}
	n, err := c.file.Write(p)
	c.size += int64(n)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDisk, err)
	}
	return nil
}

// Size is how many bytes are there.
func (c *Content) Size() int64 { return c.size }

// ReadAt is that of io.ReaderAt.
func (c *Content) ReadAt(p []byte, at int64) (int, error) {
	done := 0
	if at < int64(len(c.head)) {
		done = copy(p, c.head[at:])
	}
	if done == len(p) {
		return done, nil
	}
	if c.file == nil {
		return done, io.EOF
	}
	n, err := c.file.ReadAt(p[done:], at+int64(done)-int64(len(c.head)))
	return done + n, err
}

// Section reads n bytes from a place on.
func (c *Content) Section(at, n int64) *io.SectionReader { return io.NewSectionReader(c, at, n) }

// Bytes returns all of it, in memory.
func (c *Content) Bytes() ([]byte, error) {
	if c.file == nil {
		return c.head, nil
	}
	text := make([]byte, c.size)
	if _, err := c.ReadAt(text, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: %w", ErrDisk, err)
	}
	return text, nil
}

// Close forgets what is kept and gives its space free. It may be called again.
func (c *Content) Close() {
	c.spool.used.Add(-c.taken)
	c.taken, c.head = 0, nil
	if c.file != nil {
		c.file.Close()
		_ = os.Remove(c.file.Name())
		c.file = nil
	}
}
