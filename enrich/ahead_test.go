package enrich_test

import (
	"context"
	"testing"
	"time"

	"loadline/enrich"
	"loadline/upstream"
)

// TestFactsAreRefreshedBeforeTheyExpire moves the clock into the last fifth of a
// lifetime: the facts are served as they are, and then asked for again, so that
// they are still fresh when the lifetime is over.
func TestFactsAreRefreshedBeforeTheyExpire(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lifetime time.Duration
		path     string
		calls    int // of the first question
		state    func(*testing.T, context.Context, *world) enrich.Status
	}{
		"OSV": {time.Hour, "/v1/querybatch", 3, func(t *testing.T, ctx context.Context, w *world) enrich.Status {
			version := w.versions(t, "pkg:npm/left-shelf@1.0.0")
			found, err := w.Findings(ctx, version)
			if err != nil {
				t.Fatal(err)
			}
			return found[version[0].ID].Status
		}},
		"EPSS": {24 * time.Hour, "/data/v1/epss", 1, func(t *testing.T, ctx context.Context, w *world) enrich.Status {
			const cve = "CVE-2099-10001"
			scores, err := w.Scores(ctx, []string{cve})
			if err != nil {
				t.Fatal(err)
			}
			return scores[cve].Status
		}},
		"deps.dev": {24 * time.Hour, "/v3alpha/versionbatch", 1, func(t *testing.T, ctx context.Context, w *world) enrich.Status {
			use := w.use(t, "pkg:npm/left-shelf@2.4.0")
			latest, err := w.Latest(ctx, []enrich.Use{use})
			if err != nil {
				t.Fatal(err)
			}
			return latest[use.Package.ID].Status
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ask := func(ahead time.Duration, calls int) {
				t.Helper()
				w.advance(t, ahead)
				ctx := upstream.WithCounter(t.Context())
				s := test.state(t, ctx, w)
				if n := upstream.CallsFrom(ctx); s.State != enrich.Fresh || n != calls {
					t.Errorf("after %v: %+v and %d calls, want FRESH and %d", ahead, s, n, calls)
				}
			}
			ask(0, test.calls)
			w.await(t, test.path)
			ask(test.lifetime/2, 0)
			ask(test.lifetime*9/10, 0)
			w.await(t, test.path)
			ask(test.lifetime*11/10, 0)
		})
	}
}
