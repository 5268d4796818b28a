package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"loadline/graph/model"
	"loadline/job"
	"loadline/store"
)

const (
	maxTags      = 50
	maxTagLength = 100
)

func (r mutationResolver) CreateProject(ctx context.Context, input model.CreateProjectInput) (*model.CreateProjectPayload, error) {
	input.Name = job.NormalName(input.Name)
	var p store.Project
	refused, err := r.change(ctx, checks(checkName("name", input.Name), checkTags(input.Tags)), "name", func(tx *store.Tx) (err error) {
		p, err = tx.CreateProject(ctx, input.Name, tidyTags(input.Tags))
		return err
	})
	if err != nil || len(refused) > 0 {
		return &model.CreateProjectPayload{UserErrors: refused}, err
	}
	return &model.CreateProjectPayload{Project: newProject(p), UserErrors: refused}, nil
}

func (r mutationResolver) RenameProject(ctx context.Context, input model.RenameProjectInput) (*model.RenameProjectPayload, error) {
	input.Name = job.NormalName(input.Name)
	var p store.Project
	key, bad := checkID(input.ID, model.KindProject, "id")
	refused, err := r.change(ctx, checks(bad, checkName("name", input.Name)), "name", func(tx *store.Tx) (err error) {
		p, err = tx.RenameProject(ctx, key, input.Name)
		return err
	})
	if err != nil || len(refused) > 0 {
		return &model.RenameProjectPayload{UserErrors: refused}, err
	}
	return &model.RenameProjectPayload{Project: newProject(p), UserErrors: refused}, nil
}

func (r mutationResolver) TagProject(ctx context.Context, input model.TagProjectInput) (*model.TagProjectPayload, error) {
	var p store.Project
	key, bad := checkID(input.ID, model.KindProject, "id")
	refused, err := r.change(ctx, checks(bad, checkTags(input.Tags)), "tags", func(tx *store.Tx) (err error) {
		p, err = tx.TagProject(ctx, key, tidyTags(input.Tags))
		return err
	})
	if err != nil || len(refused) > 0 {
		return &model.TagProjectPayload{UserErrors: refused}, err
	}
	return &model.TagProjectPayload{Project: newProject(p), UserErrors: refused}, nil
}

func (r mutationResolver) DeleteProject(ctx context.Context, input model.DeleteProjectInput) (*model.DeleteProjectPayload, error) {
	key, bad := checkID(input.ID, model.KindProject, "id")
	refused, err := r.change(ctx, checks(bad), "id", func(tx *store.Tx) error {
		_, err := tx.RetireProject(ctx, key)
		return err
	})
	r.Runner.Announce(store.KindDelete)
	if err != nil || len(refused) > 0 {
		return &model.DeleteProjectPayload{UserErrors: refused}, err
	}
	return &model.DeleteProjectPayload{DeletedID: &input.ID, UserErrors: refused}, nil
}

func (r mutationResolver) CreateRelease(ctx context.Context, input model.CreateReleaseInput) (*model.CreateReleasePayload, error) {
	input.Version = job.NormalName(input.Version)
	var created store.Release
	key, bad := checkID(input.Project, model.KindProject, "project")
	refused, err := r.changeOf(ctx, "project", checks(bad, checkName("version", input.Version), checkTags(input.Tags)), "version", func(tx *store.Tx) (err error) {
		created, err = tx.CreateRelease(ctx, key, input.Version, tidyTags(input.Tags))
		return err
	})
	if err != nil || len(refused) > 0 {
		return &model.CreateReleasePayload{UserErrors: refused}, err
	}
	return &model.CreateReleasePayload{Release: newRelease(created), UserErrors: refused}, nil
}

func (r mutationResolver) RenameRelease(ctx context.Context, input model.RenameReleaseInput) (*model.RenameReleasePayload, error) {
	input.Version = job.NormalName(input.Version)
	var renamed store.Release
	key, bad := checkID(input.ID, model.KindRelease, "id")
	refused, err := r.change(ctx, checks(bad, checkName("version", input.Version)), "version", func(tx *store.Tx) (err error) {
		renamed, err = tx.RenameRelease(ctx, key, input.Version)
		return err
	})
	if err != nil || len(refused) > 0 {
		return &model.RenameReleasePayload{UserErrors: refused}, err
	}
	return &model.RenameReleasePayload{Release: newRelease(renamed), UserErrors: refused}, nil
}

func (r mutationResolver) TagRelease(ctx context.Context, input model.TagReleaseInput) (*model.TagReleasePayload, error) {
	var tagged store.Release
	key, bad := checkID(input.ID, model.KindRelease, "id")
	refused, err := r.change(ctx, checks(bad, checkTags(input.Tags)), "tags", func(tx *store.Tx) (err error) {
		tagged, err = tx.TagRelease(ctx, key, tidyTags(input.Tags))
		return err
	})
	if err != nil || len(refused) > 0 {
		return &model.TagReleasePayload{UserErrors: refused}, err
	}
	return &model.TagReleasePayload{Release: newRelease(tagged), UserErrors: refused}, nil
}

