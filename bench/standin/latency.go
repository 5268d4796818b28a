package standin

import (
	"context"
	"math"
	"math/rand/v2"
	"time"
)

// Latency is how long a call takes, from its arrival to the first byte of the
// answer. Median alone is a fixed time. With a P95 above it the times spread
// log-normally around Median, 5 % of them longer than P95.
type Latency struct {
	Median time.Duration
	P95    time.Duration
}

// z95 is the 95th percentile of the standard normal distribution.
const z95 = 1.6448536269514722

// longest bounds a draw: the tail of a wide distribution has no end.
const longest = 2 * time.Minute

func (l Latency) draw() time.Duration {
	if l.Median <= 0 || l.P95 <= l.Median {
		return l.Median
	}
	sigma := math.Log(float64(l.P95)/float64(l.Median)) / z95
	drawn := float64(l.Median) * math.Exp(sigma*rand.NormFloat64())
	return time.Duration(math.Min(drawn, float64(longest)))
}

// wait returns after d, or false at once when ctx ends.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
