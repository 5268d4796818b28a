package graph

import (
	"context"
	"errors"
	"slices"

	"loadline/graph/loader"
	"loadline/graph/model"
	"loadline/job"
	"loadline/notify"
	"loadline/store"
)

func newChannel(c store.NotificationChannel) *model.NotificationChannel {
	target, secret := notify.Masked(c)
	m := &model.NotificationChannel{
		Key:         c.ID,
		ProjectKeys: c.Projects,
		Name:        c.Name,
		Kind:        model.NotificationChannelKind(c.Kind),
		Target:      target,
		Secret:      model.Optional(secret),
		Enabled:     c.Enabled,
		Events:      make([]model.NotificationEvent, len(c.Events)),
		Cadence:     model.NotificationCadence(c.Cadence),
		MinSeverity: model.Optional(model.SeverityRating(c.MinSeverity)),
		KEVOnly:     c.KevOnly,
		MinEPSS:     c.MinEPSS,
		Tags:        list(c.Tags),
		CreatedAt:   model.DateTime(c.CreatedAt),
		UpdatedAt:   model.DateTime(c.UpdatedAt),
	}
	for i, e := range c.Events {
		m.Events[i] = model.NotificationEvent(e)
	}
	return m
}

func newDelivery(d store.NotificationDelivery) *model.NotificationDelivery {
	m := &model.NotificationDelivery{
		MessageID:    notify.MessageID(d),
		Type:         d.Event,
		Subject:      d.Subject,
		State:        model.NotificationDeliveryState(d.State),
		Attempts:     d.Attempts,
		MaxAttempts:  d.MaxAttempts,
		ResponseCode: model.Optional(d.ResponseCode),
		Error:        model.Optional(d.Error),
		CreatedAt:    model.DateTime(d.CreatedAt),
		EndedAt:      model.OptionalTime(d.EndedAt),
	}
	if d.State == store.DeliveryPending {
		m.NextAttemptAt = model.OptionalTime(d.NextAt)
	}
	return m
}

func (r queryResolver) NotificationChannels(ctx context.Context, first *int, after *string, last *int, before *string) (*model.NotificationChannelConnection, error) {
	p, err := paging{first, after, last, before}.page()
	if err != nil {
		return nil, err
	}
	slice, err := r.Store.NotificationChannels(ctx, p)
	if err != nil {
		return nil, err
	}
	total := 0
	if selects(ctx, "totalCount") {
		if total, err = r.Store.CountNotificationChannels(ctx); err != nil {
			return nil, err
		}
	}
	return connection(slice, total, newChannel), nil
}

func (r channelResolver) Projects(ctx context.Context, obj *model.NotificationChannel) ([]*model.Project, error) {
	return single(ctx, obj, r.ProjectsBatch)
}

// ProjectsBatch leaves out projects that have been deleted since.
func (channelResolver) ProjectsBatch(ctx context.Context, objs []*model.NotificationChannel) ([][]*model.Project, error) {
	var keys []int64
	for _, obj := range objs {
		keys = append(keys, obj.ProjectKeys...)
	}
	projects, errs := loader.For(ctx).ProjectByID.LoadMany(ctx, keys)()
	all := make([][]*model.Project, len(objs))
	next := 0
	for i, obj := range objs {
		all[i] = []*model.Project{}
		for range obj.ProjectKeys {
			switch {
			case errs == nil || errs[next] == nil:
				all[i] = append(all[i], newProject(projects[next]))
			case !errors.Is(errs[next], store.ErrNotFound):
				return nil, errs[next]
			}
			next++
		}
	}
	return all, nil
}

func (channelResolver) Deliveries(ctx context.Context, obj *model.NotificationChannel, first *int, after *string, last *int, before *string) (*model.NotificationDeliveryConnection, error) {
	l := loader.For(ctx)
	return connect(ctx, obj.Key, paging{first, after, last, before}, l.DeliveriesOfChannel, l.CountDeliveries, newDelivery)
}

