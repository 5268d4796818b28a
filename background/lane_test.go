package background_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"loadline/background"
)

func TestSoManyAtATime(t *testing.T) {
	t.Parallel()
	lane := background.NewLane(2)
	var running, most atomic.Int64
	both := make(chan struct{})
	var meet sync.Once
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			err := lane.Do(t.Context(), func(func()) error {
				now := running.Add(1)
				defer running.Add(-1)
				for {
					m := most.Load()
					if now <= m || most.CompareAndSwap(m, now) {
						break
					}
				}
				if now == 2 {
					meet.Do(func() { close(both) })
				}
				<-both
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if most.Load() != 2 {
		t.Errorf("%d at a time, want 2", most.Load())
	}
}

func TestWhoPausesLetsOthersIn(t *testing.T) {
	t.Parallel()
	lane := background.NewLane(1)
	started, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		<-started
		if err := lane.Do(t.Context(), func(func()) error { return nil }); err != nil {
			t.Error(err)
		}
	}()
	err := lane.Do(t.Context(), func(pause func()) error {
		close(started)
		for {
			pause()
			select {
			case <-done:
				return nil
			default:
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhatEndsBeforeItsTurn(t *testing.T) {
	t.Parallel()
	lane := background.NewLane(1)
	err := lane.Do(t.Context(), func(func()) error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		return lane.Do(ctx, func(func()) error {
			t.Error("it had no turn")
			return nil
		})
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestWhatWorkReturns(t *testing.T) {
	t.Parallel()
	for _, lane := range []*background.Lane{nil, background.NewLane(1)} {
		wrong := errors.New("wrong")
		if err := lane.Do(t.Context(), func(pause func()) error { pause(); return wrong }); !errors.Is(err, wrong) {
			t.Errorf("got %v, want %v", err, wrong)
		}
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.HasPrefix(text, "no") || lane != nil && !strings.Contains(text, "lane_test.go") {
					t.Errorf("panicked with %s", text)
				}
			}()
			_ = lane.Do(t.Context(), func(func()) error { panic("no") })
			t.Error("the panic was lost")
		}()
		// The turn of what panicked is free again.
		if err := lane.Do(t.Context(), func(func()) error { return nil }); err != nil {
			t.Error(err)
		}
	}
}
