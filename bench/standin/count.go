package standin

import "sync/atomic"

// Count is what one endpoint was asked.
type Count struct {
	Calls   int64 `json:"calls"`
	Items   int64 `json:"items"`   // queries of batches, CVE ids, records, files
	Faulted int64 `json:"faulted"` // calls that a fault was applied to
	Peak    int64 `json:"peak"`    // most calls under way at once
}

// Counts holds a Count for each endpoint that was called.
type Counts map[Endpoint]Count

// Of returns the sum over the endpoints of on: an endpoint, a source, or "" for
// all. Its Peak is the highest among them.
func (c Counts) Of(on Endpoint) Count {
	var sum Count
	for e, n := range c {
		if on.covers(e) {
			sum.Calls += n.Calls
			sum.Items += n.Items
			sum.Faulted += n.Faulted
			sum.Peak = max(sum.Peak, n.Peak)
		}
	}
	return sum
}

type counter struct{ calls, items, faulted, now, peak atomic.Int64 }

type counters [len(endpoints)]counter

// begin counts a call; the function it returns ends it.
func (c *counters) begin(e Endpoint, faulted bool) (done func()) {
	n := &c[e.index()]
	n.calls.Add(1)
	if faulted {
		n.faulted.Add(1)
	}
	for now := n.now.Add(1); ; {
		peak := n.peak.Load()
		if now <= peak || n.peak.CompareAndSwap(peak, now) {
			break
		}
	}
	return func() { n.now.Add(-1) }
}

func (c *counters) items(e Endpoint, n int) { c[e.index()].items.Add(int64(n)) }

func (c *counters) read() Counts {
	counts := Counts{}
	for i := range c {
		if n := &c[i]; n.calls.Load() > 0 {
			counts[endpoints[i]] = Count{n.calls.Load(), n.items.Load(), n.faulted.Load(), n.peak.Load()}
		}
	}
	return counts
}

func (c *counters) reset() {
	for i := range c {
		n := &c[i]
		n.calls.Store(0)
		n.items.Store(0)
		n.faulted.Store(0)
		n.peak.Store(n.now.Load())
	}
}
