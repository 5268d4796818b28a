package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/store"
	"loadline/store/storetest"
)

// clocked runs a test on each kind of database, with a clock that it moves.
func clocked(t *testing.T, test func(t *testing.T, s *store.Store, now *time.Time)) {
	t.Helper()
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) {
		now := day
		test(t, storetest.OpenDSN(t, dsn, func() time.Time { return now }), &now)
	})
}

func channel(name string) store.NotificationChannel {
	return store.NotificationChannel{
		Name:    name,
		Kind:    store.ChannelWebhook,
		Target:  "https://example.com/",
		Secret:  "secret",
		Enabled: true,
		Events:  []string{store.EventNewFindings},
		Cadence: store.CadenceAtOnce,
	}
}

func saveChannel(t testing.TB, s *store.Store, c store.NotificationChannel, renew bool) store.NotificationChannel {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.SaveNotificationChannel(ctx, c, renew)
		return err
	})
	return c
}

func deliver(t testing.TB, s *store.Store, n store.NewDelivery) store.NotificationDelivery {
	t.Helper()
	n.MaxAttempts = 8
	if n.Event == "" {
		n.Event = "findings.new"
	}
	var d store.NotificationDelivery
	write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		d, err = tx.AddDelivery(ctx, n)
		return err
	})
	return d
}

func TestNotificationChannelLife(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, now *time.Time) {
		c := channel("team")
		c.Events, c.MinSeverity, c.KevOnly, c.MinEPSS = []string{store.EventJobFailed, store.EventNewFindings}, "HIGH", true, 0.25
		c.Projects, c.Tags = []int64{1, 2}, []string{"pci"}
		want := c
		want.ID, want.Since, want.CreatedAt, want.UpdatedAt = 1, day, day, day
		c = saveChannel(t, s, c, false)
		if diff := cmp.Diff(want, c); diff != "" {
			t.Errorf("created (-want +got):\n%s", diff)
		}

		*now = day.Add(time.Hour)
		c.Target, c.Tags = "https://example.com/other", nil
		want.Target, want.Tags, want.UpdatedAt = c.Target, nil, *now
		c = saveChannel(t, s, c, false)
		if diff := cmp.Diff(want, c); diff != "" {
			t.Errorf("changed (-want +got):\n%s", diff)
		}
		if c = saveChannel(t, s, c, true); !c.Since.Equal(*now) || !c.CreatedAt.Equal(day) {
			t.Errorf("with other conditions: %+v", c)
		}

		save := func(c store.NotificationChannel) error {
			return s.InTx(t.Context(), func(tx *store.Tx) error { return fails(tx.SaveNotificationChannel(t.Context(), c, false)) })
		}
		other := saveChannel(t, s, channel("other"), false)
		other.Name = "team"
		for name, err := range map[string]error{"a new one": save(channel("team")), "another one": save(other)} {
			if !errors.Is(err, store.ErrConflict) {
				t.Errorf("%s takes the name: %v", name, err)
			}
		}
		nobody := channel("nobody")
		nobody.ID = 99
		if err := save(nobody); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("changed what there is not: %v", err)
		}

		off := channel("a switched-off one")
		off.Enabled = false
		saveChannel(t, s, off, false)
		var enabled []string
		for _, c := range must(s.EnabledNotificationChannels(t.Context()))(t) {
			enabled = append(enabled, c.Name)
		}
		if diff := cmp.Diff([]string{"team", "other"}, enabled); diff != "" {
			t.Errorf("enabled (-want +got):\n%s", diff)
		}
		page := must(s.NotificationChannels(t.Context(), store.Page{First: 2}))(t)
		if len(page.Rows) != 2 || page.Rows[0].Name != "a switched-off one" || page.Rows[1].Name != "other" || !page.HasNext {
			t.Errorf("page = %+v", page)
		}
		if n := must(s.CountNotificationChannels(t.Context()))(t); n != 3 {
			t.Errorf("%d channels, want 3", n)
		}
	})
}

