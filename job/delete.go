package job

import (
	"context"
	"fmt"

	"loadline/store"
)

// Delete clears away what was deleted, in slices, so that nobody waits for long to
// write. It vanished for those who read when it was deleted.
type Delete struct{ Plain }

// Run clears away.
func (Delete) Run(ctx context.Context, t Task) error {
	return t.Store.Clear(ctx, t.Job.Args, func(done, total int) {
		t.Report(store.JobProgress{
			Stage:   "rows",
			Done:    done,
			Total:   total,
			Message: fmt.Sprintf("%d of %d rows cleared away", done, total),
		})
	})
}
