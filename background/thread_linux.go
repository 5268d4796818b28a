package background

import "syscall"

const (
	// behind is how far behind the others of the process a thread of the background
	// is: it gets a tenth of what they get where all want more than there is.
	behind = 10
	// last is as far behind as there is.
	last = 19
)

// giveWay puts the calling thread behind the others. Where it may not, the work is
// done all the same.
func giveWay() {
	// The kernel answers with 20 less the priority.
	now, err := syscall.Getpriority(syscall.PRIO_PROCESS, syscall.Gettid())
	if err == nil {
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), min(20-now+behind, last))
	}
}
