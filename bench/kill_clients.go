package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
)

// clients are those who upload, ask and follow while servers are killed. They try
// again what a client may, and keep what they should not have met.
type clients struct {
	fleet      *fleet
	components int // of each document

	mu                     sync.Mutex
	accepted               []upload
	sent, asked, connected int
	again                  map[string]int // by what was tried
	faults                 []string
}

// upload is a document that a server has accepted.
type upload struct {
	project, job string
	components   int
}

// attempt has a server do something, and another one where a client may try again,
// until it is done. It returns whether it is: not if ctx has ended, or after an
// error that a client cannot help.
func (c *clients) attempt(ctx context.Context, what string, do func(*server) error) bool {
	for {
		s := c.fleet.any(ctx)
		if s == nil {
			return false
		}
		switch err := do(s); {
		case err == nil:
			return true
		case ctx.Err() != nil:
			return false
		case !temporary(err):
			c.fault("%s: %v", what, err)
			return false
		}
		c.mu.Lock()
		c.again[what]++
		c.mu.Unlock()
		pause(ctx, rand.N(retryPause))
	}
}

// fault notes what should not have been.
func (c *clients) fault(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// keepUploading uploads one document after the other until ctx ends, and follows
// each to its end, though ctx has ended, until last does.
func (c *clients) keepUploading(ctx, last context.Context, over transport) {
	for ctx.Err() == nil {
		c.mu.Lock()
		c.sent++
		project := fmt.Sprintf("project-%05d", c.sent)
		c.mu.Unlock()
		if job, ok := c.upload(ctx, project, killedDocument(project, c.components), c.components); ok {
			c.followJob(last, over, job)
		}
	}
}

// upload sends a document until a server has accepted it, and returns its job.
func (c *clients) upload(ctx context.Context, project string, document []byte, components int) (job string, ok bool) {
	ok = c.attempt(ctx, "upload", func(s *server) (err error) {
		job, err = s.accept(ctx, project, "1", document)
		return err
	})
	if ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.accepted = append(c.accepted, upload{project, job, components})
	}
	return job, ok
}

// keepAsking looks until ctx ends whether a release shows a part of its document,
// or findings of two generations of the mirror.
func (c *clients) keepAsking(ctx context.Context) {
	for ctx.Err() == nil {
		c.mu.Lock()
		project := fmt.Sprintf("project-%05d", 1+rand.N(max(c.sent, 1)))
		c.asked++
		c.mu.Unlock()
		c.attempt(ctx, "question", func(s *server) error {
			n, err := s.shown(ctx, project)
			if err == nil && n != 0 && n != c.components {
				c.fault("half of an upload was visible: %s showed %d of %d components", project, n, c.components)
			}
			if err != nil {
				return err
			}
			page, err := s.watchedPage(ctx, "")
			if where := mixed(page.of); where != "" {
				c.fault("two generations of the mirror in one answer: %s", where)
			}
			return err
		})
	}
}

// triedAgain says what was tried again how often.
func (c *clients) triedAgain() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := ""
	for i, what := range slices.Sorted(maps.Keys(c.again)) {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s %d", what, c.again[what])
	}
	return text
}

// query asks, and returns a refusal as the error that it is.
func (s *server) query(ctx context.Context, o operation, data any) error {
	var reply struct {
		Data   json.RawMessage
		Errors json.RawMessage
	}
	if err := s.post(ctx, o, &reply); err != nil {
		return err
	}
	if reply.Errors != nil {
		return refused(reply.Errors)
	}
	return json.Unmarshal(reply.Data, data)
}

// shown returns how many components a release shows; 0 also while there is none.
func (s *server) shown(ctx context.Context, project string) (int, error) {
	var data struct {
		Release struct{ Components struct{ TotalCount int } }
	}
	err := s.query(ctx, operation{`query($project: String!) { release(project: $project, version: "1") { components(first: 1) { totalCount } } }`,
		map[string]any{"project": project}}, &data)
	return data.Release.Components.TotalCount, err
}

// endedJob is what became of a job.
type endedJob struct {
	State    string
	Attempts int
}

func (s *server) job(ctx context.Context, id string) (endedJob, error) {
	var data struct{ Job *endedJob }
	err := s.query(ctx, operation{`query($id: ID!) { job(id: $id) { state attempts } }`, map[string]any{"id": id}}, &data)
	if err == nil && data.Job == nil {
		err = errors.New("there is no job with this id")
	}
	if err != nil {
		return endedJob{}, err
	}
	return *data.Job, nil
}

// openJobs returns how many jobs have not ended.
func (s *server) openJobs(ctx context.Context) (int, error) {
	var data struct{ Jobs struct{ TotalCount int } }
	err := s.query(ctx, operation{Query: `{ jobs(first: 1, filter: {states: [QUEUED, RUNNING]}) { totalCount } }`}, &data)
	return data.Jobs.TotalCount, err
}

// component is one of a CycloneDX document.
type component struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

// killedDocument is a document of n components that no two projects share all of.
func killedDocument(project string, n int) []byte {
	all := make([]component, n)
	for i := range all {
		name := fmt.Sprintf("package-%d", i)
		if i%10 == 0 {
			name = project + "-" + name
		}
		all[i] = component{"library", name, "1.0.0", "pkg:npm/" + name + "@1.0.0"}
	}
	return documentOf(all)
}

func documentOf(components []component) []byte {
	document, err := json.Marshal(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components})
	if err != nil {
		panic(err) // plain strings
	}
	return document
}
