package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"loadline/bench/standin"
	"loadline/store/storetest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"loadline": main})
}

// The stories in testdata/script, each of the whole program. Beside testscript's
// own commands there are:
//
//	upstreams             starts stand-in upstreams and points LOADLINE_…_URL at them
//	break SOURCE KIND     makes the calls to a source (osv, epss, kev, depsdev) go wrong
//	serve ARG…            starts the program as a server and sets $URL
//	signal                ends the server as an operator would, and waits for it
//	http METHOD PATH [FILE]
//	                      sends a request to the server; its status and body are the output
//	postgres              makes a PostgreSQL database and sets $POSTGRES to its URL, and
//	                      $POSTGRES_AGAIN to another one of it
//
// The condition [postgres] says whether there is a server for that.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"upstreams": startUpstreams,
			"break":     breakUpstream,
			"serve":     startServer,
			"signal":    stopServer,
			"http":      request,
			"postgres":  func(ts *testscript.TestScript, _ bool, _ []string) { makePostgres(t, ts) },
		},
		Condition: func(name string) (bool, error) {
			if name != "postgres" {
				return false, fmt.Errorf("there is no condition %q", name)
			}
			return storetest.HasPostgres(), nil
		},
		Setup: func(env *testscript.Env) error {
			env.Values[storyKey{}] = &story{}
			if storetest.OnPostgres() {
				env.Setenv("LOADLINE_DATABASE", storetest.DSN(t))
			}
			return nil
		},
	})
}

type storyKey struct{}

// story is what a script has started.
type story struct {
	upstreams *standin.Server
	server    *exec.Cmd
	log       *sink
}

func storyOf(ts *testscript.TestScript) *story { return ts.Value(storyKey{}).(*story) }

func startUpstreams(ts *testscript.TestScript, _ bool, _ []string) {
	s := storyOf(ts)
	s.upstreams = standin.New(standin.Config{})
	server := httptest.NewServer(s.upstreams)
	ts.Defer(server.Close)
	for _, name := range []string{"OSV", "EPSS", "KEV", "DEPSDEV"} {
		ts.Setenv("LOADLINE_"+name+"_URL", server.URL)
	}
}

func breakUpstream(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: break SOURCE KIND")
	}
	storyOf(ts).upstreams.Fault(standin.Endpoint(args[0]), standin.Fault{Kind: standin.Kind(args[1])})
}

var servingAt = regexp.MustCompile(`msg=serving url=(\S+)`)

func startServer(ts *testscript.TestScript, _ bool, args []string) {
	s := storyOf(ts)
	path, err := exec.LookPath("loadline")
	ts.Check(err)
	s.server = exec.Command(path, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	s.server.Dir = ts.Getenv("WORK")
	s.server.Env = append(os.Environ(), "HOME="+ts.Getenv("WORK"))
	for _, name := range []string{"OSV_URL", "EPSS_URL", "KEV_URL", "DEPSDEV_URL", "DATABASE"} {
		if value := ts.Getenv("LOADLINE_" + name); value != "" {
			s.server.Env = append(s.server.Env, "LOADLINE_"+name+"="+value)
		}
	}
	log, err := s.server.StderrPipe()
	ts.Check(err)
	ts.Check(s.server.Start())
	ts.Defer(func() {
		if s.server.ProcessState == nil {
			_ = s.server.Process.Kill()
			_ = s.server.Wait()
		}
	})
	s.log = newSink(log)
	url, ok := <-s.log.url
	if !ok {
		ts.Fatalf("the server did not start:\n%s", s.log)
	}
	ts.Setenv("URL", url)
}

func stopServer(ts *testscript.TestScript, _ bool, _ []string) {
	s := storyOf(ts)
	ts.Check(s.server.Process.Signal(syscall.SIGTERM))
	<-s.log.done
	if err := s.server.Wait(); err != nil {
		ts.Fatalf("the server ended badly: %v\n%s", err, s.log)
	}
	fmt.Fprint(ts.Stdout(), s.log)
}

func makePostgres(t *testing.T, ts *testscript.TestScript) {
	url := storetest.Postgres(t)
	ts.Setenv("POSTGRES", url)
	ts.Setenv("POSTGRES_AGAIN", strings.Replace(url, "postgres:", "postgresql:", 1))
}

func request(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: http METHOD PATH [FILE]")
	}
	var body io.Reader
	if len(args) == 3 {
		body = strings.NewReader(ts.ReadFile(args[2]))
	}
	req, err := http.NewRequest(args[0], ts.Getenv("URL")+args[1], body)
	ts.Check(err)
	if args[1] == "/graphql" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if failed := resp.StatusCode >= 400; failed != neg {
		ts.Fatalf("%s %s: %s\n%s", args[0], args[1], resp.Status, answer)
	}
	fmt.Fprintf(ts.Stdout(), "%s\n%s\n", resp.Status, answer)
}

// sink keeps what a server logs and tells its URL.
type sink struct {
	mu   sync.Mutex
	text bytes.Buffer
	url  chan string
	done chan struct{}
}

func newSink(r io.Reader) *sink {
	s := &sink{url: make(chan string, 1), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		defer close(s.url)
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			s.mu.Lock()
			fmt.Fprintln(&s.text, lines.Text())
			s.mu.Unlock()
			if m := servingAt.FindStringSubmatch(lines.Text()); m != nil {
				s.url <- m[1]
			}
		}
	}()
	return s
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}
