package store

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Signal says that something was committed, by this process or by another one on
// the same database.
type Signal struct {
	Jobs    []int64  // the jobs that are new or have changed
	Due     []string // the kinds of which one waits for a worker
	Changed bool     // a write that questions can see: a Follower says what it is about
	Missed  bool     // anything may have happened: what is shown has to be read again
}

func (s Signal) empty() bool {
	return len(s.Jobs) == 0 && len(s.Due) == 0 && !s.Changed && !s.Missed
}

// manyJobs is how many jobs a Signal names; of more it says Missed.
const manyJobs = 200

// add makes of two Signals one.
func (s Signal) add(other Signal) Signal {
	s.Jobs = distinct(append(s.Jobs, other.Jobs...))
	s.Due = distinct(append(s.Due, other.Due...))
	s.Changed = s.Changed || other.Changed
	s.Missed = s.Missed || other.Missed || len(s.Jobs) > manyJobs
	if s.Missed {
		s.Jobs, s.Due = nil, nil
	}
	return s
}

// signalJob has those who Watch hear of a job when the transaction is committed.
func (tx *Tx) signalJob(id int64) { tx.signal = tx.signal.add(Signal{Jobs: []int64{id}}) }

// signalDue has them hear that a job of the kind waits for a worker.
func (tx *Tx) signalDue(kind string) { tx.signal = tx.signal.add(Signal{Due: []string{kind}}) }

// signals hands Signals to those who Watch. What nobody has heard yet is one
// Signal, however much has happened.
type signals struct {
	mu    sync.Mutex
	heard map[chan Signal]bool
}

func (b *signals) send(sig Signal) {
	if sig.empty() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for ch := range b.heard {
		next := sig
		select {
		case old := <-ch:
			next = old.add(sig)
		default:
		}
		ch <- next // there is room: only this sends, under the lock
	}
}

func (b *signals) listen() (<-chan Signal, func()) {
	ch := make(chan Signal, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.heard == nil {
		b.heard = make(map[chan Signal]bool)
	}
	b.heard[ch] = true
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.heard, ch)
	}
}

// Watch calls hear with what is committed, one Signal at a time, until ctx ends.
// Own writes are heard at once; those of other processes on PostgreSQL as soon as
// they are committed (LISTEN, on a connection of its own), on SQLite within
// fileLookEvery, as Missed. Missed also comes first, and after a connection was
// lost. A slow hear gets several Signals as one.
func (s *Store) Watch(ctx context.Context, log *slog.Logger, hear func(Signal)) {
	heard, stop := s.signals.listen()
	defer stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		if s.listener != nil {
			s.listenAll(ctx, log)
		} else {
			s.lookAtFile(ctx, log)
		}
	})
	for {
		select {
		case <-ctx.Done():
			return
		case sig := <-heard:
			hear(sig)
		}
	}
}

// fileLookEvery is how often a process looks whether another one has written to
// its SQLite file.
const fileLookEvery = 500 * time.Millisecond

func (s *Store) lookAtFile(ctx context.Context, log *slog.Logger) {
	s.signals.send(Signal{Missed: true})
	tick := time.NewTicker(fileLookEvery)
	defer tick.Stop()
	last := -1
	for {
		var version int
		// The connection that writes: its own writes leave this number as it is.
		err := s.writer.GetContext(ctx, &version, `PRAGMA data_version`)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("writes of other processes not seen", "error", err)
		case version != last:
			if last != -1 {
				s.signals.send(Signal{Missed: true})
			}
			last = version
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// channel is what nodes on one PostgreSQL database speak on.
const channel = "loadline"

// notice is a Signal as it is sent to other nodes, and who sends it.
type notice struct {
	Node    int64    `json:"n"`
	Jobs    []int64  `json:"j,omitempty"`
	Due     []string `json:"d,omitempty"`
	Changed bool     `json:"c,omitempty"`
	Missed  bool     `json:"m,omitempty"`
}

// notify has the other nodes hear of the transaction when it is committed.
func (tx *Tx) notify(ctx context.Context, node int64) error {
	text, err := json.Marshal(notice{Node: node, Jobs: tx.signal.Jobs, Due: tx.signal.Due, Changed: tx.signal.Changed, Missed: tx.signal.Missed})
	if err != nil {
		return fmt.Errorf("store: notify: %w", err)
	}
	// It returns a row of nothing, which a count does without scanning.
	if _, err := tx.exec(ctx, `SELECT pg_notify(?, ?)`, channel, string(text)); err != nil {
		return fmt.Errorf("store: notify: %w", err)
	}
	return nil
}

const (
	// listenPause and listenMaxPause are the pauses before a lost connection is made
	// again, the first one and the longest.
	listenPause    = 100 * time.Millisecond
	listenMaxPause = 5 * time.Second
	// listenSilence is how long a connection may be silent before it is tried.
	listenSilence = 20 * time.Second
)

// listenAll hears what other nodes commit, over a connection that it makes again
// when it is lost.
func (s *Store) listenAll(ctx context.Context, log *slog.Logger) {
	for pause := listenPause; ; pause = min(2*pause, listenMaxPause) {
		began := time.Now()
		err := s.listenOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		log.Warn("connection to hear other nodes lost; it is made again", "error", err, "pause", pause)
		if time.Since(began) > listenMaxPause {
			pause = listenPause
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

func (s *Store) listenOnce(ctx context.Context) error {
	c, err := pgx.ConnectConfig(ctx, s.listener.Copy())
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	// Whatever was committed before this was heard by nobody.
	s.signals.send(Signal{Missed: true})
	for {
		waiting, cancel := context.WithTimeout(ctx, listenSilence)
		n, err := c.WaitForNotification(waiting)
		silent := waiting.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			var heard notice
			if err := json.Unmarshal([]byte(n.Payload), &heard); err != nil {
				s.signals.send(Signal{Missed: true})
			} else if heard.Node != s.node {
				s.signals.send(Signal{Jobs: heard.Jobs, Due: heard.Due, Changed: heard.Changed, Missed: heard.Missed})
			}
		case silent:
			trying, cancel := context.WithTimeout(ctx, listenMaxPause)
			err := c.Ping(trying)
			cancel()
			if err != nil {
				return err
			}
		default:
			return err
		}
	}
}
