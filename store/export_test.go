package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// Explained returns a Store that tells, for each statement that it reads with,
// how the database goes about it: a step per line.
func (s *Store) Explained(hear func(stmt, plan string)) *Store {
	e := *s
	e.db = explainer{e.db, s.engine.dialect == goose.DialectPostgres, hear}
	return &e
}

type explainer struct {
	sqlx.ExtContext
	postgres bool
	hear     func(stmt, plan string)
}

func (e explainer) QueryxContext(ctx context.Context, stmt string, args ...any) (*sqlx.Rows, error) {
	explain := "EXPLAIN QUERY PLAN "
	if e.postgres {
		explain = "EXPLAIN (COSTS OFF) "
	}
	rows, err := e.ExtContext.QueryxContext(ctx, explain+stmt, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var plan []string
	for rows.Next() {
		columns, err := rows.SliceScan()
		if err != nil {
			return nil, err
		}
		plan = append(plan, fmt.Sprint(columns[len(columns)-1]))
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	e.hear(stmt, strings.Join(plan, "\n"))
	return e.ExtContext.QueryxContext(ctx, stmt, args...) //nolint:sqlclosecheck // the caller closes them
}

// Exec runs a statement with the connections that read.
func (s *Store) Exec(ctx context.Context, stmt string) error {
	_, err := s.readers.ExecContext(ctx, stmt)
	return err
}

// ForeignKeys returns whether foreign keys are enforced on n connections that
// read, open at once, and on the one that writes.
func (s *Store) ForeignKeys(ctx context.Context, n int) ([]bool, error) {
	var enforced []bool
	for i := range n + 1 {
		db := s.readers
		if i == n {
			db = s.writer
		}
		c, err := db.Connx(ctx)
		if err != nil {
			return nil, err
		}
		defer func() { _ = c.Close() }()
		var on bool
		if err := c.GetContext(ctx, &on, `PRAGMA foreign_keys`); err != nil {
			return nil, err
		}
		enforced = append(enforced, on)
	}
	return enforced, nil
}

// SetSchemaVersion pretends that the schema has been brought to a version.
func (s *Store) SetSchemaVersion(ctx context.Context, version int) error {
	return s.InTx(ctx, func(tx *Tx) error {
		return tx.execOne(ctx, `
			INSERT INTO goose_db_version (
				version_id,
				is_applied
			)
			VALUES (?, TRUE)`, version)
	})
}

// CountRows returns how many rows a table has.
func (s *Store) CountRows(ctx context.Context, table string) (int, error) {
	return selectNumber(ctx, s.conn, `SELECT COUNT(*) FROM `+table)
}
