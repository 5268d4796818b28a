package enrich

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"loadline/advisory"
	"loadline/match"
	"loadline/purl"
	"loadline/store"
	"loadline/upstream"
	"loadline/upstream/osv"
)

// Findings are the vulnerabilities that affect one package version.
type Findings struct {
	// Findings are ordered by severity, the worst first, then by id. Nil with a
	// state other than FRESH and STALE means: not known.
	Findings []Finding
	Status   Status
}

// Finding is a vulnerability that affects a package version.
type Finding struct {
	Vulnerability *Vulnerability
	FixedIn       string // empty where no record names a version
}

// record is an advisory that has been decoded, and what stands behind it.
type record struct {
	advisory advisory.Advisory
	status   Status
	mirrored bool // it is the mirror's
}

// Findings returns what affects each package version, by its id.
func (e *Service) Findings(ctx context.Context, versions []store.PackageVersion) (map[int64]Findings, error) {
	FellShort(ctx)
	since := e.memory.findings.Now()
	told, err := e.osvAnswers(ctx, versions)
	if err != nil {
		return nil, err
	}
	answers, statuses := told.answers, told.statuses
	records, err := e.records(ctx, modified(answers), told.records)
	if err != nil {
		return nil, err
	}
	e.distrust(records, answers, statuses)
	vulnerabilities, err := e.assemble(ctx, records)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]Findings, len(versions))
	for _, v := range versions {
		f := Findings{Status: statuses[v.ID]}
		if a, ok := answers[v.ID]; ok {
			f.Findings = findingsOf(v, a, records, vulnerabilities)
		}
		found[v.ID] = f
	}
	e.rememberFindings(found, records, told.until, since)
	return found, nil
}

// modified is when each record that the answers name was last modified, by the
// latest word.
func modified(answers map[int64]store.Answer) map[string]time.Time {
	named := make(map[string]time.Time)
	for _, a := range answers {
		for _, ref := range a.Refs {
			if ref.Modified.After(named[ref.ID]) || named[ref.ID].IsZero() {
				named[ref.ID] = ref.Modified
			}
		}
	}
	return named
}

// distrust marks as stale the records that were fetched too long ago and that no
// fresh answer names: they may have changed since.
func (e *Service) distrust(records map[string]record, answers map[int64]store.Answer, statuses map[int64]Status) {
	named := make(map[string]Status, len(records))
	for id, a := range answers {
		for _, ref := range a.Refs {
			if s, again := named[ref.ID]; !again || s.State != Fresh {
				named[ref.ID] = statuses[id]
			}
		}
	}
	for id, r := range records {
		if s := named[id]; r.status.State == Fresh && s.State == Stale && !e.fresh(r.status.AsOf, osvLifetime) {
			r.status.State, r.status.Reason = Stale, s.Reason
			records[id] = r
		}
	}
}

// findingsOf makes one finding of all records of the answer that are about the
// same vulnerability.
func findingsOf(v store.PackageVersion, a store.Answer, records map[string]record, vulnerabilities map[string]*Vulnerability) []Finding {
	groups := make(map[*Vulnerability][]advisory.Advisory)
	for _, ref := range a.Refs {
		vuln := vulnerabilities[ref.ID]
		groups[vuln] = append(groups[vuln], records[ref.ID].advisory)
	}
	target, _ := targetOf(v)
	findings := make([]Finding, 0, len(groups))
	for vuln, group := range groups {
		findings = append(findings, Finding{Vulnerability: vuln, FixedIn: match.FixedIn(group, target)})
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		if a.Vulnerability.score() != b.Vulnerability.score() {
			if a.Vulnerability.score() > b.Vulnerability.score() {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Vulnerability.ID, b.Vulnerability.ID)
	})
	return findings
}

// targetOf is the package version as OSV names it; false where OSV covers no
// such packages.
func targetOf(v store.PackageVersion) (match.Target, bool) {
	p, err := purl.Parse(v.PURL)
	if err != nil {
		return match.Target{}, false
	}
	return match.TargetOf(p)
}

