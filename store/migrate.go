package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"loadline/store/migration"
)

// migrationWait is how long a node waits for another one that upgrades the schema.
const migrationWait = 10 * time.Minute

// migrate brings the schema to what this program needs. It returns
// ErrSchemaTooNew if the schema is beyond that.
func migrate(ctx context.Context, e *engine, db *sql.DB, log *slog.Logger) error {
	if err := refuseForeign(ctx, e, db); err != nil {
		return err
	}
	var options []goose.ProviderOption
	if e.dialect == goose.DialectPostgres {
		// Nodes that start at the same time upgrade one after the other.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, uint64(migrationWait/time.Second)))
		if err != nil {
			return fmt.Errorf("lock migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := migrations(e, db, options...)
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if current > target {
		return schemaTooNew(current, target)
	}
	if pending, err := p.HasPending(ctx); err == nil && !pending {
		return nil // without the lock, which poolers of connections may not know
	}
	done, err := p.Up(ctx)
	for err != nil {
		// Another process may be bringing the schema up at the same time: as long as
		// it gets on, go on behind it.
		now, _, again := p.GetVersions(ctx)
		if again != nil || now <= current {
			return fmt.Errorf("upgrade schema: %w", err)
		}
		current = now
		done, err = p.Up(ctx)
	}
	for _, m := range done {
		log.InfoContext(ctx, "schema upgraded", "version", m.Source.Version, "duration", m.Duration)
	}
	return nil
}

// migrations are those of this program. To get them, nothing is asked of the database.
func migrations(e *engine, db *sql.DB, options ...goose.ProviderOption) (*goose.Provider, error) {
	files, err := renderMigrations(e)
	if err != nil {
		return nil, err
	}
	options = append(options, goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
	p, err := goose.NewProvider(e.dialect, db, files, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// refuseForeign returns an error if the database holds tables of another program.
func refuseForeign(ctx context.Context, e *engine, db *sql.DB) error {
	tables, own, err := countTables(ctx, e, db)
	if err != nil {
		return err
	}
	if tables > 0 && own == 0 {
		return fmt.Errorf("it is the database of another program, with %d tables: name another one", tables)
	}
	return nil
}

// countTables returns how many tables there are, and how many of them say that
// the database is Loadline's.
func countTables(ctx context.Context, e *engine, db *sql.DB) (tables, own int, err error) {
	err = db.QueryRowContext(ctx, e.tables).Scan(&tables, &own)
	return tables, own, err
}

func schemaTooNew(current, target int64) error {
	return fmt.Errorf("%w: its schema is version %d, this program knows up to %d: use a newer program, or another database",
		ErrSchemaTooNew, current, target)
}

// renderMigrations spells the migrations as the database wants them.
func renderMigrations(e *engine) (fs.FS, error) {
	names, err := fs.Glob(migration.Files, "*.sql")
	if err != nil {
		return nil, err
	}
	files := fstest.MapFS{}
	for _, name := range names {
		text, err := fs.ReadFile(migration.Files, name)
		if err != nil {
			return nil, err
		}
		files[name] = &fstest.MapFile{Data: []byte(e.words.Replace(string(text))), Mode: 0o444}
	}
	return files, nil
}
