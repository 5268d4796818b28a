// Package standin plays the upstreams OSV, EPSS, KEV and deps.dev over real
// HTTP: the paths, limits, paging, error bodies and traps of the services, with
// a latency, page sizes and faults of one's choosing, counting the calls it
// gets. It also serves the bulk files that a mirror of OSV has. It knows nothing
// of the server that it is called by.
//
// All services answer under one listener at their own paths, so the base URL of
// each is the URL of the listener:
//
//	srv := httptest.NewServer(standin.New(standin.Config{}))
//
// serves the records of Sample. README.md beside this file has what is faithful,
// what is made up, and what is left out.
package standin

import (
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// maxBody is what the stand-in reads of a request. 5,000 deps.dev keys with long
// names stay far below it.
const maxBody = 32 << 20

// Config is what a Server starts with. The zero value serves the sample records
// at once, with the page sizes of the real services and without faults.
type Config struct {
	Data    *Data        // nil serves Sample
	Latency Latency      // for every call
	Pages   Pages        // zero fields take the service's own size
	Faults  []Rule       // tried in order, the first that applies counts
	Logger  *slog.Logger // one debug line a call; nil logs nothing
}

// Server is the stand-in. It is an http.Handler, safe for concurrent use, and
// can be changed and read while it serves.
type Server struct {
	data    *Data
	log     *slog.Logger
	initial []Rule
	counts  counters
	matches matchCache

	mu       sync.Mutex // serialises changes of settings
	settings atomic.Pointer[settings]
	release  atomic.Pointer[chan struct{}] // closed to let hanging calls go
}

// settings is replaced as a whole, so that a call reads it without a lock.
type settings struct {
	latency Latency
	pages   Pages
	rules   []*activeRule
}

// New returns a Server that serves config.Data.
func New(config Config) *Server {
	s := &Server{data: config.Data, log: config.Logger, initial: config.Faults}
	if s.data == nil {
		s.data = sampleData()
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	release := make(chan struct{})
	s.release.Store(&release)
	s.settings.Store(&settings{
		latency: config.Latency,
		pages:   config.Pages.withDefaults(),
		rules:   activate(config.Faults),
	})
	return s
}

// Fault adds a rule behind those that stand: calls to on, a source or an
// endpoint or "" for all, go wrong as f says.
func (s *Server) Fault(on Endpoint, f Fault) {
	s.change(func(now *settings) {
		now.rules = append(now.rules[:len(now.rules):len(now.rules)], activate([]Rule{{On: on, Fault: f}})...)
	})
}

// ClearFaults removes every rule, those of Config too, and lets calls that hang
// go.
func (s *Server) ClearFaults() {
	s.change(func(now *settings) { now.rules = nil })
	s.letGo()
}

// SetLatency sets how long a call takes from now on.
func (s *Server) SetLatency(l Latency) { s.change(func(now *settings) { now.latency = l }) }

// SetPages sets the page sizes from now on; zero fields take the service's own.
func (s *Server) SetPages(p Pages) { s.change(func(now *settings) { now.pages = p.withDefaults() }) }

// Counts returns what was called since the start or the last Reset.
func (s *Server) Counts() Counts { return s.counts.read() }

// Reset sets the counts to zero, puts the faults back to those of Config and
// lets calls that hang go. Latency and page sizes stay.
func (s *Server) Reset() {
	s.change(func(now *settings) { now.rules = activate(s.initial) })
	s.counts.reset()
	s.letGo()
}

func (s *Server) change(apply func(*settings)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.settings.Load()
	apply(&next)
	s.settings.Store(&next)
}

func (s *Server) letGo() {
	next := make(chan struct{})
	close(*s.release.Swap(&next))
}

// ServeHTTP answers one call of an upstream, or of the control paths that begin
// with /__.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	if s.control(w, r) {
		return
	}
	route, ok := s.route(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	now := s.settings.Load()
	c := &call{Request: r, key: route.key, pages: now.pages, release: *s.release.Load()}
	latency, err := c.applyHeaders(now.latency)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fault := s.pick(c, route.endpoint, now.rules)

	done := s.counts.begin(route.endpoint, fault != nil)
	defer done()
	if r.Method == http.MethodPost {
		if c.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
	}
	a := route.serve(c)
	s.counts.items(route.endpoint, c.items)
	if !wait(r.Context(), latency.draw()-time.Since(start)) {
		return
	}
	s.log.Debug("call", "endpoint", route.endpoint, "items", c.items, "fault", fault.kind())
	if fault != nil {
		spoil(w, c, a, route.endpoint, fault)
		return
	}
	a.write(w, r)
}

// call is a request with what its handler needs to answer it.
type call struct {
	*http.Request
	key   string // what the path names, decoded
	body  []byte
	pages Pages
	items int   // how many things were asked for; set by the handler
	fault Fault // from the request's header, if any
	// release is closed when the call is to hang no longer; taken before the call
	// is counted, so that a Reset after that reaches it.
	release chan struct{}
}