// What is about a channel goes with it.
func TestAChannelIsDeletedWithAllThatIsToBeSent(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *time.Time) {
		shop := create(t, s, "shop")[0]
		c, kept := saveChannel(t, s, channel("team"), false), saveChannel(t, s, channel("kept"), false)
		for _, id := range []int64{c.ID, kept.ID} {
			deliver(t, s, store.NewDelivery{ChannelID: id})
			err := s.SaveNews(t.Context(), store.News{
				ProjectID: shop.ID,
				Told:      []store.ToldFinding{{ChannelID: id, Package: "pkg:npm/a", Member: "CVE-1"}},
				Parts:     []store.NewPart{{ChannelID: id, DueAt: day, Body: store.JSON(`{}`)}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		remove := func() error {
			return s.InTx(t.Context(), func(tx *store.Tx) error { return tx.DeleteNotificationChannel(t.Context(), c.ID) })
		}
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"notification_channel", "notification_unseen", "notification_told", "notification_part", "notification_delivery"} {
			if n := must(s.CountRows(t.Context(), table))(t); n != 1 {
				t.Errorf("%d rows in %s, want the one of the other channel", n, table)
			}
		}
		if err := remove(); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("deleted twice: %v", err)
		}
	})
}

// A channel looks once at what is there when it comes; what it has been told of is
// remembered for it alone.
func TestWhatAChannelHasSeenAndHeard(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *time.Time) {
		projects := create(t, s, "shop", "tool")
		shop, tool := projects[0].ID, projects[1].ID
		c, other := saveChannel(t, s, channel("team"), false), saveChannel(t, s, channel("other"), false)
		told := func(channel int64, member string) store.ToldFinding {
			return store.ToldFinding{ChannelID: channel, Package: "pkg:npm/a", Member: member}
		}
		for range 2 { // a job may come here twice
			err := s.SaveNews(t.Context(), store.News{
				ProjectID: shop, Seen: []int64{c.ID}, Told: []store.ToldFinding{told(c.ID, "CVE-1"), told(c.ID, "GHSA-1"), told(other.ID, "CVE-1")},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for name, test := range map[string]struct {
			project int64
			want    map[int64]bool
		}{
			"after it was looked at": {shop, map[int64]bool{other.ID: true}},
			"before":                 {tool, map[int64]bool{c.ID: true, other.ID: true}},
		} {
			if diff := cmp.Diff(test.want, must(s.Unseen(t.Context(), test.project))(t)); diff != "" {
				t.Errorf("unseen %s (-want +got):\n%s", name, diff)
			}
		}
		want := map[store.ToldFinding]bool{told(c.ID, "CVE-1"): true, told(c.ID, "GHSA-1"): true}
		if diff := cmp.Diff(want, must(s.Told(t.Context(), shop, []int64{c.ID}))(t)); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if got := must(s.Told(t.Context(), tool, []int64{c.ID}))(t); len(got) > 0 {
			t.Errorf("told about another project: %v", got)
		}
		saveChannel(t, s, c, true)
		if got := must(s.Unseen(t.Context(), shop))(t); !got[c.ID] {
			t.Error("with other conditions it does not look again")
		}
	})
}

func TestHints(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, now *time.Time) {
		ctx := t.Context()
		projects := create(t, s, "shop", "tool")
		shop, tool := projects[0].ID, projects[1].ID
		changed := func(ids ...int64) {
			t.Helper()
			write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.FindingsChanged(ctx, ids) })
		}
		due := func(when string, want ...store.NotificationHint) {
			t.Helper()
			if diff := cmp.Diff(want, must(s.DueHints(ctx, 9))(t)); diff != "" {
				t.Errorf("due %s (-want +got):\n%s", when, diff)
			}
		}
		hint := func(project, revision int64, since time.Time) store.NotificationHint {
			return store.NotificationHint{Kind: store.HintFindings, Subject: project, ProjectID: project, Revision: revision, Since: since}
		}
		changed(shop)
		*now = day.Add(time.Hour)
		due("while nobody listens")
		if next := must(s.NextNews(ctx))(t); !next.IsZero() {
			t.Errorf("next news at %s, though nobody listens", next)
		}

		saveChannel(t, s, channel("team"), false)
		due("for a new channel", hint(shop, 1, *now), hint(tool, 1, *now))
		look := func(of ...store.NotificationHint) {
			t.Helper()
			if err := s.SaveNews(ctx, store.News{ProjectID: of[0].ProjectID, Hints: of}); err != nil {
				t.Fatal(err)
			}
		}
		look(hint(shop, 1, *now))
		look(hint(tool, 1, *now))
		due("once looked at")

		first := *now
		changed(shop, shop)
		*now = first.Add(20 * time.Second)
		changed(shop)
		due("while what happens is gathered")
		if next := must(s.NextNews(ctx))(t); !next.Equal(first.Add(30 * time.Second)) {
			t.Errorf("next news at %s, want half a minute after the first", next)
		}
		*now = first.Add(30 * time.Second)
		seen := hint(shop, 2, first)
		due("half a minute after the first", seen)
		if err := s.PutOffHint(ctx, seen, first.Add(40*time.Second)); err != nil {
			t.Fatal(err)
		}
		due("while it is put off")

		// What happens while a job looks is looked at once more.
		*now = first.Add(40 * time.Second)
		changed(shop)
		look(seen)
		due("at once again")
		*now = first.Add(70 * time.Second)
		due("half a minute later", hint(shop, 3, first.Add(40*time.Second)))
	})
}

