package load

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Processes are a process and those that it started, as the kernel shows them
// below /proc.
type Processes []int

// Tree returns a process and all below it.
func Tree(pid int) Processes {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		fields := statFields(name)
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil || len(fields) < 2 {
			continue
		}
		if parent, err := strconv.Atoi(fields[1]); err == nil {
			children[parent] = append(children[parent], child)
		}
	}
	all := Processes{pid}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// statFields returns the fields behind the name of the program, of which the
// first is the state; none where the process has ended.
func statFields(name string) []string {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
}

// tick is the unit of the times in /proc/PID/stat.
const tick = 10 * time.Millisecond

// CPU returns the processor time, user and system, that they have taken.
func (p Processes) CPU() time.Duration {
	var total time.Duration
	for _, pid := range p {
		fields := statFields(fmt.Sprintf("/proc/%d/stat", pid))
		for _, at := range []int{11, 12} {
			if len(fields) > at {
				n, _ := strconv.Atoi(fields[at])
				total += time.Duration(n) * tick
			}
		}
	}
	return total
}

// Memory returns what they hold, in bytes, with what they share counted once.
func (p Processes) Memory() int64 {
	var total int64
	for _, pid := range p {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(b)) {
			if text, ok := strings.CutPrefix(line, "Pss:"); ok {
				n, _ := strconv.ParseInt(strings.Fields(text)[0], 10, 64)
				total += n << 10
			}
		}
	}
	return total
}

// Usage is what processes took during a time.
type Usage struct {
	CPU  time.Duration
	Peak int64 // the most memory at once that was seen, in bytes
}

// memoryEvery is how often memory is looked at. Each look stops the process for
// about a millisecond.
const memoryEvery = 300 * time.Millisecond

// During returns what they took while f ran.
func (p Processes) During(ctx context.Context, f func() error) (Usage, error) {
	ctx, stop := context.WithCancel(ctx)
	u := Usage{Peak: p.Memory()}
	var watching sync.WaitGroup
	watching.Go(func() {
		every := time.NewTicker(memoryEvery)
		defer every.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
				u.Peak = max(u.Peak, p.Memory())
			}
		}
	})
	before := p.CPU()
	err := f()
	u.CPU = p.CPU() - before
	stop()
	watching.Wait()
	return u, err
}

// Busy returns how much of the machine's processors was in use since the last
// call of the function that it returns, 0 to 1.
func Busy() func() float64 {
	read := func() (busy, total float64) {
		b, err := os.ReadFile("/proc/stat")
		if err != nil {
			return 0, 0
		}
		line, _, _ := strings.Cut(string(b), "\n")
		for i, field := range strings.Fields(line)[1:9] {
			n, _ := strconv.ParseFloat(field, 64)
			total += n
			if i != 3 && i != 4 { // idle, and waiting for a disk
				busy += n
			}
		}
		return busy, total
	}
	lastBusy, lastTotal := read()
	return func() float64 {
		busy, total := read()
		defer func() { lastBusy, lastTotal = busy, total }()
		if total == lastTotal {
			return 0
		}
		return (busy - lastBusy) / (total - lastTotal)
	}
}
