package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"loadline/enrich"
	"loadline/graph/dispatch"
	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/store"
	"loadline/triage"
)

const (
	maxNote = 10_000
	maxBy   = 200
)

func (r mutationResolver) TriageFinding(ctx context.Context, input model.TriageFindingInput) (*model.TriageFindingPayload, error) {
	findings, refused, err := r.decide(ctx, "id", model.TriageFindingsInput{
		Ids:             []string{input.ID},
		State:           input.State,
		Justification:   input.Justification,
		Response:        input.Response,
		Note:            input.Note,
		By:              input.By,
		Scope:           input.Scope,
		OnlyThisVersion: input.OnlyThisVersion,
	})
	if err != nil || len(refused) > 0 {
		return &model.TriageFindingPayload{UserErrors: refused}, err
	}
	return &model.TriageFindingPayload{Finding: findings[0], UserErrors: refused}, nil
}

func (r mutationResolver) TriageFindings(ctx context.Context, input model.TriageFindingsInput) (*model.TriageFindingsPayload, error) {
	findings, refused, err := r.decide(ctx, "ids", input)
	if err != nil || len(refused) > 0 {
		return &model.TriageFindingsPayload{UserErrors: refused}, err
	}
	return &model.TriageFindingsPayload{Findings: findings, UserErrors: refused}, nil
}

// decide keeps the decision about each of the findings and returns them as they
// are then. field is the input field with their ids.
func (r mutationResolver) decide(ctx context.Context, field string, input model.TriageFindingsInput) ([]*model.Finding, []*model.UserError, error) {
	if refused := checkDecision(field, input); len(refused) > 0 {
		return nil, refused, nil
	}
	findings, refused, err := findingsByIDs(ctx, field, input.Ids)
	if err != nil || len(refused) > 0 {
		return nil, refused, err
	}
	releases, err := releasesOf(ctx, findings)
	if err != nil {
		return nil, nil, err
	}
	decisions := make([]triage.Decision, len(findings))
	for i, f := range findings {
		decisions[i] = decisionOn(f, releases[i], input)
	}
	var sets map[int64]triage.Set
	refused, err = r.changeOf(ctx, field, nil, field, func(tx *store.Tx) error {
		if _, err := tx.Decide(ctx, decisions); err != nil {
			return err
		}
		sets, err = triageOf(ctx, tx, findings)
		return err
	})
	if err != nil || len(refused) > 0 {
		return nil, refused, err
	}
	for i, f := range findings {
		again := *f
		again.Triage, again.State = nil, model.FindingStateOpen
		if d, ok := sets[f.Component.BomKey].Of(enrich.Subject(string(*f.Component.PURL), f.Vulnerability.Of)); ok {
			again.Triage, again.State = newTriage(d), model.FindingState(d.State)
		}
		findings[i] = &again
	}
	return findings, []*model.UserError{}, nil
}

// triageOf is what has been decided in the releases of the findings, as the
// transaction sees it.
func triageOf(ctx context.Context, tx *store.Tx, findings []*model.Finding) (map[int64]triage.Set, error) {
	var boms []int64
	for _, f := range findings {
		boms = append(boms, f.Component.BomKey)
	}
	slices.Sort(boms)
	made, err := tx.TriageOfBoms(ctx, slices.Compact(boms))
	if err != nil {
		return nil, err
	}
	sets := make(map[int64]triage.Set, len(made))
	for id, d := range made {
		sets[id] = triage.NewSet(d)
	}
	return sets, nil
}

// findingsByIDs are the findings with these ids, in their order.
func findingsByIDs(ctx context.Context, field string, ids []string) ([]*model.Finding, []*model.UserError, error) {
	findings := make([]*model.Finding, len(ids))
	waits := make([]func() error, len(ids))
	for i, id := range ids {
		waits[i] = dispatch.Go(ctx, func(ctx context.Context) error {
			n, err := node(ctx, id)
			findings[i], _ = n.(*model.Finding)
			return err
		})
	}
	errs := make([]error, len(ids))
	for i, wait := range waits {
		errs[i] = wait()
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	var refused []*model.UserError
	for i, f := range findings {
		if f == nil {
			refused = append(refused, refuse(field, model.UserErrorCodeNotFound, "nothing affects a component under the id %q", ids[i]))
		}
	}
	return findings, refused, nil
}

// releasesOf are the releases that the findings are in, in their order.
func releasesOf(ctx context.Context, findings []*model.Finding) ([]store.Release, error) {
	l := loader.For(ctx)
	keys := make([]int64, len(findings))
	for i, f := range findings {
		keys[i] = f.Component.BomKey
	}
	boms, errs := l.BomByID.LoadMany(ctx, keys)()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for i, b := range boms {
		keys[i] = b.ReleaseID
	}
	releases, errs := l.ReleaseByID.LoadMany(ctx, keys)()
	return releases, errors.Join(errs...)
}

// decisionOn is the input as a decision about the finding in the release.
func decisionOn(f *model.Finding, release store.Release, input model.TriageFindingsInput) triage.Decision {
	about := enrich.Subject(string(*f.Component.PURL), f.Vulnerability.Of)
	d := triage.Decision{
		ProjectID:     release.ProjectID,
		Package:       about.Package,
		State:         triage.State(input.State),
		Justification: string(deref(input.Justification)),
		Note:          strings.TrimSpace(deref(input.Note)),
		By:            strings.TrimSpace(deref(input.By)),
		IDs:           about.IDs,
	}
	if input.Scope == model.TriageScopeRelease {
		d.ReleaseID = release.ID
	}
	if input.OnlyThisVersion || d.State == triage.Fixed {
		d.Version = about.Version
	}
	slices.Sort(d.IDs)
	for _, r := range input.Response {
		if !slices.Contains(d.Response, string(r)) {
			d.Response = append(d.Response, string(r))
		}
	}
	return d
}

// checkDecision refuses what could not be stood by later.
func checkDecision(field string, input model.TriageFindingsInput) []*model.UserError {
	note, by := strings.TrimSpace(deref(input.Note)), deref(input.By)
	invalid := func(bad bool, field, format string, args ...any) *model.UserError {
		if !bad {
			return nil
		}
		return refuse(field, model.UserErrorCodeInvalid, format, args...)
	}
	justified := input.Justification != nil
	return checks(
		invalid(len(input.Ids) == 0 || len(input.Ids) > maxPage, field, "there are %d ids: give 1 to %d", len(input.Ids), maxPage),
		invalid(justified && input.State != model.FindingStateNotAffected, "justification", "a justification goes only with NOT_AFFECTED"),
		invalid(input.State == model.FindingStateNotAffected && !justified && note == "", "justification", "say why it is not affected: give `justification` or `note`"),
		invalid(input.State == model.FindingStateAccepted && note == "", "note", "say why the risk is accepted"),
		invalid(input.State == model.FindingStateFalsePositive && note == "", "note", "say why the record is wrong about the component"),
		invalid(utf8.RuneCountInString(note) > maxNote, "note", "the note has %d characters: at most %d are accepted", utf8.RuneCountInString(note), maxNote),
		invalid(utf8.RuneCountInString(by) > maxBy, "by", "the name has %d characters: at most %d are accepted", utf8.RuneCountInString(by), maxBy),
	)
}
