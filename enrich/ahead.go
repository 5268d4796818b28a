package enrich

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"loadline/match"
	"loadline/store"
)

const (
	// agingFrom is the part of a fact's lifetime after which a fact that is used
	// is refreshed, so that whoever asks next does not wait for it.
	agingFrom = 0.8
	// maxAhead bounds how many facts of a kind wait to be refreshed; what does not
	// fit is fetched when it is asked for.
	maxAhead = 10_000
	// aheadPerSecond bounds how often the waiting facts are refreshed, all at once.
	aheadPerSecond = 1
)

// ahead is the facts that were used while they were fresh, and soon are not.
type ahead struct {
	mu     sync.Mutex
	due    aging
	wanted chan struct{}
}

type aging struct {
	targets map[int64]match.Target // of package versions
	scores  map[string]bool        // by CVE id
	uses    map[int64]Use          // by package
}

func newAging() aging {
	return aging{targets: map[int64]match.Target{}, scores: map[string]bool{}, uses: map[int64]Use{}}
}

func newAhead() *ahead { return &ahead{due: newAging(), wanted: make(chan struct{}, 1)} }

// want adds to what is due.
func (a *ahead) want(add func(*aging)) {
	a.mu.Lock()
	add(&a.due)
	a.mu.Unlock()
	select {
	case a.wanted <- struct{}{}:
	default:
	}
}

// fill copies what there is room for.
func fill[K comparable, V any](due, more map[K]V) {
	for k, v := range more {
		if len(due) < maxAhead {
			due[k] = v
		}
	}
}

func (a *ahead) take() aging {
	a.mu.Lock()
	defer a.mu.Unlock()
	due := a.due
	a.due = newAging()
	return due
}

// aging says whether a fact that was fetched at t is fresh, and not for long.
func (e *Service) aging(t time.Time, lifetime time.Duration) bool {
	return e.fresh(t, lifetime) && !e.fresh(t, time.Duration(agingFrom*float64(lifetime)))
}

// untilAging is until when a fact that was fetched at t may be answered with
// without a look at its age: until it is aging, and then until its end, since
// then it has been asked for again.
func (e *Service) untilAging(t time.Time, lifetime time.Duration) time.Time {
	if from := t.Add(time.Duration(agingFrom * float64(lifetime))); e.now().Before(from) {
		return from
	}
	return t.Add(lifetime)
}

// refreshAhead refreshes what is due until ctx ends. What fails stays as it is:
// it is asked for again when somebody uses it.
func (e *Service) refreshAhead(ctx context.Context) {
	pace := rate.NewLimiter(aheadPerSecond, 1)
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.ahead.wanted:
		}
		if pace.Wait(ctx) != nil {
			return
		}
		due := e.ahead.take()
		if err := e.refreshAnswers(ctx, due.targets); err != nil && ctx.Err() == nil {
			e.log.Warn("facts not refreshed", "error", err)
		}
		if len(due.scores) > 0 {
			e.scores.do(ctx, e, slices.Sorted(maps.Keys(due.scores)), e.fetchScores)
		}
		if len(due.uses) > 0 {
			e.refreshLatest(ctx, due.uses)
		}
	}
}

// refreshAnswers asks OSV about the targets again, and for the records that have
// changed since.
func (e *Service) refreshAnswers(ctx context.Context, targets map[int64]match.Target) error {
	if len(targets) == 0 {
		return nil
	}
	outcomes := e.answers.do(ctx, e, slices.Sorted(maps.Keys(targets)), func(ctx context.Context, ids []int64) (map[int64]outcome[store.Answer], store.Facts) {
		return e.fetchAnswers(ctx, ids, targets)
	})
	answers := make(map[int64]store.Answer, len(outcomes))
	for id, out := range outcomes {
		if out.err == nil {
			answers[id] = out.value
		}
	}
	named := modified(answers)
	held, err := e.heldRecords(ctx, slices.Sorted(maps.Keys(named)))
	if err != nil {
		return err
	}
	_, err = e.records(ctx, named, held)
	return err
}

func (e *Service) refreshLatest(ctx context.Context, uses map[int64]Use) {
	due, keys := versionKeys(slices.Collect(maps.Values(uses)))
	slices.Sort(due)
	e.latest.do(ctx, e, due, func(ctx context.Context, ids []int64) (map[int64]outcome[store.Latest], store.Facts) {
		return e.fetchLatest(ctx, ids, keys)
	})
}
