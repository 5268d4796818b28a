package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestTriesTogetherAreFound(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	line := func(second int, what string, job int, worker string) string {
		return fmt.Sprintf(`time=%s level=INFO msg="job %s" job_id=%d kind=SYNC attempt=1 worker=%s`, start.Add(time.Duration(second)*time.Second).Format("2006-01-02T15:04:05.000Z07:00"), what, job, worker)
	}
	for name, test := range map[string]struct {
		lines []string
		died  int // the second in which process 7 did; 0: it did not
		want  int
	}{
		"one after the other":               {[]string{line(1, "started", 1, "a/7/0"), line(2, "will be retried", 1, "a/7/0"), line(2, "started", 1, "a/8/0"), line(3, "succeeded", 1, "a/8/0")}, 0, 0},
		"two jobs":                          {[]string{line(1, "started", 1, "a/7/0"), line(1, "started", 2, "a/8/0"), line(3, "succeeded", 1, "a/7/0"), line(3, "succeeded", 2, "a/8/0")}, 0, 0},
		"two at a time":                     {[]string{line(1, "started", 1, "a/7/0"), line(2, "started", 1, "a/8/0"), line(3, "succeeded", 1, "a/7/0"), line(3, "succeeded", 1, "a/8/0")}, 0, 1},
		"a short one within a long one":     {[]string{line(1, "started", 1, "a/7/0"), line(2, "started", 1, "a/8/0"), line(3, "failed", 1, "a/8/0"), line(4, "started", 1, "a/8/0"), line(5, "failed", 1, "a/8/0"), line(9, "failed", 1, "a/7/0")}, 0, 2},
		"after the end of a killed process": {[]string{line(1, "started", 1, "a/7/0"), line(5, "started", 1, "a/77/0"), line(6, "succeeded", 1, "a/77/0")}, 4, 0},
		"before it":                         {[]string{line(1, "started", 1, "a/7/0"), line(5, "started", 1, "a/77/0"), line(6, "succeeded", 1, "a/77/0")}, 6, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := newTries()
			for _, l := range test.lines {
				all.hear(l)
			}
			if test.died > 0 {
				all.died(7, start.Add(time.Duration(test.died)*time.Second))
			}
			if got := all.together(); len(got) != test.want {
				t.Errorf("found %q, want %d", got, test.want)
			}
		})
	}
}

func TestClientsTryAgainOnlyWhatMayHelp(t *testing.T) {
	t.Parallel()
	coded := func(code string) error {
		return refused([]byte(`[{"message":"m","extensions":{"code":"` + code + `"}}]`))
	}
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"a connection that is refused":   {&url.Error{Op: "Put", Err: syscall.ECONNREFUSED}, true},
		"an answer that is cut off":      {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), true},
		"a server that is busy":          {statusError{status: http.StatusServiceUnavailable}, true},
		"a proxy without a server":       {statusError{status: http.StatusBadGateway}, true},
		"an internal error":              {statusError{status: http.StatusInternalServerError}, false},
		"a bad request":                  {statusError{status: http.StatusBadRequest}, false},
		"a refusal that says try again":  {coded("BUSY"), true},
		"an internal error of GraphQL":   {coded("INTERNAL_SERVER_ERROR"), false},
		"a socket whose server goes":     {websocket.CloseError{Code: websocket.StatusGoingAway}, true},
		"a socket that broke a protocol": {websocket.CloseError{Code: 4400}, false},
		"anything else":                  {errors.New("it is not JSON"), false},
	} {
		if got := temporary(test.err); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestEventsAreRead(t *testing.T) {
	t.Parallel()
	const whole = ":\n\nevent: next\ndata: {\"data\":1}\n\nevent: next\ndata: {\"data\":2}\n\nevent: complete\ndata: \n\n"
	for name, test := range map[string]struct {
		text string
		told int
		cut  bool
	}{
		"to the end":      {whole, 2, false},
		"cut between two": {strings.SplitAfter(whole, "1}\n\n")[0], 1, true},
		"cut within one":  {whole[:20], 0, true},
	} {
		told := 0
		err := readEvents(strings.NewReader(test.text), func([]byte) error { told++; return nil })
		if told != test.told || (err != nil) != test.cut || err != nil && !temporary(err) {
			t.Errorf("%s: told %d times, %v", name, told, err)
		}
	}
}
