package dispatch

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// Go runs f in a goroutine of its own, which loaders take into account like a
// resolver: without it, a batch may leave before that goroutine has loaded its
// keys. The function returned waits for f without holding batches back, and
// returns its error, the error of ctx when that ends first, or a *PanicError
// when f panicked. The resolver should call it before it returns.
func Go(ctx context.Context, f func(context.Context) error) (wait func() error) {
	caller := callOf(ctx)
	l := newLatch()
	var err error
	if caller == nil {
		go protect(func() error { return f(ctx) }, func(e error) {
			err = e
			l.open()
		})
	} else {
		c := &call{Context: ctx, tracker: caller.tracker, fc: caller.fc}
		c.tokens.Store(1)
		c.tracker.add(1)
		go protect(func() error { return f(c) }, func(e error) {
			err = e
			l.credit()
			c.end()
			c.tracker.release(1)
			close(l.done)
		})
	}
	return func() error {
		if err := l.wait(ctx, caller); err != nil {
			return err
		}
		return err
	}
}

// PanicError is the error of keys whose batch function panicked, and of a
// function given to Go that did.
type PanicError struct {
	Value any
	// Stack is the stack of the goroutine that panicked. It is not part of the message.
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

var errLeft = errors.New("left its goroutine")

// protect calls f and then done with its error, also when f panics or ends its goroutine.
func protect(f func() error, done func(error)) {
	err := errLeft
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		done(err)
	}()
	err = f()
}
