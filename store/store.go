// Package store keeps what Loadline knows: what is shipped, what the upstreams
// said, and the work to be done. All SQL of the program is here, each statement
// once for SQLite and PostgreSQL. It knows nothing of networks, of how documents
// are written, or of GraphQL.
package store

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// What a caller may want to tell apart; anything else is a fault.
var (
	ErrNotFound     = errors.New("not found")
	ErrConflict     = errors.New("already exists")
	ErrBadCursor    = errors.New("not a cursor of this list")
	ErrSchemaTooNew = errors.New("the database was written by a newer version of this program")
)

var errNotBuilt = errors.New("not built yet")

// Options say which database to open, and how.
type Options struct {
	DSN         string                    // the path of a SQLite file, created where it is missing
	Logger      *slog.Logger              // nil discards
	Now         func() time.Time          // nil is time.Now
	OnStatement func(ctx context.Context) // called for every statement; may be nil
}

// Store reads the database and opens transactions. It is safe for use by many
// goroutines.
type Store struct{ reads }

// Tx is a write transaction: it reads its own writes, and nobody else sees them
// before InTx returns. It is not safe for use by many goroutines.
type Tx struct{ reads }

// reads are the methods that Store and Tx share.
type reads struct{}

// Open opens the database, creates or upgrades its schema, and returns the Store.
func Open(ctx context.Context, o Options) (*Store, error) { return nil, errNotBuilt }

// Close waits for running statements and closes the database.
func (s *Store) Close() error { return errNotBuilt }

// Ping returns an error if the database does not answer.
func (s *Store) Ping(ctx context.Context) error { return errNotBuilt }

// InTx runs do in a write transaction. It commits if do returns nil; otherwise
// nothing that do wrote remains and its error is returned. There is one writer:
// keep it short, and never call InTx inside InTx.
func (s *Store) InTx(ctx context.Context, do func(*Tx) error) error { return errNotBuilt }
