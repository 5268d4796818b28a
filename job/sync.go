package job

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"loadline/mirror"
	"loadline/store"
)

// syncAttempts is how often a sync is tried before the next one is waited for.
const syncAttempts = 3

// Sync brings a mirror of advisories into the database.
type Sync struct {
	store      *store.Store
	mirror     *mirror.Mirror
	ecosystems []string
	log        *slog.Logger
	enqueue    func(context.Context, store.NewJob) (store.Job, error)

	Plain // what is whole has been published; what is not is seen by nobody
}

// NewSync returns a Sync of those ecosystems of the mirror, as mirror.Request has
// them.
func NewSync(s *store.Store, m *mirror.Mirror, ecosystems []string, log *slog.Logger) *Sync {
	return &Sync{store: s, mirror: m, ecosystems: ecosystems, log: log}
}

// AddSync lets the Runner work on syncs too, at once and whenever the time has
// passed. Call it before Run.
func (r *Runner) AddSync(s *Sync, every time.Duration) {
	r.AddSlow(store.KindSync, s)
	r.Repeat(s.job(), every)
	s.enqueue = r.Enqueue
}

func (s *Sync) job() store.NewJob {
	return store.NewJob{Kind: store.KindSync, MaxAttempts: syncAttempts, Unique: store.KindSync}
}

// Request enqueues a sync unless one waits already. One that runs is not enough:
// it may be that of a process that was killed, and be given up for it.
func (s *Sync) Request(ctx context.Context) {
	if err := s.once(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("sync not enqueued", "error", err)
	}
}

// Want syncs if packages are in use whose ecosystem has never been asked for.
func (s *Sync) Want(ctx context.Context) {
	missing, err := s.missing(ctx)
	if err == nil && missing {
		err = s.once(ctx)
	}
	if err != nil && ctx.Err() == nil {
		s.log.Error("sync not enqueued", "error", err)
	}
}

// once enqueues a sync that begins from now on.
func (s *Sync) once(ctx context.Context) error {
	n := s.job()
	n.Again = true // one that is under way may have looked before
	_, err := s.enqueue(ctx, n)
	return err
}

func (s *Sync) missing(ctx context.Context) (bool, error) {
	dumps, err := s.store.Dumps(ctx)
	if err != nil {
		return false, err
	}
	used, err := s.store.UsedEcosystems(ctx)
	if err != nil {
		return false, err
	}
	asked := make(map[string]bool, len(dumps))
	for _, d := range dumps {
		asked[d.Ecosystem] = true
	}
	for _, ecosystem := range used {
		if !asked[ecosystem] {
			return true, nil
		}
	}
	return false, nil
}

// Run syncs. Parts that fail do not keep others from being brought; the job is
// tried again because of them.
func (s *Sync) Run(ctx context.Context, t Task) error {
	last, err := s.store.LastChange(ctx)
	if err != nil {
		return err
	}
	result, err := s.mirror.Sync(ctx, t.Store, mirror.Request{
		Ecosystems: s.ecosystems,
		Progress: func(p mirror.Progress) {
			t.Report(store.JobProgress{Stage: p.Part, Done: p.Done, Total: p.Total, Message: messageOf(p)})
		},
	})
	s.describe(result)
	if err != nil {
		return err
	}
	if err := s.tellReleases(ctx, last); err != nil {
		return err
	}
	if err := result.Failed(); err != nil {
		return fmt.Errorf("sync with %s: %w", s.mirror.Name(), err)
	}
	return nil
}

// describe logs what a sync did.
func (s *Sync) describe(r mirror.Result) {
	for _, d := range r.Dumps {
		for _, p := range d.Problems {
			s.log.Warn("advisory left out", "ecosystem", d.Ecosystem, "record", p.Record, "error", p.Err)
		}
		if d.Err == nil && !d.Missing && !d.Unchanged {
			s.log.Info("advisories synced", "ecosystem", d.Ecosystem, "records", d.Records, "added", d.Added,
				"changed", d.Changed, "removed", d.Removed, "skipped", d.Skipped, "duration", d.Took)
		}
	}
	for _, f := range r.Files {
		if f.Err == nil && !f.Missing && !f.Unchanged {
			s.log.Info("file synced", "file", f.Name, "records", f.Records, "skipped", f.Skipped)
		}
	}
}

// messageOf says how far a sync is.
func messageOf(p mirror.Progress) string {
	switch {
	case p.Total > 0:
		return fmt.Sprintf("%s: %d of %d records", p.Part, p.Done, p.Total)
	case p.Done > 0:
		return fmt.Sprintf("%s: %d records", p.Part, p.Done)
	default:
		return p.Part + ": looking for changes"
	}
}

// tellReleases logs what has changed about releases since a change.
func (s *Sync) tellReleases(ctx context.Context, last int64) error {
	changes, err := s.store.ReleaseChanges(ctx, last)
	if err != nil {
		return err
	}
	for _, c := range changes {
		s.log.Info("findings changed", "project", c.Project, "release", c.Version, "new", c.New, "changed", c.Changed, "gone", c.Gone)
	}
	return nil
}
