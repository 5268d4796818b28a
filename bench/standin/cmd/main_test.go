package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestRunServesUntilItIsStopped(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--fault", "osv=503,first=1,retry-after=9"}, write, io.Discard)
	}()
	url, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{503, 200} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSpace(url)+"/v1/vulns/GO-2099-0001", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("status %d, want %d", resp.StatusCode, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("after the stop: %v", err)
	}
}

func TestRunNamesTheFlagThatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"directory", []string{"--advisories", "no/such/directory"}, "--advisories no/such/directory"},
		{"address", []string{"--listen", "nowhere:none"}, "--listen nowhere:none"},
		{"fault", []string{"--fault", "osv=sometimes"}, "-fault"},
		{"argument", []string{"serve"}, `"serve"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := run(t.Context(), tc.args, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one that names %s", err, tc.want)
			}
		})
	}
}
