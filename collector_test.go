package main

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestTuneCollector(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) })
	for _, test := range []struct {
		name        string
		environment map[string]string
		percent     int
		limit       int64
	}{
		{"nothing is set", nil, collectPercent, memoryLimit},
		{"the environment sets one", map[string]string{"GOGC": "50"}, 100, memoryLimit},
		{"the environment sets the other", map[string]string{"GOMEMLIMIT": "1GiB"}, collectPercent, math.MaxInt64},
	} {
		t.Run(test.name, func(t *testing.T) {
			debug.SetGCPercent(100)
			debug.SetMemoryLimit(math.MaxInt64)
			tuneCollector(func(name string) (string, bool) { v, ok := test.environment[name]; return v, ok })
			if got := debug.SetGCPercent(100); got != test.percent {
				t.Errorf("GC percent %d, want %d", got, test.percent)
			}
			if got := debug.SetMemoryLimit(math.MaxInt64); got != test.limit {
				t.Errorf("memory limit %d, want %d", got, test.limit)
			}
		})
	}
}