func (r mutationResolver) DeleteRelease(ctx context.Context, input model.DeleteReleaseInput) (*model.DeleteReleasePayload, error) {
	key, bad := checkID(input.ID, model.KindRelease, "id")
	refused, err := r.change(ctx, checks(bad), "id", func(tx *store.Tx) error {
		_, err := tx.RetireRelease(ctx, key)
		return err
	})
	r.Runner.Announce(store.KindDelete)
	if err != nil || len(refused) > 0 {
		return &model.DeleteReleasePayload{UserErrors: refused}, err
	}
	return &model.DeleteReleasePayload{DeletedID: &input.ID, UserErrors: refused}, nil
}

func (r mutationResolver) IngestBom(ctx context.Context, input model.IngestBomInput) (*model.IngestBomPayload, error) {
	upload := job.Upload{Project: input.Project, Release: input.Release, FileName: deref(input.FileName)}
	switch {
	case input.File != nil && input.Content != nil:
		return &model.IngestBomPayload{UserErrors: checks(refuse("content", model.UserErrorCodeInvalid, "give either `file` or `content`, not both"))}, nil
	case input.File != nil:
		upload.Content, upload.FileName, upload.Size = input.File.File, input.File.Filename, input.File.Size
	case input.Content != nil:
		upload.Content = strings.NewReader(*input.Content)
	default:
		return &model.IngestBomPayload{UserErrors: checks(refuse("file", model.UserErrorCodeInvalid, "give the document as `file` or as `content`"))}, nil
	}
	b, j, err := r.Ingest.Accept(ctx, upload)
	var refused *job.Refusal
	if errors.As(err, &refused) {
		field := refused.Field
		if field == "document" {
			field = "content"
			if input.File != nil {
				field = "file"
			}
		}
		return &model.IngestBomPayload{UserErrors: checks(refuse(field, model.UserErrorCode(refused.Code), "%s", refused.Message))}, nil
	}
	if err != nil {
		return nil, err
	}
	return &model.IngestBomPayload{Bom: newBom(b), Job: newJob(j), UserErrors: []*model.UserError{}}, nil
}

// change runs the change in a transaction, unless a check has refused the input
// already. What the database refuses becomes a refusal too; field is the input
// field that names what may be taken.
func (r mutationResolver) change(ctx context.Context, refused []*model.UserError, field string, change func(*store.Tx) error) ([]*model.UserError, error) {
	return r.changeOf(ctx, "id", refused, field, change)
}

// changeOf is change where the input field that names what is changed is not
// called id.
func (r mutationResolver) changeOf(ctx context.Context, id string, refused []*model.UserError, field string, change func(*store.Tx) error) ([]*model.UserError, error) {
	if len(refused) > 0 {
		return refused, nil
	}
	switch err := r.Store.InTx(ctx, change); {
	case errors.Is(err, store.ErrConflict):
		return checks(refuse(field, model.UserErrorCodeTaken, "another one has this %s already", field)), nil
	case errors.Is(err, store.ErrNotFound):
		return checks(refuse(id, model.UserErrorCodeNotFound, "nothing has this id any more")), nil
	default:
		return refused, err
	}
}

// checks are the refusals among the results of checks.
func checks(results ...*model.UserError) []*model.UserError {
	return slices.DeleteFunc(slices.Clone(results), func(e *model.UserError) bool { return e == nil })
}

func refuse(field string, code model.UserErrorCode, format string, args ...any) *model.UserError {
	return &model.UserError{Field: []string{"input", field}, Code: code, Message: fmt.Sprintf(format, args...)}
}

func checkName(field, name string) *model.UserError {
	if problem := job.NameProblem(name); problem != "" {
		return refuse(field, model.UserErrorCodeInvalid, "%s %s", field, problem)
	}
	return nil
}

func checkTags(tags []string) *model.UserError {
	if len(tags) > maxTags {
		return refuse("tags", model.UserErrorCodeInvalid, "there are %d tags: at most %d are accepted", len(tags), maxTags)
	}
	for _, tag := range tags {
		if n := utf8.RuneCountInString(strings.TrimSpace(tag)); n < 1 || n > maxTagLength {
			return refuse("tags", model.UserErrorCodeInvalid, "a tag has 1 to %d characters, not %d", maxTagLength, n)
		}
		if problem := job.NameProblem(strings.TrimSpace(tag)); problem != "" {
			return refuse("tags", model.UserErrorCodeInvalid, "a tag %s", problem)
		}
	}
	return nil
}

// tidyTags are the tags without surrounding spaces and repeats, sorted.
func tidyTags(tags []string) []string {
	tidy := make([]string, len(tags))
	for i, tag := range tags {
		tidy[i] = job.NormalName(strings.TrimSpace(tag))
	}
	slices.Sort(tidy)
	return slices.Compact(tidy)
}

func checkID(id string, kind model.Kind, field string) (int64, *model.UserError) {
	key, ok := model.DecodeKey(id, kind)
	if !ok {
		return 0, refuse(field, model.UserErrorCodeNotFound, "nothing has the id %q", id)
	}
	return key, nil
}
