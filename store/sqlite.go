package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// connector opens connections to a SQLite file. It is not registered with
// database/sql, so nothing about it is global.
type connector struct {
	dsn    string
	driver *sqlite3.SQLiteDriver
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// Settings that a DSN cannot carry, for each connection. The size of the page
// cache is of one connection and only filled as needed. What is read most goes
// through mmap; more of the file than that would count as memory of the process.
const sqliteSettings = `
	PRAGMA temp_store = MEMORY;
	PRAGMA journal_size_limit = 67108864;`

const (
	sqliteMap   = `PRAGMA mmap_size = 67108864;`
	readerCache = `PRAGMA cache_size = -4096;`
	writerCache = `PRAGMA cache_size = -16384;`
)

// openSQLite opens the file twice: one connection that writes, and several that
// cannot. A write then waits in Go's pool, in turn and for as long as its context
// allows, and never for SQLite's busy timeout.
func openSQLite(path string, noMap bool) (readers, writer *sqlx.DB, err error) {
	// The file holds what is shipped and what is wrong with it: for its owner only.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, openError(path, err)
	}
	if err := f.Close(); err != nil {
		return nil, nil, openError(path, err)
	}
	writer = sqlitePool(path, noMap, url.Values{
		"_journal_mode": {"WAL"},
		"_synchronous":  {"NORMAL"},
		"_txlock":       {"immediate"},
	}, 1, writerCache)
	return sqliteReaders(path, noMap), writer, nil
}

// sqliteReaders are connections to a file that cannot write.
func sqliteReaders(path string, noMap bool) *sqlx.DB {
	return sqlitePool(path, noMap, url.Values{"_query_only": {"1"}}, max(4, runtime.GOMAXPROCS(0)), readerCache)
}

func sqlitePool(path string, noMap bool, settings url.Values, conns int, cache string) *sqlx.DB {
	statements := sqliteSettings
	if !noMap {
		statements += sqliteMap
	}
	settings.Set("_busy_timeout", "5000")
	settings.Set("_foreign_keys", "1")
	settings.Set("_stmt_cache_size", "128")
	db := sql.OpenDB(connector{
		dsn: "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + settings.Encode(),
		driver: &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
			_, err := c.Exec(statements+cache, nil)
			return err
		}},
	})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return sqlx.NewDb(db, "sqlite3")
}

// How long a program waits for others that open the same SQLite file, and how
// often it looks.
const (
	fileWait  = 10 * time.Second
	filePause = 20 * time.Millisecond
)

// patiently does what is first done with a SQLite file that others may open or
// close at the same time. Who turns the WAL on, or empties it, has the file to itself, and
// SQLite turns the others away at once: its busy timeout does not count there.
func patiently(ctx context.Context, do func() error) error {
	for end := time.Now().Add(fileWait); ; {
		err := do()
		if !isBusy(err) || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(filePause):
		}
	}
}

// openError says what is wrong with a database file, and what to do.
func openError(path string, err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	var sqliteErr sqlite3.Error
	if errors.As(err, &sqliteErr) {
		switch sqliteErr.Code {
		case sqlite3.ErrNotADB:
			return fmt.Errorf("store: %s is not a SQLite database: name another file: %w", path, err)
		case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
			return fmt.Errorf("store: cannot write to %s: check the rights to the file and its folder: %w", path, err)
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			return fmt.Errorf("store: %s is locked by another program: %w", path, err)
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("store: cannot create %s: make its folder first: %w", path, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("store: cannot write to %s: check the rights to the file and its folder: %w", path, err)
	}
	return fmt.Errorf("store: cannot open %s: %w", path, err)
}

// isBusy tells whether another connection is in the way.
func isBusy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

func classifySQLite(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return &Fault{err}
	}
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID:
		return fmt.Errorf("%w: %w", ErrConflict, err)
	case sqlite3.ErrConstraintForeignKey:
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return &Fault{err}
}

// SameFile says whether two names are of one SQLite file.
func SameFile(a, b string) bool {
	if IsPostgres(a) || IsPostgres(b) {
		return false
	}
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
