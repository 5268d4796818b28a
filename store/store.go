// Package store keeps what Loadline knows: what is shipped, what the upstreams
// said, and the work to be done. All SQL of the program is here, each statement
// once for SQLite and PostgreSQL. It knows nothing of networks, of how documents
// are written, or of GraphQL.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"

	"loadline/cache"
	"loadline/dependency"
)

// Fault is an error of the database, in words that are for the log.
type Fault struct{ err error }

func (f *Fault) Error() string { return f.err.Error() }

// Unwrap returns the driver's error.
func (f *Fault) Unwrap() error { return f.err }

// What a caller may want to tell apart.
var (
	ErrNotFound     = errors.New("not found")
	ErrConflict     = errors.New("already exists")
	ErrBadCursor    = errors.New("not a cursor of this list")
	ErrSchemaTooNew = errors.New("the database was written by a newer version of this program")
)

// Options say which database to open, and how.
type Options struct {
	DSN         string                    // the path of a SQLite file, created where it is missing, or a URL postgres://…
	Logger      *slog.Logger              // nil discards
	Now         func() time.Time          // nil is time.Now
	OnStatement func(ctx context.Context) // called for every statement; may be nil
	NoMap       bool                      // SQLite: read the file without mapping it into memory: slower, and smaller
	Connections int                       // PostgreSQL: how many to open at most; 0 is 16
}

// Store reads the database and opens transactions. It is safe for use by many
// goroutines.
type Store struct {
	reads
	readers, writer *sqlx.DB
	fence           *fence // nil: anybody may write
	lockFile        string // held by the processes that work on jobs; empty: none
	node            int64  // tells the Stores on one database apart
	signals         *signals
	listener        *pgx.ConnConfig // where other nodes are heard; nil on SQLite
	graphs          *graphs
	packages        packageMemory
}

// Tx is a write transaction: it reads its own writes, and nobody else sees them
// before InTx returns. It is not safe for use by many goroutines.
type Tx struct {
	reads
	now     time.Time
	touched map[Topic][]string
	quiet   bool
	signal  Signal
}

// reads are the methods that Store and Tx share.
type reads struct {
	conn
	clock func() time.Time
}

// Open opens the database, creates or upgrades its schema, and returns the
// Store. Its error says what is wrong with the database and what to do;
// ErrSchemaTooNew is one.
func Open(ctx context.Context, o Options) (*Store, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	upgrade := func(e *engine, db *sql.DB) error { return migrate(ctx, e, db, o.Logger) }
	if IsPostgres(o.DSN) {
		return openOnPostgres(ctx, o, upgrade)
	}
	readers, writer, err := openSQLite(o.DSN, o.NoMap)
	if err != nil {
		return nil, err
	}
	s := newStore(o, newSQLite(), readers, writer)
	err = patiently(ctx, func() error { return upgrade(s.engine, writer.DB) })
	if err == nil {
		s.lockFile, err = lockFile(o.DSN)
	}
	if err != nil {
		return nil, errors.Join(openError(o.DSN, err), s.Close())
	}
	return s, nil
}

// complete returns the options with what was left out, or says why the DSN is none.
func (o Options) complete() (Options, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	switch scheme, _, found := strings.Cut(o.DSN, "://"); {
	case IsPostgres(o.DSN):
	case found:
		return o, fmt.Errorf("store: %q is no kind of database: give the path of a SQLite file, or postgres://…", scheme+"://")
	case o.DSN == "" || strings.HasPrefix(o.DSN, ":memory:"):
		return o, fmt.Errorf("store: the database %q has no path: give the path of a file, or postgres://…", o.DSN)
	}
	return o, nil
}

// openOnPostgres returns the Store of a database that prepare accepts.
func openOnPostgres(ctx context.Context, o Options, prepare func(*engine, *sql.DB) error) (*Store, error) {
	config, err := parsePostgres(o.DSN)
	if err != nil {
		return nil, err
	}
	db, err := openPostgres(ctx, config, o.Connections)
	if err != nil {
		return nil, err
	}
	s := newStore(o, newPostgres(), db, db)
	s.listener = config
	if err := prepare(s.engine, db.DB); err != nil {
		return nil, errors.Join(postgresOpenError(config, err), s.Close())
	}
	return s, nil
}

