package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/store"
)

// Parts become messages once, whoever makes them.
func TestPartsBecomeMessages(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, now *time.Time) {
		ctx := t.Context()
		shop := create(t, s, "shop")[0]
		a, b := saveChannel(t, s, channel("a"), false), saveChannel(t, s, channel("b"), false)
		part := func(c store.NotificationChannel, due time.Duration, text string) store.NewPart {
			return store.NewPart{ChannelID: c.ID, DueAt: day.Add(due), Body: store.JSON(fmt.Sprintf(`{"text":%q}`, text))}
		}
		err := s.SaveNews(ctx, store.News{ProjectID: shop.ID, Parts: []store.NewPart{
			part(a, time.Hour, "a1"), part(b, time.Minute, "b1"), part(a, time.Hour, "a2"), part(a, 2*time.Hour, "later"),
		}})
		if err != nil {
			t.Fatal(err)
		}
		texts := func(parts []store.NotificationPart) (all []string) {
			for _, p := range parts {
				all = append(all, string(p.Body))
			}
			return all
		}
		due := func(when string, want ...string) []store.NotificationPart {
			t.Helper()
			parts := must(s.DueParts(ctx))(t)
			if diff := cmp.Diff(want, texts(parts)); diff != "" {
				t.Errorf("due %s (-want +got):\n%s", when, diff)
			}
			return parts
		}
		due("before the time")
		*now = day.Add(time.Hour)
		parts := due("first", `{"text":"b1"}`)
		message := []store.NewDelivery{{ChannelID: b.ID, Event: "digest", MaxAttempts: 8}}
		if err := s.SaveMessages(ctx, parts, message); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveMessages(ctx, parts, message); !errors.Is(err, store.ErrConflict) {
			t.Errorf("made twice: %v", err)
		}
		if n := must(s.CountDeliveries(ctx, []int64{a.ID, b.ID}))(t); n[b.ID] != 1 || n[a.ID] != 0 {
			t.Errorf("deliveries = %v", n)
		}
		due("then", `{"text":"a1"}`, `{"text":"a2"}`)
	})
}

// A message is tried until it has ended; of two who try it at the same time one
// counts.
func TestDeliveries(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, now *time.Time) {
		ctx := t.Context()
		c, off := saveChannel(t, s, channel("team"), false), channel("off")
		off.Enabled = false
		off = saveChannel(t, s, off, false)
		later := deliver(t, s, store.NewDelivery{ChannelID: c.ID, NextAt: day.Add(time.Minute)})
		first := deliver(t, s, store.NewDelivery{ChannelID: c.ID, Subject: "1 new finding", Body: store.JSON(`{"type":"x"}`)})
		second := deliver(t, s, store.NewDelivery{ChannelID: c.ID})
		deliver(t, s, store.NewDelivery{ChannelID: off.ID})
		want := store.NotificationDelivery{
			ID: first.ID, ChannelID: c.ID, State: store.DeliveryPending, Event: "findings.new", Subject: "1 new finding",
			Body: store.JSON(`{"type":"x"}`), MaxAttempts: 8, CreatedAt: day, NextAt: day,
		}
		if diff := cmp.Diff(want, first); diff != "" {
			t.Errorf("added (-want +got):\n%s", diff)
		}
		due := func(when string, want ...int64) {
			t.Helper()
			var got []int64
			for _, d := range must(s.DueDeliveries(ctx, 9))(t) {
				got = append(got, d.ID)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("due %s (-want +got):\n%s", when, diff)
			}
		}
		due("at first", first.ID, second.ID)

		again := day.Add(5 * time.Second)
		pending := store.DeliveryResult{State: store.DeliveryPending, ResponseCode: 500, Error: "no luck", NextAt: again}
		want.Attempts, want.ResponseCode, want.Error, want.NextAt = 1, 500, "no luck", again
		if diff := cmp.Diff(want, must(s.RecordDelivery(ctx, first, pending))(t)); diff != "" {
			t.Errorf("tried (-want +got):\n%s", diff)
		}
		if _, err := s.RecordDelivery(ctx, first, pending); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("two attempts at the same time were noted: %v", err)
		}
		due("while it waits", second.ID)
		must(s.RecordDelivery(ctx, second, store.DeliveryResult{State: store.DeliveryFailed, Error: "gone"}))(t)
		if next := must(s.NextNews(ctx))(t); !next.Equal(again) {
			t.Errorf("next news at %s, want %s", next, again)
		}
		*now = day.Add(time.Minute)
		due("by the time", first.ID, later.ID)
		ended := must(s.RecordDelivery(ctx, want, store.DeliveryResult{State: store.DeliveryDelivered, ResponseCode: 204}))(t)
		if ended.State != store.DeliveryDelivered || ended.Attempts != 2 || ended.Error != "" || !ended.EndedAt.Equal(*now) {
			t.Errorf("delivered = %+v", ended)
		}
		if _, err := s.RecordDelivery(ctx, ended, pending); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an attempt at what has ended was noted: %v", err)
		}
		due("at last", later.ID)

		must(s.RecordDelivery(ctx, later, store.DeliveryResult{State: store.DeliveryFailed, Disable: true}))(t)
		if got := must(s.NotificationChannelsByIDs(ctx, []int64{c.ID}))(t)[0]; got.Enabled || !got.UpdatedAt.Equal(*now) {
			t.Errorf("channel = %+v, want it disabled", got)
		}
	})
}

