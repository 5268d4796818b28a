package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"loadline/enrich"
	"loadline/purl"
	"loadline/store"
	"loadline/triage"
)

const (
	// putOff is how long a project is left alone whose findings are about to change,
	// and longestPutOff how long at most, from the first hint.
	putOff        = 10 * time.Second
	longestPutOff = 10 * time.Minute
	// pauseBetween is how far apart the messages of a channel that is told at once
	// are, so that what hits many projects is few messages.
	pauseBetween = time.Minute
	// bomsAtOnce is how many Boms are looked at together.
	bomsAtOnce = 20
)

// look finds out what is news of what is due, and returns how many projects it has
// looked at.
func (s *Service) look(ctx context.Context, db *store.Store) (int, error) {
	due, err := s.store.DueHints(ctx, atOnce)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	hints := make(map[int64][]store.NotificationHint)
	for _, g := range due {
		hints[g.ProjectID] = append(hints[g.ProjectID], g)
	}
	projects := slices.Sorted(maps.Keys(hints))
	busy, err := s.store.BusyProjects(ctx, projects)
	if err != nil {
		return 0, err
	}
	for _, id := range projects {
		var now []store.NotificationHint
		for _, g := range hints[id] {
			if g.Kind == store.HintFindings && busy[id] && s.now().Sub(g.Since) < longestPutOff {
				if err := db.PutOffHint(ctx, g, s.now().Add(putOff)); err != nil {
					return 0, err
				}
				continue
			}
			now = append(now, g)
		}
		if len(now) == 0 {
			continue
		}
		if err := s.lookAt(ctx, db, id, now); err != nil {
			return 0, fmt.Errorf("notify: look at project %d: %w", id, err)
		}
	}
	return len(projects), nil
}

// lookAt finds out what the hints about a project are news to whom. A project 0
// stands for what is about none.
func (s *Service) lookAt(ctx context.Context, db *store.Store, projectID int64, hints []store.NotificationHint) error {
	v := view{projectID: projectID, news: store.News{ProjectID: projectID, Hints: hints}}
	known, err := s.listeners(ctx, &v)
	if err != nil {
		return err
	}
	if known {
		var failed []int64
		for _, g := range hints {
			switch g.Kind {
			case store.HintJob:
				failed = append(failed, g.Subject)
			case store.HintFindings:
				unsettled, err := s.findings(ctx, &v)
				if err != nil {
					return err
				}
				if unsettled && s.now().Sub(g.Since) < longestPutOff {
					return db.PutOffHint(ctx, g, s.now().Add(putOff))
				}
			}
		}
		if err := s.failures(ctx, &v, failed); err != nil {
			return err
		}
	}
	if err := s.addParts(ctx, &v); err != nil {
		return err
	}
	return db.SaveNews(ctx, v.news)
}

// view is a project under the eyes of those who want to hear of it.
type view struct {
	projectID int64
	name      string
	listeners []*listener
	news      store.News
}

// listener is a channel, and what is news to it.
type listener struct {
	store.NotificationChannel
	findings, jobs News
}

// listeners finds the channels that the project is of interest to; false when the
// project is gone.
func (s *Service) listeners(ctx context.Context, v *view) (bool, error) {
	var tags []string
	if v.projectID != 0 {
		projects, err := s.store.ProjectsByIDs(ctx, []int64{v.projectID})
		if err != nil || len(projects) == 0 {
			return false, err
		}
		v.name = projects[0].Name
		all, err := s.store.ProjectTags(ctx, []int64{v.projectID})
		if err != nil {
			return false, err
		}
		tags = all[v.projectID]
	}
	channels, err := s.store.EnabledNotificationChannels(ctx)
	if err != nil {
		return false, err
	}
	for _, c := range channels {
		if len(c.Projects) > 0 && !slices.Contains(c.Projects, v.projectID) {
			continue
		}
		if len(c.Tags) > 0 && !slices.ContainsFunc(c.Tags, func(tag string) bool { return slices.Contains(tags, tag) }) {
			continue
		}
		v.listeners = append(v.listeners, &listener{NotificationChannel: c})
	}
	return true, nil
}

// failures tells of jobs that failed and have not been tried again.
func (s *Service) failures(ctx context.Context, v *view, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	jobs, err := s.store.JobsByIDs(ctx, ids)
	if err != nil {
		return err
	}
	slices.SortFunc(jobs, func(a, b store.Job) int { return int(a.ID - b.ID) })
	for _, l := range v.listeners {
		if !slices.Contains(l.Events, store.EventJobFailed) {
			continue
		}
		for _, j := range jobs {
			if j.State == store.JobFailed {
				l.jobs.Jobs = append(l.jobs.Jobs, Failure{Kind: j.Kind, Error: j.Error, At: j.FinishedAt})
				l.jobs.JobsTotal++
			}
		}
	}
	return nil
}

