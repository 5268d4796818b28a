package store

import (
	"context"
	"fmt"
	"time"
)

// The kinds of NotificationChannel.
const (
	ChannelWebhook = "WEBHOOK"
	ChannelSlack   = "SLACK"
	ChannelEmail   = "EMAIL"
)

// What a NotificationChannel can be told of.
const (
	EventNewFindings = "NEW_FINDINGS"
	EventJobFailed   = "JOB_FAILED"
)

// When a NotificationChannel is told.
const (
	CadenceAtOnce = "AT_ONCE"
	CadenceHourly = "HOURLY"
	CadenceDaily  = "DAILY"
)

// NotificationChannel is somebody who wants to be told of news, and of which.
type NotificationChannel struct {
	ID          int64
	Name        string // unique
	Kind        string
	Target      string // a URL, or e-mail addresses with commas between them
	Secret      string // what webhooks are signed with; else empty
	Enabled     bool
	Events      []string
	Cadence     string
	MinSeverity string // empty: any
	KevOnly     bool
	MinEPSS     float64
	Projects    []int64   // empty: all
	Tags        []string  // of projects, any of them; empty: any
	Since       time.Time // findings of Boms from before are no news
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

const channelColumns = `
	c.id,
	c.name,
	c.kind,
	c.target,
	c.secret,
	c.enabled,
	c.events,
	c.cadence,
	c.min_severity,
	c.kev_only,
	c.min_epss,
	c.projects,
	c.tags,
	c.since,
	c.created_at,
	c.updated_at`

func (c *NotificationChannel) columns() []any {
	return []any{
		&c.ID,
		&c.Name,
		&c.Kind,
		&c.Target,
		&c.Secret,
		&c.Enabled,
		listColumn[string]{&c.Events},
		&c.Cadence,
		&c.MinSeverity,
		&c.KevOnly,
		&c.MinEPSS,
		listColumn[int64]{&c.Projects},
		listColumn[string]{&c.Tags},
		(*millis)(&c.Since),
		(*millis)(&c.CreatedAt),
		(*millis)(&c.UpdatedAt),
	}
}

var channelOrder = order{columns: []string{"c.name"}, texts: 1}

// NotificationChannels returns a page of all channels, by name.
func (r reads) NotificationChannels(ctx context.Context, p Page) (Slice[NotificationChannel], error) {
	c, err := p.cut(channelOrder)
	if err != nil {
		return Slice[NotificationChannel]{}, fmt.Errorf("store: notification channels: %w", err)
	}
	rows, err := selectRows[NotificationChannel](ctx, r.conn, c.in(`
		SELECT `+channelColumns+`
		FROM notification_channel AS c
		WHERE c.name IN (
			SELECT c.name
			FROM notification_channel AS c
			WHERE TRUE {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		)
		ORDER BY {{order}}`), c.args...)
	if err != nil {
		return Slice[NotificationChannel]{}, fmt.Errorf("store: notification channels: %w", err)
	}
	return slice(p, rows, func(c *NotificationChannel) []any { return []any{c.Name} })
}

// CountNotificationChannels returns how many channels there are.
func (r reads) CountNotificationChannels(ctx context.Context) (int, error) {
	n, err := selectNumber(ctx, r.conn, `
		SELECT COUNT(*)
		FROM notification_channel AS c`)
	if err != nil {
		return 0, fmt.Errorf("store: count notification channels: %w", err)
	}
	return n, nil
}

// NotificationChannelsByIDs returns the channels that exist, in any order.
func (r reads) NotificationChannelsByIDs(ctx context.Context, ids []int64) ([]NotificationChannel, error) {
	channels, err := selectRows[NotificationChannel](ctx, r.conn, `
		SELECT `+channelColumns+`
		FROM notification_channel AS c
		WHERE {{in c.id}}`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: %d notification channels by id: %w", len(ids), err)
	}
	return channels, nil
}

// EnabledNotificationChannels returns those channels that are to be told, by id.
func (r reads) EnabledNotificationChannels(ctx context.Context) ([]NotificationChannel, error) {
	channels, err := selectRows[NotificationChannel](ctx, r.conn, `
		SELECT `+channelColumns+`
		FROM notification_channel AS c
		WHERE c.enabled
		ORDER BY c.id`)
	if err != nil {
		return nil, fmt.Errorf("store: enabled notification channels: %w", err)
	}
	return channels, nil
}

// SaveNotificationChannel creates the channel, or changes it where it has an id,
// and returns it. When renew is set, what is shipped now is no news to it: so it
// is for a new channel, and one with other conditions. It returns ErrConflict when
// another one has the name, and ErrNotFound when there is none with the id.
func (tx *Tx) SaveNotificationChannel(ctx context.Context, c NotificationChannel, renew bool) (NotificationChannel, error) {
	saved, err := tx.saveChannel(ctx, c, renew || c.ID == 0)
	if err != nil {
		return NotificationChannel{}, fmt.Errorf("store: save notification channel %q: %w", c.Name, err)
	}
	return saved, nil
}

func (tx *Tx) saveChannel(ctx context.Context, c NotificationChannel, renew bool) (NotificationChannel, error) {
	var lists [3]JSON
	var err error
	if lists[0], err = toList(c.Events); err != nil {
		return NotificationChannel{}, err
	}
	if lists[1], err = toList(c.Projects); err != nil {
		return NotificationChannel{}, err
	}
	if lists[2], err = toList(c.Tags); err != nil {
		return NotificationChannel{}, err
	}
	if renew {
		c.Since = tx.now
	}
	args := []any{
		c.Name, c.Kind, c.Target, c.Secret, c.Enabled, lists[0], c.Cadence, c.MinSeverity, c.KevOnly,
		c.MinEPSS, lists[1], lists[2], c.Since, tx.now,
	}
	stmt := `
		INSERT INTO notification_channel (
			name,
			kind,
			target,
			secret,
			enabled,
			events,
			cadence,
			min_severity,
			kev_only,
			min_epss,
			projects,
			tags,
			since,
			updated_at,
			created_at
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`
	last := any(tx.now)
	if c.ID != 0 {
		stmt = `
		UPDATE notification_channel
		SET
			name = ?,
			kind = ?,
			target = ?,
			secret = ?,
			enabled = ?,
			events = ?,
			cadence = ?,
			min_severity = ?,
			kev_only = ?,
			min_epss = ?,
			projects = ?,
			tags = ?,
			since = ?,
			updated_at = ?
		WHERE id = ?
		RETURNING id`
		last = c.ID
	}
	ids, err := selectInto(ctx, tx.conn, func(id *int64) []any { return []any{id} }, stmt, append(args, last)...)
	switch {
	case err != nil:
		return NotificationChannel{}, err
	case len(ids) == 0:
		return NotificationChannel{}, ErrNotFound
	}
	if renew {
		if err := tx.unsee(ctx, ids[0]); err != nil {
			return NotificationChannel{}, err
		}
	}
	saved, err := tx.NotificationChannelsByIDs(ctx, ids)
	if err != nil {
		return NotificationChannel{}, err
	}
	return saved[0], nil
}

// unsee has the channel look at what all projects ship, without a word.
func (tx *Tx) unsee(ctx context.Context, channelID int64) error {
	_, err := tx.exec(ctx, `
		INSERT INTO notification_unseen (
			channel_id,
			project_id
		)
		SELECT
			CAST(? AS BIGINT),
			project.id
		FROM project
		WHERE project.deleted_at IS NULL
		ON CONFLICT (channel_id, project_id) DO NOTHING`, channelID)
	if err != nil {
		return err
	}
	return tx.hintAll(ctx, 0)
}

// DeleteNotificationChannel deletes the channel with all that it was sent and is
// to be sent. It returns ErrNotFound when there is none.
func (tx *Tx) DeleteNotificationChannel(ctx context.Context, id int64) error {
	err := tx.execOne(ctx, `
		DELETE FROM notification_channel
		WHERE id = ?`, id)
	if err != nil {
		return fmt.Errorf("store: delete notification channel %d: %w", id, err)
	}
	return nil
}