// A job that has lost its claim notes nothing any more.
func TestALostJobTellsNobody(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, now *time.Time) {
		ctx := t.Context()
		shop := create(t, s, "shop")[0]
		c := saveChannel(t, s, channel("team"), false)
		d := deliver(t, s, store.NewDelivery{ChannelID: c.ID})
		enqueue(t, s, store.NewJob{Kind: store.KindNotify, MaxAttempts: 9})
		lost := s.ForJob(must(s.ClaimJob(ctx, "first", 10*time.Second, store.KindNotify))(t), time.Minute)
		*now = now.Add(11 * time.Second)
		must(s.ClaimJob(ctx, "second", 10*time.Second, store.KindNotify))(t)
		for name, err := range map[string]error{
			"news":       lost.SaveNews(ctx, store.News{ProjectID: shop.ID}),
			"messages":   lost.SaveMessages(ctx, nil, []store.NewDelivery{{ChannelID: c.ID}}),
			"a delivery": fails(lost.RecordDelivery(ctx, d, store.DeliveryResult{State: store.DeliveryDelivered})),
			"a put-off":  lost.PutOffHint(ctx, store.NotificationHint{}, *now),
		} {
			if !errors.Is(err, store.ErrJobLost) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTheLogOfDeliveries(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, now *time.Time) {
		ctx := t.Context()
		a, b := saveChannel(t, s, channel("a"), false), saveChannel(t, s, channel("b"), false)
		none := saveChannel(t, s, channel("none"), false)
		var all []store.NotificationDelivery
		for i := range 4 {
			*now = day.Add(time.Duration(i) * time.Hour)
			all = append(all, deliver(t, s, store.NewDelivery{ChannelID: a.ID}))
		}
		*now = day.Add(4 * time.Hour)
		deliver(t, s, store.NewDelivery{ChannelID: a.ID, Event: store.EventTest})
		deliver(t, s, store.NewDelivery{ChannelID: b.ID, Event: store.EventTest})
		ids := []int64{a.ID, b.ID, none.ID}

		pages := must(s.DeliveriesOfChannels(ctx, ids, store.Page{First: 2}))(t)
		page := pages[a.ID]
		if len(page.Rows) != 2 || page.Rows[0].Event != store.EventTest || page.Rows[1].ID != all[3].ID || !page.HasNext || len(pages[b.ID].Rows) != 1 {
			t.Errorf("pages = %+v", pages)
		}
		next := must(s.DeliveriesOfChannels(ctx, []int64{a.ID}, store.Page{First: 9, After: page.Cursors[1]}))(t)[a.ID]
		if len(next.Rows) != 3 || next.Rows[0].ID != all[2].ID || next.HasNext {
			t.Errorf("the next page = %+v", next)
		}
		if diff := cmp.Diff(map[int64]int{a.ID: 5, b.ID: 1, none.ID: 0}, must(s.CountDeliveries(ctx, ids))(t)); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		// A test is no message that others have to wait for.
		if diff := cmp.Diff(map[int64]time.Time{a.ID: day.Add(3 * time.Hour)}, must(s.LastMessages(ctx, ids))(t)); diff != "" {
			t.Errorf("last messages (-want +got):\n%s", diff)
		}

		// What has ended before the time goes, what waits stays.
		for i, state := range []string{store.DeliveryDelivered, store.DeliveryFailed, store.DeliveryDelivered} {
			*now = day.Add(time.Duration(10+i) * time.Hour)
			must(s.RecordDelivery(ctx, all[i], store.DeliveryResult{State: state}))(t)
		}
		for _, want := range []int{2, 0} {
			if n := must(s.PruneDeliveries(ctx, day.Add(12*time.Hour)))(t); n != want {
				t.Errorf("%d deliveries pruned, want %d", n, want)
			}
		}
		if n := must(s.CountDeliveries(ctx, []int64{a.ID}))(t)[a.ID]; n != 3 {
			t.Errorf("%d deliveries are left, want 3", n)
		}
	})
}
