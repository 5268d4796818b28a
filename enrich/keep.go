package enrich

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"loadline/store"
)

const (
	// maxUnsaved is how many bytes of facts may wait to be saved before nothing
	// more is asked for.
	maxUnsaved = 64 << 20
	// factBytes is about what a fact takes beside its document.
	factBytes = 200
	// saveTimeout ends a write that the database never finishes.
	saveTimeout = time.Minute
)

// keeper writes facts to the store after they were answered with, so that no
// answer waits for the disk. What comes while it writes is written together. It
// counts no statements for whoever asked.
type keeper struct {
	store *store.Store
	log   *slog.Logger

	mu        sync.Mutex
	now, next *batch // being written, and waiting; nil where there is none
	work      sync.WaitGroup
}

// batch is what is written together.
type batch struct {
	parcels []parcel
	bytes   int
	done    chan struct{} // closed when it is in the store, or was given up
}

// parcel is the facts of one fetch.
type parcel struct {
	facts store.Facts
	saved func()
}

// add takes facts to be saved, and calls saved when they are, or cannot be.
func (k *keeper) add(facts store.Facts, saved func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.next == nil {
		k.next = &batch{done: make(chan struct{})}
	}
	k.next.parcels = append(k.next.parcels, parcel{facts, saved})
	k.next.bytes += factBytes * facts.Len()
	for _, a := range facts.Advisories {
		k.next.bytes += len(a.Document)
	}
	if k.now == nil {
		k.now, k.next = k.next, nil
		k.work.Go(k.run)
	}
}

func (k *keeper) run() {
	for now := k.now; now != nil; {
		k.write(now.parcels)
		for _, p := range now.parcels {
			p.saved()
		}
		k.mu.Lock()
		close(now.done)
		k.now, k.next = k.next, nil
		now = k.now
		k.mu.Unlock()
	}
}

func (k *keeper) write(parcels []parcel) {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	var all store.Facts
	for _, p := range parcels {
		all.Add(p.facts)
	}
	err := k.store.SaveFacts(ctx, all)
	if err == nil {
		return
	}
	if len(parcels) == 1 {
		k.log.Error("facts not stored", "count", all.Len(), "error", err)
		return
	}
	// One parcel that cannot be saved must not cost the others.
	for i := range parcels {
		k.write(parcels[i : i+1])
	}
}

// settle waits until everything that was added before is saved. Its error is
// that of ctx.
func (k *keeper) settle(ctx context.Context) error {
	k.mu.Lock()
	last := k.next
	if last == nil {
		last = k.now
	}
	k.mu.Unlock()
	if last == nil {
		return nil
	}
	return wait(ctx, last.done)
}

// room waits until there is room for more. Its error is that of ctx.
func (k *keeper) room(ctx context.Context) error {
	for {
		k.mu.Lock()
		now, bytes := k.now, 0
		for _, b := range []*batch{k.now, k.next} {
			if b != nil {
				bytes += b.bytes
			}
		}
		k.mu.Unlock()
		if now == nil || bytes < maxUnsaved {
			return nil
		}
		if err := wait(ctx, now.done); err != nil {
			return err
		}
	}
}

func wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// close waits until everything is saved.
func (k *keeper) close() { k.work.Wait() }
