package notify_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loadline/bench/standin"
	"loadline/enrich"
	"loadline/notify"
	"loadline/purl"
	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/epss"
	"loadline/upstream/kev"
	"loadline/upstream/osv"
)

var discard = slog.New(slog.DiscardHandler)

// Packages of the stand-in's sample.
const (
	shelf   = "pkg:npm/left-shelf@1.0.0"                  // CRITICAL, and others
	logCore = "pkg:maven/org.example.log/log-core@2.14.0" // CVE-2099-10009, exploited
	acme    = "pkg:pypi/acme-web@2.0.0"                   // MEDIUM, and what nobody has rated
	tidy    = "pkg:npm/package-1@1.0.0"                   // nothing
)

// house is an installation whose clock stands still unless a test moves it.
type house struct {
	*testing.T
	store   *store.Store
	facts   *enrich.Service
	service *notify.Service
	ahead   *atomic.Int64
	now     func() time.Time
}

func open(t *testing.T, dsn string, o notify.Options) *house {
	t.Helper()
	start, h := time.Now().Truncate(time.Hour), &house{T: t, ahead: &atomic.Int64{}}
	now := func() time.Time { return start.Add(time.Duration(h.ahead.Load())) }
	h.now = now
	h.store = storetest.OpenDSN(t, dsn, now)
	sources := httptest.NewServer(standin.New(standin.Config{}))
	t.Cleanup(sources.Close)
	client := func(source upstream.Source) *upstream.Client {
		return upstream.NewClient(source, upstream.Options{Attempts: 1, Budget: time.Minute, AttemptTimeout: 30 * time.Second})
	}
	h.facts = enrich.New(h.store, enrich.Upstreams{
		OSV:     osv.New(sources.URL, client(upstream.OSV)),
		EPSS:    epss.New(sources.URL, client(upstream.EPSS)),
		KEV:     kev.New(sources.URL, client(upstream.KEV)),
		DepsDev: depsdev.New(sources.URL, client(upstream.DepsDev)),
	}, now, discard)
	t.Cleanup(h.facts.Close)
	o.UserAgent = "Loadline/test"
	h.service = notify.New(h.store, h.facts, now, discard, o)
	t.Cleanup(h.service.Close)
	return h
}

// exploited has the catalogue name these and no others.
func (h *house) exploited(cves ...string) {
	h.Helper()
	var entries []store.KevEntry
	for _, cve := range cves {
		entries = append(entries, store.KevEntry{CVE: cve})
	}
	if err := h.store.ReplaceKev(h.Context(), entries, store.CatalogueState{Version: cves[len(cves)-1], FetchedAt: h.now()}); err != nil {
		h.Fatal(err)
	}
}

// pass lets time go by.
func (h *house) pass(d time.Duration) { h.ahead.Add(int64(d)) }

// run does what is due after the time that news are gathered for.
func (h *house) run() {
	h.Helper()
	h.pass(time.Minute)
	if err := h.service.Run(h.Context(), h.store, nil); err != nil {
		h.Fatal(err)
	}
}

// ship uploads a Bom of the packages, and has the sources asked about it.
func (h *house) ship(project, release string, purls ...string) {
	h.Helper()
	h.pass(time.Second)
	doc := &sbom.Document{Format: "CycloneDX", SpecVersion: "1.5", Encoding: "JSON"}
	for i, text := range purls {
		p, err := purl.Parse(text)
		if err != nil {
			h.Fatal(err)
		}
		doc.Components = append(doc.Components, sbom.Component{Ref: strconv.Itoa(i), PURL: text, Name: p.Name, Version: p.Version, Type: "library"})
	}
	bom := storetest.Ingest(h, h.store, project, release, doc)
	projects, err := h.store.ProjectsByNames(h.Context(), []string{project})
	if err != nil {
		h.Fatal(err)
	}
	j, err := h.store.ClaimJob(h.Context(), "test", time.Minute, store.KindIngestBom)
	if err != nil {
		h.Fatal(err)
	}
	h.write(func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.SucceedJob(ctx, j); err != nil {
			return err
		}
		return tx.FindingsChanged(ctx, []int64{projects[0].ID})
	})
	uses, err := h.store.UsesInBoms(h.Context(), []int64{bom.ID})
	if err != nil {
		h.Fatal(err)
	}
	if _, err := h.facts.Assess(h.Context(), uses); err != nil {
		h.Fatal(err)
	}
	if err := h.facts.Settle(h.Context()); err != nil {
		h.Fatal(err)
	}
}

func (h *house) write(do func(context.Context, *store.Tx) error) {
	h.Helper()
	if err := h.store.InTx(h.Context(), func(tx *store.Tx) error { return do(h.Context(), tx) }); err != nil {
		h.Fatal(err)
	}
}

// channel creates a channel, with what is usual where c says nothing.
func (h *house) channel(c store.NotificationChannel) store.NotificationChannel {
	h.Helper()
	c.Enabled = true
	if c.Name == "" {
		c.Name = "team"
	}
	if c.Kind == "" {
		c.Kind = store.ChannelWebhook
	}
	if c.Cadence == "" {
		c.Cadence = store.CadenceAtOnce
	}
	if c.Events == nil {
		c.Events = []string{store.EventNewFindings}
	}
	if problems := h.service.Check(&c); len(problems) > 0 {
		h.Fatal(problems)
	}
	return h.force(c)
}

// force creates a channel, whatever is wrong with it.
func (h *house) force(c store.NotificationChannel) store.NotificationChannel {
	h.Helper()
	h.write(func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.SaveNotificationChannel(ctx, c, true)
		return err
	})
	return c
}

// log is what a channel was sent, the newest first.
func (h *house) log(c store.NotificationChannel) []store.NotificationDelivery {
	h.Helper()
	pages, err := h.store.DeliveriesOfChannels(h.Context(), []int64{c.ID}, store.Page{First: 100})
	if err != nil {
		h.Fatal(err)
	}
	return pages[c.ID].Rows
}

// receiver keeps what it is sent.
type receiver struct {
	URL string

	mu     sync.Mutex
	status []int // of the next answers; then 204
	got    []received
	onCall func()
}

type received struct {
	header http.Header
	body   []byte
}

func listen(t *testing.T) *receiver {
	r := &receiver{}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.URL = server.URL + "/hook?token=hidden"
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	r.got = append(r.got, received{req.Header.Clone(), body})
	status := http.StatusNoContent
	if len(r.status) > 0 {
		status, r.status = r.status[0], r.status[1:]
	}
	onCall := r.onCall
	r.mu.Unlock()
	if onCall != nil {
		onCall()
	}
	w.Header().Set("Location", "/elsewhere")
	w.WriteHeader(status)
}

// take returns what has arrived since it was last asked for.
func (r *receiver) take() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

func (r received) message(t *testing.T) notify.Message {
	t.Helper()
	var m notify.Message
	if err := json.Unmarshal(r.body, &m); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	return m
}

// ids are the vulnerabilities that messages are about, by project.
func ids(t *testing.T, got []received) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, g := range got {
		for _, n := range g.message(t).Data.Projects {
			for _, f := range n.Findings {
				all[n.Project] = append(all[n.Project], f.ID)
			}
		}
	}
	return all
}

// both runs a test on an installation on each kind of database.
func both(t *testing.T, test func(h *house)) {
	t.Helper()
	t.Parallel()
	storetest.RunDSN(t, func(t *testing.T, dsn string) { test(open(t, dsn, notify.Options{AllowPrivate: true})) })
}
