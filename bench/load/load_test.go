package load_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"loadline/bench/load"
)

func TestWindowCountsOnlyRightAnswers(t *testing.T) {
	t.Parallel()
	var served atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		if r.URL.Path == "/chunked" {
			fmt.Fprint(w, "in two ")
			w.(http.Flusher).Flush()
		}
		fmt.Fprint(w, "parts of", strings.Repeat(" text", 10_000))
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	request := func(path string) []byte { return []byte("GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\n\r\n") }
	wrong := errors.New("wrong")
	result, err := load.Window{
		Address: address, Connections: 3, For: time.Minute, Once: true,
		Requests: [][]byte{request("/whole"), request("/chunked"), request("/whole"), request("/bad")},
		Check: func(n, status int, body []byte) error {
			want := "parts of" + strings.Repeat(" text", 10_000)
			if n == 1 {
				want = "in two " + want
			}
			if n == 3 || status != http.StatusOK || string(body) != want {
				return fmt.Errorf("request %d: status %d, %d bytes: %w", n, status, len(body), wrong)
			}
			return nil
		},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Latencies) != 3 || result.Errors != 1 || !errors.Is(result.First, wrong) || served.Load() != 4 {
		t.Errorf("%d right, %d wrong (%v), %d served; want 3, 1, 4", len(result.Latencies), result.Errors, result.First, served.Load())
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	var r load.Result
	for i := range 200 {
		r.Latencies = append(r.Latencies, time.Duration(i+1))
	}
	for p, want := range map[int]time.Duration{50: 100, 95: 190, 99: 198, 100: 200} {
		if got := r.Percentile(p); got != want {
			t.Errorf("p%d is %d, want %d", p, got, want)
		}
	}
	if got := (load.Result{}).Percentile(50); got != 0 {
		t.Errorf("p50 of nothing is %d", got)
	}
}

func TestUsageIsOfTheWholeTree(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/smaps_rollup"); err != nil {
		t.Skip("the kernel does not tell: ", err)
	}
	// The shell's child is the one that works.
	shell := exec.CommandContext(t.Context(), "sh", "-c", "sh -c 'read line; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo; read line'; true")
	in, err := shell.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := shell.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close()
		_ = shell.Wait()
	}()
	all := load.Tree(shell.Process.Pid)
	for len(all) < 2 && t.Context().Err() == nil {
		all = load.Tree(shell.Process.Pid)
	}
	usage, err := all.During(t.Context(), func() error {
		if _, err := in.Write([]byte("\n")); err != nil {
			return err
		}
		_, err := out.Read(make([]byte, 1))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if usage.CPU == 0 || usage.Peak == 0 {
		t.Errorf("a busy child took %s and held %d bytes", usage.CPU, usage.Peak)
	}
}
