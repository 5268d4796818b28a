package graph_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"loadline/bench/standin"
	"loadline/graph/model"
	"loadline/job"
	"loadline/store"
)

// progressOf asks for the progress of a job.
const progressOf = `subscription($id: ID!) { jobProgress(id: $id) { state done total message } }`

// held is a job that goes on when a test says so.
type held struct {
	job.Plain
	steps    chan store.JobProgress
	reported chan struct{}
}

func (h held) Run(ctx context.Context, t job.Task) error {
	for {
		select {
		case step, goesOn := <-h.steps:
			if !goesOn {
				return nil
			}
			t.Report(step)
			h.reported <- struct{}{}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// hold starts a job that report has report, and that ends when end is called.
// Both wait until it has done so.
func (s *server) hold(ctx context.Context, t *testing.T) (id string, report func(store.JobProgress), end func()) {
	t.Helper()
	h := held{steps: make(chan store.JobProgress), reported: make(chan struct{})}
	runner := job.NewRunner(s.store, s.hub, job.NewIngest(s.store, nil, 1, 1, nil), "held", time.Now, slog.New(slog.DiscardHandler))
	runner.AddSlow("HELD", h)
	ctx, cancel := context.WithCancel(ctx)
	workers := make(chan struct{})
	go func() { defer close(workers); runner.Run(ctx, 0) }()
	t.Cleanup(func() { cancel(); <-workers })
	j, err := runner.Enqueue(ctx, store.NewJob{Kind: "HELD", MaxAttempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	report = func(p store.JobProgress) {
		h.steps <- p
		<-h.reported
	}
	end = func() {
		t.Helper()
		close(h.steps)
		if got, err := runner.Wait(ctx, j); err != nil || got.State != store.JobSucceeded {
			t.Fatalf("job = %+v, %v", got, err)
		}
	}
	return model.EncodeKey(model.KindJob, j.ID), report, end
}

// follow reads until the job is done with this many steps, or to the end of the
// subscription if there is none. It returns how often it was told, and the last
// state.
func follow(ctx context.Context, sub subscriber, until int) (frames int, last string, err error) {
	for {
		f, err := sub.next(ctx)
		if err != nil || f.Type == "complete" {
			return frames, last, err
		}
		frames++
		state, done := f.state()
		if last = state; done == until {
			return frames, last, nil
		}
	}
}

// A thousand subscribers each see the present state, a change, the end and the
// completion; those that do not read meanwhile keep nobody waiting.
func TestAThousandSubscribers(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a thousand connections")
	}
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, standin.Config{})
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			id, report, end := s.hold(ctx, t)
			report(store.JobProgress{Stage: "before", Done: 1, Total: 1000})

			const n = 1000
			before := inUse()
			all := make([]subscriber, n)
			each := func(do func(context.Context, *subscriber) error) {
				t.Helper()
				g, gctx := errgroup.WithContext(ctx)
				g.SetLimit(50)
				for i := range all {
					g.Go(func() error { return do(gctx, &all[i]) })
				}
				if err := g.Wait(); err != nil {
					t.Fatal(err)
				}
			}
			each(func(ctx context.Context, sub *subscriber) (err error) {
				if *sub, err = subscribe(ctx, s.URL, progressOf, map[string]any{"id": id}); err != nil {
					return err
				}
				f, err := (*sub).next(ctx)
				if state, done := f.state(); err == nil && (state != store.JobRunning || done != 1) {
					t.Errorf("the first state is %s %s", f.Type, f.Payload)
				}
				return err
			})
			t.Logf("%d bytes a subscriber, client and server together", (inUse()-before)/n)

			report(store.JobProgress{Stage: "while", Done: 2, Total: 1000})
			each(func(ctx context.Context, sub *subscriber) error {
				frames, state, err := follow(ctx, *sub, 2)
				if err == nil && (frames != 1 || state != store.JobRunning) {
					t.Errorf("the change came after %d others: %s", frames-1, state)
				}
				return err
			})

			// Nobody reads while the job goes on and ends.
			for step := range 300 {
				report(store.JobProgress{Stage: "unread", Done: 3 + step, Total: 1000})
			}
			end()
			var told atomic.Int64
			each(func(ctx context.Context, sub *subscriber) error {
				defer (*sub).close()
				frames, last, err := follow(ctx, *sub, -1)
				told.Add(int64(frames))
				if err == nil && last != store.JobSucceeded {
					t.Errorf("the last state is %q", last)
				}
				return err
			})
			t.Logf("%d frames for %d subscribers and 300 steps", told.Load(), n)
		})
	}
}

// A subscriber that does not read is sent no more than what is on its way, and
// then the newest state: what it has missed is not kept for it.
func TestASlowSubscriber(t *testing.T) {
	t.Parallel()
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, standin.Config{})
			id, report, end := s.hold(t.Context(), t)
			sub, err := subscribe(t.Context(), s.URL, progressOf, map[string]any{"id": id})
			if err != nil {
				t.Fatal(err)
			}
			defer sub.close()
			if _, err := sub.next(t.Context()); err != nil {
				t.Fatal(err)
			}
			// More than the buffers of the two ends of a connection take, by several times.
			const n, bytes = 600, 64 << 10
			for i := range n {
				report(store.JobProgress{Stage: fmt.Sprint("step ", i), Done: i + 1, Total: n, Message: strings.Repeat("x", bytes)})
			}
			told, state, err := follow(t.Context(), sub, n)
			if err != nil || state != store.JobRunning {
				t.Fatalf("the newest state is %q, %v", state, err)
			}
			if told > n/2 {
				t.Errorf("%d states of %d were kept for a subscriber that did not read", told, n)
			}
			end()
			if _, last, err := follow(t.Context(), sub, -1); err != nil || last != store.JobSucceeded {
				t.Errorf("the last state is %q, %v", last, err)
			}
			t.Logf("%d frames of %d", told, n)
		})
	}
}

// inUse is the memory that is in use once what is garbage is gone.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
