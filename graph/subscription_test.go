package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"loadline/bench/standin"
	"loadline/graph/model"
	"loadline/job"
	"loadline/store"
)

// frame is a message of graphql-transport-ws.
type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// subscriber is a connection with one subscription.
type subscriber interface {
	next(ctx context.Context) (frame, error)
	close()
}

// transports are the ways to subscribe.
var transports = map[string]func(ctx context.Context, url, query string, variables map[string]any) (subscriber, error){
	"websocket": subscribe,
	"sse":       subscribeToEvents,
}

// socket is a subscriber over WebSocket.
type socket struct{ *websocket.Conn }

func subscribe(ctx context.Context, url, query string, variables map[string]any) (subscriber, error) {
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(url, "http"), &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	s := socket{conn}
	if err := wsjson.Write(ctx, conn, frame{Type: "connection_init"}); err != nil {
		return nil, err
	}
	if _, err := s.next(ctx); err != nil {
		return nil, err
	}
	payload, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	return s, wsjson.Write(ctx, conn, frame{ID: "1", Type: "subscribe", Payload: payload})
}

func (s socket) close() { _ = s.CloseNow() }

func (s socket) next(ctx context.Context) (frame, error) {
	for {
		var f frame
		if err := wsjson.Read(ctx, s.Conn, &f); err != nil {
			return frame{}, err
		}
		if f.Type == "ping" {
			if err := wsjson.Write(ctx, s.Conn, frame{Type: "pong"}); err != nil {
				return frame{}, err
			}
			continue
		}
		return f, nil
	}
}

// eventStream is a subscriber over SSE.
type eventStream struct {
	body  io.ReadCloser
	lines *bufio.Reader
}

func subscribeToEvents(ctx context.Context, url, query string, variables map[string]any) (subscriber, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	// The stream outlives ctx, which may be that of the connecting alone.
	req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	return eventStream{resp.Body, bufio.NewReader(resp.Body)}, nil
}

func (s eventStream) close() { _ = s.body.Close() }

func (s eventStream) next(ctx context.Context) (frame, error) {
	defer context.AfterFunc(ctx, s.close)()
	var f frame
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return f, err
		}
		if kind, ok := strings.CutPrefix(line, "event: "); ok {
			f.Type = strings.TrimSpace(kind)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			f.Payload = json.RawMessage(data)
			return f, nil
		}
	}
}

// state is the job's state and progress in a frame.
func (f frame) state() (state string, done int) {
	var p struct {
		Data struct {
			JobProgress struct {
				State string
				Done  int
			}
		}
	}
	_ = json.Unmarshal(f.Payload, &p) // what is no state is the empty one
	return p.Data.JobProgress.State, p.Data.JobProgress.Done
}

// Over each transport: the present state, each change, and the end with the
// project.
func TestFindingsChanged(t *testing.T) {
	t.Parallel()
	const query = `subscription($project: String!) { findingsChanged(project: $project) { revision project { name } } }`
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, standin.Config{})
			s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			follow := func(project string) (next func() frame) {
				sub, err := subscribe(ctx, s.URL, query, map[string]any{"project": project})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(sub.close)
				return func() frame {
					f, err := sub.next(ctx)
					if err != nil {
						t.Fatalf("nothing more came: %v", err)
					}
					return f
				}
			}
			next := follow("shop")
			change := func() any {
				var a answer
				if f := next(); json.Unmarshal(f.Payload, &a) != nil {
					t.Fatalf("%s: %s", f.Type, f.Payload)
				}
				return at(t, a.Data, "findingsChanged")
			}
			first := change()
			if at(t, first, "project", "name") != "shop" {
				t.Fatalf("first = %v", first)
			}
			s.put(t, "shop", "1.1", cyclonedx(leftShelves(2)...))
			if a, b := at(t, first, "revision").(float64), at(t, change(), "revision").(float64); b <= a {
				t.Errorf("revision %v comes after %v", b, a)
			}
			finding := s.findingID(t, "1.1", "CVE-2099-10001")
			if err := s.resolver.Enrich.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			decided := follow("shop")
			decided()
			s.triage(t, map[string]any{"id": finding, "state": "AFFECTED"})
			if f := decided(); !strings.Contains(string(f.Payload), `"revision"`) {
				t.Errorf("after a decision: %s %s", f.Type, f.Payload)
			}
			id := at(t, s.get(t, `{ project(name: "shop") { id } }`, nil).Data, "project", "id")
			s.get(t, `mutation($id: ID!) { deleteProject(input: {id: $id}) { deletedId } }`, map[string]any{"id": id})
			for next().Type != "complete" {
			}
			if f := follow("none")(); !strings.Contains(string(f.Payload), "no project") {
				t.Errorf("of a project that there is not: %s %s", f.Type, f.Payload)
			}
		})
	}
}

// A job that goes with its release. Nobody looks at the jobs before all of it is
// gone, so that the last thing a subscriber hears is that.
func TestProgressOfADeletedJob(t *testing.T) {
	t.Parallel()
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, standin.Config{})
			hub := job.NewHub()
			s.resolver.Jobs = hub
			bom := s.put(t, "shop", "1.0", cyclonedx(leftShelves(1)...))
			var j, clearing store.Job
			inTx := func(do func(tx *store.Tx) error) {
				t.Helper()
				if err := s.store.InTx(t.Context(), do); err != nil {
					t.Fatal(err)
				}
			}
			inTx(func(tx *store.Tx) (err error) {
				j, err = tx.Enqueue(t.Context(), store.NewJob{Kind: "OF_ANOTHER_NODE", BomID: bom.ID, MaxAttempts: 1})
				return err
			})
			sub, err := subscribe(t.Context(), s.URL, progressOf, map[string]any{"id": model.EncodeKey(model.KindJob, j.ID)})
			if err != nil {
				t.Fatal(err)
			}
			defer sub.close()
			if f, err := sub.next(t.Context()); err != nil || !strings.Contains(string(f.Payload), store.JobQueued) {
				t.Fatalf("first %s %s, %v", f.Type, f.Payload, err)
			}
			inTx(func(tx *store.Tx) (err error) {
				clearing, err = tx.RetireRelease(t.Context(), bom.ReleaseID)
				return err
			})
			if ended, err := s.resolver.Runner.Wait(t.Context(), clearing); err != nil || ended.State != store.JobSucceeded {
				t.Fatalf("clearing away: %s, %v", ended.State, err)
			}
			var looking sync.WaitGroup
			defer looking.Wait()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			patient, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			looking.Go(func() { hub.Keep(ctx, s.store, s.resolver.Log) })
			f, err := sub.next(patient)
			if err != nil || !strings.Contains(string(f.Payload), "has been deleted") || !strings.Contains(string(f.Payload), `"NOT_FOUND"`) {
				t.Errorf("got %s %s, %v", f.Type, f.Payload, err)
			}
		})
	}
}