// affair is a vulnerability of a package of the project.
type affair struct {
	enrich.Hit
	pkg      string // the purl without version
	ids      []string
	releases []string
	before   map[int64]bool // channels to which it is no news, by when its Boms came
}

// findings finds out which findings are news to which listeners; true when the
// record of some of them is not known yet.
func (s *Service) findings(ctx context.Context, v *view) (unsettled bool, _ error) {
	var ids []int64
	var listeners []*listener
	for _, l := range v.listeners {
		if slices.Contains(l.Events, store.EventNewFindings) {
			ids, listeners = append(ids, l.ID), append(listeners, l)
		}
	}
	if len(ids) == 0 {
		return false, nil
	}
	unseen, err := s.store.Unseen(ctx, v.projectID)
	if err != nil {
		return false, err
	}
	told, err := s.store.Told(ctx, v.projectID, ids)
	if err != nil {
		return false, err
	}
	affairs, notKnown, unsettled, err := s.affairs(ctx, v.projectID, listeners)
	if err != nil {
		return false, err
	}
	for _, l := range listeners {
		news := newGroup()
		for _, a := range affairs {
			if !wanted(l.NotificationChannel, a.Hit) {
				continue
			}
			heard := unseen[l.ID] && a.before[l.ID]
			var mark []store.ToldFinding
			for _, id := range a.ids {
				t := store.ToldFinding{ChannelID: l.ID, Package: a.pkg, Member: id}
				if told[t] {
					heard = true
				} else {
					mark = append(mark, t)
				}
			}
			v.news.Told = append(v.news.Told, mark...)
			if !heard {
				news.add(a)
			}
		}
		l.findings = news.list()
		l.findings.NotKnown = notKnown
		if unseen[l.ID] {
			v.news.Seen = append(v.news.Seen, l.ID)
		}
	}
	return unsettled, nil
}

// affairs are the findings of all current Boms that ask for somebody's attention,
// by what is stored; and of how many components it is not known what affects
// them.
func (s *Service) affairs(ctx context.Context, projectID int64, listeners []*listener) (all []*affair, notKnown int, unsettled bool, _ error) {
	ctx = enrich.Quietly(ctx)
	boms, err := s.store.ShippedBoms(ctx, projectID)
	if err != nil {
		return nil, 0, false, err
	}
	byKey := make(map[[2]string]*affair)
	for chunk := range slices.Chunk(boms, bomsAtOnce) {
		bomIDs := make([]int64, len(chunk))
		byID := make(map[int64]store.ShippedBom, len(chunk))
		for i, b := range chunk {
			bomIDs[i], byID[b.BomID] = b.BomID, b
		}
		uses, err := s.store.UsesInBoms(ctx, bomIDs)
		if err != nil {
			return nil, 0, false, err
		}
		assessed, err := s.facts.Assess(ctx, uses)
		if err != nil {
			return nil, 0, false, err
		}
		decided, err := s.store.TriageOfBoms(ctx, bomIDs)
		if err != nil {
			return nil, 0, false, err
		}
		sets := make(map[int64]triage.Set, len(decided))
		for id, d := range decided {
			sets[id] = triage.NewSet(d)
		}
		report := assessed.Report(uses)
		for _, c := range report.Components {
			if c.State == enrich.Unavailable {
				notKnown += c.Count
			}
		}
		for _, h := range report.Hits {
			about := subject(h)
			if d, ok := sets[h.Use.BomID].Of(about); ok && !d.State.Active() {
				continue
			}
			unsettled = unsettled || h.Finding.Vulnerability.Status.State == enrich.Unavailable
			key := [2]string{about.Package, h.Finding.Vulnerability.ID}
			a := byKey[key]
			if a == nil {
				a = &affair{Hit: h, pkg: about.Package, ids: about.IDs, before: make(map[int64]bool)}
				byKey[key] = a
				all = append(all, a)
			}
			from := byID[h.Use.BomID]
			if !slices.Contains(a.releases, from.Release) {
				a.releases = append(a.releases, from.Release)
			}
			for _, l := range listeners {
				if !from.IngestedAt.After(l.Since) {
					a.before[l.ID] = true
				}
			}
		}
	}
	return all, notKnown, unsettled, nil
}

// subject is the finding as decisions know it.
func subject(h enrich.Hit) triage.Finding {
	v := h.Finding.Vulnerability
	f := triage.Finding{IDs: append([]string{v.ID}, v.Aliases...)}
	// One that is stored is valid: it has been parsed before.
	if p, err := purl.Parse(h.Version.PURL); err == nil {
		f.Package, f.Version = p.Package().String(), p.Version
	}
	return f
}

