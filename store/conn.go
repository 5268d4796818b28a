package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/jmoiron/sqlx"
)

// conn runs statements on either database. They are written once, with ?
// placeholders and macros in double braces; the engine is the only one to know
// how the database at hand spells them.
type conn struct {
	db          sqlx.ExtContext // a *sqlx.DB or, inside InTx, a *sqlx.Tx
	engine      *engine
	onStatement func(context.Context)
}

// query runs a statement that returns rows. The caller closes them.
func (c conn) query(ctx context.Context, stmt string, args ...any) (*sqlx.Rows, error) {
	return c.querySpelled(ctx, c.engine.render(stmt), args)
}

func (c conn) querySpelled(ctx context.Context, text string, args []any) (*sqlx.Rows, error) {
	bound, err := c.engine.bindArgs(args)
	if err != nil {
		return nil, err
	}
	c.count(ctx)
	rows, err := c.db.QueryxContext(ctx, text, bound...)
	if err != nil {
		return nil, c.engine.classify(err)
	}
	return rows, nil
}

// exec runs a statement that returns no rows, and returns how many it changed.
func (c conn) exec(ctx context.Context, stmt string, args ...any) (int64, error) {
	return c.execSpelled(ctx, c.engine.render(stmt), args)
}

func (c conn) execSpelled(ctx context.Context, text string, args []any) (int64, error) {
	bound, err := c.engine.bindArgs(args)
	if err != nil {
		return 0, err
	}
	c.count(ctx)
	res, err := c.db.ExecContext(ctx, text, bound...)
	if err != nil {
		return 0, c.engine.classify(err)
	}
	return res.RowsAffected()
}

// execOne is exec for a statement that must change a row: ErrNotFound if not.
func (c conn) execOne(ctx context.Context, stmt string, args ...any) error {
	n, err := c.exec(ctx, stmt, args...)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// maxVariables keeps a bulk insert below the limits of both databases (32,766
// and 65,535) and its statement small enough to be worth preparing.
const maxVariables = 2000

// insert runs a statement with VALUES {{rows}} for n rows, which row returns from
// the first to the last, as many at a time as
// is good for the database.
func (c conn) insert(ctx context.Context, stmt string, n int, row func(i int) []any) error {
	return c.inserts(stmt, n, row, func(text string, args []any) error {
		_, err := c.execSpelled(ctx, text, args)
		return err
	})
}

// insertMap is insert with a statement that returns a key and a value of each row
// that it has inserted; they are added to found.
func insertMap[K comparable, V any](ctx context.Context, c conn, found map[K]V, stmt string, n int, row func(i int) []any) error {
	return c.inserts(stmt, n, row, func(text string, args []any) error {
		rows, err := c.querySpelled(ctx, text, args)
		if err != nil {
			return err
		}
		made, err := scan(c, rows, into[K, V])
		for _, p := range made {
			found[p.key] = p.value
		}
		return err
	})
}

// inserts calls run with each spelled statement that insert runs.
func (c conn) inserts(stmt string, n int, row func(i int) []any, run func(text string, args []any) error) error {
	if n == 0 {
		return nil
	}
	if c.engine.columns {
		return c.insertColumns(stmt, n, row, run)
	}
	width := len(row(0))
	size := maxVariables / width
	for from := 0; from < n; from += size {
		to := min(from+size, n)
		args := make([]any, 0, (to-from)*width)
		for i := from; i < to; i++ {
			args = append(args, row(i)...)
		}
		// Only the full length is worth remembering: there are too many others.
		spell := c.engine.render
		if to-from < size {
			spell = c.engine.spell
		}
		text := spell(strings.Replace(stmt, "{{rows}}", placeholders(to-from, width), 1))
		if err := run(text, args); err != nil {
			return err
		}
	}
	return nil
}

func placeholders(rows, width int) string {
	row := "(" + strings.Repeat("?, ", width-1) + "?)"
	return strings.Repeat(row+", ", rows-1) + row
}

func (c conn) count(ctx context.Context) {
	countStatement(ctx)
	if c.onStatement != nil {
		c.onStatement(ctx)
	}
}

// columns is a row type that knows where the columns of its statements go.
type columns[T any] interface {
	*T
	columns() []any
}

// selectRows returns the rows of a statement.
func selectRows[T any, P columns[T]](ctx context.Context, c conn, stmt string, args ...any) ([]T, error) {
	return selectInto(ctx, c, func(v *T) []any { return P(v).columns() }, stmt, args...)
}

// selectInto returns the rows of a statement, whose columns go where into says.
func selectInto[T any](ctx context.Context, c conn, into func(*T) []any, stmt string, args ...any) ([]T, error) {
	rows, err := c.query(ctx, stmt, args...)
	if err != nil {
		return nil, err
	}
	return scan(c, rows, into)
}

// scan reads all rows and closes them.
func scan[T any](c conn, rows *sqlx.Rows, into func(*T) []any) ([]T, error) {
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(into(&v)...); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, c.engine.classify(err)
	}
	return all, nil
}

// selectOne returns the row of a statement, or ErrNotFound.
func selectOne[T any, P columns[T]](ctx context.Context, c conn, stmt string, args ...any) (T, error) {
	all, err := selectRows[T, P](ctx, c, stmt, args...)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

// selectNumber returns the one number of a statement.
func selectNumber(ctx context.Context, c conn, stmt string, args ...any) (int, error) {
	all, err := selectInto(ctx, c, func(n *int) []any { return []any{n} }, stmt, args...)
	if err == nil && len(all) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return 0, err
	}
	return all[0], nil
}

// pair is a row of two columns.
type pair[K comparable, V any] struct {
	key   K
	value V
}

func into[K comparable, V any](p *pair[K, V]) []any { return []any{&p.key, &p.value} }

// selectMap returns the rows of a statement with two columns, a key without
// repeats and a value.
func selectMap[K comparable, V any](ctx context.Context, c conn, stmt string, args ...any) (map[K]V, error) {
	all, err := selectInto(ctx, c, into[K, V], stmt, args...)
	if err != nil {
		return nil, err
	}
	m := make(map[K]V, len(all))
	for _, p := range all {
		m[p.key] = p.value
	}
	return m, nil
}
