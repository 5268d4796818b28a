package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The demo from start to stop: it shows a table, answers the question, and
// leaves nothing behind.
func TestDemo(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, write := io.Pipe()
	var stderr bytes.Buffer
	status := make(chan int, 1)
	go func() {
		defer write.Close()
		status <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, write, &stderr)
	}()
	shown, url := watchDemo(t, read)

	for _, want := range []string{"SAMPLE DATA, NOT FOR DECISIONS", url + "/playground", "67 components", "known to be exploited"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not on the screen:\n%s", want, shown)
		}
	}
	if !regexp.MustCompile(`(?m)^CRITICAL +CVE-2021-44228 +\S+log4j-core +2\.14\.1 +2\.15\.0 +100\.0% +yes, by ransomware$`).MatchString(shown) {
		t.Errorf("Log4Shell is not in the table:\n%s", shown)
	}
	lodash, jquery := askDemo(t, url, "lodash"), askDemo(t, url, "jquery")
	if lodash.Version != "4.17.20" || !lodash.Direct || lodash.Package.LatestVersion.Version != "4.18.1" {
		t.Errorf("got %+v", lodash)
	}
	injection := lodash.finding("CVE-2021-23337")
	if injection.FixedIn != "4.17.21" || injection.Vulnerability.EPSS == nil || injection.Vulnerability.Severity == nil || injection.Vulnerability.Severity.Rating != "HIGH" {
		t.Errorf("got %+v", injection)
	}
	if v := jquery.finding("CVE-2020-11023").Vulnerability; v.Kev == nil || !strings.HasSuffix(v.Summary, "(sample record)") {
		t.Errorf("got %+v", v)
	}
	var tagged struct {
		Data struct{ Project struct{ Tags []string } }
	}
	postDemo(t, url, `{ project(name: "ledger") { tags } }`, nil, &tagged)
	if len(tagged.Data.Project.Tags) != 2 {
		t.Errorf("ledger is not marked as sample data: %q", tagged.Data.Project.Tags)
	}
	for _, page := range []string{"/", "/playground", "/healthz", "/readyz"} {
		resp, err := http.Get(url + page)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s is answered %s", page, resp.Status)
		}
	}

	stop()
	if got := <-status; got != 0 {
		t.Errorf("it ended with status %d", got)
	}
	if stderr.Len() > 0 {
		t.Errorf("it complained:\n%s", stderr.String())
	}
	checkEmpty(t, temp)
}

// The demo in a process of its own, where every call to another machine would
// have to go through a proxy, until somebody interrupts it.
func TestDemoStaysHere(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("it asked for %s %s", r.Method, r.RequestURI)
	}))
	defer proxy.Close()
	program, err := exec.LookPath("loadline")
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	command := exec.CommandContext(t.Context(), program, "demo", "--listen", "127.0.0.1:0")
	command.Env = append(os.Environ(), "TMPDIR="+temp, "HTTP_PROXY="+proxy.URL, "HTTPS_PROXY="+proxy.URL, "NO_PROXY=",
		"http_proxy="+proxy.URL, "https_proxy="+proxy.URL, "no_proxy=")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_, url := watchDemo(t, stdout)
	askDemo(t, url, "lodash")
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("it ended badly: %v", err)
	}
	checkEmpty(t, temp)
}

// A demo whose screen goes away ends, and leaves nothing behind.
func TestDemoWithoutScreen(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("loadline")
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	defer write.Close()
	temp := t.TempDir()
	command := exec.CommandContext(t.Context(), program, "demo", "--listen", "127.0.0.1:0")
	command.Env = append(os.Environ(), "TMPDIR="+temp)
	command.Stdout = write
	var stderr bytes.Buffer
	command.Stderr = &stderr
	var exit *exec.ExitError
	if err := command.Run(); !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(stderr.String(), "broken pipe") {
		t.Errorf("got %v\n%s", err, stderr.String())
	}
	checkEmpty(t, temp)
}

func TestDemoStoppedEarly(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var stderr bytes.Buffer
	if got := run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, io.Discard, &stderr); got != 0 || stderr.Len() > 0 {
		t.Errorf("it ended with status %d:\n%s", got, stderr.String())
	}
	checkEmpty(t, temp)
}

func TestDemoAddress(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := (demoCommand{Listen: taken.Addr().String()}).listen(); err == nil || !strings.HasPrefix(err.Error(), "--listen "+taken.Addr().String()) {
		t.Errorf("got %v, want an error that names the flag", err)
	}
	for range 2 {
		listener, err := demoCommand{}.listen()
		if err != nil {
			t.Fatalf("it takes no other port: %v", err)
		}
		defer listener.Close()
	}
}

func TestLocalURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080",
		"[::1]:8080":     "http://[::1]:8080",
		"0.0.0.0:80":     "http://localhost:80",
		"[::]:8080":      "http://localhost:8080",
	} {
		tcp, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if got := localURL(tcp); got != want {
			t.Errorf("localURL(%s) = %s, want %s", address, got, want)
		}
	}
}

var playgroundAt = regexp.MustCompile(`(?m)^ +Playground +(\S+)/playground$`)

// watchDemo reads until all that the demo shows at its start has been shown.
func watchDemo(t *testing.T, screen io.Reader) (shown, url string) {
	t.Helper()
	var all strings.Builder
	lines := bufio.NewScanner(screen)
	for lines.Scan() {
		all.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "Ctrl-C ends") {
			found := playgroundAt.FindStringSubmatch(all.String())
			if found == nil {
				break
			}
			return all.String(), found[1]
		}
	}
	t.Fatalf("the demo did not start:\n%s", all.String())
	return "", ""
}

type demoFinding struct {
	FixedIn       string
	Vulnerability struct {
		ID, Summary string
		Severity    *struct{ Rating string }
		EPSS        *struct{ Probability float64 }
		Kev         *struct{ DateAdded string }
	}
}

type demoComponent struct {
	Name, Version string
	Direct        bool
	Package       *struct {
		LatestVersion *struct{ Version string }
	}
	Findings []demoFinding
}

func (c demoComponent) finding(id string) demoFinding {
	for _, f := range c.Findings {
		if f.Vulnerability.ID == id {
			return f
		}
	}
	return demoFinding{}
}

// askDemo asks the question about shop-frontend 2.4.0 until the newest version of
// the component is known, which the server fetches in the background.
func askDemo(t *testing.T, url, name string) demoComponent {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for {
		var answer struct {
			Data struct {
				Project struct {
					Release struct {
						Components struct{ Nodes []demoComponent }
					}
				}
			}
		}
		postDemo(t, url, theQuestion, map[string]string{"project": "shop-frontend", "release": "2.4.0"}, &answer)
		for _, c := range answer.Data.Project.Release.Components.Nodes {
			if c.Name == name && c.Package != nil && c.Package.LatestVersion != nil {
				return c
			}
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("the newest version of %s does not become known", name)
		}
	}
}

func postDemo(t *testing.T, url, query string, variables map[string]string, answer any) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(url+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		t.Fatal(err)
	}
}

func checkEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("%s was left behind", e.Name())
	}
}