// Jobs that failed are told of together, those of the same project by the hint
// that is due first.
func TestHintsAtFailedJobs(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, now *time.Time) {
		ctx := t.Context()
		saveChannel(t, s, channel("team"), false)
		fail := func(kind string, project int64) int64 {
			t.Helper()
			enqueue(t, s, store.NewJob{Kind: kind, ProjectID: project, MaxAttempts: 1})
			j := must(s.ClaimJob(ctx, "w", time.Minute, kind))(t)
			write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.FailJob(ctx, j, "broken")) })
			return j.ID
		}
		first := fail("EXPORT", 7)
		fail(store.KindNotify, 7)
		*now = day.Add(29 * time.Second)
		second, other := fail("EXPORT", 7), fail("EXPORT", 8)
		if got := must(s.DueHints(ctx, 9))(t); len(got) > 0 {
			t.Errorf("due at once: %+v", got)
		}
		*now = day.Add(30 * time.Second)
		subjects := func() (ids []int64) {
			for _, g := range must(s.DueHints(ctx, 9))(t) {
				if g.Kind != store.HintJob {
					t.Errorf("hint = %+v", g)
				}
				ids = append(ids, g.Subject)
			}
			return ids
		}
		if diff := cmp.Diff([]int64{first, second}, subjects()); diff != "" {
			t.Errorf("due of the project (-want +got):\n%s", diff)
		}
		*now = day.Add(time.Minute)
		if diff := cmp.Diff([]int64{first, second, other}, subjects()); diff != "" {
			t.Errorf("due later (-want +got):\n%s", diff)
		}
	})
}

func TestBusyProjects(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, _ *time.Time) {
		for project, kind := range []string{1: store.KindIngestBom, 2: "REFRESH", 3: "EXPORT", 4: "REFRESH"} {
			if kind != "" {
				enqueue(t, s, store.NewJob{Kind: kind, ProjectID: int64(project), MaxAttempts: 9})
			}
		}
		busy := func() map[int64]bool { return must(s.BusyProjects(t.Context(), []int64{1, 2, 3, 5}))(t) }
		if diff := cmp.Diff(map[int64]bool{1: true, 2: true}, busy()); diff != "" {
			t.Errorf("waiting (-want +got):\n%s", diff)
		}
		ingest, refresh := must(s.ClaimJob(t.Context(), "w", time.Minute, store.KindIngestBom))(t), must(s.ClaimJob(t.Context(), "w", time.Minute, "REFRESH"))(t)
		if diff := cmp.Diff(map[int64]bool{1: true, 2: true}, busy()); diff != "" {
			t.Errorf("running (-want +got):\n%s", diff)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return fails(tx.SucceedJob(ctx, ingest)) })
		retry(t, s, refresh, "no luck", day.Add(time.Hour))
		if diff := cmp.Diff(map[int64]bool{}, busy()); diff != "" {
			t.Errorf("done, and waiting for another try (-want +got):\n%s", diff)
		}
	})
}

func TestShippedBoms(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, now *time.Time) {
		storetest.Ingest(t, s, "shop", "1", storetest.Document(2))
		*now = day.Add(time.Hour)
		newer := storetest.Ingest(t, s, "shop", "1", storetest.Document(3))
		second := storetest.Ingest(t, s, "shop", "2", storetest.Document(2))
		storetest.Accept(t, s, "shop", "3", storetest.Document(2))
		storetest.Ingest(t, s, "tool", "1", storetest.Document(2))
		shop := must(s.ProjectsByNames(t.Context(), []string{"shop"}))(t)[0]
		want := []store.ShippedBom{{BomID: second.ID, Release: "2", IngestedAt: *now}, {BomID: newer.ID, Release: "1", IngestedAt: *now}}
		if diff := cmp.Diff(want, must(s.ShippedBoms(t.Context(), shop.ID))(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