func (r mutationResolver) CreateNotificationChannel(ctx context.Context, input model.CreateNotificationChannelInput) (*model.CreateNotificationChannelPayload, error) {
	c := store.NotificationChannel{
		Name:        job.NormalName(input.Name),
		Kind:        string(input.Kind),
		Target:      input.Target,
		Secret:      deref(input.Secret),
		Enabled:     input.Enabled,
		Cadence:     string(input.Cadence),
		MinSeverity: string(deref(input.MinSeverity)),
		KevOnly:     input.KEVOnly,
		MinEPSS:     input.MinEPSS,
		Tags:        tidyTags(input.Tags),
	}
	c.Events = eventNames(input.Events)
	projects, refused, err := r.projectKeys(ctx, input.Projects)
	if err != nil {
		return nil, err
	}
	c.Projects = projects
	refused = append(refused, checks(checkName("name", c.Name), checkTags(input.Tags), checkEvents(c.Events))...)
	saved, refused, err := r.saveChannel(ctx, c, refused, true)
	if err != nil || len(refused) > 0 {
		return &model.CreateNotificationChannelPayload{UserErrors: refused}, err
	}
	return &model.CreateNotificationChannelPayload{
		Channel:    newChannel(saved),
		Secret:     model.Optional(saved.Secret),
		UserErrors: []*model.UserError{},
	}, nil
}

// saveChannel saves the channel, unless a check has refused the input already.
func (r mutationResolver) saveChannel(ctx context.Context, c store.NotificationChannel, refused []*model.UserError, renew bool) (store.NotificationChannel, []*model.UserError, error) {
	for _, p := range r.Notify.Check(&c) {
		refused = append(refused, refuse(p.Field, model.UserErrorCodeInvalid, "%s", p.Message))
	}
	var saved store.NotificationChannel
	refused, err := r.change(ctx, refused, "name", func(tx *store.Tx) (err error) {
		saved, err = tx.SaveNotificationChannel(ctx, c, renew)
		return err
	})
	return saved, refused, err
}

func (r mutationResolver) UpdateNotificationChannel(ctx context.Context, input model.UpdateNotificationChannelInput) (*model.UpdateNotificationChannelPayload, error) {
	c, refused, err := r.channel(ctx, input.ID)
	if err != nil || len(refused) > 0 {
		return &model.UpdateNotificationChannelPayload{UserErrors: refused}, err
	}
	before := c
	set(&c.Name, input.Name)
	c.Name = job.NormalName(c.Name)
	set(&c.Target, input.Target)
	set(&c.Enabled, input.Enabled)
	set(&c.KevOnly, input.KEVOnly)
	set(&c.MinEPSS, input.MinEPSS)
	if input.Cadence != nil {
		c.Cadence = string(*input.Cadence)
	}
	if severity, given := input.MinSeverity.ValueOK(); given {
		c.MinSeverity = string(deref(severity))
	}
	if input.Events != nil {
		c.Events = eventNames(input.Events)
	}
	if input.Tags != nil {
		c.Tags = tidyTags(input.Tags)
	}
	if input.Projects != nil {
		if c.Projects, refused, err = r.projectKeys(ctx, input.Projects); err != nil {
			return nil, err
		}
	}
	if input.NewSecret {
		if c.Kind != store.ChannelWebhook {
			refused = append(refused, refuse("newSecret", model.UserErrorCodeInvalid, "only what a webhook carries is signed"))
		}
		c.Secret = ""
	}
	refused = append(refused, checks(checkName("name", c.Name), checkTags(c.Tags), checkEvents(c.Events))...)
	saved, refused, err := r.saveChannel(ctx, c, refused, hearsMore(before, c))
	if err != nil || len(refused) > 0 {
		return &model.UpdateNotificationChannelPayload{UserErrors: refused}, err
	}
	payload := &model.UpdateNotificationChannelPayload{Channel: newChannel(saved), UserErrors: []*model.UserError{}}
	if saved.Secret != before.Secret {
		payload.Secret = model.Optional(saved.Secret)
	}
	return payload, nil
}

