package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"loadline/bench/dataset"
	"loadline/bench/load"
)

// workload is where facts come from while the report is asked for.
type workload string

const (
	w0 workload = "w0" // the database alone
	w1 workload = "w1" // upstreams, and nothing is known
	w2 workload = "w2" // upstreams, and everything is known
)

// subject is a server that is measured.
type subject struct {
	name   string
	naming dataset.Naming
	// remembers says that it keeps what it learns, in every workload: then w1 asks
	// a fresh server for each of the projects that have nothing in common.
	remembers bool
	start     func(context.Context, workload) (*process, error)
	request   func(p dataset.Project, host string) []byte
	read      func(body []byte) (dataset.Report, error)
}

// process is a running subject.
type process struct {
	address string // HOST:PORT
	pid     int
	stop    func()
	// Addresses; empty where it has none.
	metrics, profiler string
}

// get is a request as it goes over the wire.
func get(path, host string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n\r\n", path, host)
}

// post is a GraphQL request as it goes over the wire. header is empty or ends
// with a line break.
func post(host, header, query string, variables map[string]any) []byte {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // strings only
	}
	return fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s",
		host, len(body), header, body)
}

// reportQuery asks Loadline for what the peers' report has.
const reportQuery = `query Report($project: String!, $release: String!) { project(name: $project) { name release(version: $release) { version components(first: 100) { nodes { purl licenses { expression } findings { vulnerability { id severity { rating } summary epss { probability } } } } } } } }`

// noStore asks for an answer that is made for this request.
const noStore = "Cache-Control: no-store\r\n"

