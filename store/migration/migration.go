// Package migration holds the steps of the database's schema. They are numbered
// and append-only: what has been released is never edited. Each opens with why,
// and is spelled for SQLite and PostgreSQL through the macros of package store.
package migration

import "embed"

// Files are the steps, in the order of their names.
//
//go:embed *.sql
var Files embed.FS