// told is what OSV says about package versions.
type told struct {
	answers  map[int64]store.Answer
	statuses map[int64]Status    // what stands behind it, for all of them
	until    map[int64]time.Time // how long that holds; absent where nobody knows
	records  map[string]record   // those of the answers and of their aliases that the mirror has
}

// osvAnswers returns what OSV says about each package version, by the mirror or
// by its own word, whichever is newer.
func (e *Service) osvAnswers(ctx context.Context, versions []store.PackageVersion) (told, error) {
	targets := make(map[int64]match.Target, len(versions))
	statuses := make(map[int64]Status, len(versions))
	until := make(map[int64]time.Time, len(versions))
	var covered []int64
	for _, v := range versions {
		if _, again := targets[v.ID]; again {
			continue
		}
		target, ok := targetOf(v)
		if !ok {
			statuses[v.ID] = Status{Source: upstream.OSV, State: NotCovered, Reason: "OSV has no ecosystem for " + v.PURL + "."}
			until[v.ID] = untilChanged
			continue
		}
		targets[v.ID] = target
		covered = append(covered, v.ID)
	}
	mirror, err := e.matchMirror(ctx, targets)
	if err != nil {
		return told{}, err
	}
	stored, err := e.store.Answers(ctx, covered)
	if err != nil {
		return told{}, err
	}
	answers := maps.Clone(mirror.answers)
	for id, a := range answers {
		statuses[id] = e.mirrorStatus(a.FetchedAt)
		until[id] = a.FetchedAt.Add(mirrorLifetime)
	}
	for _, a := range stored {
		if held, ok := answers[a.PackageVersionID]; ok && held.FetchedAt.After(a.FetchedAt) {
			continue
		}
		state := Stale
		if e.fresh(a.FetchedAt, osvLifetime) || statuses[a.PackageVersionID].State == Fresh {
			state = Fresh
		}
		if end := e.untilAging(a.FetchedAt, osvLifetime); end.After(until[a.PackageVersionID]) {
			until[a.PackageVersionID] = end
		}
		answers[a.PackageVersionID] = a
		statuses[a.PackageVersionID] = Status{Source: upstream.OSV, State: state, AsOf: a.FetchedAt}
	}
	var due []int64
	soon := make(map[int64]match.Target)
	for _, id := range covered {
		_, mirrored := mirror.answers[id] // which a sync refreshes
		switch {
		case statuses[id].State != Fresh:
			due = append(due, id)
		case !mirrored && e.aging(answers[id].FetchedAt, osvLifetime) && !isQuiet(ctx):
			soon[id] = targets[id]
		}
	}
	countHits(ctx, len(covered)-len(due))
	if len(soon) > 0 {
		e.ahead.want(func(a *aging) { fill(a.targets, soon) })
	}
	if len(due) == 0 {
		return told{answers, statuses, until, mirror.records}, nil
	}
	outcomes := e.answers.do(ctx, e, due, func(ctx context.Context, ids []int64) (map[int64]outcome[store.Answer], store.Facts) {
		return e.fetchAnswers(ctx, ids, targets)
	})
	for id, out := range outcomes {
		if out.err != nil {
			statuses[id] = fallback(upstream.OSV, answers[id].FetchedAt, out.err)
			statuses[id] = mirror.explain(statuses[id], targets[id])
			delete(until, id)
			if isOffline(out.err) {
				until[id] = untilChanged
			}
			continue
		}
		until[id] = e.untilAging(out.value.FetchedAt, osvLifetime)
		answers[id] = out.value
		statuses[id] = Status{Source: upstream.OSV, State: Fresh, AsOf: out.value.FetchedAt}
	}
	return told{answers, statuses, until, mirror.records}, nil
}

