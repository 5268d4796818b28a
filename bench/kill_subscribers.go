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
	"slices"
	"time"
)

// retryPause is the longest pause of a client before it tries again.
const retryPause = 200 * time.Millisecond

// transport follows a subscription on one server to its end.
type transport func(ctx context.Context, s *server, o operation, told func(response []byte) error) error

// transports are those that subscriptions can be followed over.
var transports = []transport{overSocket, overEvents}

func overSocket(ctx context.Context, s *server, o operation, told func([]byte) error) error {
	conn, err := connect(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	return subscribe(ctx, conn, o, told)
}

func overEvents(ctx context.Context, s *server, o operation, told func([]byte) error) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		return statusError{req.URL.Path, resp.StatusCode, string(text)}
	}
	return readEvents(resp.Body, told)
}

// readEvents hands on the data of `next` until `complete`.
func readEvents(r io.Reader, told func([]byte) error) error {
	event := ""
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		field, value, _ := bytes.Cut(lines.Bytes(), []byte(": "))
		switch string(field) {
		case "event":
			event = string(value)
		case "data":
			if event == "complete" {
				return nil
			}
			if err := told(value); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}

// readTold reads what a subscription says into data.
func readTold(response []byte, data any) error {
	var reply struct {
		Data   json.RawMessage
		Errors json.RawMessage
	}
	if err := json.Unmarshal(response, &reply); err != nil {
		return fmt.Errorf("%s: %w", response, err)
	}
	if reply.Errors != nil {
		return refused(reply.Errors)
	}
	return json.Unmarshal(reply.Data, data)
}

// jobStates are the states of a job in the order in which a job can have them.
var jobStates = []string{"QUEUED", "RUNNING", "SUCCEEDED"}

// followJob follows a job to its end, from one server to the next. Each has to
// tell the present state first: never one that is older than what was told
// before.
func (c *clients) followJob(ctx context.Context, over transport, id string) {
	type state struct {
		State    string
		Attempts int
	}
	var last state
	ended := c.attempt(ctx, "jobProgress", func(s *server) error {
		c.connects()
		return over(ctx, s, operation{`subscription($id: ID!) { jobProgress(id: $id) { state attempts } }`, map[string]any{"id": id}}, func(response []byte) error {
			var data struct{ JobProgress state }
			if err := readTold(response, &data); err != nil {
				return err
			}
			now := data.JobProgress
			switch {
			case slices.Index(jobStates, now.State) < 0:
				c.fault("job %s: %s", id, now.State)
			case now.Attempts < last.Attempts, now.Attempts == last.Attempts && slices.Index(jobStates, now.State) < slices.Index(jobStates, last.State):
				c.fault("job %s: %+v was told after %+v", id, now, last)
			}
			last = now
			return nil
		})
	})
	if last.State != "SUCCEEDED" {
		c.fault("job %s: nobody told its end, but last %+v; complete: %t", id, last, ended)
	}
}

// followFindings follows the findings of the watched project until ctx ends, and
// returns the last revision that was told.
func (c *clients) followFindings(ctx context.Context, over transport) (revision int) {
	c.attempt(ctx, "findingsChanged", func(s *server) error {
		c.connects()
		err := over(ctx, s, findingsChanged, func(response []byte) error {
			now, err := revisionOf(response)
			if err != nil {
				return err
			}
			if now < revision {
				c.fault("findings: revision %d was told after %d", now, revision)
			}
			revision = now
			return nil
		})
		if err == nil {
			err = fmt.Errorf("it has ended, at revision %d", revision)
		}
		return err
	})
	return revision
}

var findingsChanged = operation{`subscription($project: String!) { findingsChanged(project: $project) { revision } }`, map[string]any{"project": watchedProject}}

func revisionOf(response []byte) (int, error) {
	var data struct{ FindingsChanged struct{ Revision int } }
	err := readTold(response, &data)
	return data.FindingsChanged.Revision, err
}

// revision is the present one of the watched project's findings.
func (s *server) revision(ctx context.Context) (revision int, err error) {
	err = overEvents(ctx, s, findingsChanged, func(response []byte) (err error) {
		if revision, err = revisionOf(response); err == nil {
			err = errEnough
		}
		return err
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return revision, err
}

// errEnough ends a subscription whose subscriber knows enough.
var errEnough = errors.New("that is enough")

func (c *clients) connects() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.connected++
}
