package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// upload is a document that a server has accepted.
type upload struct {
	project, job string
	components   int
}

// runKill kills servers at random moments while they take uploads, bring them in
// and sync a mirror, and then looks whether all that was accepted is there.
func runKill(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("kill", flag.ContinueOnError)
	database := flags.String("database", "", "a database of its own: a file or postgres://…; a fresh SQLite file by default")
	kills := flags.Int("kills", 50, "how often a server is killed")
	nodes := flags.Int("nodes", 1, "servers at a time; more than one only on PostgreSQL")
	longest := flags.Duration("longest", 3*time.Second, "the longest life of a server")
	advisories := flags.String("advisories", "", "a mirror to sync meanwhile: a directory or a URL")
	components := flags.Int("components", 2000, "components of each document")
	if err := flags.Parse(args); err != nil {
		return err
	}
	program, clean, err := build(ctx)
	if err != nil {
		return err
	}
	defer clean()
	if *database == "" {
		dir, err := os.MkdirTemp("", "loadline-kill-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		*database = filepath.Join(dir, "kill.db")
	}
	k := &killing{program: program, database: *database, flags: []string{"--offline", "--workers", "2"}, components: *components}
	if *advisories != "" {
		k.flags = append(k.flags, "--advisories", *advisories, "--ecosystems", "npm", "--sync-every", "1m")
	}
	began := time.Now()
	if err := k.run(ctx, *nodes, *kills, *longest); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d servers at a time, %d killed by SIGKILL at random moments within %s, in %s\n", *nodes, *kills, *longest, time.Since(began).Round(time.Second))
	fmt.Fprintf(stdout, "uploads accepted: %d; refused or cut off, and sent again by their client: %d; questions: %d, failed with their server: %d\n", len(k.accepted), k.again, k.asked, k.failed)
	return k.check(ctx, stdout)
}

// killing is a run of runKill.
type killing struct {
	program, database string
	flags             []string
	components        int

	mu                         sync.Mutex
	live                       map[*server]bool
	accepted                   []upload
	sent, again, asked, failed int
	halves                     []string
}

func (k *killing) run(ctx context.Context, nodes, kills int, longest time.Duration) error {
	k.live = make(map[*server]bool)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var killers errgroup.Group
	left := make(chan bool, kills)
	for range kills {
		left <- true
	}
	close(left)
	for range nodes {
		killers.Go(func() error {
			for range left {
				s, err := start(ctx, k.program, k.database, k.flags...)
				if err != nil {
					return err
				}
				k.mu.Lock()
				k.live[s] = true
				k.mu.Unlock()
				select {
				case <-ctx.Done():
				case <-time.After(rand.N(longest)):
				}
				_ = s.command.Process.Kill()
				k.mu.Lock()
				delete(k.live, s)
				k.mu.Unlock()
				_ = s.command.Wait()
			}
			return nil
		})
	}
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() { k.upload(ctx) })
		clients.Go(func() { k.ask(ctx) })
	}
	err := killers.Wait()
	stop()
	clients.Wait()
	return err
}