// fetchAnswers asks OSV about targets. A target may need several queries, whose
// answers are one.
func (e *Service) fetchAnswers(ctx context.Context, ids []int64, targets map[int64]match.Target) (map[int64]outcome[store.Answer], store.Facts) {
	var queries []osv.Query
	var about []int64
	for _, id := range ids {
		for _, q := range targets[id].Queries() {
			queries = append(queries, osv.Query{Ecosystem: q.Ecosystem, Name: q.Name, Version: q.Version, Commit: q.Commit})
			about = append(about, id)
		}
	}
	results, err := e.up.OSV.QueryBatch(ctx, queries)
	if err != nil {
		return failed[int64, store.Answer](ids, err), store.Facts{}
	}
	now := e.now()
	got := make(map[int64]outcome[store.Answer], len(ids))
	for _, id := range ids {
		got[id] = outcome[store.Answer]{value: store.Answer{PackageVersionID: id, FetchedAt: now}}
	}
	for i, r := range results {
		out := got[about[i]]
		if out.err == nil {
			out.err = r.Err
		}
		for _, ref := range r.Refs {
			out.value.Refs = append(out.value.Refs, store.AdvisoryRef{ID: ref.ID, Modified: ref.Modified})
		}
		got[about[i]] = out
	}
	var facts store.Facts
	for id, out := range got {
		out.value.Refs = unique(out.value.Refs)
		got[id] = out
		if out.err == nil {
			facts.Answers = append(facts.Answers, out.value)
		}
	}
	return got, facts
}

// unique is refs by id, without repeats.
func unique(refs []store.AdvisoryRef) []store.AdvisoryRef {
	slices.SortFunc(refs, func(a, b store.AdvisoryRef) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(refs, func(a, b store.AdvisoryRef) bool { return a.ID == b.ID })
}

// records returns the record of every id, as of its modified time or later, and
// the known ones. A record that cannot be had is there with its id alone and says
// why.
func (e *Service) records(ctx context.Context, modified map[string]time.Time, known map[string]record) (map[string]record, error) {
	ids := make([]string, 0, len(modified))
	for id := range modified {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	records, err := e.storedRecords(ctx, ids)
	if err != nil {
		return nil, err
	}
	newer(records, known)
	var due []string
	for _, id := range ids {
		r, ok := records[id]
		if !ok || r.advisory.Modified.Before(modified[id]) {
			due = append(due, id)
		}
	}
	if len(due) == 0 {
		return records, nil
	}
	for id, out := range e.advisories.do(ctx, e, due, e.fetchRecords) {
		if out.err == nil {
			records[id] = out.value
			continue
		}
		old := records[id]
		old.advisory.ID = id
		old.status = fallback(upstream.OSV, old.status.AsOf, out.err)
		records[id] = old
	}
	return records, nil
}

// storedRecords returns the records that OSV was asked for.
func (e *Service) storedRecords(ctx context.Context, ids []string) (map[string]record, error) {
	rows, err := e.store.AdvisoriesByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	records := make(map[string]record, len(rows))
	for _, row := range rows {
		if r, ok := e.decode(row.ID, row.Document, Status{Source: upstream.OSV, State: Fresh, AsOf: row.FetchedAt}); ok {
			records[row.ID] = r
		}
	}
	return records, nil
}

// decode reads a stored record; false is logged.
func (e *Service) decode(id string, document []byte, status Status) (record, bool) {
	a, err := e.decoded.decode(document)
	if err != nil {
		e.log.Error("stored advisory not readable", "id", id, "error", err)
		return record{}, false
	}
	return record{advisory: a, status: status}, true
}

func (e *Service) fetchRecords(ctx context.Context, ids []string) (map[string]outcome[record], store.Facts) {
	results := e.up.OSV.Vulns(ctx, ids)
	now := e.now()
	got := make(map[string]outcome[record], len(ids))
	var facts store.Facts
	for i, id := range ids {
		r := results[i]
		if r.Err != nil {
			got[id] = outcome[record]{err: r.Err}
			continue
		}
		got[id] = outcome[record]{value: record{
			advisory: r.Advisory,
			status:   Status{Source: upstream.OSV, State: Fresh, AsOf: now},
		}}
		facts.Advisories = append(facts.Advisories, store.AdvisoryRecord{
			ID:        id,
			Modified:  r.Advisory.Modified,
			FetchedAt: now,
			Document:  r.Raw,
			Members:   advisory.IDs(r.Advisory),
		})
		e.decoded.put(r.Raw, r.Advisory)
	}
	return got, facts
}
