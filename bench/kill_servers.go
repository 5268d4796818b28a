package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// fleet are the servers on one database, each of which is killed and started
// again.
type fleet struct {
	program, database string
	flags             []string
	tries             *tries

	mu   sync.Mutex
	live []*server // by place; nil while a place has none
}

// start starts a server at each place.
func (f *fleet) start(ctx context.Context) error {
	var g errgroup.Group
	for place := range f.live {
		g.Go(func() error { return f.startAt(ctx, place) })
	}
	return g.Wait()
}

func (f *fleet) startAt(ctx context.Context, place int) error {
	s, err := startHeard(ctx, f.program, f.database, f.tries.hear, f.flags...)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live[place] = s
	return nil
}

// killAt kills the server at a place. Clients meet it before they hear of it.
func (f *fleet) killAt(place int) {
	f.mu.Lock()
	s := f.live[place]
	f.mu.Unlock()
	if s == nil {
		return
	}
	s.kill()
	f.tries.died(s.command.Process.Pid, time.Now())
	f.mu.Lock()
	f.live[place] = nil
	f.mu.Unlock()
}

// killAll kills all servers at once.
func (f *fleet) killAll() {
	var all sync.WaitGroup
	for place := range f.live {
		all.Go(func() { f.killAt(place) })
	}
	all.Wait()
}

// killRandomly kills servers, kills in all, each after a time up to longest, and
// starts another in the place of each.
func (f *fleet) killRandomly(ctx context.Context, kills int, longest time.Duration) error {
	left := make(chan bool, kills)
	for range kills {
		left <- true
	}
	close(left)
	var g errgroup.Group
	for place := range f.live {
		g.Go(func() error {
			for range left {
				pause(ctx, rand.N(longest))
				f.killAt(place)
				if err := f.startAt(ctx, place); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// killEvery kills one of the servers whenever the time has passed, kills in all,
// and starts another in its place.
func (f *fleet) killEvery(ctx context.Context, kills int, every time.Duration) error {
	for range kills {
		pause(ctx, every)
		place := rand.N(len(f.live))
		f.killAt(place)
		if err := f.startAt(ctx, place); err != nil {
			return err
		}
	}
	return nil
}

// any returns a server that lives, or lived a moment ago, or waits for one; nil
// when ctx has ended.
func (f *fleet) any(ctx context.Context) *server {
	for ctx.Err() == nil {
		if all := f.all(); len(all) > 0 {
			return all[rand.N(len(all))]
		}
		pause(ctx, 10*time.Millisecond)
	}
	return nil
}

// all returns the servers that live.
func (f *fleet) all() []*server {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []*server
	for _, s := range f.live {
		if s != nil {
			all = append(all, s)
		}
	}
	return all
}

// pause returns when the time has passed or ctx has ended.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
