package store_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"loadline/store"
	"loadline/store/storetest"
)

// watch returns what is heard until the test ends.
func watch(t *testing.T, s *store.Store) <-chan store.Signal {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	heard := make(chan store.Signal)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Watch(ctx, slog.New(slog.DiscardHandler), func(sig store.Signal) {
			select {
			case heard <- sig:
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() { stop(); <-done })
	return heard
}

// hears waits for a Signal that is as wanted.
func hears(t *testing.T, heard <-chan store.Signal, what string, wanted func(store.Signal) bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case sig := <-heard:
			if wanted(sig) {
				return
			}
		case <-late:
			t.Fatalf("%s was not heard", what)
		}
	}
}

func missed(sig store.Signal) bool { return sig.Missed }

// Two Stores on one database stand for two nodes.
func TestNodesHearEachOther(t *testing.T) {
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		here, there := storetest.OpenDSN(t, dsn, time.Now), storetest.OpenDSN(t, dsn, time.Now)
		own, others := watch(t, here), watch(t, there)
		hears(t, own, "the start", missed)
		hears(t, others, "the start", missed)
		_, j := storetest.Accept(t, here, "shop", "1", storetest.Document(3))
		about := func(sig store.Signal) bool {
			return sig.Changed && slices.Contains(sig.Jobs, j.ID) && slices.Contains(sig.Due, j.Kind)
		}
		hears(t, own, "an own upload", about)
		hears(t, others, "an upload of another node", func(sig store.Signal) bool { return sig.Missed || about(sig) })
		if _, err := there.ClaimJob(t.Context(), "worker", time.Minute, j.Kind); err != nil {
			t.Fatal(err)
		}
		hears(t, own, "another node's claim", func(sig store.Signal) bool { return sig.Missed || slices.Contains(sig.Jobs, j.ID) })
	})
}

func TestWhatIsRolledBackIsNotHeard(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		heard := watch(t, s)
		hears(t, heard, "the start", missed)
		var dropped store.Job
		err := s.InTx(t.Context(), func(tx *store.Tx) (err error) {
			if dropped, err = tx.Enqueue(t.Context(), store.NewJob{Kind: "A", MaxAttempts: 1}); err != nil {
				return err
			}
			return context.Canceled
		})
		if err == nil {
			t.Fatal("committed")
		}
		_, kept := storetest.Accept(t, s, "shop", "1", storetest.Document(3))
		hears(t, heard, "the upload", func(sig store.Signal) bool {
			if slices.Contains(sig.Jobs, dropped.ID) && dropped.ID != kept.ID {
				t.Errorf("heard %v", sig)
			}
			return slices.Contains(sig.Jobs, kept.ID)
		})
	})
}

// A connection that is cut, as by a restart of the server, is made again, and
// what was missed meanwhile is said to be.
func TestListeningGoesOnAfterACut(t *testing.T) {
	t.Parallel()
	dsn := storetest.Postgres(t)
	s := storetest.OpenDSN(t, dsn, time.Now)
	heard := watch(t, s)
	hears(t, heard, "the start", missed)
	execute(t, dsn, `
		SELECT pg_terminate_backend(pid)
		FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN%'`)
	hears(t, heard, "the gap", missed)
	other := storetest.OpenDSN(t, dsn, time.Now)
	_, j := storetest.Accept(t, other, "shop", "1", storetest.Document(3))
	hears(t, heard, "an upload after it", func(sig store.Signal) bool { return slices.Contains(sig.Jobs, j.ID) })
}

func TestNodesAreCounted(t *testing.T) {
	t.Parallel()
	now := time.Now()
	dsn := storetest.Postgres(t)
	s := storetest.OpenDSN(t, dsn, func() time.Time { return now })
	beat := func(name string, want int) {
		t.Helper()
		if got := must(s.Beat(t.Context(), name, "all"))(t); got != want {
			t.Errorf("%s: %d nodes, want %d", name, got, want)
		}
	}
	beat("a", 1)
	beat("b", 2)
	beat("a", 2)
	if err := s.Leave(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	beat("a", 1)
	beat("b", 2)
	now = now.Add(time.Minute)
	beat("a", 1)
}
