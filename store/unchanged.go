package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// OpenUnchanged opens a database to read it, and writes nothing to it: it has to
// be there, with the schema that this program needs. Its error says what is wrong
// with it and what to do.
func OpenUnchanged(ctx context.Context, o Options) (*Store, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	check := func(e *engine, db *sql.DB) error { return refuseUnready(ctx, e, db) }
	if IsPostgres(o.DSN) {
		return openOnPostgres(ctx, o, check)
	}
	switch _, err := os.Stat(o.DSN); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("store: there is no database %s", o.DSN)
	case err != nil:
		return nil, openError(o.DSN, err)
	}
	readers := sqliteReaders(o.DSN, o.NoMap)
	s := newStore(o, newSQLite(), readers, readers)
	err = patiently(ctx, func() error { return check(s.engine, readers.DB) })
	if err != nil {
		return nil, errors.Join(openError(o.DSN, err), s.Close())
	}
	return s, nil
}

// refuseUnready returns an error unless the database has the schema that this
// program needs. It asks without goose, which would make its table.
func refuseUnready(ctx context.Context, e *engine, db *sql.DB) error {
	tables, own, err := countTables(ctx, e, db)
	switch {
	case err != nil:
		return err
	case own == 0:
		return fmt.Errorf("it is not a database of Loadline: it has %d tables, and none of Loadline's: name another one", tables)
	}
	p, err := migrations(e, db)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	target := sources[len(sources)-1].Version
	var current int64
	var applied int
	err = db.QueryRowContext(ctx, `
		SELECT
			COALESCE(MAX(version_id), 0),
			COUNT(DISTINCT version_id)
		FROM goose_db_version
		WHERE version_id > 0`).Scan(&current, &applied)
	switch {
	case err != nil:
		return err
	case current > target:
		return schemaTooNew(current, target)
	case applied < len(sources):
		return fmt.Errorf("its schema is version %d, this program needs %d: start `loadline serve` of this version on it once, which upgrades it", current, target)
	}
	return nil
}
