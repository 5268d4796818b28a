package store_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"loadline/store"
	"loadline/store/storetest"
)

func TestOpenSaysWhatIsWrongWithPostgres(t *testing.T) {
	t.Parallel()
	stranger := fmt.Sprintf("loadline_stranger_%d", os.Getpid())
	execute(t, storetest.Postgres(t), "CREATE ROLE "+stranger+" LOGIN")
	t.Cleanup(func() { execute(t, storetest.Postgres(t), "DROP ROLE "+stranger) })
	for name, c := range map[string]struct {
		change func(*url.URL)
		make   string // what the database has before it is opened
		want   string
	}{
		"no such user":     {func(u *url.URL) { u.User = url.UserPassword("nobody_here", "secret") }, ``, `does not let user "nobody_here" in`},
		"no such database": {func(u *url.URL) { u.Path = "/nothing_here" }, ``, `has no database "nothing_here": create it`},
		"nobody listens":   {func(u *url.URL) { u.Host = "127.0.0.1:1" }, ``, "cannot reach PostgreSQL at 127.0.0.1:1: check that it runs"},
		"no such host":     {func(u *url.URL) { u.Host = "nowhere.invalid" }, ``, `there is no host "nowhere.invalid"`},
		"TLS of a server without": {func(u *url.URL) {
			q := u.Query()
			q.Set("sslmode", "require")
			u.RawQuery = q.Encode()
		}, ``, "cannot reach PostgreSQL"},
		"another program's":    {func(*url.URL) {}, `CREATE TABLE recipe (id INTEGER)`, "the database of another program"},
		"a database of others": {func(u *url.URL) { u.User = url.User(stranger) }, ``, "make the user its owner"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := storetest.Postgres(t)
			if c.make != "" {
				execute(t, dsn, c.make)
			}
			u, err := url.Parse(dsn)
			if err != nil {
				t.Fatal(err)
			}
			c.change(u)
			s, err := store.Open(t.Context(), store.Options{DSN: u.String()})
			if err == nil {
				t.Fatalf("opened: %v", s.Close())
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %q, want it to contain %q", err, c.want)
			}
		})
	}
}

func execute(t *testing.T, dsn, stmt string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, stmt); err != nil {
		t.Fatal(err)
	}
}
