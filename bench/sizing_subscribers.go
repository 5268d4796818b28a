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
	"strings"

	"loadline/bench/load"
)

// waiting is a subscription that stays open.
var waiting = operation{Query: `subscription { findingsChanged(project: "sizing-0") { revision } }`}

// subscribe measures the memory that a subscriber takes who has been told the
// present state and waits for a change, by WebSocket and by SSE. Each has a fresh
// server, which has no memory left over from others.
func (s *sizing) subscribe(ctx context.Context) error {
	for _, way := range []struct {
		name string
		open func(context.Context, *server) (io.Closer, error)
	}{
		{"WebSocket", waitOnSocket},
		{"SSE", waitOnStream},
	} {
		each, err := s.wait(ctx, way.open)
		if err != nil {
			return fmt.Errorf("subscribers by %s: %w", way.name, err)
		}
		fmt.Fprintf(s.stdout, "%d subscribers by %s: %.0f kB each\n", s.subscribers, way.name, float64(each)/(1<<10))
	}
	return nil
}

// wait returns the bytes for each subscriber.
func (s *sizing) wait(ctx context.Context, open func(context.Context, *server) (io.Closer, error)) (each int64, err error) {
	node, err := start(ctx, s.program, s.database, "--offline", "--role", "web")
	if err != nil {
		return 0, err
	}
	defer node.stop()
	process := load.Processes{node.command.Process.Pid}
	var before int64
	for i := range s.subscribers + 1 {
		c, err := open(ctx, node)
		if err != nil {
			return 0, err
		}
		defer c.Close()
		if i == 0 {
			before = process.Memory()
		}
	}
	return (process.Memory() - before) / int64(s.subscribers), nil
}

// closer is a function that closes.
type closer func() error

func (c closer) Close() error { return c() }

func waitOnSocket(ctx context.Context, s *server) (io.Closer, error) {
	conn, err := connect(ctx, s)
	if err != nil {
		return nil, err
	}
	told := errors.New("told")
	err = subscribe(ctx, conn, waiting, func([]byte) error { return told })
	if !errors.Is(err, told) {
		return nil, errors.Join(err, errors.New("the subscription has ended"), conn.CloseNow())
	}
	return closer(conn.CloseNow), nil
}

func waitOnStream(ctx context.Context, s *server) (io.Closer, error) {
	body, err := json.Marshal(waiting)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "data: ") {
			return resp.Body, nil
		}
	}
	return nil, errors.Join(errors.New("the subscription has ended"), resp.Body.Close())
}