func newStore(o Options, e *engine, readers, writer *sqlx.DB) *Store {
	return &Store{
		reads:    reads{conn: conn{db: readers, engine: e, onStatement: o.OnStatement}, clock: o.Now},
		readers:  readers,
		writer:   writer,
		node:     rand.Int64(),
		signals:  &signals{},
		graphs:   cache.New[int64, struct{}, *dependency.Graph](graphBytes),
		packages: newPackageMemory(),
	}
}

// Close waits for running statements and closes the database.
func (s *Store) Close() error {
	// The last connection to close must be one that may write: it empties the WAL.
	return errors.Join(s.readers.Close(), s.writer.Close())
}

// Ping returns an error if the database does not answer.
func (s *Store) Ping(ctx context.Context) error {
	if _, err := selectNumber(ctx, s.conn, `SELECT 1`); err != nil {
		return fmt.Errorf("store: ping: %w", err)
	}
	return nil
}

// InTx runs do in a write transaction. It commits if do returns nil; otherwise
// nothing that do wrote remains and its error is returned. Transactions behave as
// if they ran one after the other. On SQLite they do: keep them short, and never
// call InTx inside InTx. On PostgreSQL one that another was in the way of is run
// again: do must leave nothing behind that a second run would trip over.
func (s *Store) InTx(ctx context.Context, do func(*Tx) error) error {
	return s.inTx(ctx, s.engine.serial, do)
}

// inLoose is InTx for what stays right whatever others commit between its
// statements, and is kept in memory by nobody: a single statement, or rows that
// nobody else writes or sees.
func (s *Store) inLoose(ctx context.Context, do func(*Tx) error) error {
	return s.inTx(ctx, s.engine.loose, func(tx *Tx) error {
		tx.hush()
		return do(tx)
	})
}

// A transaction that others are in the way of is tried this often, after pauses
// that grow from the first one to the longest.
const (
	txTries      = 20
	txFirstPause = 2 * time.Millisecond
	txMaxPause   = 200 * time.Millisecond
)

func (s *Store) inTx(ctx context.Context, isolation *sql.TxOptions, do func(*Tx) error) error {
	for try := 1; ; try++ {
		err := s.tryTx(ctx, isolation, try > 1, do)
		if err == nil || !s.engine.again(err) || try == txTries {
			return err
		}
		pause := min(txFirstPause<<try, txMaxPause)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
	}
}

func (s *Store) tryTx(ctx context.Context, isolation *sql.TxOptions, again bool, do func(*Tx) error) error {
	db, err := s.writer.BeginTxx(ctx, isolation)
	if err != nil {
		return fmt.Errorf("store: begin: %w", &Fault{err})
	}
	// After a commit this does nothing. It also runs when do panics.
	defer func() { _ = db.Rollback() }()
	if again {
		// Those that were in each other's way go on one at a time. No query may come
		// before: the transaction would see what was there before it waited.
		if _, err := db.ExecContext(ctx, s.engine.alone); err != nil {
			return fmt.Errorf("store: begin again: %w", &Fault{err})
		}
	}
	tx := &Tx{reads: s.reads, now: s.clock().UTC().Truncate(time.Millisecond)}
	tx.db = db
	if s.fence != nil {
		if err := s.fence.check(ctx, tx); err != nil {
			return err
		}
	}
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.noteChange(ctx); err != nil {
		return err
	}
	if s.listener != nil && !tx.signal.empty() {
		if err := tx.notify(ctx, s.node); err != nil {
			return err
		}
	}
	if err := db.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", &Fault{err})
	}
	s.signals.send(tx.signal)
	return nil
}

// rowsPerTx is how many rows one write transaction may bring without keeping
// others waiting for much longer than a twentieth of a second.
const rowsPerTx = 500

// lastByKey drops the rows that another one with the same key follows: a
// statement cannot write one row twice.
func lastByKey[T any, K comparable](rows []T, key func(T) K) []T {
	place := make(map[K]int, len(rows))
	kept := make([]T, 0, len(rows))
	for _, row := range rows {
		k := key(row)
		if i, ok := place[k]; ok {
			kept[i] = row
			continue
		}
		place[k] = len(kept)
		kept = append(kept, row)
	}
	return kept
}
