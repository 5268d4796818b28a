package main

import "runtime/debug"

// A question allocates some megabytes and keeps nothing of them. Waiting until
// the heap is three times what is in use, not twice, saves a third of the CPU
// that answers take; the limit keeps that from being much memory where much is
// in use, as with a large upload.
const (
	collectPercent = 200
	memoryLimit    = 256 << 20
)

// tuneCollector sets when garbage is collected, unless GOGC and GOMEMLIMIT in the
// environment do.
func tuneCollector(lookup func(string) (string, bool)) {
	if _, ok := lookup("GOGC"); !ok {
		debug.SetGCPercent(collectPercent)
	}
	if _, ok := lookup("GOMEMLIMIT"); !ok {
		debug.SetMemoryLimit(memoryLimit)
	}
}
