package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"loadline/bench/dataset"
	"loadline/bench/load"
)

// manySubscribers is how many follow one job.
const manySubscribers = 1000

// subscription is what it took to tell many subscribers of a job.
type subscription struct {
	Round      int     `json:"round"`
	Count      int     `json:"subscribers"`
	Connecting float64 `json:"connectingSeconds"`
	Events     float64 `json:"eventsPerSubscriber"`
	Job        float64 `json:"jobSeconds"`
	Spread     float64 `json:"lastToldMs"` // between the first subscriber that heard of the end, and the last
	CPU        float64 `json:"serverCpuSeconds"`
	Idle       float64 `json:"idleMB"`
	Memory     float64 `json:"peakMB"`
	Missed     int     `json:"missed"` // those that did not hear of the end
}

// subscribers measures how many follow the ingestion of a document of 30,000
// components.
func (m *matrix) subscribers(ctx context.Context) error {
	document, err := dataset.Document(many("large", 30_000))
	if err != nil {
		return err
	}
	for round := range m.rounds {
		r, err := m.follow(ctx, document)
		if err != nil {
			return err
		}
		r.Round = round
		m.results.Subscribers = append(m.results.Subscribers, r)
		fmt.Fprintf(m.log, "%d subscribers: connected in %.2f s, told %.1f events each, job %.2f s, last told %.0f ms after the first, CPU %.2f s, %.0f MB, %d missed\n",
			r.Count, r.Connecting, r.Events, r.Job, r.Spread, r.CPU, r.Memory, r.Missed)
	}
	return nil
}

// message is one of the protocol graphql-transport-ws.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func (m *matrix) follow(ctx context.Context, document []byte) (subscription, error) {
	s, err := start(ctx, m.fixture.program, "", "--offline")
	if err != nil {
		return subscription{}, err
	}
	defer s.stop()
	if err := s.put(ctx, "warmup", "1", warmup); err != nil {
		return subscription{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	r := subscription{Count: manySubscribers}
	all := load.Tree(s.command.Process.Pid)
	before := all.CPU()
	began := time.Now()
	conns := make([]*websocket.Conn, manySubscribers)
	for i := range conns {
		if conns[i], err = connect(ctx, s); err != nil {
			return r, fmt.Errorf("subscriber %d: %w", i, err)
		}
		defer func() { _ = conns[i].CloseNow() }()
	}
	r.Connecting, r.Idle = time.Since(began).Seconds(), float64(all.Memory())/(1<<20)
	events, missed, told := make([]int, len(conns)), make([]bool, len(conns)), make([]time.Time, len(conns))
	usage, err := all.During(ctx, func() error {
		began = time.Now()
		id, err := s.accept(ctx, "large", "1", document)
		if err != nil {
			return err
		}
		var wait sync.WaitGroup
		for i, conn := range conns {
			wait.Go(func() {
				count, state, err := listen(ctx, conn, id)
				events[i], told[i], missed[i] = count, time.Now(), err != nil || state != "SUCCEEDED"
			})
		}
		wait.Wait()
		return nil
	})
	if err != nil {
		return r, err
	}
	first, last := slices.MinFunc(told, time.Time.Compare), slices.MaxFunc(told, time.Time.Compare)
	r.Job, r.Spread = first.Sub(began).Seconds(), float64(last.Sub(first).Milliseconds())
	r.CPU, r.Memory = (all.CPU() - before).Seconds(), float64(usage.Peak)/(1<<20)
	for i := range conns {
		r.Events += float64(events[i]) / float64(len(conns))
		if missed[i] {
			r.Missed++
		}
	}
	return r, nil
}

// connect opens a WebSocket and waits until it may be used.
func connect(ctx context.Context, s *server) (*websocket.Conn, error) {
	conn, resp, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return nil, err
	}
	if resp.Body != nil {
		resp.Body.Close()
	}
	if err := wsjson.Write(ctx, conn, message{Type: "connection_init"}); err != nil {
		return nil, err
	}
	var ack message
	if err := wsjson.Read(ctx, conn, &ack); err != nil {
		return nil, err
	}
	if ack.Type != "connection_ack" {
		return nil, fmt.Errorf("got %q, want connection_ack", ack.Type)
	}
	return conn, nil
}

// operation is what a client asks or subscribes to.
type operation struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables"`
}

// subscribe hands on what the operation is told, until it is complete.
func subscribe(ctx context.Context, conn *websocket.Conn, o operation, told func(response []byte) error) error {
	payload, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := wsjson.Write(ctx, conn, message{ID: "1", Type: "subscribe", Payload: payload}); err != nil {
		return err
	}
	for {
		var m message
		if err := wsjson.Read(ctx, conn, &m); err != nil {
			return err
		}
		switch m.Type {
		case "next":
			if err := told(m.Payload); err != nil {
				return err
			}
		case "complete":
			return nil
		case "ping":
			if err := wsjson.Write(ctx, conn, message{Type: "pong"}); err != nil {
				return err
			}
		case "error":
			return refused(m.Payload)
		}
	}
}

// listen follows a job to its end and returns how often it was told, and its
// last state.
func listen(ctx context.Context, conn *websocket.Conn, job string) (events int, state string, err error) {
	o := operation{`subscription($id: ID!) { jobProgress(id: $id) { state stage done total } }`, map[string]any{"id": job}}
	err = subscribe(ctx, conn, o, func(response []byte) error {
		var event struct {
			Data struct{ JobProgress struct{ State string } }
		}
		err := json.Unmarshal(response, &event)
		events++
		state = event.Data.JobProgress.State
		return err
	})
	return events, state, err
}

func subscriberTable(all []subscription) table {
	t := table{title: "subscribers to the progress of one job, a document of 30,000 components", columns: []string{"subscribers", "connected in s", "events each",
		"job s", "last told after the first, ms", "server's CPU s", "MB before the job", "peak MB", "missed the end"}}
	for _, r := range all {
		t.rows = append(t.rows, []string{fmt.Sprint(r.Count), figure(r.Connecting), figure(r.Events), figure(r.Job), fmt.Sprintf("%.0f", r.Spread), figure(r.CPU),
			fmt.Sprintf("%.0f", r.Idle), fmt.Sprintf("%.0f", r.Memory), fmt.Sprint(r.Missed)})
	}
	return t
}
