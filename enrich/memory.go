package enrich

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"loadline/advisory"
	"loadline/cache"
	"loadline/store"
	"loadline/upstream"
)

// How much of each kind of fact is kept in memory, in bytes.
const (
	findingsBytes      = 16 << 20
	vulnerabilityBytes = 32 << 20
	scoreBytes         = 8 << 20
	latestBytes        = 8 << 20
)

// memory keeps facts that were answered with and that are good until they change
// or are too old. It is asked only by those who have caught up with the database.
type memory struct {
	findings        *cache.Table[int64, string, lasting[Findings]]
	vulnerabilities *cache.Table[string, string, *Vulnerability]
	scores          *cache.Table[string, string, lasting[Score]]
	latest          *cache.Table[int64, string, lasting[Latest]]
	kev             *cache.Table[string, string, lasting[Listing]]
}

// untilChanged is the end of what holds until something is written.
var untilChanged = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// isOffline reports whether err is that the network is not used, which does not
// change by itself.
func isOffline(err error) bool {
	var known *upstream.Error
	return errors.As(err, &known) && known.Kind == upstream.Offline
}

// lasting is a fact and until when it holds.
type lasting[V any] struct {
	fact  V
	until time.Time
}

// The tags of what has no keys.
const (
	ofMirror = "mirror"
	ofKev    = "kev"
)

func newMemory() memory {
	return memory{
		findings:        cache.New[int64, string, lasting[Findings]](findingsBytes),
		vulnerabilities: cache.New[string, string, *Vulnerability](vulnerabilityBytes),
		scores:          cache.New[string, string, lasting[Score]](scoreBytes),
		latest:          cache.New[int64, string, lasting[Latest]](latestBytes),
		kev:             cache.New[string, string, lasting[Listing]](scoreBytes),
	}
}

type memoryKey struct{}

// Recall is what one response has taken from memory. It is safe for concurrent use.
type Recall struct {
	mu    sync.Mutex
	until time.Time
	short bool
}

// WithMemory returns a context whose questions may be answered from memory: Forget
// has been told of all changes that they must see.
func WithMemory(ctx context.Context) (context.Context, *Recall) {
	r := &Recall{until: untilChanged}
	return context.WithValue(ctx, memoryKey{}, r), r
}

// Remembers reports whether questions of ctx may be answered from memory.
func Remembers(ctx context.Context) bool { return recallOf(ctx) != nil }

func recallOf(ctx context.Context) *Recall {
	r, _ := ctx.Value(memoryKey{}).(*Recall)
	return r
}

// Until returns until when what was answered holds if nothing is written; false
// when something was not in memory, so that nobody knows.
func (r *Recall) Until() (time.Time, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.until, !r.short
}

// bound notes until when a fact holds.
func (r *Recall) bound(until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until = earlier(r.until, until)
}

// FellShort notes that an answer was made of more than is in memory.
func FellShort(ctx context.Context) {
	if r := recallOf(ctx); r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.short = true
	}
}

// Forget drops what has changed from memory; nil changes stand for everything.
func (e *Service) Forget(c store.Changes) {
	m := &e.memory
	if c == nil {
		m.findings.Clear()
		m.vulnerabilities.Clear()
		m.scores.Clear()
		m.latest.Clear()
		m.kev.Clear()
		return
	}
	if _, all := c[store.TopicMirror]; all {
		m.findings.Clear()
		m.scores.Drop(ofMirror)
		m.kev.Clear()
	}
	if _, all := c[store.TopicKev]; all {
		m.kev.Drop(ofKev)
	}
	forget(m.findings, c, store.TopicAnswer, versionTag)
	forget(m.findings, c, store.TopicAdvisory, nil)
	forget(m.scores, c, store.TopicScore, nil)
	forget(m.latest, c, store.TopicLatest, nil)
}

func forget[K comparable, V any](t *cache.Table[K, string, V], c store.Changes, topic store.Topic, tag func(string) string) {
	keys, changed := c[topic]
	switch {
	case !changed:
	case len(keys) == 0:
		t.Clear()
	case tag == nil:
		t.Drop(keys...)
	default:
		tags := make([]string, len(keys))
		for i, k := range keys {
			tags[i] = tag(k)
		}
		t.Drop(tags...)
	}
}

// versionTag sets ids of package versions apart from those of records.
func versionTag(id string) string { return "#" + id }

