package store

import (
	"context"
	"fmt"
	"time"
)

// The states of a NotificationDelivery.
const (
	DeliveryPending   = "PENDING"
	DeliveryDelivered = "DELIVERED"
	DeliveryFailed    = "FAILED" // given up
)

// EventTest is the Event of deliveries that say no more than that a channel works.
const EventTest = "test"

// NotificationDelivery is a message to a channel, sent or to be sent.
type NotificationDelivery struct {
	ID                    int64
	ChannelID             int64
	State                 string
	Event                 string // the type of the message
	Subject               string // what it says, in a line
	Body                  JSON
	Attempts, MaxAttempts int
	ResponseCode          int    // of the last attempt; 0: none
	Error                 string // of the last attempt
	CreatedAt, NextAt     time.Time
	EndedAt               time.Time // zero while it is PENDING
}

const deliveryColumns = `
	notification_delivery.id,
	notification_delivery.channel_id,
	notification_delivery.state,
	notification_delivery.event,
	notification_delivery.subject,
	notification_delivery.body,
	notification_delivery.attempts,
	notification_delivery.max_attempts,
	notification_delivery.response_code,
	notification_delivery.error,
	notification_delivery.created_at,
	notification_delivery.next_at,
	notification_delivery.ended_at`

func (d *NotificationDelivery) columns() []any {
	return []any{
		&d.ID,
		&d.ChannelID,
		&d.State,
		&d.Event,
		&d.Subject,
		&d.Body,
		&d.Attempts,
		&d.MaxAttempts,
		&d.ResponseCode,
		&d.Error,
		(*millis)(&d.CreatedAt),
		(*millis)(&d.NextAt),
		(*millis)(&d.EndedAt),
	}
}

var deliveryOrder = order{columns: []string{"notification_delivery.id"}, down: true}

// DeliveriesOfChannels returns a page of each channel's deliveries, the newest
// first, by channel id.
func (r reads) DeliveriesOfChannels(ctx context.Context, channelIDs []int64, p Page) (map[int64]Slice[NotificationDelivery], error) {
	c, err := p.cut(deliveryOrder)
	if err != nil {
		return nil, fmt.Errorf("store: deliveries: %w", err)
	}
	deliveries, err := selectSlices(ctx, r.conn, p, channelIDs, below[NotificationDelivery],
		func(d *NotificationDelivery) []any { return []any{d.ID} }, c.in(`
		SELECT
			k.value, `+deliveryColumns+`
		FROM {{numbers k}}
		JOIN notification_delivery ON notification_delivery.channel_id = k.value
		WHERE notification_delivery.id IN (
			SELECT notification_delivery.id
			FROM notification_delivery
			WHERE notification_delivery.channel_id = k.value {{cut}}
			ORDER BY {{cut order}}
			LIMIT ?
		)
		ORDER BY k.value, {{order}}`), c.below(channelIDs)...)
	if err != nil {
		return nil, fmt.Errorf("store: deliveries of %d channels: %w", len(channelIDs), err)
	}
	return deliveries, nil
}

// CountDeliveries returns how many deliveries each channel has, by channel id.
func (r reads) CountDeliveries(ctx context.Context, channelIDs []int64) (map[int64]int, error) {
	counts, err := selectMap[int64, int](ctx, r.conn, `
		SELECT
			notification_delivery.channel_id,
			COUNT(*)
		FROM notification_delivery
		WHERE {{in notification_delivery.channel_id}}
		GROUP BY notification_delivery.channel_id`, channelIDs)
	if err != nil {
		return nil, fmt.Errorf("store: count deliveries of %d channels: %w", len(channelIDs), err)
	}
	return fill(counts, channelIDs), nil
}

// DueDeliveries returns up to limit deliveries to enabled channels whose time has
// come, those that have waited longest first.
func (r reads) DueDeliveries(ctx context.Context, limit int) ([]NotificationDelivery, error) {
	due, err := selectRows[NotificationDelivery](ctx, r.conn, `
		SELECT `+deliveryColumns+`
		FROM notification_delivery
		JOIN notification_channel AS c ON c.id = notification_delivery.channel_id
		WHERE notification_delivery.state = 'PENDING' AND notification_delivery.next_at <= ? AND c.enabled
		ORDER BY notification_delivery.next_at, notification_delivery.id
		LIMIT ?`, r.clock(), limit)
	if err != nil {
		return nil, fmt.Errorf("store: due deliveries: %w", err)
	}
	return due, nil
}

