package upstream

import (
	"context"
	"sync/atomic"
	"time"
)

type (
	counterKey  struct{}
	observerKey struct{}
	budgetKey   struct{}
)

// WithCounter returns a context that counts the attempts made under it, by all
// Clients; CallsFrom reads the count.
func WithCounter(ctx context.Context) context.Context {
	return context.WithValue(ctx, counterKey{}, new(atomic.Int64))
}

// CallsFrom returns how many attempts reached the network under the innermost
// WithCounter, and 0 where there is none. It is safe for concurrent use.
func CallsFrom(ctx context.Context) int {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		return int(n.Load())
	}
	return 0
}

func countCall(ctx context.Context) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

// WithObserver returns a context under which every attempt is told of when it has
// ended. It may be called from several goroutines.
func WithObserver(ctx context.Context, observe func(Attempt)) context.Context {
	return context.WithValue(ctx, observerKey{}, observe)
}

// WithBudget returns a context under which each call may take d in place of its
// Client's Budget: background work can wait longer than a person.
func WithBudget(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, budgetKey{}, d)
}

func budget(ctx context.Context, otherwise time.Duration) time.Duration {
	if d, ok := ctx.Value(budgetKey{}).(time.Duration); ok {
		return d
	}
	return otherwise
}
