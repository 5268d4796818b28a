package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// build compiles Loadline into a temporary directory, which clean removes.
func build(ctx context.Context) (program string, clean func(), err error) {
	dir, err := os.MkdirTemp("", "loadline-bench-")
	if err != nil {
		return "", nil, err
	}
	clean = func() { os.RemoveAll(dir) }
	program = filepath.Join(dir, "loadline")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "loadline").CombinedOutput()
	if err != nil {
		clean()
		return "", nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	return program, clean, nil
}

// server is a running Loadline.
type server struct {
	url      string
	profiler string // empty where it has none
	command  *exec.Cmd
	dir      string
	logged   chan struct{} // closed when its log has ended
}

var (
	serving   = regexp.MustCompile(`msg=serving url=(\S+)`)
	profiling = regexp.MustCompile(`msg=profiling url=(\S+)`)
)

// start runs Loadline on a database, with the other flags given. Without a
// database it gets a fresh one, which ends with it.
func start(ctx context.Context, program, database string, flags ...string) (*server, error) {
	return startHeard(ctx, program, database, func(string) {}, flags...)
}

// startHeard is start with somebody who hears each line of the server's log, one
// after the other.
func startHeard(ctx context.Context, program, database string, hear func(line string), flags ...string) (*server, error) {
	s := &server{logged: make(chan struct{})}
	if database == "" {
		dir, err := os.MkdirTemp("", "loadline-bench-")
		if err != nil {
			return nil, err
		}
		s.dir, database = dir, filepath.Join(dir, "bench.db")
	}
	s.command = exec.CommandContext(ctx, program, append([]string{"serve", "--listen", "127.0.0.1:0", "--database", database, "--refresh-every", "0"}, flags...)...)
	log, err := s.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	lines, line := bufio.NewScanner(log), ""
	for s.url == "" && lines.Scan() {
		line = lines.Text()
		hear(line)
		if m := profiling.FindStringSubmatch(line); m != nil {
			s.profiler = m[1]
		}
		if m := serving.FindStringSubmatch(line); m != nil {
			s.url = m[1]
		}
	}
	go func() {
		defer close(s.logged)
		for lines.Scan() {
			hear(lines.Text())
		}
		_, _ = io.Copy(io.Discard, log) // behind a line that is too long
	}()
	if s.url == "" {
		s.stop()
		return nil, fmt.Errorf("the server did not start: %s", line)
	}
	return s, nil
}

// sources are the flags that make a server ask these upstreams, as often as it
// likes: what the public ones allow would be measured otherwise.
func sources(base string) []string {
	return []string{"--upstream-rate", "1000000", "--osv-url", base, "--epss-url", base, "--kev-url", base, "--depsdev-url", base}
}

// process returns s as something to measure.
func (s *server) process() *process {
	return &process{address: strings.TrimPrefix(s.url, "http://"), pid: s.command.Process.Pid, metrics: s.url + "/metrics", profiler: s.profiler, stop: s.stop}
}

func (s *server) stop() {
	// A server that has ended already is as good as one that ends now.
	_ = s.command.Process.Signal(syscall.SIGTERM)
	s.wait()
	if s.dir != "" {
		os.RemoveAll(s.dir)
	}
}

// kill ends the server as nothing that it can hear of would.
func (s *server) kill() {
	_ = s.command.Process.Kill()
	s.wait()
}

// wait returns when the process has ended and its log was heard.
func (s *server) wait() {
	<-s.logged
	_ = s.command.Wait()
}

// accept uploads a document and returns the id of the job that reads it.
func (s *server) accept(ctx context.Context, project, release string, document []byte) (job string, err error) {
	var accepted struct{ Job struct{ ID string } }
	err = s.upload(ctx, url.Values{"project": {project}, "release": {release}}, document, http.StatusAccepted, &accepted)
	return accepted.Job.ID, err
}

// put uploads a document and waits until it is in the database.
func (s *server) put(ctx context.Context, project, release string, document []byte) error {
	return s.upload(ctx, url.Values{"project": {project}, "release": {release}, "wait": {"4m"}}, document, http.StatusOK, &struct{}{})
}

func (s *server) upload(ctx context.Context, query url.Values, document []byte, want int, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, s.url+"/api/v1/boms?"+query.Encode(), bytes.NewReader(document))
	if err != nil {
		return err
	}
	return answer(req, want, into)
}

// ask asks the question and checks that it was answered.
func (s *server) ask(ctx context.Context, project, release string) (measurement, error) {
	var a struct {
		Errors     []struct{ Message string }
		Extensions struct {
			Cost struct{ SQLStatements, UpstreamCalls int }
		}
	}
	spent, began := s.cpu(), time.Now()
	err := s.post(ctx, map[string]any{"query": question, "variables": map[string]any{"project": project, "release": release}}, &a)
	took := time.Since(began)
	if err == nil && len(a.Errors) > 0 {
		err = errors.New(a.Errors[0].Message)
	}
	return measurement{took: took, cpu: s.cpu() - spent, statements: a.Extensions.Cost.SQLStatements, calls: a.Extensions.Cost.UpstreamCalls}, err
}

// cpu is the processor time that the server has taken, where the system tells it.
func (s *server) cpu() time.Duration {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", s.command.Process.Pid))
	if err != nil {
		return 0
	}
	var total time.Duration
	for _, task := range tasks {
		var nanoseconds int64
		b, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended meanwhile
		}
		if _, err := fmt.Sscan(string(b), &nanoseconds); err == nil {
			total += time.Duration(nanoseconds)
		}
	}
	return total
}

func (s *server) post(ctx context.Context, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	return answer(req, http.StatusOK, into)
}

// statusError is an answer of another status than the one that was wanted.
type statusError struct {
	path   string
	status int
	body   string
}

func (e statusError) Error() string {
	return fmt.Sprintf("%s: %d %s: %s", e.path, e.status, http.StatusText(e.status), e.body)
}

func answer(req *http.Request, want int, into any) error {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != want {
		return statusError{req.URL.Path, resp.StatusCode, string(body)}
	}
	return json.Unmarshal(body, into)
}

// question is the query that the product is about.
const question = `query ReleaseReport($project: String!, $release: String!) {
  project(name: $project) { id name release(version: $release) { id version components(first: 100) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { id purl name version direct licenses { expression }
      package { latestVersion { version publishedAt } sourceStatus { source state asOf reason } }
      findings { id state fixedIn vulnerability { id aliases summary published modified
        severity { rating score vector } epss { probability percentile asOf } kev { dateAdded dueDate ransomware }
        sourceStatus { source state asOf reason } } } } } } }
}`
