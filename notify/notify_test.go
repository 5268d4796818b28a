package notify_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/notify"
	"loadline/store"
	"loadline/store/storetest"
)

func TestAFindingIsNewsOnce(t *testing.T) {
	both(t, func(h *house) {
		r := listen(h.T)
		h.ship("old", "1", shelf)
		c := h.channel(store.NotificationChannel{Target: r.URL})
		h.run()
		if got := r.take(); len(got) > 0 {
			h.Fatalf("what was shipped before the channel was news: %s", got[0].body)
		}

		h.ship("shop", "1.0", shelf, tidy)
		h.run()
		got := r.take()
		if len(got) != 1 {
			h.Fatalf("%d messages for an upload, want 1", len(got))
		}
		m := got[0].message(h.T)
		news := m.Data.Projects[0]
		if m.Type != notify.TypeFindings || m.Data.Channel != "team" || news.Project != "shop" || news.FindingsTotal != len(news.Findings) || len(news.Findings) < 2 {
			h.Fatalf("message = %s", got[0].body)
		}
		first := news.Findings[0]
		if diff := cmp.Diff([]notify.Package{{PURL: shelf, FixedIn: "1.2.3"}}, first.Packages); diff != "" || first.ID != "CVE-2099-10001" || first.Severity != "CRITICAL" || first.EPSS == nil {
			h.Errorf("the most urgent finding = %+v (-want +got):\n%s", first, diff)
		}

		for _, again := range []string{"1.0", "1.1"} {
			h.ship("shop", again, shelf, tidy)
			h.run()
			if got := r.take(); len(got) > 0 {
				h.Errorf("the same findings of release %s were news: %s", again, got[0].body)
			}
		}

		h.ship("shop", "1.1", shelf, logCore)
		h.ship("old", "1", shelf, tidy)
		h.run()
		if diff := cmp.Diff(map[string][]string{"shop": {"CVE-2099-10009"}}, ids(h.T, r.take())); diff != "" {
			h.Errorf("news of another component (-want +got):\n%s", diff)
		}
		if log := h.log(c); len(log) != 2 || log[0].State != store.DeliveryDelivered || log[0].ResponseCode != 204 || log[0].Attempts != 1 {
			h.Errorf("log = %+v", log)
		}
	})
}

func TestWebhooksAreSigned(t *testing.T) {
	t.Parallel()
	h := open(t, storetest.DSN(t), notify.Options{AllowPrivate: true})
	r := listen(t)
	key := []byte("0123456789abcdef0123456789abcdef")
	c := h.channel(store.NotificationChannel{Target: r.URL, Secret: "whsec_" + base64.StdEncoding.EncodeToString(key)})
	d, err := h.service.Test(t.Context(), c.ID)
	if err != nil || d.State != store.DeliveryDelivered {
		t.Fatalf("delivery = %+v, %v", d, err)
	}
	got := r.take()[0]
	id, at := got.header.Get("webhook-id"), got.header.Get("webhook-timestamp")
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "." + string(got.body)))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if diff := cmp.Diff(want, got.header.Get("webhook-signature")); diff != "" || id == "" || id != notify.MessageID(d) {
		t.Errorf("signature of %q (-want +got):\n%s", id, diff)
	}
	if m := got.message(t); m.Type != notify.TypeTest || got.header.Get("content-type") != "application/json" || got.header.Get("user-agent") != "Loadline/test" {
		t.Errorf("message = %s, header = %v", got.body, got.header)
	}
}

