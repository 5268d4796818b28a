package main

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"loadline/upstream"
)

// meters are what /metrics shows.
type meters struct {
	registry  *prometheus.Registry
	calls     *prometheus.HistogramVec
	batches   prometheus.Counter
	keys      prometheus.Counter
	fallbacks prometheus.Counter
}

func newMeters() *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "loadline_upstream_call_duration_seconds",
			Help:    "Attempts at calls to upstreams, repeated ones included, by outcome.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 12),
		}, []string{"source", "operation", "outcome"}),
		batches: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "loadline_dispatch_batches_total",
			Help: "Batches that the loaders of answers have sent to the database or to what asks upstreams.",
		}),
		keys: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "loadline_dispatch_keys_total",
			Help: "Keys in those batches.",
		}),
		fallbacks: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "loadline_dispatch_fallbacks_total",
			Help: "Times that batches left because of a timer, which ought never to be.",
		}),
	}
	m.registry.MustRegister(m.calls, m.batches, m.keys, m.fallbacks, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// upstreamCall counts an attempt.
func (m *meters) upstreamCall(_ context.Context, a upstream.Attempt) {
	outcome := "ok"
	if a.Err != nil {
		outcome = "failed"
	}
	m.calls.WithLabelValues(string(a.Source), a.Op, outcome).Observe(a.Duration.Seconds())
}

// batch counts a batch.
func (m *meters) batch(keys int) {
	m.batches.Inc()
	m.keys.Add(float64(keys))
}

func (m *meters) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
