package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

// ErrSameDatabase says that a database is to be copied to itself.
var ErrSameDatabase = errors.New("both are the same database: name two databases")

// ErrNotEmpty says that a database to copy to holds something already.
var ErrNotEmpty = errors.New("the database to copy to is not empty")

// copySpelling is how a database tells what is in it. Names of tables are the
// arguments.
type copySpelling struct {
	tables  string   // in the order in which they were made: who is referred to comes first
	key     string   // the columns of the primary key
	last    string   // the last id that was given out
	setLast []string // with the name and the id
}

// What is about the running processes of one database, and not copied.
var unshared = []string{"goose_db_version", "generation", "change", "change_number", "node"}

// seeded is what a fresh database has a row in.
const seeded = "mirror_sync"

const (
	copyRows  = 1000    // at a time
	copyBytes = 8 << 20 // or less, if they are this large together
)

// CopiedTable is what Copy has copied of a table, and read again.
type CopiedTable struct {
	Name   string
	Rows   int
	Digest string // SHA-256 of all rows in the order of their keys
}

// Copy writes all that one database holds into another one, of either kind, whose
// schema is fresh, and reads it again there: each table must have the same rows.
// It is one transaction: if it fails, nothing is left behind. progress, which may
// be nil, hears how many rows of a table, of how many, are written, and then how
// many have been read again. Nobody may write to either meanwhile: if somebody
// did, Copy fails. ErrNotEmpty and ErrSameDatabase are among its errors.
func Copy(ctx context.Context, from, to *Store, progress func(part string, done, total int)) ([]CopiedTable, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	var copied []CopiedTable
	err := from.View(ctx, func(v View) error {
		before, err := v.Generation(ctx)
		if err != nil {
			return err
		}
		return to.InTx(ctx, func(tx *Tx) error {
			tx.signal = Signal{Missed: true}
			if err := refuseSame(ctx, v.reads, tx); err != nil {
				return err
			}
			if copied, err = copyAll(ctx, v.reads, tx, progress); err != nil {
				return err
			}
			after, err := from.Generation(ctx)
			if err == nil && after != before {
				err = errors.New("somebody writes to the database to copy: stop its servers, and copy again")
			}
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("store: copy database: %w", err)
	}
	return copied, nil
}

// refuseSame returns ErrSameDatabase if a lock that the one transaction has is in
// the other's way: both are of one PostgreSQL database then, by whatever URLs.
func refuseSame(ctx context.Context, v reads, tx *Tx) error {
	if v.engine.dialect != goose.DialectPostgres || tx.engine.dialect != goose.DialectPostgres {
		return nil
	}
	key := rand.Int64()
	if _, err := selectNumber(ctx, v.conn, `SELECT 1 FROM pg_advisory_xact_lock(?)`, key); err != nil {
		return err
	}
	free, err := selectNumber(ctx, tx.conn, `SELECT COUNT(*) FROM pg_try_advisory_xact_lock(?) AS free WHERE free`, key)
	if err == nil && free == 0 {
		err = ErrSameDatabase
	}
	return err
}

func copyAll(ctx context.Context, v reads, tx *Tx, progress func(string, int, int)) ([]CopiedTable, error) {
	tables, err := v.copiedTables(ctx)
	if err != nil {
		return nil, err
	}
	if err := tx.refuseRows(ctx, tables); err != nil {
		return nil, err
	}
	copied := make([]CopiedTable, 0, len(tables))
	for _, name := range tables {
		t, err := v.describe(ctx, tx, name)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		total, err := selectNumber(ctx, v.conn, `SELECT COUNT(*) FROM `+name)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		written, err := t.copy(ctx, v, tx, func(rows int) {
			if rows > 0 {
				progress(name, rows, total)
			}
		})
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		checked := 0
		there, err := t.read(ctx, tx.reads, func([]any) error {
			if checked++; checked%copyRows == 0 {
				progress("check "+name, checked, total)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("table %s, read again: %w", name, err)
		}
		if written != there {
			return nil, fmt.Errorf("table %s: %d rows (%s) became %d rows (%s)", name, written.Rows, written.Digest, there.Rows, there.Digest)
		}
		copied = append(copied, written)
	}
	return copied, nil
}

func (r reads) texts(ctx context.Context, stmt string, args ...any) ([]string, error) {
	return selectInto(ctx, r.conn, func(s *string) []any { return []any{s} }, stmt, args...)
}

func (r reads) copiedTables(ctx context.Context) ([]string, error) {
	all, err := r.texts(ctx, r.engine.copying.tables)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(name string) bool { return slices.Contains(unshared, name) }), nil
}

// refuseRows returns ErrNotEmpty if a table has rows.
func (tx *Tx) refuseRows(ctx context.Context, tables []string) error {
	if _, err := tx.exec(ctx, `DELETE FROM `+seeded+` WHERE epoch = 0`); err != nil {
		return err
	}
	for _, name := range tables {
		n, err := selectNumber(ctx, tx.conn, `SELECT COUNT(*) FROM (SELECT 1 FROM `+name+` LIMIT 1) AS found`)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: it has rows in table %s: name a new one", ErrNotEmpty, name)
		}
	}
	return nil
}

// table is a table to copy.
type table struct {
	name    string
	columns []string
	kinds   []string // of the columns where they are copied to
	key     []string
}

func (r reads) describe(ctx context.Context, tx *Tx, name string) (table, error) {
	t := table{name: name}
	var err error
	if t.key, err = r.texts(ctx, r.engine.copying.key, name); err != nil {
		return t, err
	}
	rows, err := tx.query(ctx, `SELECT * FROM `+name+` LIMIT 0`)
	if err != nil {
		return t, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.ColumnTypes()
	if err != nil {
		return t, err
	}
	for _, c := range columns {
		t.columns = append(t.columns, c.Name())
		t.kinds = append(t.kinds, c.DatabaseTypeName())
	}
	return t, rows.Err()
}

// read hands on the rows in the order of their keys.
func (t table) read(ctx context.Context, r reads, hear func([]any) error) (CopiedTable, error) {
	rows, err := r.query(ctx, `SELECT `+strings.Join(t.columns, ", ")+` FROM `+t.name+` ORDER BY `+strings.Join(t.key, ", "))
	if err != nil {
		return CopiedTable{}, err
	}
	defer func() { _ = rows.Close() }()
	all := CopiedTable{Name: t.name}
	sum := sha256.New()
	for rows.Next() {
		values, err := rows.SliceScan()
		if err != nil {
			return CopiedTable{}, err
		}
		for i, v := range values {
			values[i] = t.plain(i, v)
			digest(sum, values[i])
		}
		all.Rows++
		if err := hear(values); err != nil {
			return CopiedTable{}, err
		}
	}
	if err := rows.Err(); err != nil {
		return CopiedTable{}, r.engine.classify(err)
	}
	all.Digest = hex.EncodeToString(sum.Sum(nil))
	return all, nil
}

// plain is a value in the one form that both databases' drivers can give it.
func (t table) plain(column int, v any) any {
	kind := t.kinds[column]
	switch x := v.(type) {
	case []byte:
		if kind != "BLOB" && kind != "BYTEA" {
			return clean(string(x))
		}
	case string:
		if kind == "BLOB" || kind == "BYTEA" {
			return []byte(x)
		}
		return clean(x)
	case int64:
		switch kind {
		case "BOOLEAN", "BOOL":
			return x != 0
		case "DOUBLE PRECISION", "FLOAT8":
			return float64(x)
		}
	}
	return v
}

func digest(sum hash.Hash, v any) {
	var head [9]byte
	tell := func(kind byte, n uint64) {
		head[0] = kind
		binary.BigEndian.PutUint64(head[1:], n)
		sum.Write(head[:])
	}
	switch x := v.(type) {
	case int64:
		tell('i', uint64(x))
	case float64:
		tell('f', math.Float64bits(x))
	case bool:
		n := uint64(0)
		if x {
			n = 1
		}
		tell('b', n)
	case string:
		tell('s', uint64(len(x)))
		sum.Write([]byte(x))
	case []byte:
		tell('x', uint64(len(x)))
		sum.Write(x)
	default:
		tell('0', 0)
	}
}

// copy writes the rows, and has the ids go on behind those that were given out.
func (t table) copy(ctx context.Context, v reads, tx *Tx, progress func(rows int)) (CopiedTable, error) {
	var batch [][]any
	size, done := 0, 0
	flush := func() error {
		err := tx.insert(ctx, `
			INSERT INTO `+t.name+` (`+strings.Join(t.columns, ", ")+`)
			{{own ids}}
			VALUES {{rows}}`, len(batch), func(i int) []any { return batch[i] })
		done += len(batch)
		batch, size = batch[:0], 0
		progress(done)
		return err
	}
	copied, err := t.read(ctx, v, func(values []any) error {
		row := make([]any, len(values))
		for i, value := range values {
			switch x := value.(type) {
			case string:
				size += len(x)
				row[i] = x
				if t.kinds[i] == "JSON" {
					row[i] = JSON(x)
				}
			case []byte:
				size += len(x)
				row[i] = slices.Clone(x)
			default:
				row[i] = value
			}
		}
		batch = append(batch, row)
		if len(batch) < copyRows && size < copyBytes {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil || !slices.Equal(t.key, []string{"id"}) {
		return copied, err
	}
	last, err := selectNumber(ctx, v.conn, v.engine.copying.last, t.name)
	if err != nil || last == 0 {
		return copied, err
	}
	for _, stmt := range tx.engine.copying.setLast {
		if _, err := tx.exec(ctx, stmt, t.name, last); err != nil {
			return copied, err
		}
	}
	return copied, nil
}
