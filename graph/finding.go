package graph

import (
	"context"

	"loadline/enrich"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/triage"
)

// newFinding is a finding about a component, with what has been decided about it.
func newFinding(c *model.Component, f enrich.Finding, decisions triage.Set) *model.Finding {
	m := &model.Finding{}
	fillFinding(m, c, &f, decisions)
	return m
}

// newFindings are the findings about a component; nil when they are not known.
func newFindings(c *model.Component, known []enrich.Finding, decisions triage.Set) []*model.Finding {
	if known == nil {
		return nil
	}
	findings, all := make([]model.Finding, len(known)), make([]*model.Finding, len(known))
	for i := range known {
		all[i] = &findings[i]
		fillFinding(all[i], c, &known[i], decisions)
	}
	return all
}

// fillFinding makes m a finding of what is known, which it may refer to.
func fillFinding(m *model.Finding, c *model.Component, f *enrich.Finding, decisions triage.Set) {
	m.Component, m.Vulnerability, m.State = c, newVulnerability(f.Vulnerability), model.FindingStateOpen
	if f.FixedIn != "" {
		m.FixedIn = &f.FixedIn
	}
	if len(decisions) > 0 && c.PURL != nil {
		if d, ok := decisions.Of(enrich.Subject(string(*c.PURL), f.Vulnerability)); ok {
			m.Triage, m.State = newTriage(d), model.FindingState(d.State)
		}
	}
}

func newTriage(d triage.Decision) *model.Triage {
	t := &model.Triage{
		State:            model.FindingState(d.State),
		Justification:    model.Optional(model.TriageJustification(d.Justification)),
		Response:         make([]model.TriageResponse, len(d.Response)),
		Note:             model.Optional(d.Note),
		By:               model.Optional(d.By),
		At:               model.DateTime(d.At),
		Scope:            model.TriageScopeProject,
		Package:          model.PURL(d.Package),
		Version:          model.Optional(d.Version),
		VulnerabilityIds: d.IDs,
	}
	for i, r := range d.Response {
		t.Response[i] = model.TriageResponse(r)
	}
	if d.ReleaseID != 0 {
		t.Scope = model.TriageScopeRelease
	}
	return t
}

func (findingResolver) TriageHistory(ctx context.Context, obj *model.Finding, first *int, after *string, last *int, before *string) (*model.TriageConnection, error) {
	p := paging{first, after, last, before}
	if obj.Component.PURL == nil {
		return none[*model.Triage](p)
	}
	about := enrich.Subject(string(*obj.Component.PURL), obj.Vulnerability.Of)
	all, err := loader.For(ctx).TriageHistory.Load(ctx, loader.NewDecided(obj.Component.BomKey, about.IDs))()
	if err != nil {
		return nil, err
	}
	var made []triage.Decision
	for _, d := range all {
		if d.IsAbout(about) {
			made = append(made, d)
		}
	}
	slice, err := stretch(p, "triage", made, func(d triage.Decision) place { return place{Number: -float64(d.ID)} })
	if err != nil {
		return nil, err
	}
	return connection(slice, len(made), newTriage), nil
}

func (r findingResolver) Priority(ctx context.Context, obj *model.Finding) (float64, error) {
	return single(ctx, obj, r.PriorityBatch)
}

func (findingResolver) PriorityBatch(ctx context.Context, objs []*model.Finding) ([]float64, error) {
	all := make([]float64, len(objs))
	var due []*model.Vulnerability
	for i, obj := range objs {
		if obj.Urgency != nil {
			all[i] = *obj.Urgency
		} else {
			due = append(due, obj.Vulnerability)
		}
	}
	if len(due) == 0 {
		return all, nil
	}
	loadedScores, loadedEntries := loadScores(ctx, due), loadKevs(ctx, due)
	scores, err := loadedScores()
	if err != nil {
		return nil, err
	}
	entries, err := loadedEntries()
	if err != nil {
		return nil, err
	}
	for i, obj := range objs {
		if obj.Urgency == nil {
			all[i] = enrich.Priority(obj.Vulnerability.Of, *scores[0], entries[0].Entry)
			scores, entries = scores[1:], entries[1:]
		}
	}
	return all, nil
}