// NewDelivery is a message to send.
type NewDelivery struct {
	ChannelID      int64
	Event, Subject string
	Body           JSON
	MaxAttempts    int
	NextAt         time.Time // zero: at once
}

// NewPart is news for a channel's next message.
type NewPart struct {
	ChannelID int64
	DueAt     time.Time // when that message is made
	Body      JSON
}

// News is what came of looking at hints.
type News struct {
	Hints     []NotificationHint // done with, unless they were given again
	ProjectID int64
	Seen      []int64       // channels that have looked at the project now
	Told      []ToldFinding // about the project
	Parts     []NewPart
}

// SaveNews notes in one transaction what is to be told, and that it need not be
// told again.
func (s *Store) SaveNews(ctx context.Context, n News) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		if err := tx.endHints(ctx, n); err != nil {
			return err
		}
		err := tx.insert(ctx, `
			INSERT INTO notification_told (
				channel_id,
				project_id,
				package,
				member
			)
			VALUES {{rows}}
			ON CONFLICT (channel_id, project_id, package, member) DO NOTHING`, len(n.Told), func(i int) []any {
			t := n.Told[i]
			return []any{t.ChannelID, n.ProjectID, t.Package, t.Member}
		})
		if err != nil {
			return err
		}
		return tx.insert(ctx, `
			INSERT INTO notification_part (
				channel_id,
				due_at,
				body
			)
			VALUES {{rows}}`, len(n.Parts), func(i int) []any {
			return []any{n.Parts[i].ChannelID, n.Parts[i].DueAt, n.Parts[i].Body}
		})
	})
	if err != nil {
		return fmt.Errorf("store: save news of project %d: %w", n.ProjectID, err)
	}
	return nil
}

func (tx *Tx) endHints(ctx context.Context, n News) error {
	for _, s := range n.Hints {
		ended, err := tx.exec(ctx, `
			DELETE FROM notification_hint
			WHERE kind = ? AND subject = ? AND revision = ?`, s.Kind, s.Subject, s.Revision)
		if err == nil && ended == 0 {
			_, err = tx.exec(ctx, `
				UPDATE notification_hint
				SET
					since = ?,
					due_at = ?
				WHERE kind = ? AND subject = ?`, tx.now, tx.now.Add(hintWindow), s.Kind, s.Subject)
		}
		if err != nil {
			return err
		}
	}
	if len(n.Seen) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, `
		DELETE FROM notification_unseen
		WHERE project_id = ? AND {{in channel_id}}`, n.ProjectID, n.Seen)
	return err
}

// AddDelivery puts a message into the outbox.
func (tx *Tx) AddDelivery(ctx context.Context, n NewDelivery) (NotificationDelivery, error) {
	tx.hush()
	if n.NextAt.IsZero() {
		n.NextAt = tx.now
	}
	d, err := selectOne[NotificationDelivery](ctx, tx.conn, `
		INSERT INTO notification_delivery (
			channel_id,
			state,
			event,
			subject,
			body,
			max_attempts,
			created_at,
			next_at
		)
		VALUES (?, 'PENDING', ?, ?, ?, ?, ?, ?)
		RETURNING `+deliveryColumns, n.ChannelID, n.Event, n.Subject, n.Body, n.MaxAttempts, tx.now, n.NextAt)
	if err != nil {
		return NotificationDelivery{}, fmt.Errorf("store: add delivery to channel %d: %w", n.ChannelID, err)
	}
	return d, nil
}

// NotificationPart is news that waits for its message.
type NotificationPart struct {
	ID, ChannelID int64
	Body          JSON
}

// DueParts returns the news of the channel that has waited longest for its
// message, the oldest first, up to 1,000; none when none is due.
func (r reads) DueParts(ctx context.Context) ([]NotificationPart, error) {
	parts, err := selectInto(ctx, r.conn, func(p *NotificationPart) []any { return []any{&p.ID, &p.ChannelID, &p.Body} }, `
		SELECT
			p.id,
			p.channel_id,
			p.body
		FROM notification_part AS p
		WHERE
			p.channel_id = (
				SELECT p.channel_id
				FROM notification_part AS p
				WHERE p.due_at <= ?
				ORDER BY p.due_at, p.id
				LIMIT 1
			)
			AND p.due_at <= ?
		ORDER BY p.id
		LIMIT 1000`, r.clock(), r.clock())
	if err != nil {
		return nil, fmt.Errorf("store: due parts of messages: %w", err)
	}
	return parts, nil
}

