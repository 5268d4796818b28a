package enrich

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"loadline/advisory"
	"loadline/match"
	"loadline/store"
	"loadline/upstream"
)

// mirrorLifetime is how long what a mirror holds counts as fresh: a mirror is
// brought up to date every day or more often.
const mirrorLifetime = 24 * time.Hour

// mirrored is what the mirror knows about some package versions, all of one
// moment.
type mirrored struct {
	covered map[string]time.Time   // when the mirror held what is here, by ecosystem; empty without a mirror
	answers map[int64]store.Answer // of the versions whose ecosystem it covers
	records map[string]record      // of the answers, and those that these are aliases of
}

// matchMirror finds the records that affect each target.
func (e *Service) matchMirror(ctx context.Context, targets map[int64]match.Target) (mirrored, error) {
	m := mirrored{answers: map[int64]store.Answer{}, records: map[string]record{}}
	err := e.store.View(ctx, func(v store.View) error {
		var err error
		if m.covered, err = coverage(ctx, v); err != nil || len(m.covered) == 0 {
			return err
		}
		if err := m.match(ctx, v, targets); err != nil {
			return err
		}
		return m.load(ctx, v, e)
	})
	if err != nil {
		return mirrored{}, fmt.Errorf("match the mirror: %w", err)
	}
	return m, nil
}

// coverage is when the mirror held what is here of each ecosystem.
func coverage(ctx context.Context, v interface {
	Dumps(context.Context) ([]store.Dump, error)
}) (map[string]time.Time, error) {
	dumps, err := v.Dumps(ctx)
	if err != nil {
		return nil, err
	}
	covered := make(map[string]time.Time, len(dumps))
	for _, d := range dumps {
		if d.Generation > 0 {
			covered[d.Ecosystem] = d.AsOf
		}
	}
	return covered, nil
}

// match fills in the answers.
func (m *mirrored) match(ctx context.Context, v store.View, targets map[int64]match.Target) error {
	about := make(map[store.AdvisoryPackage][]int64, len(targets))
	for id, target := range targets {
		asOf, ok := m.covered[baseOf(target)]
		if !ok {
			continue
		}
		m.answers[id] = store.Answer{PackageVersionID: id, FetchedAt: asOf}
		for _, key := range keysOf(target) {
			about[key] = append(about[key], id)
		}
	}
	packages := make([]store.AdvisoryPackage, 0, len(about))
	for key := range about {
		packages = append(packages, key)
	}
	candidates, err := v.Candidates(ctx, packages)
	if err != nil {
		return err
	}
	for _, c := range candidates {
		a := advisory.Advisory{ID: c.ID, Affected: c.Affected}
		for _, id := range about[c.Package] {
			if _, hit := match.Affects(a, targets[id]); hit {
				answer := m.answers[id]
				answer.Refs = append(answer.Refs, store.AdvisoryRef{ID: c.ID, Modified: c.Modified})
				m.answers[id] = answer
			}
		}
	}
	for id, answer := range m.answers {
		answer.Refs = unique(answer.Refs)
		m.answers[id] = answer
	}
	return nil
}

// load fills in the records.
func (m *mirrored) load(ctx context.Context, v store.View, e *Service) error {
	var ids []string
	for _, answer := range m.answers {
		for _, ref := range answer.Refs {
			ids = append(ids, ref.ID)
		}
	}
	slices.Sort(ids)
	linked, err := v.MirroredLinks(ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	rows, err := v.MirroredAdvisories(ctx, linked)
	if err != nil {
		return err
	}
	m.records = e.mirroredRecords(rows)
	return nil
}

func (e *Service) mirroredRecords(rows []store.MirroredAdvisory) map[string]record {
	records := make(map[string]record, len(rows))
	for _, row := range rows {
		if r, ok := e.decode(row.ID, row.Document, e.mirrorStatus(row.AsOf)); ok {
			r.mirrored = true
			records[row.ID] = r
		}
	}
	return records
}

// heldRecords returns the records that OSV was asked for or that the mirror has,
// the newer of the two.
func (e *Service) heldRecords(ctx context.Context, ids []string) (map[string]record, error) {
	records, err := e.storedRecords(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, err := e.store.MirroredAdvisories(ctx, ids)
	if err != nil {
		return nil, err
	}
	newer(records, e.mirroredRecords(rows))
	return records, nil
}

// newer puts those of others into records that are newer, or just as new and
// more to be relied on.
func newer(records, others map[string]record) {
	for id, r := range others {
		held, ok := records[id]
		if c := held.advisory.Modified.Compare(r.advisory.Modified); !ok || c < 0 || c == 0 && held.status.AsOf.Before(r.status.AsOf) {
			records[id] = r
		}
	}
}

// explain adds to a status that is not FRESH what the mirror has to do with it.
func (m mirrored) explain(s Status, target match.Target) Status {
	ecosystem := baseOf(target)
	switch _, ok := m.covered[ecosystem]; {
	case len(m.covered) == 0:
	case ok:
		s.Reason = mirrorOld + " " + s.Reason
	default:
		s.Reason = "The mirror here has no records of " + ecosystem + ". " + s.Reason
	}
	return s
}

// mirrorOld is why what a mirror says may have been overtaken.
const mirrorOld = "The mirror of OSV's records has not been brought up to date since."

// keysOf are the keys under which the mirror has records about a target.
func keysOf(t match.Target) []store.AdvisoryPackage {
	keys := t.Keys()
	list := make([]store.AdvisoryPackage, len(keys), len(keys)+1)
	for i, k := range keys {
		list[i] = store.AdvisoryPackage(k)
	}
	if t.Commit != "" {
		list = append(list, store.AdvisoryPackage{Ecosystem: "GIT", Name: t.Commit})
	}
	return list
}

// baseOf is the ecosystem whose dump has the records about a target.
func baseOf(t match.Target) string {
	if t.Ecosystem == "" {
		return "GIT"
	}
	base, _, _ := strings.Cut(t.Ecosystem, ":")
	return base
}

// mirrorStatus is what stands behind a fact that the mirror held at asOf.
func (e *Service) mirrorStatus(asOf time.Time) Status {
	if e.fresh(asOf, mirrorLifetime) {
		return Status{Source: upstream.OSV, State: Fresh, AsOf: asOf}
	}
	return Status{
		Source: upstream.OSV,
		State:  Stale,
		AsOf:   asOf,
		Reason: mirrorOld,
	}
}
