package enrich_test

import (
	"testing"
	"time"

	"loadline/bench/standin"
	"loadline/enrich"
)

// TestLatestRemembers follows a package whose newest version only the background
// can learn, while deps.dev does not answer about packages.
func TestLatestRemembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sources.Fault(standin.DepsDevPackage, standin.Fault{Kind: "403"})
	use := w.use(t, "pkg:npm/left-shelf@1.0.0")
	ask := func() enrich.Latest {
		t.Helper()
		latest, err := w.Latest(t.Context(), []enrich.Use{use})
		if err != nil {
			t.Fatal(err)
		}
		return latest[use.Package.ID]
	}
	// learn asks until the background has been there.
	learn := func() enrich.Latest {
		t.Helper()
		pending := ask()
		for {
			got := ask()
			if got.Status.Reason != pending.Status.Reason {
				return got
			}
			if err := t.Context().Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	batches := func() int64 { return w.sources.Counts().Of(standin.DepsDevVersionBatch).Calls }

	failed := learn()
	want := enrich.Status{
		Source: "DEPS_DEV",
		State:  enrich.Unavailable,
		AsOf:   w.now(),
		Reason: "deps.dev answered with status 403.",
	}
	if failed.Status != want {
		t.Errorf("after a failure: %+v, want %+v", failed.Status, want)
	}
	if n := batches(); n != 1 {
		t.Errorf("%d batches about one version", n)
	}
	w.sources.ClearFaults()
	w.advance(t, 4*time.Minute)
	if got := ask(); got.Status != want || batches() != 1 {
		t.Errorf("soon after: %+v after %d batches, want the same after 1", got.Status, batches())
	}
	w.advance(t, 6*time.Minute)
	if got := learn(); got.Version == "" || got.Status.State != enrich.Fresh || batches() != 2 {
		t.Errorf("later: %+v after %d batches, want a version after 2", got, batches())
	}
}
