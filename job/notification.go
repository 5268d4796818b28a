package job

import (
	"context"
	"fmt"
	"time"

	"loadline/notify"
	"loadline/store"
)

const (
	// notifyAttempts is how often telling is tried. It fails only with the database:
	// that a message could not be delivered is noted with the message.
	notifyAttempts = 100
	// newsEvery is how often it is looked for something to tell.
	newsEvery = 2 * time.Second
)

// Notify tells people what is new.
type Notify struct {
	service *notify.Service

	Plain // what was found and sent is noted at once
}

// AddNotify lets the Runner tell people too. Call it before Run.
func (r *Runner) AddNotify(s *notify.Service) {
	r.AddSlow(store.KindNotify, &Notify{service: s})
}

// KeepNotifying enqueues the jobs of AddNotify when there is something to look at
// or to send, until ctx ends. Of all processes that do so one is enough.
func (r *Runner) KeepNotifying(ctx context.Context) {
	tick := time.NewTicker(newsEvery)
	defer tick.Stop()
	for {
		if err := r.notifyDue(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("notifications not looked for", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (r *Runner) notifyDue(ctx context.Context) error {
	next, err := r.store.NextNews(ctx)
	if err != nil || next.IsZero() || next.After(r.now()) {
		return err
	}
	_, err = r.Enqueue(ctx, store.NewJob{Kind: store.KindNotify, MaxAttempts: notifyAttempts, Unique: store.KindNotify})
	return err
}

// Run looks for news, gathers and sends them, until nothing is due.
func (n *Notify) Run(ctx context.Context, t Task) error {
	t.Report(store.JobProgress{Stage: "notify", Message: "looking for news"})
	return n.service.Run(ctx, t.Store, func(sent int) {
		t.Report(store.JobProgress{Stage: "notify", Done: sent, Message: fmt.Sprintf("%d messages tried", sent)})
	})
}
