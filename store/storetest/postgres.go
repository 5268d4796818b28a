package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

// The variables that tests look at.
const (
	serverVariable = "LOADLINE_TEST_POSTGRES" // the URL of a server, or "required"
	engineVariable = "LOADLINE_TEST_ENGINE"   // "postgres": DSN returns databases of that kind
)

// connections is how many a test's store opens: a server's have to be enough for
// many tests at once.
const connections = 8

// DSN returns a fresh database for a test that needs any: of SQLite, unless
// LOADLINE_TEST_ENGINE is "postgres".
func DSN(t testing.TB) string {
	t.Helper()
	if OnPostgres() {
		return Postgres(t)
	}
	return SQLite(t)
}

// OnPostgres says whether DSN returns databases of PostgreSQL.
func OnPostgres() bool { return os.Getenv(engineVariable) == "postgres" }

// HasPostgres says whether Postgres does not skip.
func HasPostgres() bool { return os.Getenv(serverVariable) != "" }

// Postgres returns the URL of an empty database, which is dropped when the test
// ends. It skips the test where there is no server, or fails it where there has
// to be one.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(serverVariable)
	switch server {
	case "":
		t.Skip("no PostgreSQL: " + serverVariable + " is to be the URL of a server to create databases on")
	case "required":
		t.Fatal("PostgreSQL is required: " + serverVariable + " has to be the URL of a server to create databases on")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", serverVariable, err)
	}
	name := fmt.Sprintf("loadline_test_%d_%d", os.Getpid(), rand.Uint32())
	administer(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { administer(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

func administer(t testing.TB, server, stmt string) {
	t.Helper()
	// The test's own context has ended when it cleans up.
	ctx := context.WithoutCancel(t.Context())
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, stmt); err != nil {
		t.Fatalf("%s: %v", stmt, err)
	}
}
