package job

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"loadline/enrich"
	"loadline/store"
	"loadline/upstream"
)

const (
	// KindRefresh is the kind of job that asks the sources ahead.
	KindRefresh = "REFRESH"
	// refreshAttempts is how often a refresh is tried before the next one is waited
	// for.
	refreshAttempts = 4
	// versionsAtOnce is how many package versions are asked about together: half of
	// what OSV takes in a call.
	versionsAtOnce = 500
	// refreshesPerSecond bounds how often that is done, so that questions, which
	// somebody waits for, have the rest of what the sources let through.
	refreshesPerSecond = 2
)

// Refresh asks the sources about package versions before anybody wants to know:
// about those whose facts are missing or old, of a Bom that has been ingested or
// of all current Boms.
type Refresh struct {
	store *store.Store
	facts *enrich.Service
	log   *slog.Logger

	Plain // what was learnt is kept at once
}

// AddRefresh lets the Runner refresh too: after each ingestion, and everything
// whenever the time has passed. Call it before Run.
func (r *Runner) AddRefresh(facts *enrich.Service, every time.Duration) {
	r.AddSlow(KindRefresh, &Refresh{store: r.store, facts: facts, log: r.log})
	r.Repeat(store.NewJob{Kind: KindRefresh, MaxAttempts: refreshAttempts, Unique: KindRefresh}, every)
	r.kinds[store.KindIngestBom].Kind.(*Ingest).refresh = true
}

// refreshOf is the refresh of the release that the Bom is of: one at a time, and
// once more where it runs already, perhaps on an earlier Bom.
func refreshOf(b store.Bom, projectID int64) store.NewJob {
	return store.NewJob{
		Kind:        KindRefresh,
		BomID:       b.ID,
		ProjectID:   projectID,
		MaxAttempts: refreshAttempts,
		Unique:      KindRefresh + " " + strconv.FormatInt(b.ReleaseID, 10),
		Again:       true,
	}
}

// Run asks. What is known and recent is not asked about again, so a run that was
// cut short is taken up where it ended.
func (r *Refresh) Run(ctx context.Context, t Task) error {
	next, total, err := r.versions(ctx, t.Job.BomID)
	if err != nil {
		return err
	}
	pace := rate.NewLimiter(refreshesPerSecond, 1)
	done, unknown, reason := 0, 0, ""
	for {
		t.Report(store.JobProgress{
			Stage:   "sources",
			Done:    done,
			Total:   max(done, total),
			Message: fmt.Sprintf("%d package versions known, %d not", done-unknown, unknown),
		})
		ids, err := next()
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		missing, why, calls, err := r.ask(ctx, ids)
		if err != nil {
			return err
		}
		done, unknown = done+len(ids), unknown+missing
		if why != "" {
			reason = why
		}
		if calls > 0 {
			if err := pace.Wait(ctx); err != nil {
				return err
			}
		}
	}
	// What questions are answered with is stored a moment later.
	if err := r.facts.Settle(ctx); err != nil {
		return err
	}
	if unknown > 0 {
		return fmt.Errorf("%d of %d package versions are not known, or not as of now: %s", unknown, done, reason)
	}
	return nil
}

// versions returns an iterator over the package versions to ask about, a batch at
// a time, and how many there are at most.
func (r *Refresh) versions(ctx context.Context, bomID int64) (next func() ([]int64, error), total int, err error) {
	if bomID != 0 {
		ids, err := r.currentVersions(ctx, bomID)
		total := len(ids)
		return func() ([]int64, error) {
			n := min(versionsAtOnce, len(ids))
			batch := ids[:n]
			ids = ids[n:]
			return batch, nil
		}, total, err
	}
	total, err = r.store.CountVersionIDs(ctx)
	after := int64(0)
	return func() ([]int64, error) {
		batch, err := r.store.CurrentVersionIDs(ctx, after, versionsAtOnce)
		if len(batch) > 0 {
			after = batch[len(batch)-1]
		}
		return batch, err
	}, total, err
}

// currentVersions returns the package versions of the release that the Bom is of.
func (r *Refresh) currentVersions(ctx context.Context, bomID int64) ([]int64, error) {
	boms, err := r.store.BomsByIDs(ctx, []int64{bomID})
	if err != nil || len(boms) == 0 {
		return nil, err
	}
	releases, err := r.store.ReleasesByIDs(ctx, []int64{boms[0].ReleaseID})
	if err != nil || len(releases) == 0 {
		return nil, err
	}
	return r.store.VersionIDsOfBom(ctx, releases[0].BomID)
}

// ask asks about package versions, and returns how many of them the sources could
// not be asked about and why, and how many calls that took.
func (r *Refresh) ask(ctx context.Context, ids []int64) (missing int, reason string, calls int, err error) {
	ctx = upstream.WithCounter(ctx)
	uses := make([]store.Use, len(ids))
	for i, id := range ids {
		uses[i].PackageVersionID = id
	}
	known, err := r.facts.Assess(ctx, uses)
	if err != nil {
		return 0, "", 0, err
	}
	for _, c := range known.Report(uses).Components {
		if c.State == enrich.Unavailable || c.State == enrich.Stale {
			missing += c.Count
			reason = c.Reason
		}
	}
	versions, err := r.store.PackageVersionsByIDs(ctx, ids)
	if err != nil {
		return 0, "", 0, err
	}
	packages := make([]int64, len(versions))
	for i, v := range versions {
		packages[i] = v.PackageID
	}
	slices.Sort(packages)
	r.facts.WantLatest(slices.Compact(packages))
	return missing, reason, upstream.CallsFrom(ctx), nil
}