// LastMessages returns when the last message to each channel was made, tests
// aside, by channel id; channels without one are left out.
func (r reads) LastMessages(ctx context.Context, channelIDs []int64) (map[int64]time.Time, error) {
	type made struct {
		channelID int64
		at        time.Time
	}
	rows, err := selectInto(ctx, r.conn, func(m *made) []any { return []any{&m.channelID, (*millis)(&m.at)} }, `
		SELECT
			notification_delivery.channel_id,
			notification_delivery.created_at
		FROM {{numbers k}}
		JOIN notification_delivery ON notification_delivery.id = (
			SELECT d.id
			FROM notification_delivery AS d
			WHERE d.channel_id = k.value AND d.event <> ?
			ORDER BY d.id DESC
			LIMIT 1
		)`, channelIDs, EventTest)
	if err != nil {
		return nil, fmt.Errorf("store: last messages to %d channels: %w", len(channelIDs), err)
	}
	last := make(map[int64]time.Time, len(rows))
	for _, m := range rows {
		last[m.channelID] = m.at
	}
	return last, nil
}

// SaveMessages puts the messages that the parts came to into the outbox, in the
// parts' place. It returns ErrConflict when they are not there any more.
func (s *Store) SaveMessages(ctx context.Context, parts []NotificationPart, messages []NewDelivery) error {
	ids := make([]int64, len(parts))
	for i, p := range parts {
		ids[i] = p.ID
	}
	err := s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		n, err := tx.exec(ctx, `
			DELETE FROM notification_part
			WHERE {{in id}}`, ids)
		if err != nil {
			return err
		}
		if n != int64(len(ids)) {
			return ErrConflict
		}
		for _, m := range messages {
			if _, err := tx.AddDelivery(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: save %d messages made of %d parts: %w", len(messages), len(parts), err)
	}
	return nil
}

// DeliveryResult is what came of an attempt.
type DeliveryResult struct {
	State        string
	ResponseCode int
	Error        string
	NextAt       time.Time // of one that is still PENDING
	Disable      bool      // the channel is to be told nothing any more
}

// RecordDelivery notes what came of an attempt at a delivery, and returns it as it
// is then. It returns ErrNotFound when somebody else has noted an attempt since d
// was read, or it is gone.
func (s *Store) RecordDelivery(ctx context.Context, d NotificationDelivery, r DeliveryResult) (NotificationDelivery, error) {
	var now NotificationDelivery
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		tx.hush()
		next, ended := r.NextAt, any(nil)
		if r.State != DeliveryPending {
			next, ended = d.NextAt, tx.now
		}
		now, err = selectOne[NotificationDelivery](ctx, tx.conn, `
			UPDATE notification_delivery
			SET
				state = ?,
				attempts = attempts + 1,
				response_code = ?,
				error = ?,
				next_at = ?,
				ended_at = ?
			WHERE id = ? AND attempts = ? AND state = 'PENDING'
			RETURNING `+deliveryColumns, r.State, r.ResponseCode, r.Error, next, ended, d.ID, d.Attempts)
		if err != nil || !r.Disable {
			return err
		}
		return tx.execOne(ctx, `
			UPDATE notification_channel
			SET
				enabled = FALSE,
				updated_at = ?
			WHERE id = ?`, tx.now, d.ChannelID)
	})
	if err != nil {
		return NotificationDelivery{}, fmt.Errorf("store: record delivery %d: %w", d.ID, err)
	}
	return now, nil
}

// PruneDeliveries removes deliveries that ended before the time, up to 1,000 at a
// time, and returns how many.
func (s *Store) PruneDeliveries(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		tx.hush()
		n, err = tx.exec(ctx, `
			DELETE FROM notification_delivery
			WHERE id IN (
				SELECT notification_delivery.id
				FROM notification_delivery
				WHERE notification_delivery.ended_at < ?
				ORDER BY notification_delivery.ended_at
				LIMIT 1000
			)`, before)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: prune deliveries: %w", err)
	}
	return int(n), nil
}
