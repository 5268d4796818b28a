package cli

import (
	"context"
	"errors"
	"fmt"

	"loadline/store"
)

// minConnections is enough for a write, a read and what listens.
const minConnections = 4

// DatabaseFlags say which database a command works on.
type DatabaseFlags struct {
	Database            string `help:"The SQLite file, made when there is none, or the URL of a PostgreSQL database: postgres://USER:PASSWORD@HOST/NAME." default:"loadline.db" env:"LOADLINE_DATABASE" placeholder:"FILE|URL"`
	DatabaseConnections int    `help:"Connections to PostgreSQL that are open at once, at most; 0: 16." default:"16" env:"LOADLINE_DATABASE_CONNECTIONS" placeholder:"N"`
}

// Open opens the database. Its error names the flag, and no password.
func (d DatabaseFlags) Open(ctx context.Context, o store.Options) (*store.Store, error) {
	o.DSN, o.Connections = d.Database, d.DatabaseConnections
	db, err := store.Open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("--database %s: %w", store.Redacted(d.Database), err)
	}
	return db, nil
}

// Validate names the flag whose value cannot be used.
func (d DatabaseFlags) Validate() error {
	if d.Database == "" {
		return errors.New("--database: give the name of a file, or the URL of a PostgreSQL database")
	}
	if n := d.DatabaseConnections; n < minConnections && n != 0 {
		return fmt.Errorf("--database-connections: %d is less than %d", d.DatabaseConnections, minConnections)
	}
	return nil
}
