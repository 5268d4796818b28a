package store

import (
	"context"
	"sync/atomic"
)

type counterKey struct{}

// WithCounter returns a context that counts the statements run with it.
func WithCounter(ctx context.Context) context.Context {
	return context.WithValue(ctx, counterKey{}, new(atomic.Int64))
}

// StatementsFrom returns how many statements have been run with a context that
// WithCounter made, or with one derived from it; 0 for any other context.
func StatementsFrom(ctx context.Context) int {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		return int(n.Load())
	}
	return 0
}

func countStatement(ctx context.Context) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}
