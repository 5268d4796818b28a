package graph_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"golang.org/x/sync/errgroup"

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

// progressOf asks for the progress of a job.
const progressOf = `subscription($id: ID!) { jobProgress(id: $id) { state done total } }`

// subscriber is a WebSocket with one subscription.
type subscriber struct{ *websocket.Conn }

func subscribe(ctx context.Context, url, query string, variables map[string]any) (subscriber, error) {
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(url, "http"), &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return subscriber{}, err
	}
	s := subscriber{conn}
	if err := wsjson.Write(ctx, conn, frame{Type: "connection_init"}); err != nil {
		return s, err
	}
	if _, err := s.next(ctx); err != nil {
		return s, err
	}
	payload, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return s, err
	}
	return s, wsjson.Write(ctx, conn, frame{ID: "1", Type: "subscribe", Payload: payload})
}

func (s subscriber) next(ctx context.Context) (frame, error) {
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

// Over a WebSocket as over SSE: the present state, each change, and the end with
// the project.
func TestFindingsChangedOverWebSocket(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
	sub, err := subscribe(t.Context(), s.URL, `subscription { findingsChanged(project: "shop") { revision } }`, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sub.CloseNow() }()
	revision := func() (revision float64, over bool) {
		f, err := sub.next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if f.Type == "complete" {
			return 0, true
		}
		var a answer
		if err := json.Unmarshal(f.Payload, &a); err != nil {
			t.Fatalf("%s: %s", f.Type, f.Payload)
		}
		return at(t, a.Data, "findingsChanged", "revision").(float64), false
	}
	first, _ := revision()
	s.put(t, "shop", "1.1", cyclonedx(leftShelves(2)...))
	if next, over := revision(); over || next <= first {
		t.Errorf("revision %v comes after %v", next, first)
	}
	id := at(t, s.get(t, `{ project(name: "shop") { id } }`, nil).Data, "project", "id")
	s.get(t, `mutation($id: ID!) { deleteProject(input: {id: $id}) { deletedId } }`, map[string]any{"id": id})
	for over := false; !over; {
		_, over = revision()
	}
}

// held is a job that goes on when a test says so.
type held struct {
	job.Plain
	steps chan int
}

func (h held) Run(ctx context.Context, t job.Task) error {
	for step := range h.steps {
		t.Report(store.JobProgress{Stage: "step", Done: step, Total: 1000})
	}
	return nil
}

// A thousand subscribers each see the present state, the end and the completion;
// those that do not read meanwhile keep nobody waiting.
func TestAThousandSubscribers(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a thousand connections")
	}
	s := newServer(t, standin.Config{})
	steps := make(chan int)
	runner := job.NewRunner(s.store, s.hub, job.NewIngest(s.store, 1, 1, nil), "held", time.Now, slog.New(slog.DiscardHandler))
	runner.AddSlow("HELD", held{steps: steps})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	workers := make(chan struct{})
	go func() { defer close(workers); runner.Run(ctx, 0) }()
	defer func() { cancel(); <-workers }()
	j, err := runner.Enqueue(ctx, store.NewJob{Kind: "HELD", MaxAttempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	steps <- 1

	const n = 1000
	before := inUse()
	all := make([]subscriber, n)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(50)
	for i := range all {
		g.Go(func() (err error) {
			if all[i], err = subscribe(gctx, s.URL, progressOf, map[string]any{"id": model.EncodeKey(model.KindJob, j.ID)}); err != nil {
				return err
			}
			f, err := all[i].next(gctx)
			if state, _ := f.state(); err == nil && state != store.JobRunning {
				t.Errorf("the first state is %s %s", f.Type, f.Payload)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes a subscriber, client and server together", (inUse()-before)/n)

	// Nobody reads while the job goes on and ends.
	for step := range 300 {
		steps <- step
	}
	close(steps)
	if got, err := runner.Wait(ctx, j); err != nil || got.State != store.JobSucceeded {
		t.Fatalf("job = %+v, %v", got, err)
	}
	var frames atomic.Int64
	g, gctx = errgroup.WithContext(ctx)
	for _, sub := range all {
		g.Go(func() error {
			defer func() { _ = sub.CloseNow() }()
			last := ""
			for {
				f, err := sub.next(gctx)
				if err != nil {
					return err
				}
				frames.Add(1)
				if f.Type == "complete" {
					if last != store.JobSucceeded {
						t.Errorf("the last state is %s", last)
					}
					return nil
				}
				last, _ = f.state()
			}
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d frames for %d subscribers and 300 steps", frames.Load(), n)
}

// inUse is the memory that is in use once what is garbage is gone.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
