package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	TypeTest     = "test"
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

// Data is what a Message says.
type Data struct {
	Channel       string `json:"channel"`
	Projects      []News `json:"projects"`
	ProjectsTotal int    `json:"projectsTotal"`
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
	m.Data.ProjectsTotal = max(m.Data.ProjectsTotal, len(m.Data.Projects))
	body, err := json.Marshal(m)
	if err != nil {
		return store.NewDelivery{}, fmt.Errorf("notify: message to channel %d: %w", c.ID, err)
	}
	return store.NewDelivery{ChannelID: c.ID, Event: m.Type, Subject: m.subject(), Body: body, MaxAttempts: maxAttempts}, nil
}

// gather makes the digests that are due, and returns how many.
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
		m, err := digest(parts)
		if err != nil {
			return n, err
		}
		d, err := s.delivery(channels[0], m)
		if err != nil {
			return n, err
		}
		if err := db.SaveDigest(ctx, parts, d); err != nil && !errors.Is(err, store.ErrConflict) {
			return n, err
		}
	}
}

// digest is one message of all parts: what is about the same project is together.
func digest(parts []store.DigestPart) (Message, error) {
	byProject := make(map[string]*News)
	var order []string
	for _, p := range parts {
		var n News
		if err := json.Unmarshal(p.Body, &n); err != nil {
			return Message{}, fmt.Errorf("notify: part %d of a digest: %w", p.ID, err)
		}
		all := byProject[n.Project]
		if all == nil {
			byProject[n.Project] = &n
			order = append(order, n.Project)
			continue
		}
		all.Findings = append(all.Findings, n.Findings...)
		all.FindingsTotal += n.FindingsTotal
		all.Critical += n.Critical
		all.Jobs = append(all.Jobs, n.Jobs...)
		all.JobsTotal += n.JobsTotal
		all.NotKnown = n.NotKnown
	}
	m := Message{Type: TypeDigest}
	m.Data.ProjectsTotal = len(order)
	news := make([]News, len(order))
	for i, name := range order {
		news[i] = byProject[name].cut()
	}
	slices.SortStableFunc(news, func(a, b News) int { return cmp.Compare(b.urgency(), a.urgency()) })
	m.Data.Projects = news[:min(len(news), maxProjects)]
	return m, nil
}

func (n News) urgency() float64 {
	if len(n.Findings) == 0 {
		return -1
	}
	return n.Findings[0].Priority
}

// subject is the message in a line.
func (m Message) subject() string {
	var findings, critical, jobs int
	for _, n := range m.Data.Projects {
		findings += n.FindingsTotal
		critical += n.Critical
		jobs += n.JobsTotal
	}
	var said []string
	if findings > 0 {
		text := count(findings, "new finding")
		if critical > 0 {
			text += fmt.Sprintf(" (%d critical)", critical)
		}
		said = append(said, text)
	}
	if jobs > 0 {
		said = append(said, count(jobs, "failed job"))
	}
	if m.Type == TypeTest {
		return "Test: this channel works"
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
