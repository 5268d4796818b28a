package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// try is one try of a job, as its server logged it.
type try struct {
	job, kind, worker string
	from, to          time.Time
	cut               bool // its server was killed at it
}

// tries are all tries of jobs on any server.
type tries struct {
	mu   sync.Mutex
	open map[string]try // by worker: each does one at a time
	all  map[string][]try
	errs []string
}

func newTries() *tries { return &tries{open: map[string]try{}, all: map[string][]try{}} }

var (
	aboutJob = regexp.MustCompile(`^time=(\S+) level=\S+ msg="?(job[^"]*)"? job_id=(\d+) kind=(\S+) attempt=\d+ worker=(\S+)`)
	gravely  = regexp.MustCompile(`^time=\S+ level=ERROR `)
)

// hear takes a line of a server's log.
func (t *tries) hear(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if gravely.MatchString(line) {
		t.errs = append(t.errs, line)
	}
	m := aboutJob.FindStringSubmatch(line)
	if m == nil {
		return
	}
	at, err := time.Parse(time.RFC3339Nano, m[1])
	if err != nil {
		return
	}
	switch worker := m[5]; m[2] {
	case "job started":
		t.open[worker] = try{job: m[3], kind: m[4], worker: worker, from: at}
	case "job succeeded", "job failed", "job cancelled", "job interrupted", "job will be retried", "job is somebody else's, or deleted, by now":
		t.end(worker, at, false)
	}
}

// died notes that a process has ended: nothing of it goes on.
func (t *tries) died(pid int, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for worker := range t.open {
		if strings.Contains(worker, fmt.Sprintf("/%d/", pid)) {
			t.end(worker, at, true)
		}
	}
}

func (t *tries) end(worker string, at time.Time, cut bool) {
	if o, ok := t.open[worker]; ok {
		o.to, o.cut = at, cut
		t.all[o.job] = append(t.all[o.job], o)
		delete(t.open, worker)
	}
}

// together returns the tries of one job that began before another of it ended,
// each described.
func (t *tries) together() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found []string
	for _, id := range slices.Sorted(maps.Keys(t.all)) {
		of := slices.Clone(t.all[id])
		slices.SortFunc(of, func(a, b try) int { return a.from.Compare(b.from) })
		for i := 1; i < len(of); i++ {
			if of[i].from.Before(of[i-1].to) {
				found = append(found, fmt.Sprintf("job %s: %s from %s, though %s was at it until %s", id, of[i].worker,
					of[i].from.Format(time.StampMilli), of[i-1].worker, of[i-1].to.Format(time.StampMilli)))
			}
			// The longer one is what the next has to come after.
			if of[i].to.Before(of[i-1].to) {
				of[i].to, of[i].worker = of[i-1].to, of[i-1].worker
			}
		}
	}
	return found
}

// counts says how many tries there were of each kind, and how many of them a kill
// has cut short.
func (t *tries) counts() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	all, cut := map[string]int{}, map[string]int{}
	for _, of := range t.all {
		for _, o := range of {
			all[o.kind]++
			if o.cut {
				cut[o.kind]++
			}
		}
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		parts = append(parts, fmt.Sprintf("%d %s (%d cut short by a kill)", all[kind], kind, cut[kind]))
	}
	return strings.Join(parts, ", ")
}