// rank orders severities.
var rank = map[string]int{"NONE": 1, "LOW": 2, "MEDIUM": 3, "HIGH": 4, "CRITICAL": 5}

// severityOf is how severe a finding counts as. What no source has rated counts as
// MEDIUM, malware as CRITICAL.
func severityOf(h enrich.Hit) string {
	v := h.Finding.Vulnerability
	switch {
	case v.Rated:
		return v.Rating.Rating
	case strings.HasPrefix(v.ID, "MAL-"):
		return "CRITICAL"
	default:
		return "MEDIUM"
	}
}

// wanted says whether a finding passes the channel's conditions.
func wanted(c store.NotificationChannel, h enrich.Hit) bool {
	switch {
	case c.MinSeverity != "" && rank[severityOf(h)] < rank[c.MinSeverity]:
		return false
	case c.KevOnly && h.Kev == nil:
		return false
	case c.MinEPSS > 0 && !(h.Score.Known && h.Score.Probability >= c.MinEPSS):
		return false
	}
	return true
}

// group makes one Finding of all affairs about one vulnerability.
type group struct {
	byID  map[string]*Finding
	order []string
	seen  map[[2]string]bool
}

func newGroup() *group {
	return &group{byID: make(map[string]*Finding), seen: make(map[[2]string]bool)}
}

func (g *group) add(a *affair) {
	v := a.Finding.Vulnerability
	f := g.byID[v.ID]
	if f == nil {
		f = newFinding(a.Hit)
		g.byID[v.ID] = f
		g.order = append(g.order, v.ID)
	}
	f.PackagesTotal++
	if len(f.Packages) < maxPackages {
		f.Packages = append(f.Packages, Package{PURL: a.Version.PURL, FixedIn: a.Finding.FixedIn})
	}
	for _, r := range a.releases {
		if key := [2]string{v.ID, r}; !g.seen[key] {
			g.seen[key] = true
			f.ReleasesTotal++
			if len(f.Releases) < maxReleases {
				f.Releases = append(f.Releases, r)
			}
		}
	}
}

func newFinding(h enrich.Hit) *Finding {
	v := h.Finding.Vulnerability
	f := &Finding{ID: v.ID, Aliases: append([]string{}, v.Aliases...), Priority: h.Priority(), Packages: []Package{}, Releases: []string{}}
	for _, a := range v.Advisories {
		if f.Summary == "" {
			f.Summary = a.Summary
		}
	}
	if v.Rated {
		f.Severity = v.Rating.Rating
		if v.Rating.HasScore {
			f.Score = &v.Rating.Score
		}
	}
	if h.Score.Known {
		f.EPSS = &h.Score.Probability
	}
	if h.Kev != nil {
		f.KEV, f.Ransomware = true, h.Kev.Ransomware
	}
	return f
}

// list is the findings, those first that there is room for.
func (g *group) list() News {
	n := News{Findings: make([]Finding, len(g.order)), FindingsTotal: len(g.order)}
	for i, id := range g.order {
		n.Findings[i] = *g.byID[id]
		if n.Findings[i].Severity == "CRITICAL" {
			n.Critical++
		}
	}
	return n
}

// addParts adds what the listeners are to be told, each with its next message.
func (s *Service) addParts(ctx context.Context, v *view) error {
	ids := make([]int64, len(v.listeners))
	for i, l := range v.listeners {
		ids[i] = l.ID
	}
	last, err := s.store.LastMessages(ctx, ids)
	if err != nil {
		return err
	}
	for _, l := range v.listeners {
		for _, news := range []News{l.findings, l.jobs} {
			if news.FindingsTotal+news.JobsTotal == 0 {
				continue
			}
			about := news.cut()
			about.Project = v.name
			if about.Findings == nil {
				about.Findings = []Finding{}
			}
			if about.Jobs == nil {
				about.Jobs = []Failure{}
			}
			body, err := json.Marshal(about)
			if err != nil {
				return err
			}
			v.news.Parts = append(v.news.Parts, store.NewPart{ChannelID: l.ID, DueAt: nextMessage(l.Cadence, s.now(), last[l.ID]), Body: body})
		}
	}
	return nil
}

// nextMessage is when a channel is told next that had its last message then: the
// next full hour or midnight, in UTC, or at once, but for a pause.
func nextMessage(cadence string, now, last time.Time) time.Time {
	switch cadence {
	case store.CadenceHourly:
		return now.UTC().Truncate(time.Hour).Add(time.Hour)
	case store.CadenceDaily:
		return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	}
	if quiet := last.Add(pauseBetween); quiet.After(now) {
		return quiet
	}
	return now
}
