package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
)

const (
	// postgresConnections is how many connections a Store opens when it is not told.
	// PostgreSQL allows 100 by default: enough for five nodes.
	postgresConnections = 16
	// oldestPostgres is the oldest version that the tests run on.
	oldestPostgres = 140000
	// connectTimeout is for those who wait for an address that nobody answers at.
	connectTimeout = 10 * time.Second
)

// The codes of PostgreSQL's errors that mean something here.
const (
	uniqueViolation      = "23505"
	foreignKeyViolation  = "23503"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	invalidPassword      = "28P01"
	invalidAuthorization = "28000"
	unknownDatabase      = "3D000"
	insufficientRights   = "42501"
	tooManyConnections   = "53300"
)

// IsPostgres tells whether a database is one of PostgreSQL, and not a SQLite file.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Redacted returns a database's name as it may be shown: without password.
func Redacted(dsn string) string {
	if !strings.Contains(dsn, "://") {
		return dsn
	}
	u, err := url.Parse(dsn)
	if err != nil {
		scheme, _, _ := strings.Cut(dsn, "://")
		return scheme + "://…"
	}
	query := u.Query()
	for _, name := range []string{"password", "sslpassword"} {
		if query.Has(name) {
			query.Set(name, "xxxxx")
			u.RawQuery = query.Encode()
		}
	}
	return u.Redacted()
}

// parsePostgres reads a URL, with what it does not say from the environment that
// other clients of PostgreSQL use too (PGHOST, PGPASSWORD, ~/.pgpass, …).
func parsePostgres(dsn string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The reason is told without the URL, which may hold a password.
		if cause := errors.Unwrap(err); cause != nil {
			err = cause
		} else {
			err = errors.New("it has the form postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=require")
		}
		return nil, fmt.Errorf("store: the URL of the PostgreSQL database cannot be read: %w", err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "loadline"
	}
	return config, nil
}

// openPostgres opens a pool of connections to a database and checks that it can
// be used.
func openPostgres(ctx context.Context, config *pgx.ConnConfig, connections int) (*sqlx.DB, error) {
	if connections == 0 {
		connections = postgresConnections
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	// After a failover or behind a balancer, connections find their way in time.
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour)
	if err := checkPostgres(ctx, db); err != nil {
		return nil, errors.Join(postgresOpenError(config, err), db.Close())
	}
	return sqlx.NewDb(db, "pgx"), nil
}

// checkPostgres returns an error if the server or the database is of a kind that
// Loadline cannot work with.
func checkPostgres(ctx context.Context, db *sql.DB) error {
	var version int
	var name, encoding string
	err := db.QueryRowContext(ctx, `
		SELECT
			current_setting('server_version_num')::INT,
			current_setting('server_version'),
			current_setting('server_encoding')`).Scan(&version, &name, &encoding)
	switch {
	case err != nil:
		return err
	case version < oldestPostgres:
		return fmt.Errorf("the server is PostgreSQL %s: version %d or newer is needed", name, oldestPostgres/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database's encoding is %s: create one with ENCODING 'UTF8' TEMPLATE template0", encoding)
	}
	return nil
}

// postgresOpenError says what is wrong with a server or a database, and what to do.
func postgresOpenError(config *pgx.ConnConfig, err error) error {
	at := net.JoinHostPort(config.Host, fmt.Sprint(config.Port))
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch refused.Code {
		case invalidPassword, invalidAuthorization:
			return fmt.Errorf("store: PostgreSQL at %s does not let user %q in: check user, password and sslmode, or the server's pg_hba.conf: %s",
				at, config.User, refused.Message)
		case unknownDatabase:
			return fmt.Errorf("store: PostgreSQL at %s has no database %q: create it (createdb %s), or name another one",
				at, config.Database, config.Database)
		case insufficientRights:
			return fmt.Errorf("store: PostgreSQL at %s: user %q may not use database %q as Loadline has to: make the user its owner: %s",
				at, config.User, config.Database, refused.Message)
		case tooManyConnections:
			return fmt.Errorf("store: PostgreSQL at %s has no connection left: lower --database-connections on the nodes, or raise max_connections there: %s",
				at, refused.Message)
		}
		return fmt.Errorf("store: PostgreSQL at %s, database %q: %s (SQLSTATE %s)", at, config.Database, refused.Message, refused.Code)
	}
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return fmt.Errorf("store: there is no host %q: check the URL of the database", config.Host)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("store: PostgreSQL at %s does not answer within %s: check host, port and firewall", at, config.ConnectTimeout)
	}
	var failed *pgconn.ConnectError
	if errors.As(err, &failed) {
		// Its text names user and database beside the reason, and the reason once for
		// each way that was tried.
		reasons := slices.Compact(strings.Split(errors.Unwrap(failed).Error(), "\n"))
		return fmt.Errorf("store: cannot reach PostgreSQL at %s: check that it runs, and host, port and sslmode of the URL: %s", at, strings.Join(reasons, "; "))
	}
	return fmt.Errorf("store: PostgreSQL at %s, database %q: %w", at, config.Database, err)
}

func classifyPostgres(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return &Fault{err}
	}
	switch e.Code {
	case uniqueViolation:
		return fmt.Errorf("%w: %w", ErrConflict, err)
	case foreignKeyViolation:
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return &Fault{err}
}

// conflicting says whether a transaction failed because of others that ran at
// the same time, so that it may succeed when it is run again.
func conflicting(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == serializationFailure || e.Code == deadlockDetected)
}
