// Package background runs the work that nobody waits for at a screen, so that
// whoever asks a question meanwhile has the processors first.
package background

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// Lane is a way for so many pieces of work at a time. On Linux each runs on a
// thread of its own that gives way to the others of the machine. A nil Lane keeps
// nothing waiting.
type Lane struct{ turns chan struct{} }

// NewLane returns a Lane for n pieces of work at a time.
func NewLane(n int) *Lane { return &Lane{turns: make(chan struct{}, n)} }

// Do runs do when it is its turn, and returns what do returned; ctx's error if
// that ended first. Work that takes long calls pause between two of its parts,
// where it holds nothing that others wait for: they have their turn then. A panic
// of do is one of Do, of a text that has its stack.
func (l *Lane) Do(ctx context.Context, do func(pause func()) error) error {
	if l == nil {
		return do(func() {})
	}
	select {
	case l.turns <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	var err error
	ended := make(chan any, 1)
	go func() {
		// It is never unlocked: the thread ends with the goroutine, as its priority
		// could not be raised again.
		runtime.LockOSThread()
		giveWay()
		defer func() {
			p := recover()
			if p != nil {
				p = fmt.Sprintf("%v\n\n%s", p, debug.Stack())
			}
			ended <- p
		}()
		err = do(l.pause)
	}()
	panicked := <-ended
	<-l.turns
	if panicked != nil {
		panic(panicked)
	}
	return err
}

// pause gives up the turn and takes the next one: turns come in the order in
// which they are asked for.
func (l *Lane) pause() {
	<-l.turns
	l.turns <- struct{}{}
}
