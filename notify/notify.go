// Package notify tells people what is new: it finds out which findings are news
// to whom, gathers them into few messages, and sends those, signed, as webhooks,
// to Slack and by e-mail. What is to be sent is in the store before it is sent.
// It knows nothing of jobs, or of who manages the channels.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"loadline/enrich"
	"loadline/store"
)

const (
	// maxAttempts is how often a message is sent before it is given up, which is
	// about 20 hours after the first time.
	maxAttempts = 8
	// sendTimeout is how long one attempt may take.
	sendTimeout = 10 * time.Second
	// sendersAtOnce is how many channels are sent to at the same time; a channel gets
	// its messages one after the other.
	sendersAtOnce = 8
	// atOnce is how many hints or deliveries are taken from the store together.
	atOnce = 100
	// keepDeliveries is how long the log of what was sent goes back.
	keepDeliveries = 30 * 24 * time.Hour
)

// pauses are those before the second attempt and the ones after it.
var pauses = [maxAttempts - 1]time.Duration{
	5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
}

// Options are what a Service goes by.
type Options struct {
	AllowPrivate bool   // send webhooks to addresses of this machine and of private networks too
	Offline      bool   // send nothing
	SMTP         *SMTP  // nil: no e-mail
	UserAgent    string // of webhooks
}

// Service tells channels. It is safe for concurrent use.
type Service struct {
	store  *store.Store
	facts  *enrich.Service
	now    func() time.Time
	log    *slog.Logger
	o      Options
	client *http.Client
}

// New returns a Service. Close its connections with Close.
func New(s *store.Store, facts *enrich.Service, now func() time.Time, log *slog.Logger, o Options) *Service {
	return &Service{store: s, facts: facts, now: now, log: log, o: o, client: newClient(o.AllowPrivate)}
}

// Close closes idle connections.
func (s *Service) Close() { s.client.CloseIdleConnections() }

// Run does what is due: looks for news, gathers digests, sends messages. db is the
// store as it may be written to; report, which may be nil, hears how many messages
// have been sent.
func (s *Service) Run(ctx context.Context, db *store.Store, report func(sent int)) error {
	sent := 0
	for {
		looked, err := s.look(ctx, db)
		if err != nil {
			return err
		}
		gathered, err := s.gather(ctx, db)
		if err != nil {
			return err
		}
		tried, err := s.send(ctx, db)
		if err != nil {
			return err
		}
		if sent += tried; tried > 0 && report != nil {
			report(sent)
		}
		if looked+gathered+tried == 0 {
			_, err := db.PruneDeliveries(ctx, s.now().Add(-keepDeliveries))
			return err
		}
	}
}

// send tries the deliveries that are due, and returns how many.
func (s *Service) send(ctx context.Context, db *store.Store) (int, error) {
	due, err := s.store.DueDeliveries(ctx, atOnce)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	perChannel := make(map[int64][]store.NotificationDelivery)
	ids := make([]int64, 0, len(due))
	for _, d := range due {
		if len(perChannel[d.ChannelID]) == 0 {
			ids = append(ids, d.ChannelID)
		}
		perChannel[d.ChannelID] = append(perChannel[d.ChannelID], d)
	}
	channels, err := s.store.NotificationChannelsByIDs(ctx, ids)
	if err != nil {
		return 0, err
	}
	var wg sync.WaitGroup
	errs := make([]error, len(channels))
	slots := make(chan struct{}, sendersAtOnce)
	for i, c := range channels {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			for _, d := range perChannel[c.ID] {
				if _, errs[i] = s.attempt(ctx, db, c, d); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return len(due), errors.Join(errs...)
}

// attempt sends a delivery once, notes what came of it and returns it. Its error
// is one of the store or of ctx, and not that nobody took the message.
func (s *Service) attempt(ctx context.Context, db *store.Store, c store.NotificationChannel, d store.NotificationDelivery) (store.NotificationDelivery, error) {
	bounded, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	out := s.deliver(bounded, c, d)
	if err := ctx.Err(); err != nil {
		return d, err
	}
	result := store.DeliveryResult{State: store.DeliveryDelivered, ResponseCode: out.code}
	if out.problem != "" {
		result.Error = out.problem
		result.State = store.DeliveryFailed
		if out.gone && d.Event != TypeTest {
			result.Disable = true
			result.Error += ", and the channel was disabled"
		}
		if tried := d.Attempts + 1; !out.final && tried < d.MaxAttempts {
			result.State = store.DeliveryPending
			result.NextAt = s.now().Add(max(pauses[min(tried, len(pauses))-1], out.retryAfter))
		}
		s.log.Warn("notification not delivered", "channel_id", c.ID, "delivery_id", d.ID, "attempt", d.Attempts+1, "state", result.State, "error", out.cause)
	}
	now, err := db.RecordDelivery(ctx, d, result)
	if errors.Is(err, store.ErrNotFound) {
		return d, nil // somebody else has noted an attempt, or the channel is gone
	}
	return now, err
}

// outcome is what came of an attempt.
type outcome struct {
	code       int    // HTTP's or SMTP's; 0: none
	problem    string // what a person may see; empty: it was taken
	cause      error  // what the log may
	final      bool   // another attempt would meet the same
	gone       bool   // so would another message
	retryAfter time.Duration
}

func (s *Service) deliver(ctx context.Context, c store.NotificationChannel, d store.NotificationDelivery) outcome {
	if s.o.Offline {
		return outcome{problem: "this server runs with --offline: nothing leaves the machine", final: true}
	}
	switch c.Kind {
	case store.ChannelWebhook:
		return s.postSigned(ctx, c, d)
	case store.ChannelSlack:
		return s.postSlack(ctx, c, d)
	case store.ChannelEmail:
		return s.mail(ctx, c, d)
	}
	return outcome{problem: fmt.Sprintf("a channel of the kind %s is not known to this version", c.Kind), final: true}
}

// Test sends the channel a message that says that it is a test, once and now, and
// returns what came of it. It returns store.ErrNotFound when there is no such
// channel.
func (s *Service) Test(ctx context.Context, channelID int64) (store.NotificationDelivery, error) {
	channels, err := s.store.NotificationChannelsByIDs(ctx, []int64{channelID})
	if err != nil {
		return store.NotificationDelivery{}, err
	}
	if len(channels) == 0 {
		return store.NotificationDelivery{}, fmt.Errorf("notify: channel %d: %w", channelID, store.ErrNotFound)
	}
	n, err := s.delivery(channels[0], Message{Type: TypeTest, Data: Data{Projects: []News{}}})
	if err != nil {
		return store.NotificationDelivery{}, err
	}
	n.MaxAttempts = 1
	// Should this process die before the attempt, a job makes it.
	n.NextAt = s.now().Add(2 * sendTimeout)
	var d store.NotificationDelivery
	err = s.store.InTx(ctx, func(tx *store.Tx) (err error) {
		d, err = tx.AddDelivery(ctx, n)
		return err
	})
	if err != nil {
		return store.NotificationDelivery{}, err
	}
	return s.attempt(ctx, s.store, channels[0], d)
}