// A process that dies between the receiver's answer and noting it sends the
// message again, under the same id.
func TestAMessageThatWasNotNotedIsSentAgainUnderItsID(t *testing.T) {
	both(t, func(h *house) {
		r := listen(h.T)
		h.channel(store.NotificationChannel{Target: r.URL})
		h.ship("shop", "1", shelf)
		h.pass(time.Minute)
		dying, die := context.WithCancel(h.Context())
		r.onCall = die
		if err := h.service.Run(dying, h.store, nil); err == nil {
			h.Fatal("the run did not notice its end")
		}
		r.onCall = nil
		h.run()
		h.run()
		got := r.take()
		if len(got) != 2 {
			h.Fatalf("%d calls, want the one that was cut short and one more", len(got))
		}
		if diff := cmp.Diff(got[0].header["Webhook-Id"], got[1].header["Webhook-Id"]); diff != "" {
			h.Errorf("ids differ:\n%s", diff)
		}
		if diff := cmp.Diff(string(got[0].body), string(got[1].body)); diff != "" {
			h.Errorf("bodies differ:\n%s", diff)
		}
	})
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	type attempt struct {
		State    string
		Attempts int
		Code     int
		Problem  bool
	}
	for name, test := range map[string]struct {
		answers []int
		want    []attempt // after each run, a day apart
	}{
		"taken":         {[]int{200}, []attempt{{"DELIVERED", 1, 200, false}}},
		"at the second": {[]int{500, 200}, []attempt{{"PENDING", 1, 500, true}, {"DELIVERED", 2, 200, false}}},
		"too many":      {[]int{429, 202}, []attempt{{"PENDING", 1, 429, true}, {"DELIVERED", 2, 202, false}}},
		"gone":          {[]int{410}, []attempt{{"FAILED", 1, 410, true}}},
		"redirect":      {[]int{302, 200}, []attempt{{"FAILED", 1, 302, true}}},
		"never": {[]int{500, 500, 500, 500, 500, 500, 500, 404}, []attempt{
			{"PENDING", 1, 500, true}, {"PENDING", 2, 500, true}, {"PENDING", 3, 500, true}, {"PENDING", 4, 500, true},
			{"PENDING", 5, 500, true}, {"PENDING", 6, 500, true}, {"PENDING", 7, 500, true}, {"FAILED", 8, 404, true},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, storetest.DSN(t), notify.Options{AllowPrivate: true})
			r := listen(t)
			r.status = test.answers
			c := h.channel(store.NotificationChannel{Target: r.URL})
			h.ship("shop", "1", shelf)
			var got []attempt
			for range test.want {
				h.run()
				d := h.log(c)[0]
				got = append(got, attempt{d.State, d.Attempts, d.ResponseCode, d.Error != ""})
				h.pass(24 * time.Hour)
			}
			h.run()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if calls := len(r.take()); calls != len(test.want) {
				t.Errorf("%d calls, want %d", calls, len(test.want))
			}
		})
	}
}

// Who answers that it is gone is sent nothing more, until somebody enables it
// again; a test alone says so and changes nothing.
func TestWhoIsGoneIsLeftAlone(t *testing.T) {
	both(t, func(h *house) {
		r := listen(h.T)
		r.status = []int{410, 410}
		c := h.channel(store.NotificationChannel{Target: r.URL})
		enabled := func() bool {
			channels, err := h.store.NotificationChannelsByIDs(h.Context(), []int64{c.ID})
			if err != nil {
				h.Fatal(err)
			}
			return channels[0].Enabled
		}
		if d, err := h.service.Test(h.Context(), c.ID); err != nil || d.State != store.DeliveryFailed || !enabled() {
			h.Errorf("tested: %+v, %v", d, err)
		}
		h.ship("shop", "1", shelf)
		h.run()
		if d := h.log(c)[0]; enabled() || d.State != store.DeliveryFailed || d.Error != "the receiver answered 410: it wants no more messages, and the channel was disabled" {
			h.Errorf("delivery = %+v", d)
		}
		h.ship("shop", "2", logCore)
		h.run()
		if got := r.take(); len(got) != 2 {
			h.Errorf("%d calls, want the test and one message", len(got))
		}
	})
}

