package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// describe says what was done to the servers.
func (k *killing) describe(took time.Duration) {
	how := fmt.Sprintf("at random moments within %s of its start", k.longest)
	if k.every > 0 {
		how = fmt.Sprintf("every %s", k.every)
	}
	last := "the last one"
	if n := len(k.fleet.live); n > 1 {
		last = fmt.Sprintf("the last %d at once", n)
	}
	c := k.clients
	fmt.Fprintf(k.stdout, "servers at a time: %d; killed by SIGKILL: %d, one %s, %s, in %s\n", len(k.fleet.live), k.kills, how, last, took.Round(time.Second))
	fmt.Fprintf(k.stdout, "uploads accepted: %d; questions: %d; the mirror was changed %d times; subscriptions opened: %d\n", len(c.accepted), c.asked, k.mirror.turns, c.connected)
	fmt.Fprintf(k.stdout, "tried again by clients because the connection broke or was refused, or the server said so: %s\n", c.triedAgain())
}

// check lets the last servers finish, and looks at all uploads and findings.
func (k *killing) check(ctx context.Context, began time.Time, followers *sync.WaitGroup) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s := k.fleet.any(ctx)
	open, err := s.openJobs(ctx)
	if err != nil {
		return err
	}
	for waiting := open; waiting > 0; {
		pause(ctx, 50*time.Millisecond)
		now, err := s.openJobs(ctx)
		if err != nil {
			return fmt.Errorf("%d jobs did not end within %s: %w", waiting, patience, err)
		}
		waiting = now
	}
	fmt.Fprintf(k.stdout, "jobs that were open at the last start: %d; the last of them ended %s after it\n", open, since(began))

	attempts := map[int]int{}
	for _, u := range k.clients.accepted {
		j, err := s.job(ctx, u.job)
		if err != nil {
			return fmt.Errorf("%s: was accepted, and its job is lost: %w", u.project, err)
		}
		n, err := s.shown(ctx, u.project)
		if err != nil {
			return err
		}
		if j.State != "SUCCEEDED" || n != u.components {
			k.clients.fault("%s: %s after %d attempts, with %d of %d components", u.project, j.State, j.Attempts, n, u.components)
		}
		attempts[j.Attempts]++
	}
	fmt.Fprintf(k.stdout, "looked at all %d uploads; their jobs by attempts: %v\n", len(k.clients.accepted), attempts)
	if !within(ctx, followers) {
		k.clients.fault("subscribers were not told the end of their jobs within %s", patience)
	}
	return k.checkFindings(ctx, began)
}

// checkFindings waits until each server says what the mirror's last state says.
func (k *killing) checkFindings(ctx context.Context, began time.Time) error {
	for _, s := range k.fleet.all() {
		for where := "not asked"; where != ""; {
			found, err := s.watchedFindings(ctx)
			if err != nil {
				return fmt.Errorf("findings: %w; before that: %s", err, where)
			}
			if where = k.mirror.differs(found); where != "" {
				pause(ctx, 50*time.Millisecond)
			}
		}
	}
	fmt.Fprintf(k.stdout, "findings of %d known components are those of the mirror's last state on each server, %s after the last start\n", watchedEach*len(purlTypes), since(began))
	return nil
}

// checkWatchers lets go of those who follow findings, and looks whether each was
// told the present revision.
func (k *killing) checkWatchers(ctx context.Context, hangUp context.CancelFunc, watching *sync.WaitGroup, revisions []int) error {
	want, err := k.fleet.any(ctx).revision(ctx)
	if err != nil {
		return err
	}
	// A change that no commit tells of is looked for once a second.
	pause(ctx, 2*time.Second)
	hangUp()
	watching.Wait()
	for i, got := range revisions {
		if got < want {
			k.clients.fault("subscriber %d to findings was last told revision %d, not %d", i, got, want)
		}
	}
	return nil
}

// verdict says what was found, and fails if that is anything, or if it could not
// be looked at to the end because of err.
func (k *killing) verdict(err error) error {
	fmt.Fprintf(k.stdout, "tries of jobs: %s\n", k.fleet.tries.counts())
	faults := k.clients.faults
	for _, two := range k.fleet.tries.together() {
		faults = append(faults, "twice at the same time: "+two)
	}
	if n := len(k.fleet.tries.errs); n > 0 {
		fmt.Fprintf(k.stdout, "errors logged: %d, such as %s\n", n, k.fleet.tries.errs[0])
	}
	for _, line := range k.fleet.tries.errs {
		if strings.Contains(line, "panicked") {
			faults = append(faults, "a panic: "+line)
		}
	}
	if len(faults) > 0 {
		err = errors.Join(err, fmt.Errorf("%d faults:\n%s", len(faults), strings.Join(faults[:min(len(faults), 20)], "\n")))
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(k.stdout, "lost: nothing; half-visible: nothing; jobs run twice at the same time: none; errors that a client cannot try again: none; subscribers that were not told: none")
	return nil
}

// within says whether all have ended before ctx.
func within(ctx context.Context, all *sync.WaitGroup) bool {
	done := make(chan struct{})
	go func() { defer close(done); all.Wait() }()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

func since(began time.Time) time.Duration { return time.Since(began).Round(10 * time.Millisecond) }
