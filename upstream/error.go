package upstream

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is why a call failed.
type Kind string

// The kinds of failure.
const (
	// Timeout: no complete answer in time.
	Timeout Kind = "TIMEOUT"
	// RateLimited: the source, or our own limit for it, asks for fewer calls.
	RateLimited Kind = "RATE_LIMITED"
	// Refused: no connection, or one that broke off.
	Refused Kind = "REFUSED"
	// CircuitOpen: not tried, because the calls before it failed.
	CircuitOpen Kind = "CIRCUIT_OPEN"
	// BadAnswer: an answer that is not what was asked for.
	BadAnswer Kind = "BAD_ANSWER"
	// TooLarge: an answer beyond the size limit.
	TooLarge Kind = "TOO_LARGE"
	// Status: an answer with a status that is not one.
	Status Kind = "STATUS"
	// BadQuery: a question that the source does not take.
	BadQuery Kind = "BAD_QUERY"
	// Cancelled: whoever asked has gone.
	Cancelled Kind = "CANCELLED"
	// Offline: the server does not use the network.
	Offline Kind = "OFFLINE"
)

// Error is a call that failed. Its text is for logs; Reason is for users.
type Error struct {
	Source Source
	Op     string
	Kind   Kind
	Status int // of the answer; zero where none came
	// RetryAfter is how long the source asked to be left alone, capped.
	RetryAfter time.Duration
	Err        error

	again bool          // worth another attempt,
	wait  time.Duration // after this
}

// Error returns the whole story, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s", e.Source.Name(), e.Op, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, " %d", e.Status)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Reason returns a sentence for users of the API: why the source's facts are
// missing. It holds no address and no text from elsewhere.
func (e *Error) Reason() string {
	name := e.Source.Name()
	switch e.Kind {
	case Timeout:
		return name + " did not answer in time."
	case RateLimited:
		if e.Status == 0 {
			return name + " is being asked too often; this call was held back."
		}
		return name + " asks for fewer calls."
	case Refused:
		return name + " could not be reached, or broke the connection off."
	case CircuitOpen:
		return name + " kept failing and is left alone for a moment."
	case BadAnswer:
		return name + " gave an answer that makes no sense."
	case TooLarge:
		return name + " gave an answer that is larger than allowed."
	case Status:
		return fmt.Sprintf("%s answered with status %d.", name, e.Status)
	case BadQuery:
		return name + " does not accept this question."
	case Cancelled:
		return "The call to " + name + " was cancelled."
	case Offline:
		return name + " is not asked: the server runs offline."
	}
	return name + " could not be asked."
}

// Reason returns the Reason of the first Error in err's tree, and a general
// sentence for any other error. Without an error it is empty.
func Reason(err error) string {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Reason()
	}
	if errors.Is(err, ErrNotFound) {
		return "The source does not know it."
	}
	return "The source could not be asked."
}
