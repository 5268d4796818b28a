package cli

import (
	"errors"
	"fmt"
	"io"
)

// Output is where a command writes, and by what name it calls upstreams.
type Output struct {
	Stdout, Stderr io.Writer
	UserAgent      string
}

// ErrFindings says that a scan found what --fail-on asks about.
var ErrFindings = errors.New("findings")

// The exit statuses.
const (
	statusClean    = 0
	statusFindings = 1
	statusError    = 2
)

// Status runs a command and returns its exit status; what went wrong is written
// to stderr.
func Status(stderr io.Writer, command func() error) int {
	switch err := command(); {
	case err == nil:
		return statusClean
	case errors.Is(err, ErrFindings):
		return statusFindings
	default:
		fmt.Fprintf(stderr, "loadline: %v\n", err)
		return statusError
	}
}
