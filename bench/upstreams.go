package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"loadline/bench/dataset"
)

// data returns the facts: those of the peers, where there is a directory of them,
// or generated ones of the same shape.
func data(peers string) (*dataset.Data, error) {
	if peers == "" {
		return dataset.Generate(seed, dataset.Usual), nil
	}
	return dataset.Load(filepath.Join(peers, "data", "upstream.json"))
}

// runUpstreams plays the upstreams in a process of its own, so that what they
// cost is not taken for the load's. It ends with its standard input.
func runUpstreams(_ context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("bench upstreams", flag.ContinueOnError)
	peers := flags.String("peers", "", "the directory of the peers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	facts, err := data(*peers)
	if err != nil {
		return err
	}
	server, err := dataset.NewServer(facts, facts.Apart())
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		listener.Close()
	}()
	fmt.Fprintln(stdout, "http://"+listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// upstreams is a running process of runUpstreams.
type upstreams struct {
	url     string
	command *exec.Cmd
	input   io.Closer
}

func startUpstreams(ctx context.Context, peers string) (*upstreams, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	u := &upstreams{command: exec.CommandContext(ctx, self, "upstreams", "-peers", peers)}
	u.command.Stderr = os.Stderr
	if u.input, err = u.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := u.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := u.command.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		u.stop()
		return nil, errors.New("the upstreams did not start")
	}
	u.url = lines.Text()
	return u, nil
}

func (u *upstreams) stop() {
	u.input.Close()
	_ = u.command.Wait()
}

// delay sets how long each call takes.
func (u *upstreams) delay(ctx context.Context, d time.Duration) error {
	return u.control(ctx, fmt.Sprintf("/__latency?ms=%d", d.Milliseconds()), &struct{}{})
}

// calls returns how many calls there were since it was asked last.
func (u *upstreams) calls(ctx context.Context) (int, error) {
	var stats struct{ Calls int }
	if err := u.control(ctx, "/__stats", &stats); err != nil {
		return 0, err
	}
	return stats.Calls, u.control(ctx, "/__reset", &struct{}{})
}

func (u *upstreams) control(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.url+path, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(resp.Body).Decode(into)
}
