package graph

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"loadline/advisory"
	"loadline/enrich"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
	"loadline/triage"
)

func (r releaseResolver) Findings(ctx context.Context, obj *model.Release, first *int, after *string, last *int, before *string, filter *model.FindingFilter, orderBy *model.FindingOrder) (*model.FindingConnection, error) {
	p := paging{first, after, last, before}
	if _, err := p.page(); err != nil {
		return nil, err
	}
	found, err := ofRelease(ctx, obj, false)
	if err != nil {
		return nil, err
	}
	found.asOf = r.Enrich.Now()
	return found.page(ctx, p, filter, orderBy)
}

func (releaseResolver) FindingCounts(ctx context.Context, obj *model.Release, filter *model.FindingFilter) (*model.FindingCounts, error) {
	found, err := ofRelease(ctx, obj, true)
	if err != nil {
		return nil, err
	}
	return countFindings(chosen(found.findings, filter)), nil
}

func (r vulnerabilityResolver) Findings(ctx context.Context, obj *model.Vulnerability, first *int, after *string, last *int, before *string, filter *model.FindingFilter, orderBy *model.FindingOrder) (*model.FindingConnection, error) {
	p := paging{first, after, last, before}
	if _, err := p.page(); err != nil {
		return nil, err
	}
	report, err := loader.For(ctx).Impact.Load(ctx, obj.Of)()
	if err != nil {
		return nil, err
	}
	found, err := judge(ctx, report)
	if err != nil {
		return nil, err
	}
	found.asOf = r.Enrich.Now()
	return found.page(ctx, p, filter, orderBy)
}

// findingList is findings, and how much is known where they were looked for.
type findingList struct {
	findings []enrich.Judged
	report   enrich.Report
	asOf     time.Time
}

// ofRelease is what affects the release's current Bom.
func ofRelease(ctx context.Context, obj *model.Release, quiet bool) (findingList, error) {
	if obj.BomKey == 0 {
		return findingList{}, nil
	}
	l := loader.For(ctx)
	decided := l.Triage.Load(ctx, obj.BomKey)
	report, err := l.Report.Load(ctx, loader.BomReport{BomID: obj.BomKey, Quiet: quiet})()
	if err != nil {
		return findingList{}, err
	}
	decisions, err := decided()
	if err != nil {
		return findingList{}, err
	}
	return findingList{findings: enrich.Judge(report.Hits, map[int64]triage.Set{obj.BomKey: decisions}), report: report}, nil
}

// judge adds what has been decided to the findings of a report.
func judge(ctx context.Context, report enrich.Report) (findingList, error) {
	var boms []int64
	for _, h := range report.Hits {
		boms = append(boms, h.Use.BomID)
	}
	slices.Sort(boms)
	boms = slices.Compact(boms)
	sets, err := loadAll(ctx, loader.For(ctx).Triage, boms)
	if err != nil {
		return findingList{}, err
	}
	decisions := make(map[int64]triage.Set, len(boms))
	for i, id := range boms {
		decisions[id] = sets[i]
	}
	return findingList{findings: enrich.Judge(report.Hits, decisions), report: report}, nil
}

// page is a page of the findings that pass the filter.
func (f findingList) page(ctx context.Context, p paging, filter *model.FindingFilter, orderBy *model.FindingOrder) (*model.FindingConnection, error) {
	all := chosen(f.findings, filter)
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
		page.Rows = append(page.Rows, newJudged(newComponent(components[i]), h))
		page.Cursors = append(page.Cursors, slice.Cursors[i])
	}
	return &model.FindingConnection{
		Connection: *connection(page, len(all), itself[*model.Finding]),
		Counts:     countFindings(all),
		Coverage:   newCoverage(f.report, f.asOf),
	}, nil
}

// newJudged is a finding about the component.
func newJudged(c *model.Component, j enrich.Judged) *model.Finding {
	f := newFinding(c, j.Finding, nil)
	f.Urgency, f.State = &j.Urgency, model.FindingState(j.State())
	if j.Decided {
		f.Triage = newTriage(j.Decision)
	}
	return f
}

// placing is the name of an order, and the place that findings have in it.
func placing(by *model.FindingOrder) (string, func(enrich.Judged) place) {
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
		return order, func(h enrich.Judged) place { return placeAt(h, 0, h.Version.PURL) }
	}
	order, sign := string(field), -1.0
	if up {
		order, sign = order+" ASC", 1
	}
	number := map[model.FindingOrderField]func(enrich.Judged) float64{
		model.FindingOrderFieldPriority: func(h enrich.Judged) float64 { return h.Urgency },
		model.FindingOrderFieldSeverity: func(h enrich.Judged) float64 { return h.Severity() },
		model.FindingOrderFieldEPSS:     likelihoodOf,
		model.FindingOrderFieldPublished: func(h enrich.Judged) float64 {
			return float64(h.Finding.Vulnerability.Published().UnixMilli())
		},
	}[field]
	return order, func(h enrich.Judged) place { return placeAt(h, sign*number(h), "") }
}

func likelihoodOf(h enrich.Judged) float64 { return likelihood(h.Score) }

func placeAt(h enrich.Judged, number float64, text string) place {
	return place{Number: number, Text: text, BomID: h.Use.BomID, Seq: h.Use.Seq, ID: h.Finding.Vulnerability.ID}
}

// chosen are the findings that pass the filter.
func chosen(findings []enrich.Judged, f *model.FindingFilter) []enrich.Judged {
	if f == nil {
		return findings
	}
	part, text := strings.ToLower(deref(f.Package)), strings.ToLower(deref(f.Vulnerability))
	var all []enrich.Judged
	for _, h := range findings {
		v := h.Finding.Vulnerability
		switch {
		case len(f.Severity) > 0 && !(v.Rated && slices.Contains(f.Severity, model.SeverityRating(v.Rating.Rating))):
		case f.KEV != nil && *f.KEV != (h.Kev != nil):
		case f.MinEPSS != nil && !(h.Score.Known && h.Score.Probability >= *f.MinEPSS):
		case f.Fixable != nil && *f.Fixable != (h.Finding.FixedIn != ""):
		case len(f.State) > 0 && !slices.Contains(f.State, model.FindingState(h.State())):
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
func countFindings(findings []enrich.Judged) *model.FindingCounts {
	c := &model.FindingCounts{Total: len(findings), Severity: model.SeverityCounts{}, State: model.StateCounts{}}
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
	for _, h := range findings {
		rated := &c.Severity.Unrated
		if v := h.Finding.Vulnerability; v.Rated {
			rated = severity[v.Rating.Rating]
		}
		*rated++
		*state[model.FindingState(h.State())]++
		if h.State().Active() {
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
func newCoverage(r enrich.Report, asOf time.Time) *model.FindingCoverage {
	c := &model.FindingCoverage{Sources: []*model.SourceCoverage{}, AsOf: model.DateTime(asOf)}
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
