package job

import (
	"context"
	"fmt"
	"time"

	"loadline/store"
)

const (
	// KindPrune is the kind of job that removes what nobody needs any more.
	KindPrune  = "PRUNE"
	pruneEvery = time.Hour
	// jobsKept is how long jobs that ended can be looked up, but for ingestions: they
	// stay as long as their Boms.
	jobsKept = 30 * 24 * time.Hour
)

// Prune removes exports that have expired, and jobs that ended long ago.
type Prune struct {
	now func() time.Time

	Plain
}

// Run removes.
func (p *Prune) Run(ctx context.Context, t Task) error {
	n, err := t.Store.Prune(ctx, p.now().Add(-jobsKept))
	t.Report(store.JobProgress{Stage: "rows", Done: n, Total: n, Message: fmt.Sprintf("%d expired exports and old jobs removed", n)})
	return err
}
