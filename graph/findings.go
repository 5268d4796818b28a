package graph

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"loadline/advisory"
	"loadline/enrich"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
	"loadline/triage"
)

// hit is a finding of a report, with what has been decided about it.
type hit struct {
	enrich.Hit
	decision triage.Decision
	decided  bool
	priority float64
}

func (h hit) state() model.FindingState {
	if !h.decided {
		return model.FindingStateOpen
	}
	return model.FindingState(h.decision.State)
}

func (h hit) active() bool { return !h.decided || h.decision.State.Active() }

func (releaseResolver) Findings(ctx context.Context, obj *model.Release, first *int, after *string, last *int, before *string, filter *model.FindingFilter, orderBy *model.FindingOrder) (*model.FindingConnection, error) {
	p := paging{first, after, last, before}
	if _, err := p.page(); err != nil {
		return nil, err
	}
	report, hits, err := releaseHits(ctx, obj, false)
	if err != nil {
		return nil, err
	}
	return findingPage(ctx, p, report, hits, filter, orderBy)
}

func (releaseResolver) FindingCounts(ctx context.Context, obj *model.Release, filter *model.FindingFilter) (*model.FindingCounts, error) {
	_, hits, err := releaseHits(ctx, obj, true)
	if err != nil {
		return nil, err
	}
	return countFindings(chosen(hits, filter)), nil
}

// releaseHits are all findings of the release's current Bom.
func releaseHits(ctx context.Context, obj *model.Release, quiet bool) (enrich.Report, []hit, error) {
	if obj.BomKey == 0 {
		return enrich.Report{}, nil, nil
	}
	l := loader.For(ctx)
	load, decided := l.Report.Load(ctx, loader.BomReport{BomID: obj.BomKey, Quiet: quiet}), l.Triage.Load(ctx, obj.BomKey)
	report, err := load()
	if err != nil {
		return enrich.Report{}, nil, err
	}
	decisions, err := decided()
	if err != nil {
		return enrich.Report{}, nil, err
	}
	return report, judge(report.Hits, map[int64]triage.Set{obj.BomKey: decisions}), nil
}

// judge adds what has been decided, by Bom, to findings.
func judge(found []enrich.Hit, decisions map[int64]triage.Set) []hit {
	hits := make([]hit, len(found))
	for i, f := range found {
		hits[i] = hit{Hit: f, priority: f.Priority()}
		if set := decisions[f.Use.BomID]; len(set) > 0 {
			hits[i].decision, hits[i].decided = set.Of(subject(f.Version.PURL, f.Finding.Vulnerability))
		}
	}
	return hits
}

// findingPage is a page of the findings that pass the filter.
func findingPage(ctx context.Context, p paging, report enrich.Report, hits []hit, filter *model.FindingFilter, orderBy *model.FindingOrder) (*model.FindingConnection, error) {
	all := chosen(hits, filter)
	order, placeOf := placing(orderBy)
	slice, err := stretch(p, order, all, placeOf)
	if err != nil {
		return nil, err
	}
	keys := make([]store.ComponentKey, len(slice.Rows))
	for i, h := range slice.Rows {
		keys[i] = store.ComponentKey{BomID: h.Use.BomID, Seq: h.Use.Seq}
	}
	// A Bom that has been deleted since has no components left.
	components, errs := loader.For(ctx).ComponentByKey.LoadMany(ctx, keys)()
	page := store.Slice[*model.Finding]{HasNext: slice.HasNext, HasPrevious: slice.HasPrevious}
	for i, h := range slice.Rows {
		if len(errs) > 0 && errs[i] != nil {
			if errors.Is(errs[i], store.ErrNotFound) {
				continue
			}
			return nil, errs[i]
		}
		page.Rows = append(page.Rows, h.finding(newComponent(components[i])))
		page.Cursors = append(page.Cursors, slice.Cursors[i])
	}
	return &model.FindingConnection{
		Connection: *connection(page, len(all), func(f *model.Finding) *model.Finding { return f }),
		Counts:     countFindings(all),
		Coverage:   newCoverage(report),
	}, nil
}

func (h hit) finding(c *model.Component) *model.Finding {
	f := newFinding(c, h.Hit.Finding, nil)
	f.Urgency = &h.priority
	if h.decided {
		f.Triage, f.State = newTriage(h.decision), h.state()
	}
	return f
}

// placing is the name of an order, and the place that findings have in it.
func placing(by *model.FindingOrder) (string, func(hit) place) {
	field, up := model.FindingOrderFieldPriority, false
	if by != nil {
		field = by.Field
		up = field == model.FindingOrderFieldPackage
		if by.Direction != nil {
			up = *by.Direction == model.OrderDirectionAsc
		}
	}
	if field == model.FindingOrderFieldPackage {
		order := textsDown
		if up {
			order = string(field)
		}
		return order, func(h hit) place { return h.at(0, h.Version.PURL) }
	}
	order, sign := string(field), -1.0
	if up {
		order, sign = order+" ASC", 1
	}
	number := map[model.FindingOrderField]func(hit) float64{
		model.FindingOrderFieldPriority: func(h hit) float64 { return h.priority },
		model.FindingOrderFieldSeverity: func(h hit) float64 { return h.Severity() },
		model.FindingOrderFieldEPSS:     likelihoodOf,
		model.FindingOrderFieldPublished: func(h hit) float64 {
			return float64(h.Finding.Vulnerability.Published().UnixMilli())
		},
	}[field]
	return order, func(h hit) place { return h.at(sign*number(h), "") }
}