func TestConditions(t *testing.T) {
	t.Parallel()
	h := open(t, storetest.DSN(t), notify.Options{AllowPrivate: true})
	h.write(func(ctx context.Context, tx *store.Tx) error {
		for name, tags := range map[string][]string{"shop": {"pci"}, "tool": {"internal"}} {
			if _, err := tx.CreateProject(ctx, name, tags); err != nil {
				return err
			}
		}
		return nil
	})
	h.exploited("CVE-2099-10009")
	projects, err := h.store.ProjectsByNames(t.Context(), []string{"tool"})
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		channel store.NotificationChannel
		has     []string // project and vulnerability
		lacks   []string
	}{
		"everything": {store.NotificationChannel{}, []string{"shop CVE-2099-10001", "shop CVE-2099-10009", "tool CVE-2099-10001"}, nil},
		"critical":   {store.NotificationChannel{MinSeverity: "CRITICAL"}, []string{"shop CVE-2099-10001"}, []string{"shop CVE-2099-10007"}},
		"exploited":  {store.NotificationChannel{KevOnly: true}, []string{"shop CVE-2099-10009"}, []string{"shop CVE-2099-10001"}},
		"likely":     {store.NotificationChannel{MinEPSS: 0.95}, []string{"shop CVE-2099-10009"}, []string{"shop CVE-2099-10001"}},
		"a project":  {store.NotificationChannel{Projects: []int64{projects[0].ID}}, []string{"tool CVE-2099-10001"}, []string{"shop CVE-2099-10001"}},
		"a tag":      {store.NotificationChannel{Tags: []string{"pci", "other"}}, []string{"shop CVE-2099-10001"}, []string{"tool CVE-2099-10001"}},
		"only jobs":  {store.NotificationChannel{Events: []string{store.EventJobFailed}}, nil, []string{"shop CVE-2099-10001"}},
	}
	receivers := map[string]*receiver{}
	for name, test := range cases {
		receivers[name] = listen(t)
		test.channel.Name, test.channel.Target = name, receivers[name].URL
		h.channel(test.channel)
	}
	h.ship("shop", "1", shelf, logCore, acme)
	h.ship("tool", "1", shelf)
	h.run()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			got := map[string]bool{}
			for project, all := range ids(t, receivers[name].take()) {
				for _, id := range all {
					got[project+" "+id] = true
				}
			}
			for _, id := range test.has {
				if !got[id] {
					t.Errorf("%s is missing among %v", id, got)
				}
			}
			for _, id := range test.lacks {
				if got[id] {
					t.Errorf("%s does not pass, and was told", id)
				}
			}
		})
	}
}

