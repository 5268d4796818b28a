package dispatch

import "context"

// Hold takes a token of the response that ctx belongs to, as a running resolver has one.
func Hold(ctx context.Context) (release func()) {
	t := callOf(ctx).tracker
	t.add(1)
	return func() { t.release(1) }
}

// Tokens returns how many tokens of the response that ctx belongs to are out.
func Tokens(ctx context.Context) int { return int(callOf(ctx).tracker.tokens()) }

// Waits returns how many goroutines of the resolver that ctx belongs to are parked.
func Waits(ctx context.Context) int { return int(callOf(ctx).waits.Load()) }
