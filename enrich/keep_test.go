package enrich_test

import (
	"testing"
	"time"

	"loadline/bench/standin"
	"loadline/enrich"
	"loadline/store"
	"loadline/upstream"
)

// TestAnswersDoNotWaitForTheDisk asks while the database cannot be written.
func TestAnswersDoNotWaitForTheDisk(t *testing.T) {
	t.Parallel()
	p := newPlace(t, standin.Sample())
	e, s := p.service(t, -1, false)
	versions := ingest(t, s, samplePURLs)
	const severalRecords = "CVE-2099-10001"

	writing, release := make(chan struct{}), make(chan struct{})
	blocked := make(chan error, 1)
	go func() {
		blocked <- s.InTx(t.Context(), func(*store.Tx) error {
			close(writing)
			<-release
			return nil
		})
	}()
	<-writing
	ctx := store.WithCounter(upstream.WithCounter(t.Context()))
	first, err := e.Findings(ctx, versions)
	if err != nil {
		t.Fatal(err)
	}
	statements, calls := store.StatementsFrom(ctx), p.called.Load()
	if upstream.CallsFrom(ctx) != int(calls) || calls == 0 {
		t.Errorf("%d calls counted of %d", upstream.CallsFrom(ctx), calls)
	}

	t.Run("and nobody fetches twice", func(t *testing.T) {
		again, err := e.Findings(t.Context(), versions)
		if err != nil {
			t.Fatal(err)
		}
		if n := p.called.Load() - calls; n != 0 {
			t.Errorf("%d calls for what is about to be stored", n)
		}
		same(t, first, again)
	})
	t.Run("but what asks the stored facts does", func(t *testing.T) {
		ctx, cancel := contextThatEnds(t)
		defer cancel()
		if _, err := e.Vulnerabilities(ctx, []string{severalRecords}); err == nil {
			t.Error("answered before the records were stored")
		}
	})
	close(release)
	if err := <-blocked; err != nil {
		t.Fatal(err)
	}
	if err := e.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := store.StatementsFrom(ctx); n != statements {
		t.Errorf("saving cost the question %d statements", n-statements)
	}
	rows, err := s.Answers(t.Context(), ids(versions))
	if err != nil {
		t.Fatal(err)
	}
	covered := 0
	for _, f := range first {
		if f.Status.State == enrich.Fresh {
			covered++
		}
	}
	if len(rows) != covered {
		t.Errorf("%d answers stored of %d", len(rows), covered)
	}
	stored, err := e.Findings(t.Context(), versions)
	if err != nil {
		t.Fatal(err)
	}
	same(t, first, stored)
	found, err := e.Vulnerabilities(t.Context(), []string{severalRecords})
	if err != nil || found[severalRecords] == nil {
		t.Errorf("%v, error %v", found, err)
	}
}

func TestCloseStoresWhatWasAnswered(t *testing.T) {
	t.Parallel()
	p := newPlace(t, standin.Sample())
	e, s := p.service(t, -1, false)
	versions := ingest(t, s, samplePURLs)
	if _, err := e.Findings(t.Context(), versions); err != nil {
		t.Fatal(err)
	}
	e.Close()
	rows, err := s.Answers(t.Context(), ids(versions))
	if err != nil || len(rows) == 0 {
		t.Errorf("%d answers stored, error %v", len(rows), err)
	}
	if time.Since(rows[0].FetchedAt) > time.Hour {
		t.Errorf("answer of %v", rows[0].FetchedAt)
	}
}