// remembered returns the facts of keys that are in memory and hold, in order, and
// the places of the others, whose facts are zero.
func remembered[K comparable, V any](ctx context.Context, e *Service, t *cache.Table[K, string, lasting[V]], keys []K) (facts []V, missing []int) {
	facts = make([]V, len(keys))
	r := recallOf(ctx)
	now, until := e.now(), untilChanged
	for i, key := range keys {
		if r != nil {
			if l, ok := t.Get(key); ok && now.Before(l.until) {
				until = earlier(until, l.until)
				facts[i] = l.fact
				continue
			}
		}
		missing = append(missing, i)
	}
	if r != nil {
		r.bound(until)
	}
	countHits(ctx, len(keys)-len(missing))
	return facts, missing
}

// known returns the facts of keys: those that recall finds in memory, and what ask
// says about the others, if there are any.
func known[K comparable, V any](ctx context.Context, keys []K, recall func(context.Context, []K) ([]V, []int), ask func(context.Context, []K) (map[K]V, error)) (map[K]V, error) {
	remembered, missing := recall(ctx, keys)
	all := make(map[K]V, len(keys))
	for i, key := range keys {
		all[key] = remembered[i]
	}
	if len(missing) == 0 {
		return all, nil
	}
	others := make([]K, len(missing))
	for i, place := range missing {
		others[i] = keys[place]
		delete(all, keys[place])
	}
	answers, err := ask(ctx, others)
	maps.Copy(all, answers)
	return all, err
}

// RememberedFindings returns what affects each package version, in order, as far
// as that is in memory; and the places of the others, whose findings are zero.
func (e *Service) RememberedFindings(ctx context.Context, ids []int64) ([]Findings, []int) {
	return remembered(ctx, e, e.memory.findings, ids)
}

// RememberedScores returns what EPSS says about each CVE id, like
// RememberedFindings.
func (e *Service) RememberedScores(ctx context.Context, cves []string) ([]Score, []int) {
	return remembered(ctx, e, e.memory.scores, cves)
}

// RememberedListings returns what CISA's catalogue says about each CVE id, like
// RememberedFindings.
func (e *Service) RememberedListings(ctx context.Context, cves []string) ([]Listing, []int) {
	return remembered(ctx, e, e.memory.kev, cves)
}

// RememberedLatest returns the newest version of each package, like
// RememberedFindings.
func (e *Service) RememberedLatest(ctx context.Context, ids []int64) ([]Latest, []int) {
	return remembered(ctx, e, e.memory.latest, ids)
}

// rememberFindings keeps findings for as long as they hold. since is when the
// reading of what they were made of began.
func (e *Service) rememberFindings(found map[int64]Findings, records map[string]record, until map[int64]time.Time, since cache.Stamp) {
	for id, f := range found {
		end, holds := until[id]
		if !holds {
			continue
		}
		tags := []string{versionTag(strconv.FormatInt(id, 10))}
		for i := range f.Findings {
			v := e.intern(f.Findings[i].Vulnerability)
			f.Findings[i].Vulnerability = v
			holds = holds && v.Status.State != Unavailable
			tags = append(append(tags, v.ID), v.Aliases...)
			for _, a := range v.Advisories {
				tags = append(tags, a.ID)
				end = earlier(end, e.recordEnd(records[a.ID], f.Status))
			}
		}
		if holds {
			e.memory.findings.Put(id, lasting[Findings]{f, end}, 200+len(tags)*60+len(f.Findings)*64, since, tags...)
		}
	}
}

// recordEnd is until when what stands behind a record holds.
func (e *Service) recordEnd(r record, answer Status) time.Time {
	end := untilChanged
	switch {
	case r.status.State == Fresh && r.mirrored:
		end = r.status.AsOf.Add(mirrorLifetime)
	case r.status.State == Fresh && answer.State != Fresh:
		end = r.status.AsOf.Add(osvLifetime) // see distrust
	}
	return end
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// intern returns the same vulnerability for all that are alike.
func (e *Service) intern(v *Vulnerability) *Vulnerability {
	if held, ok := e.memory.vulnerabilities.Get(v.ID); ok && held.like(v) {
		return held
	}
	size := 500
	for _, a := range v.Advisories {
		size += 500 + len(a.Summary) + len(a.Details) + len(a.References)*100
		for _, affected := range a.Affected {
			size += 200 + len(affected.Versions)*24 + len(affected.Ranges)*100
		}
	}
	e.memory.vulnerabilities.Put(v.ID, v, size, e.memory.vulnerabilities.Now())
	return v
}

func (v *Vulnerability) like(w *Vulnerability) bool {
	return v.Status.State == w.Status.State && v.Status.Reason == w.Status.Reason && v.Status.AsOf.Equal(w.Status.AsOf) && slices.Equal(v.Aliases, w.Aliases) &&
		slices.EqualFunc(v.Advisories, w.Advisories, func(a, b advisory.Advisory) bool {
			return a.ID == b.ID && a.Modified.Equal(b.Modified)
		})
}