// hearsMore says whether the channel could be told of what it was not to be told
// of before, and what therefore is no news.
func hearsMore(before, now store.NotificationChannel) bool {
	return now.Enabled && !before.Enabled ||
		now.MinSeverity != before.MinSeverity ||
		now.KevOnly != before.KevOnly ||
		now.MinEPSS != before.MinEPSS ||
		!slices.Equal(now.Events, before.Events) ||
		!slices.Equal(now.Projects, before.Projects) ||
		!slices.Equal(now.Tags, before.Tags)
}

func (r mutationResolver) DeleteNotificationChannel(ctx context.Context, input model.DeleteNotificationChannelInput) (*model.DeleteNotificationChannelPayload, error) {
	key, bad := checkID(input.ID, model.KindNotificationChannel, "id")
	refused, err := r.change(ctx, checks(bad), "id", func(tx *store.Tx) error { return tx.DeleteNotificationChannel(ctx, key) })
	if err != nil || len(refused) > 0 {
		return &model.DeleteNotificationChannelPayload{UserErrors: refused}, err
	}
	return &model.DeleteNotificationChannelPayload{DeletedID: &input.ID, UserErrors: refused}, nil
}

func (r mutationResolver) TestNotificationChannel(ctx context.Context, input model.TestNotificationChannelInput) (*model.TestNotificationChannelPayload, error) {
	c, refused, err := r.channel(ctx, input.ID)
	if err != nil || len(refused) > 0 {
		return &model.TestNotificationChannelPayload{UserErrors: refused}, err
	}
	d, err := r.Notify.Test(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return &model.TestNotificationChannelPayload{Delivery: newDelivery(d), UserErrors: []*model.UserError{}}, nil
}

// channel is the channel with that id, or why there is none.
func (r mutationResolver) channel(ctx context.Context, id string) (store.NotificationChannel, []*model.UserError, error) {
	key, bad := checkID(id, model.KindNotificationChannel, "id")
	if bad != nil {
		return store.NotificationChannel{}, checks(bad), nil
	}
	channels, err := r.Store.NotificationChannelsByIDs(ctx, []int64{key})
	if err == nil && len(channels) == 0 {
		return store.NotificationChannel{}, checks(refuse("id", model.UserErrorCodeNotFound, "nothing has this id any more")), nil
	}
	if err != nil {
		return store.NotificationChannel{}, nil, err
	}
	return channels[0], nil, nil
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func eventNames(events []model.NotificationEvent) []string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = string(e)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func checkEvents(events []string) *model.UserError {
	if len(events) == 0 {
		return refuse("events", model.UserErrorCodeInvalid, "give at least one event; `enabled: false` is for a channel that is told nothing")
	}
	return nil
}

// maxChannelProjects is how many projects a channel can be bound to by name.
const maxChannelProjects = 50

func (r mutationResolver) projectKeys(ctx context.Context, ids []string) ([]int64, []*model.UserError, error) {
	if len(ids) > maxChannelProjects {
		return nil, checks(refuse("projects", model.UserErrorCodeInvalid, "there are %d ids: at most %d are accepted", len(ids), maxChannelProjects)), nil
	}
	keys := make([]int64, len(ids))
	for i, id := range ids {
		var bad *model.UserError
		if keys[i], bad = checkID(id, model.KindProject, "projects"); bad != nil {
			return nil, checks(bad), nil
		}
	}
	projects, err := r.Store.ProjectsByIDs(ctx, keys)
	if err != nil {
		return nil, nil, err
	}
	for i, key := range keys {
		if !slices.ContainsFunc(projects, func(p store.Project) bool { return p.ID == key }) {
			return nil, checks(refuse("projects", model.UserErrorCodeNotFound, "nothing has the id %q", ids[i])), nil
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil, nil
}
