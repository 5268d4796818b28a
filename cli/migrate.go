package cli

import (
	"context"
	"fmt"
	"log/slog"
	"text/tabwriter"
	"time"

	"loadline/store"
)

// MigrateDatabase copies an installation from one database to another.
type MigrateDatabase struct {
	From string `arg:"" help:"The database to copy, which is not written to: a SQLite file, or postgres://…" placeholder:"FROM"`
	To   string `arg:"" help:"The database to copy it to, new or empty: a SQLite file, or postgres://…" placeholder:"TO"`
}

// Run copies, reads again what it has written, and says what that is. If it fails,
// nothing is left behind.
func (m MigrateDatabase) Run(ctx context.Context, out Output) error {
	log := slog.New(slog.NewTextHandler(out.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	if m.From == m.To || store.SameFile(m.From, m.To) {
		return fmt.Errorf("migrate-database: %s and %s are the same database: name two databases", store.Redacted(m.From), store.Redacted(m.To))
	}
	open := func(name string, open func(context.Context, store.Options) (*store.Store, error)) (*store.Store, error) {
		db, err := open(ctx, store.Options{DSN: name, Logger: log, Now: time.Now, NoMap: true})
		if err != nil {
			return nil, fmt.Errorf("migrate-database: %s: %w", store.Redacted(name), err)
		}
		return db, nil
	}
	from, err := open(m.From, store.OpenUnchanged)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := open(m.To, store.Open)
	if err != nil {
		return err
	}
	defer to.Close()
	began := time.Now()
	bar := newProgress(out.Stderr)
	copied, err := store.Copy(ctx, from, to, func(part string, done, total int) {
		bar.show(part, done, total, "rows")
	})
	bar.clear()
	if err != nil {
		return fmt.Errorf("migrate-database: %s to %s: %w", store.Redacted(m.From), store.Redacted(m.To), err)
	}
	table := tabwriter.NewWriter(out.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TABLE\tROWS\tSHA-256, THE SAME IN BOTH")
	rows := 0
	for _, t := range copied {
		rows += t.Rows
		fmt.Fprintf(table, "%s\t%d\t%s\n", t.Name, t.Rows, t.Digest)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("migrate-database: write the summary: %w", err)
	}
	_, err = fmt.Fprintf(out.Stdout, "%d rows of %d tables in %s.\n", rows, len(copied), time.Since(began).Round(10*time.Millisecond))
	return err
}