func likelihoodOf(h hit) float64 { return likelihood(h.Score) }

func (h hit) at(number float64, text string) place {
	return place{Number: number, Text: text, BomID: h.Use.BomID, Seq: h.Use.Seq, ID: h.Finding.Vulnerability.ID}
}

// chosen are the findings that pass the filter.
func chosen(hits []hit, f *model.FindingFilter) []hit {
	if f == nil {
		return hits
	}
	part, text := strings.ToLower(deref(f.Package)), strings.ToLower(deref(f.Vulnerability))
	var all []hit
	for _, h := range hits {
		v := h.Finding.Vulnerability
		switch {
		case len(f.Severity) > 0 && !(v.Rated && slices.Contains(f.Severity, model.SeverityRating(v.Rating.Rating))):
		case f.KEV != nil && *f.KEV != (h.Kev != nil):
		case f.MinEPSS != nil && !(h.Score.Known && h.Score.Probability >= *f.MinEPSS):
		case f.Fixable != nil && *f.Fixable != (h.Finding.FixedIn != ""):
		case len(f.State) > 0 && !slices.Contains(f.State, h.state()):
		case f.Direct != nil && (h.Use.Direct == nil || *f.Direct != *h.Use.Direct):
		case part != "" && !inPURL(h.Version.PURL, part):
		case text != "" && !isAbout(v, text):
		default:
			all = append(all, h)
		}
	}
	return all
}

// inPURL says whether a purl contains the text, which is in lower case, as it is
// written or with its escapes undone.
func inPURL(purl, text string) bool {
	lower := strings.ToLower(purl)
	if strings.Contains(lower, text) {
		return true
	}
	plain, err := url.PathUnescape(lower)
	return err == nil && strings.Contains(plain, text)
}

func isAbout(v *enrich.Vulnerability, text string) bool {
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	return has(v.ID) || slices.ContainsFunc(v.Aliases, has) ||
		slices.ContainsFunc(v.Advisories, func(a advisory.Advisory) bool { return has(a.Summary) })
}

// countFindings counts the findings by kind.
func countFindings(hits []hit) *model.FindingCounts {
	c := &model.FindingCounts{Total: len(hits), Severity: model.SeverityCounts{}, State: model.StateCounts{}}
	severity := map[string]*int{
		"CRITICAL": &c.Severity.Critical,
		"HIGH":     &c.Severity.High,
		"MEDIUM":   &c.Severity.Medium,
		"LOW":      &c.Severity.Low,
		"NONE":     &c.Severity.None,
	}
	state := map[model.FindingState]*int{
		model.FindingStateOpen:          &c.State.Open,
		model.FindingStateInTriage:      &c.State.InTriage,
		model.FindingStateAffected:      &c.State.Affected,
		model.FindingStateNotAffected:   &c.State.NotAffected,
		model.FindingStateFalsePositive: &c.State.FalsePositive,
		model.FindingStateFixed:         &c.State.Fixed,
		model.FindingStateAccepted:      &c.State.Accepted,
	}
	for _, h := range hits {
		rated := &c.Severity.Unrated
		if v := h.Finding.Vulnerability; v.Rated {
			rated = severity[string(v.Rating.Rating)]
		}
		*rated++
		*state[h.state()]++
		if h.active() {
			c.Active++
		}
		if h.Kev != nil {
			c.KEV++
		}
		if h.Finding.FixedIn != "" {
			c.Fixable++
		}
	}
	return c
}

// newCoverage is how much a report knows.
func newCoverage(r enrich.Report) *model.FindingCoverage {
	c := &model.FindingCoverage{Sources: []*model.SourceCoverage{}}
	for _, s := range r.Components {
		c.Components += s.Count
		if s.State == enrich.Fresh || s.State == enrich.Stale {
			c.Known += s.Count
		}
		c.Sources = append(c.Sources, newSourceCoverage(s))
		c.Sources[len(c.Sources)-1].Components = s.Count
	}
	for _, s := range r.Vulnerabilities {
		c.Sources = append(c.Sources, newSourceCoverage(s))
		c.Sources[len(c.Sources)-1].Vulnerabilities = s.Count
	}
	c.Complete = c.Known == c.Components
	return c
}

func newSourceCoverage(s enrich.Coverage) *model.SourceCoverage {
	return &model.SourceCoverage{
		Source: model.Source(s.Source),
		State:  model.SourceState(s.State),
		AsOf:   model.OptionalTime(s.AsOf),
		Reason: model.Optional(s.Reason),
	}
}
