package enrich

import (
	"context"
	"slices"
	"time"

	"loadline/cache"
	"loadline/store"
	"loadline/upstream"
)

// Score is what EPSS says about a CVE id.
type Score struct {
	store.Score // Known is false where EPSS has none
	Status      Status
}

// Scores returns what EPSS says about each of the CVE ids.
func (e *Service) Scores(ctx context.Context, cves []string) (map[string]Score, error) {
	FellShort(ctx)
	since := e.memory.scores.Now()
	scores, err := e.mirroredScores(ctx, cves)
	if err != nil {
		return nil, err
	}
	stored, err := e.store.Scores(ctx, cves)
	if err != nil {
		return nil, err
	}
	soon := make(map[string]bool)
	for _, s := range stored {
		if held, ok := scores[s.CVE]; !ok || s.Date >= held.Date && s.FetchedAt.After(held.FetchedAt) {
			scores[s.CVE] = Score{Score: s, Status: scoreStatus(s)}
			if e.aging(s.FetchedAt, epssLifetime) && !isQuiet(ctx) {
				soon[s.CVE] = true
			}
		}
	}
	if len(soon) > 0 {
		e.ahead.want(func(a *aging) { fill(a.scores, soon) })
	}
	var due []string
	for _, cve := range cves {
		if !e.fresh(scores[cve].FetchedAt, epssLifetime) {
			due = append(due, cve)
		}
	}
	countHits(ctx, len(cves)-len(due))
	unknown := make(map[string]error)
	defer func() { e.rememberScores(scores, unknown, since) }()
	if len(due) == 0 {
		return scores, nil
	}
	slices.Sort(due) // a call that fails then costs the same ids every time
	for cve, out := range e.scores.do(ctx, e, due, e.fetchScores) {
		if out.err != nil {
			unknown[cve] = out.err
			old := scores[cve]
			old.Status = fallback(upstream.EPSS, old.FetchedAt, out.err)
			scores[cve] = old
			continue
		}
		scores[cve] = Score{Score: out.value, Status: scoreStatus(out.value)}
	}
	return scores, nil
}

// rememberScores keeps scores for as long as they hold; not those that could not
// be had, unless that is for lack of a network.
func (e *Service) rememberScores(scores map[string]Score, unknown map[string]error, since cache.Stamp) {
	for cve, s := range scores {
		until := e.untilAging(s.FetchedAt, epssLifetime)
		if err := unknown[cve]; err != nil {
			if !isOffline(err) {
				continue
			}
			until = untilChanged
		}
		e.memory.scores.Put(cve, lasting[Score]{s, until}, 300, since, cve, ofMirror)
	}
}

// mirroredScores returns what the mirror says about each of the CVE ids; nothing
// where it has no scores.
func (e *Service) mirroredScores(ctx context.Context, cves []string) (map[string]Score, error) {
	rows, edition, err := e.store.MirroredScores(ctx, cves)
	if err != nil {
		return nil, err
	}
	scores := make(map[string]Score, len(cves))
	if edition.Generation == 0 {
		return scores, nil
	}
	for _, cve := range cves {
		s := store.Score{CVE: cve, Date: edition.Edition, FetchedAt: edition.AsOf}
		scores[cve] = Score{Score: s, Status: scoreStatus(s)}
	}
	for _, s := range rows {
		scores[s.CVE] = Score{Score: s, Status: scoreStatus(s)}
	}
	return scores, nil
}

func (e *Service) fetchScores(ctx context.Context, cves []string) (map[string]outcome[store.Score], store.Facts) {
	results := e.up.EPSS.Scores(ctx, cves)
	now := e.now()
	got := make(map[string]outcome[store.Score], len(cves))
	var facts store.Facts
	for i, r := range results {
		if r.Err != nil {
			got[cves[i]] = outcome[store.Score]{err: r.Err}
			continue
		}
		s := store.Score{
			CVE:         cves[i],
			Known:       r.Known,
			Probability: r.Score.Probability,
			Percentile:  r.Score.Percentile,
			Date:        r.Score.Date.Format(time.DateOnly),
			FetchedAt:   now,
		}
		got[cves[i]] = outcome[store.Score]{value: s}
		facts.Scores = append(facts.Scores, s)
	}
	return got, facts
}

func scoreStatus(s store.Score) Status {
	if !s.Known {
		return Status{Source: upstream.EPSS, State: NotCovered, AsOf: s.FetchedAt, Reason: "EPSS has no score for " + s.CVE + "."}
	}
	return Status{Source: upstream.EPSS, State: Fresh, AsOf: s.FetchedAt}
}