// any returns a server that lives, or waits for one.
func (k *killing) any(ctx context.Context) *server {
	for ctx.Err() == nil {
		k.mu.Lock()
		for s := range k.live {
			k.mu.Unlock()
			return s
		}
		k.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// upload sends documents, each again until a server says that it has accepted it.
func (k *killing) upload(ctx context.Context) {
	for ctx.Err() == nil {
		k.mu.Lock()
		k.sent++
		project := fmt.Sprintf("project-%05d", k.sent)
		k.mu.Unlock()
		document := killedDocument(project, k.components)
		for {
			s := k.any(ctx)
			if s == nil {
				return
			}
			job, err := s.accept(ctx, project, "1", document)
			k.mu.Lock()
			if err == nil {
				k.accepted = append(k.accepted, upload{project, job, k.components})
			} else {
				k.again++
			}
			k.mu.Unlock()
			if err == nil {
				break
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(150 * time.Millisecond):
		}
	}
}

// ask looks again and again whether a release shows a part of its document.
func (k *killing) ask(ctx context.Context) {
	for ctx.Err() == nil {
		s := k.any(ctx)
		k.mu.Lock()
		project := fmt.Sprintf("project-%05d", 1+rand.N(max(k.sent, 1)))
		k.mu.Unlock()
		if s == nil {
			return
		}
		n, _, err := s.shown(ctx, project)
		k.mu.Lock()
		k.asked++
		if err != nil {
			k.failed++
		} else if n != 0 && n != k.components {
			k.halves = append(k.halves, fmt.Sprintf("%s showed %d of %d components", project, n, k.components))
		}
		k.mu.Unlock()
	}
}

// shown returns how many components a release shows, and how many Boms it has.
func (s *server) shown(ctx context.Context, project string) (components, boms int, err error) {
	query, err := json.Marshal(map[string]any{
		"query":     `query ($p: String!) { release(project: $p, version: "1") { components(first: 1) { totalCount } boms(first: 100) { totalCount } } }`,
		"variables": map[string]string{"p": project},
	})
	if err != nil {
		return 0, 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", strings.NewReader(string(query)))
	if err != nil {
		return 0, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	var reply struct {
		Data struct {
			Release *struct{ Components, Boms struct{ TotalCount int } }
		}
		Errors []any
	}
	if err := answer(req, http.StatusOK, &reply); err != nil {
		return 0, 0, err
	}
	if len(reply.Errors) > 0 {
		return 0, 0, fmt.Errorf("%s: %v", project, reply.Errors)
	}
	if reply.Data.Release == nil {
		return 0, 0, nil
	}
	return reply.Data.Release.Components.TotalCount, reply.Data.Release.Boms.TotalCount, nil
}

// check starts one more server, lets it finish, and looks at every upload.
func (k *killing) check(ctx context.Context, stdout io.Writer) error {
	s, err := start(ctx, k.program, k.database, k.flags...)
	if err != nil {
		return err
	}
	defer s.stop()
	began := time.Now()
	attempts := map[int]int{}
	for _, u := range k.accepted {
		j, err := s.ended(ctx, u.job)
		if err != nil {
			return fmt.Errorf("%s: accepted, and its job is not to be found: %w", u.project, err)
		}
		attempts[j.Attempts]++
		if j.State != "SUCCEEDED" {
			return fmt.Errorf("%s: its job ended as %s after %d attempts", u.project, j.State, j.Attempts)
		}
		n, _, err := s.shown(ctx, u.project)
		if err != nil {
			return err
		}
		if n != u.components {
			return fmt.Errorf("%s: %d of %d components", u.project, n, u.components)
		}
	}
	fmt.Fprintf(stdout, "after the last start: all %d accepted uploads whole within %s; attempts of their jobs: %v\n", len(k.accepted), time.Since(began).Round(10*time.Millisecond), attempts)
	if len(k.halves) > 0 {
		return fmt.Errorf("half of an upload was visible %d times: %s", len(k.halves), k.halves[0])
	}
	fmt.Fprintln(stdout, "half of an upload was visible: never")
	return nil
}

type endedJob struct {
	State    string
	Attempts int
}

func (s *server) ended(ctx context.Context, id string) (endedJob, error) {
	query, err := json.Marshal(map[string]any{
		"query":     `query ($id: ID!) { job(id: $id) { state attempts } }`,
		"variables": map[string]string{"id": id},
	})
	if err != nil {
		return endedJob{}, err
	}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", strings.NewReader(string(query)))
		if err != nil {
			return endedJob{}, err
		}
		req.Header.Set("Content-Type", "application/json")
		var reply struct{ Data struct{ Job *endedJob } }
		if err := answer(req, http.StatusOK, &reply); err != nil {
			return endedJob{}, err
		}
		j := reply.Data.Job
		switch {
		case j == nil:
			return endedJob{}, errors.New("there is none with this id")
		case j.State != "QUEUED" && j.State != "RUNNING":
			return *j, nil
		}
		select {
		case <-ctx.Done():
			return endedJob{}, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// killedDocument is a document of n components that no two projects share all of.
func killedDocument(project string, n int) []byte {
	type component struct {
		Type    string `json:"type"`
		Name    string `json:"name"`
		Version string `json:"version"`
		PURL    string `json:"purl"`
	}
	all := make([]component, n)
	for i := range all {
		name, version := fmt.Sprintf("package-%d", i), "1.0.0"
		if i%10 == 0 {
			name = project + "-" + name
		}
		all[i] = component{"library", name, version, "pkg:npm/" + name + "@" + version}
	}
	document, err := json.Marshal(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": all})
	if err != nil {
		panic(err) // plain strings
	}
	return document
}
