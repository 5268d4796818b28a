package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

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
		over transport
	}{
		{"WebSocket", overSocket},
		{"SSE", overEvents},
	} {
		each, err := s.wait(ctx, way.over)
		if err != nil {
			return fmt.Errorf("subscribers by %s: %w", way.name, err)
		}
		fmt.Fprintf(s.stdout, "%d subscribers by %s: %.0f kB each\n", s.subscribers, way.name, float64(each)/(1<<10))
	}
	return nil
}

// wait returns the bytes for each subscriber.
func (s *sizing) wait(ctx context.Context, over transport) (each int64, err error) {
	node, err := start(ctx, s.program, s.database, "--offline", "--role", "web")
	if err != nil {
		return 0, err
	}
	defer node.stop()
	var subscribers sync.WaitGroup
	defer subscribers.Wait()
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	process := load.Processes{node.command.Process.Pid}
	var before int64
	for i := range s.subscribers + 1 {
		told := make(chan error, 2) // of the present state, and of the end
		present := sync.OnceFunc(func() { told <- nil })
		subscribers.Go(func() {
			err := over(ctx, node, waiting, func(response []byte) error {
				if _, err := revisionOf(response); err != nil {
					return err
				}
				present()
				return nil
			})
			told <- errors.Join(errors.New("the subscription has ended"), err)
		})
		if err := <-told; err != nil {
			return 0, err
		}
		if i == 0 {
			before = process.Memory()
		}
	}
	return (process.Memory() - before) / int64(s.subscribers), nil
}
