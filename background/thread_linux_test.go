package background_test

import (
	"runtime"
	"syscall"
	"testing"

	"loadline/background"
)

// The kernel tells 20 less the priority.
func priority(t *testing.T) int {
	t.Helper()
	p, err := syscall.Getpriority(syscall.PRIO_PROCESS, syscall.Gettid())
	if err != nil {
		t.Fatal(err)
	}
	return 20 - p
}

func TestThreadsOfALaneGiveWay(t *testing.T) {
	t.Parallel()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := priority(t)
	err := background.NewLane(1).Do(t.Context(), func(func()) error {
		if got, want := priority(t), min(before+10, 19); got != want {
			t.Errorf("priority %d in the lane, want %d", got, want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if got := priority(t); got != before {
		t.Errorf("priority %d outside, want %d as before", got, before)
	}
}