func readLoadline(body []byte) (dataset.Report, error) {
	var a struct {
		Errors []struct{ Message string }
		Data   struct {
			Project struct {
				Name    string
				Release struct {
					Version    string
					Components struct {
						Nodes []struct {
							PURL     string
							Licenses []struct{ Expression string }
							Findings []struct {
								Vulnerability struct {
									ID, Summary string
									Severity    struct{ Rating string }
									EPSS        *struct{ Probability float64 }
								}
							}
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return dataset.Report{}, err
	}
	if len(a.Errors) > 0 {
		return dataset.Report{}, errors.New(a.Errors[0].Message)
	}
	p := a.Data.Project
	r := dataset.Report{Project: p.Name, Version: p.Release.Version}
	for _, n := range p.Release.Components.Nodes {
		c := dataset.ReportComponent{PURL: n.PURL}
		for _, l := range n.Licenses {
			c.Licences = append(c.Licences, l.Expression)
		}
		for _, f := range n.Findings {
			v := dataset.ReportVulnerability{ID: f.Vulnerability.ID, Severity: f.Vulnerability.Severity.Rating, Summary: f.Vulnerability.Summary, Probability: -1}
			if f.Vulnerability.EPSS != nil {
				v.Probability = f.Vulnerability.EPSS.Probability
			}
			c.Vulnerabilities = append(c.Vulnerabilities, v)
		}
		r.Components = append(r.Components, c)
	}
	return r, r.Sort()
}

// peerReport is the answer of the peers.
type peerReport struct {
	Slug, Version string
	Components    []struct {
		PURL            string
		Licences        []string
		Vulnerabilities []struct {
			ID, Severity, Summary string
			EPSS                  *struct{ Score float64 }
		}
	}
}

func (p peerReport) report() (dataset.Report, error) {
	r := dataset.Report{Project: p.Slug, Version: p.Version}
	for _, n := range p.Components {
		c := dataset.ReportComponent{PURL: n.PURL, Licences: n.Licences}
		for _, f := range n.Vulnerabilities {
			v := dataset.ReportVulnerability{ID: f.ID, Severity: f.Severity, Summary: f.Summary, Probability: -1}
			if f.EPSS != nil {
				v.Probability = f.EPSS.Score
			}
			c.Vulnerabilities = append(c.Vulnerabilities, v)
		}
		r.Components = append(r.Components, c)
	}
	return r, r.Sort()
}

// peers returns the subjects installed in a directory of peers/ that are asked for.
func peers(dir, upstreams string, names []string) ([]subject, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	rest := subject{
		request: func(p dataset.Project, host string) []byte { return get("/projects/"+p.Slug+"/report", host) },
		read: func(body []byte) (dataset.Report, error) {
			var p peerReport
			if err := json.Unmarshal(body, &p); err != nil {
				return dataset.Report{}, err
			}
			return p.report()
		},
	}
	query := "query Report($slug: String!) { project(slug: $slug) { slug name version components { purl licences vulnerabilities { id severity summary epss { score } } } } }"
	graphql := subject{
		request: func(p dataset.Project, host string) []byte {
			return post(host, "", query, map[string]any{"slug": p.Slug})
		},
		read: func(body []byte) (dataset.Report, error) {
			var a struct {
				Errors []struct{ Message string }
				Data   struct{ Project peerReport }
			}
			if err := json.Unmarshal(body, &a); err != nil {
				return dataset.Report{}, err
			}
			if len(a.Errors) > 0 {
				return dataset.Report{}, errors.New(a.Errors[0].Message)
			}
			return a.Data.Project.report()
		},
	}
	program := func(file string, args ...string) func(context.Context, workload) (*process, error) {
		return func(ctx context.Context, w workload) (*process, error) {
			return launch(ctx, dir, nil, func(port string) []string {
				return append([]string{filepath.Join(dir, file), "-addr", "127.0.0.1:" + port, "-db", "data/w.db", "-variant", string(w), "-upstream", upstreams, "-pool", "512"}, args...)
			})
		}
	}
	python := func(app, workers string) func(context.Context, workload) (*process, error) {
		return func(ctx context.Context, w workload) (*process, error) {
			root := filepath.Join(dir, ".cache", "pyroot")
			if err := furnish(dir, root); err != nil {
				return nil, err
			}
			environment := []string{"VARIANT=" + string(w), "POOL=512", "DB=/work/data/w.db", "UPSTREAM=" + upstreams, "PYTHONPATH=/work/fastapi", "PYTHONDONTWRITEBYTECODE=1"}
			return launch(ctx, dir, environment, func(port string) []string {
				return []string{"chroot", root, "python3", "-m", "uvicorn", app + ":app", "--host", "127.0.0.1", "--port", port, "--loop", "uvloop",
					"--http", "httptools", "--no-access-log", "--log-level", "warning", "--workers", workers}
			})
		}
	}
	known := map[string]subject{}
	add := func(name, needs string, s subject, start func(context.Context, workload) (*process, error)) {
		if _, err := os.Stat(filepath.Join(dir, needs)); err == nil {
			s.name, s.start = name, start
			known[name] = s
		}
	}
	add("rawgo", "go/bin/rawgo", rest, program("go/bin/rawgo"))
	add("gqlgen", "gqlgen/bin/gqlgen-vanilla", graphql, program("gqlgen/bin/gqlgen-vanilla", "-wait", "0"))
	add("gqlgen-1ms", "gqlgen/bin/gqlgen-vanilla", graphql, program("gqlgen/bin/gqlgen-vanilla", "-wait", "1ms"))
	const uvicorn = ".cache/pyroot/usr/bin/uvicorn"
	add("fastapi", uvicorn, rest, python("app_idiomatic", "1"))
	add("fastapi-tuned", uvicorn, rest, python("app_tuned", "1"))
	add("fastapi-tuned-2w", uvicorn, rest, python("app_tuned", "2"))
	var chosen []subject
	for _, name := range names {
		s, ok := known[name]
		if !ok {
			fmt.Fprintf(os.Stderr, "bench: %s is not installed in %s\n", name, dir)
			continue
		}
		chosen = append(chosen, s)
	}
	return chosen, nil
}

// furnish puts what the Python peers need where they see it.
func furnish(dir, root string) error {
	if err := os.MkdirAll(filepath.Join(root, "work"), 0o755); err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(root, "work", "fastapi"), os.DirFS(filepath.Join(dir, "fastapi"))); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Join(root, "work", "data"), 0o755); err != nil {
		return err
	}
	to := filepath.Join(root, "work", "data", "w.db")
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	return copyFile(filepath.Join(dir, "data", "w.db"), to)
}

// launch runs a server on a free port and waits until it is well.
func launch(ctx context.Context, dir string, environment []string, command func(port string) []string) (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	listener.Close()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	args := command(port)
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	c.Dir, c.Env = dir, append(os.Environ(), environment...)
	if err := c.Start(); err != nil {
		return nil, err
	}
	p := &process{address: address, pid: c.Process.Pid, stop: func() { stopTree(c) }}
	for range 400 {
		if healthy(ctx, address) {
			return p, nil
		}
		select {
		case <-ctx.Done():
			p.stop()
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	p.stop()
	return nil, fmt.Errorf("%s did not start", strings.Join(args, " "))
}

func healthy(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	address = (&url.URL{Scheme: "http", Host: address, Path: "/healthz"}).String()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// stopTree ends a process and those that it started, the hard way where they
// take long.
func stopTree(c *exec.Cmd) {
	all := load.Tree(c.Process.Pid)
	_ = c.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(2*time.Second, func() { _ = c.Process.Kill() })
	_ = c.Wait()
	kill.Stop()
	for _, pid := range all[1:] {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}
