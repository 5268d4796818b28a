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
	registry *prometheus.Registry
	calls    *prometheus.HistogramVec
}

func newMeters() *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "loadline_upstream_call_duration_seconds",
			Help:    "Attempts at calls to upstreams, repeated ones included, by outcome.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 12),
		}, []string{"source", "operation", "outcome"}),
	}
	m.registry.MustRegister(m.calls, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
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

func (m *meters) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
