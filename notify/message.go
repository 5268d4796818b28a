package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"loadline/store"
)

// The types of messages.
const (
	TypeFindings = "findings.new"
	TypeJobs     = "job.failed"
	TypeDigest   = "digest"
	TypeTest     = store.EventTest
)

// How much one message says; of the rest it says how much it is.
const (
	maxFindings = 20 // of a project
	maxJobs     = 10 // of a project
	maxProjects = 20
	maxPackages = 5 // of a finding
	maxReleases = 5 // of a finding
)

// Message is what a webhook carries.
type Message struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      Data      `json:"data"`
}

// Data is what a Message says: the projects with the most urgent news first, and
// how much there is in all.
type Data struct {
	Channel       string `json:"channel"`
	Projects      []News `json:"projects"`
	ProjectsTotal int    `json:"projectsTotal"`
	FindingsTotal int    `json:"findingsTotal"`
	Critical      int    `json:"criticalTotal"`
	JobsTotal     int    `json:"jobsTotal"`
}

// News is what is new about a project: the most urgent findings and the first
// failures, and how many there are in all.
type News struct {
	Project       string    `json:"project"` // empty: jobs that are about none
	Findings      []Finding `json:"findings"`
	FindingsTotal int       `json:"findingsTotal"`
	Critical      int       `json:"criticalTotal"`
	Jobs          []Failure `json:"jobs"`
	JobsTotal     int       `json:"jobsTotal"`
	// NotKnown is of how many components no source could say what affects them.
	NotKnown int `json:"componentsNotKnown"`
}

// Finding is a vulnerability that affects a project, as it has not before.
type Finding struct {
	ID            string    `json:"id"`
	Aliases       []string  `json:"aliases"`
	Summary       string    `json:"summary"`
	Severity      string    `json:"severity"` // empty: no source says
	Score         *float64  `json:"score"`
	EPSS          *float64  `json:"epss"`
	KEV           bool      `json:"kev"`
	Ransomware    bool      `json:"ransomware"`
	Priority      float64   `json:"priority"`
	Packages      []Package `json:"packages"`
	PackagesTotal int       `json:"packagesTotal"`
	Releases      []string  `json:"releases"`
	ReleasesTotal int       `json:"releasesTotal"`
}

// Package is a package version that a Finding is about.
type Package struct {
	PURL    string `json:"purl"`
	FixedIn string `json:"fixedIn"` // empty: no version is known
}

// Failure is a job that failed.
type Failure struct {
	Kind  string    `json:"kind"`
	Error string    `json:"error"`
	At    time.Time `json:"at"`
}

// urgent orders findings, the most urgent first.
func urgent(a, b Finding) int {
	return cmp.Or(cmp.Compare(b.Priority, a.Priority), strings.Compare(a.ID, b.ID))
}

// cut keeps of the news what a message has room for.
func (n News) cut() News {
	slices.SortFunc(n.Findings, urgent)
	n.Findings = n.Findings[:min(len(n.Findings), maxFindings)]
	n.Jobs = n.Jobs[:min(len(n.Jobs), maxJobs)]
	return n
}

// delivery is a message as the outbox keeps it.
func (s *Service) delivery(c store.NotificationChannel, m Message) (store.NewDelivery, error) {
	m.Timestamp, m.Data.Channel = s.now().UTC().Truncate(time.Millisecond), c.Name
	body, err := json.Marshal(m)
	if err != nil {
		return store.NewDelivery{}, fmt.Errorf("notify: message to channel %d: %w", c.ID, err)
	}
	return store.NewDelivery{ChannelID: c.ID, Event: m.Type, Subject: m.subject(), Body: body, MaxAttempts: maxAttempts}, nil
}

// gather makes the messages that are due, and returns of how many channels.
func (s *Service) gather(ctx context.Context, db *store.Store) (int, error) {
	for n := 0; ; n++ {
		parts, err := s.store.DueParts(ctx)
		if err != nil || len(parts) == 0 {
			return n, err
		}
		channels, err := s.store.NotificationChannelsByIDs(ctx, []int64{parts[0].ChannelID})
		if err != nil || len(channels) == 0 {
			return n, err
		}
		messages, err := s.messages(channels[0], parts)
		if err != nil {
			return n, err
		}
		if err := db.SaveMessages(ctx, parts, messages); err != nil && !errors.Is(err, store.ErrConflict) {
			return n, err
		}
	}
}

// messages are what the parts come to: one digest, or, at once, one message of
// findings and one of jobs.
func (s *Service) messages(c store.NotificationChannel, parts []store.NotificationPart) ([]store.NewDelivery, error) {
	byType := make(map[string][]News)
	for _, p := range parts {
		var n News
		if err := json.Unmarshal(p.Body, &n); err != nil {
			return nil, fmt.Errorf("notify: part %d of a message: %w", p.ID, err)
		}
		kind := TypeDigest
		switch {
		case c.Cadence != store.CadenceAtOnce:
		case n.JobsTotal > 0:
			kind = TypeJobs
		default:
			kind = TypeFindings
		}
		byType[kind] = append(byType[kind], n)
	}
	var all []store.NewDelivery
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		d, err := s.delivery(c, Message{Type: kind, Data: together(byType[kind])})
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// together is all news in one: what is about the same project is in one place.
func together(all []News) Data {
	var d Data
	byProject := make(map[string]int)
	for _, n := range all {
		d.FindingsTotal += n.FindingsTotal
		d.Critical += n.Critical
		d.JobsTotal += n.JobsTotal
		at, known := byProject[n.Project]
		if !known {
			byProject[n.Project] = len(d.Projects)
			d.Projects = append(d.Projects, n)
			continue
		}
		p := &d.Projects[at]
		p.Findings = append(p.Findings, n.Findings...)
		p.FindingsTotal += n.FindingsTotal
		p.Critical += n.Critical
		p.Jobs = append(p.Jobs, n.Jobs...)
		p.JobsTotal += n.JobsTotal
		p.NotKnown = n.NotKnown
	}
	for i, n := range d.Projects {
		d.Projects[i] = n.cut()
	}
	slices.SortStableFunc(d.Projects, func(a, b News) int { return cmp.Compare(b.urgency(), a.urgency()) })
	d.ProjectsTotal = len(d.Projects)
	d.Projects = d.Projects[:min(len(d.Projects), maxProjects)]
	return d
}

func (n News) urgency() float64 {
	if len(n.Findings) == 0 {
		return -1
	}
	return n.Findings[0].Priority
}

// subject is the message in a line.
func (m Message) subject() string {
	if m.Type == TypeTest {
		return "Test: this channel works"
	}
	var said []string
	if m.Data.FindingsTotal > 0 {
		text := count(m.Data.FindingsTotal, "new finding")
		if m.Data.Critical > 0 {
			text += fmt.Sprintf(" (%d critical)", m.Data.Critical)
		}
		said = append(said, text)
	}
	if m.Data.JobsTotal > 0 {
		said = append(said, count(m.Data.JobsTotal, "failed job"))
	}
	text := strings.Join(said, ", ")
	switch {
	case m.Data.ProjectsTotal > 1:
		text += " in " + count(m.Data.ProjectsTotal, "project")
	case m.Data.Projects[0].Project != "":
		text += " in " + m.Data.Projects[0].Project
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
