package enrich

import (
	"context"
	"sync/atomic"
)

type hitsKey struct{}

// WithCounter returns a context that counts the facts of sources which are
// answered from what is stored, without asking.
func WithCounter(ctx context.Context) context.Context {
	return context.WithValue(ctx, hitsKey{}, new(atomic.Int64))
}

// HitsFrom returns how many such facts there were under the innermost
// WithCounter, and 0 where there is none. It is safe for concurrent use.
func HitsFrom(ctx context.Context) int {
	if n, ok := ctx.Value(hitsKey{}).(*atomic.Int64); ok {
		return int(n.Load())
	}
	return 0
}

func countHits(ctx context.Context, hits int) {
	if n, ok := ctx.Value(hitsKey{}).(*atomic.Int64); ok && hits > 0 {
		n.Add(int64(hits))
	}
}