// What becomes known to be exploited is news to those who want to hear of nothing
// else.
func TestNewlyExploited(t *testing.T) {
	both(t, func(h *house) {
		r := listen(h.T)
		h.exploited("CVE-2099-10009")
		h.channel(store.NotificationChannel{Target: r.URL, KevOnly: true})
		h.ship("shop", "1", shelf)
		h.run()
		if got := r.take(); len(got) > 0 {
			h.Fatalf("told before: %s", got[0].body)
		}
		h.exploited("CVE-2099-10009", "CVE-2099-10001")
		h.pass(10 * time.Minute)
		h.run()
		if diff := cmp.Diff(map[string][]string{"shop": {"CVE-2099-10001"}}, ids(h.T, r.take())); diff != "" {
			h.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestDigest(t *testing.T) {
	both(t, func(h *house) {
		r := listen(h.T)
		h.channel(store.NotificationChannel{Target: r.URL, Cadence: store.CadenceHourly})
		h.ship("shop", "1", shelf)
		h.run()
		h.ship("tool", "1", shelf)
		h.ship("shop", "2", shelf, logCore)
		h.run()
		if got := r.take(); len(got) > 0 {
			h.Fatalf("told before the hour: %s", got[0].body)
		}
		h.pass(time.Hour)
		h.run()
		got := r.take()
		if len(got) != 1 {
			h.Fatalf("%d digests, want 1", len(got))
		}
		m := got[0].message(h.T)
		if m.Type != notify.TypeDigest || len(m.Data.Projects) != 2 {
			h.Fatalf("digest = %s", got[0].body)
		}
		if all := ids(h.T, got); len(all["shop"]) != 3 || len(all["tool"]) != 2 {
			h.Errorf("findings = %v", all)
		}
		h.pass(time.Hour)
		h.run()
		if got := r.take(); len(got) > 0 {
			h.Errorf("an empty digest: %s", got[0].body)
		}
	})
}

func TestFailedJobsAreOneMessage(t *testing.T) {
	both(t, func(h *house) {
		r := listen(h.T)
		c := h.channel(store.NotificationChannel{Target: r.URL, Events: []string{store.EventJobFailed}})
		for i := range 25 {
			h.pass(time.Second)
			var j store.Job
			h.write(func(ctx context.Context, tx *store.Tx) (err error) {
				j, err = tx.Enqueue(ctx, store.NewJob{Kind: "EXPORT", MaxAttempts: 1})
				return err
			})
			j, err := h.store.ClaimJob(h.Context(), "w", time.Minute, "EXPORT")
			if err != nil {
				h.Fatal(err)
			}
			h.write(func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.FailJob(ctx, j, fmt.Sprintf("broken\nfor the %d. time", i))
				return err
			})
		}
		h.run()
		got := r.take()
		if len(got) != 1 {
			h.Fatalf("%d messages, want 1", len(got))
		}
		news := got[0].message(h.T).Data.Projects[0]
		if news.JobsTotal != 25 || len(news.Jobs) != 10 || news.Jobs[0].Kind != "EXPORT" {
			h.Errorf("news = %+v", news)
		}
		if diff := cmp.Diff("25 failed jobs", h.log(c)[0].Subject); diff != "" {
			h.Error(diff)
		}
	})
}

// What hits every project at once is one message, and what follows within a
// minute waits for the next one.
func TestWhatHitsManyProjectsIsOneMessage(t *testing.T) {
	both(t, func(h *house) {
		r := listen(h.T)
		c := h.channel(store.NotificationChannel{Target: r.URL})
		const projects = 25
		for i := range projects {
			h.ship(fmt.Sprintf("shop-%02d", i), "1", shelf)
		}
		h.run()
		got := r.take()
		if len(got) != 1 {
			h.Fatalf("%d messages, want 1", len(got))
		}
		m := got[0].message(h.T)
		if m.Type != notify.TypeFindings || len(m.Data.Projects) != 20 || m.Data.ProjectsTotal != projects || m.Data.FindingsTotal != 2*projects {
			h.Errorf("message = %s", got[0].body)
		}
		if diff := cmp.Diff("50 new findings (50 critical) in 25 projects", h.log(c)[0].Subject); diff != "" {
			h.Error(diff)
		}

		at := func(after time.Duration) int {
			h.pass(after)
			if err := h.service.Run(h.Context(), h.store, nil); err != nil {
				h.Fatal(err)
			}
			return len(r.take())
		}
		h.ship("late", "1", shelf)
		if n := at(31 * time.Second); n != 0 {
			h.Errorf("%d messages within the minute after one", n)
		}
		h.ship("later", "1", shelf)
		if n := at(31 * time.Second); n != 1 {
			h.Errorf("%d messages after the minute, want one of both projects", n)
		}
	})
}

func TestSlack(t *testing.T) {
	t.Parallel()
	h := open(t, storetest.DSN(t), notify.Options{AllowPrivate: true})
	r := listen(t)
	h.channel(store.NotificationChannel{Kind: store.ChannelSlack, Target: r.URL})
	h.ship("R&D <shop>", "1", shelf)
	h.run()
	got := r.take()
	if len(got) != 1 || got[0].header.Get("webhook-signature") != "" {
		t.Fatalf("got %d messages: %v", len(got), got)
	}
	var body struct{ Text string }
	if err := json.Unmarshal(got[0].body, &body); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"R&amp;D &lt;shop&gt;", "*CVE-2099-10001* (CRITICAL 9.8, known to be exploited, EPSS 94.4 %) in " + shelf + ", fixed in 1.2.3; releases 1: Prototype pollution"} {
		if !strings.Contains(body.Text, want) {
			t.Errorf("%q is missing in:\n%s", want, body.Text)
		}
	}
}
