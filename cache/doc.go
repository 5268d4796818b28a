// Package cache keeps in memory what was read from the database, bounded in
// bytes and dropped exactly when it changes. A Table holds values of one kind.
// Whoever fills it says what each value was made of, by tags; whoever learns that
// something has changed drops its tag, and with it every value made of it, also
// those that are still being made.
//
// It knows nothing of databases: package store tells what has changed, on this
// node or on another.
package cache
