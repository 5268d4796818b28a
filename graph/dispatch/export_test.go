package dispatch

import "context"

// Hold takes a token of the response that ctx belongs to, as a running resolver has one.
func Hold(ctx context.Context) (release func()) {
	t := callOf(ctx).tracker
	t.add(1)
	return func() { t.release(1) }
}
