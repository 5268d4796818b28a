package wire

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The subprotocols. The second is Apollo's of old, for the clients that are left.
const (
	transportProtocol = "graphql-transport-ws"
	legacyProtocol    = "graphql-ws"
)

// The codes that graphql-transport-ws closes a socket with.
const (
	closeBadMessage   = websocket.StatusCode(4400)
	closeUnauthorized = websocket.StatusCode(4401)
	closeInitTimeout  = websocket.StatusCode(4408)
	closeDuplicateID  = websocket.StatusCode(4409)
	closeInitTwice    = websocket.StatusCode(4429)
)

const (
	// initTimeout is how long a client may take for its first message.
	initTimeout = 10 * time.Second
	// pingPause is the pause between the server's pings, pingTimeout how long a
	// client may take to answer one.
	pingPause   = 20 * time.Second
	pingTimeout = 20 * time.Second
	// maxMessage is the most bytes of a message from a client.
	maxMessage = 1 << 20
	// messageTime is how long a message may take from its first frame to its end.
	messageTime = time.Minute
	// maxOperations is how many operations run on one socket at a time.
	maxOperations = 100
)

// message is a message of either protocol.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket is a WebSocket connection.
type socket struct {
	*Handler
	conn   *websocket.Conn
	header http.Header
	legacy bool
	ctx    context.Context

	mu     sync.Mutex
	active map[string]*running
	// slots has an entry for each operation, also for those that the client has ended
	// and that are still on their way out.
	slots chan struct{}
	work  sync.WaitGroup
}

// running is an operation on its way.
type running struct {
	stop context.CancelFunc
	// silent says that the client wants to hear no more of it.
	silent bool
}

// serveSocket speaks with a client until it hangs up.
func (h *Handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{transportProtocol, legacyProtocol},
		InsecureSkipVerify: true, // foreign has looked at where it comes from
	})
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(maxMessage)
	if conn.Subprotocol() == "" {
		conn.Close(websocket.StatusProtocolError, "offer the subprotocol "+transportProtocol)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	s := &socket{Handler: h, conn: conn, header: r.Header, legacy: conn.Subprotocol() == legacyProtocol, ctx: ctx, active: make(map[string]*running), slots: make(chan struct{}, maxOperations)}
	defer s.work.Wait()
	defer func() { _ = conn.CloseNow() }()
	defer cancel()
	if err := s.serve(); err != nil {
		conn.Close(err.code, err.reason)
	}
}

// closing is why the server closes a socket.
type closing struct {
	code   websocket.StatusCode
	reason string
}

// serve reads messages until the client hangs up or breaks the protocol.
func (s *socket) serve() *closing {
	if c := s.init(); c != nil {
		return c
	}
	s.work.Go(s.ping)
	for {
		m, c := s.next(s.ctx)
		if c != nil {
			return c
		}
		switch {
		case m.Type == "subscribe" && !s.legacy, m.Type == "start" && s.legacy:
			if c := s.subscribe(m); c != nil {
				return c
			}
		case m.Type == "complete" && !s.legacy, m.Type == "stop" && s.legacy:
			s.forget(m.ID)
		case m.Type == "ping" && !s.legacy:
			s.send(message{Type: "pong", Payload: m.Payload})
		case m.Type == "pong" && !s.legacy:
		case m.Type == "connection_init":
			return &closing{closeInitTwice, "Too many initialisation requests"}
		case m.Type == "connection_terminate" && s.legacy:
			return &closing{websocket.StatusNormalClosure, ""}
		default:
			return badMessage("unknown type")
		}
	}
}

func goingAway() *closing { return &closing{websocket.StatusGoingAway, "the server is going away"} }

func badMessage(why string) *closing { return &closing{closeBadMessage, "Invalid message: " + why} }

// init waits for the client to begin.
func (s *socket) init() *closing {
	ctx, cancel := context.WithTimeout(s.ctx, initTimeout)
	defer cancel()
	for {
		m, c := s.next(ctx)
		switch {
		case c != nil:
			return c
		case m.Type == "ping" && !s.legacy:
			s.send(message{Type: "pong", Payload: m.Payload})
		case m.Type == "pong" && !s.legacy:
		case m.Type == "connection_init":
			if !isObject(m.Payload) {
				return badMessage("the payload of connection_init must be an object")
			}
			s.send(message{Type: "connection_ack"})
			if s.legacy {
				s.send(message{Type: "ka"})
			}
			return nil
		case m.Type == "subscribe", m.Type == "start" && s.legacy:
			return &closing{closeUnauthorized, "Unauthorized: send connection_init first"}
		default:
			return badMessage("send connection_init first")
		}
	}
}

// isObject says whether optional JSON is an object.
func isObject(text json.RawMessage) bool {
	return len(text) == 0 || text[0] == '{' || string(text) == "null"
}

// next reads a message. To read with a context that ends would break the
// connection off before the client has been told why.
func (s *socket) next(ctx context.Context) (message, *closing) {
	type read struct {
		kind websocket.MessageType
		text []byte
		err  error
	}
	got := make(chan read, 1)
	s.work.Go(func() {
		kind, r, err := s.conn.Reader(context.WithoutCancel(s.ctx))
		var text []byte
		if err == nil {
			late := time.AfterFunc(messageTime, func() { _ = s.conn.CloseNow() })
			text, err = io.ReadAll(r)
			late.Stop()
		}
		got <- read{kind, text, err}
	})
	var r read
	select {
	case r = <-got:
	case <-ctx.Done():
		if s.ctx.Err() != nil {
			return message{}, goingAway()
		}
		return message{}, &closing{closeInitTimeout, "Connection initialisation timeout"}
	}
	var m message
	switch {
	case errors.Is(r.err, websocket.ErrMessageTooBig):
		return m, &closing{websocket.StatusMessageTooBig, "the message is too long"}
	case r.err != nil:
		return m, &closing{websocket.StatusNormalClosure, ""}
	case r.kind != websocket.MessageText:
		return m, badMessage("not a text")
	}
	if err := json.Unmarshal(r.text, &m); err != nil {
		return m, badMessage("not of the protocol's form")
	}
	return m, nil
}

// send writes a message; a client that does not read loses the connection.
func (s *socket) send(m message) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), writeTimeout)
	defer cancel()
	text, err := json.Marshal(m)
	if err == nil {
		err = s.conn.Write(ctx, websocket.MessageText, text)
	}
	if err != nil {
		_ = s.conn.CloseNow()
	}
}

// ping sees to it that a client which has gone without a word is noticed.
func (s *socket) ping() {
	ticker := time.NewTicker(pingPause)
	defer ticker.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-ticker.C:
		}
		if s.legacy {
			s.send(message{Type: "ka"})
		}
		ctx, cancel := context.WithTimeout(s.ctx, pingTimeout)
		err := s.conn.Ping(ctx)
		cancel()
		if err != nil {
			_ = s.conn.CloseNow()
			return
		}
	}
}

// subscribe starts the operation of a message.
func (s *socket) subscribe(m message) *closing {
	if m.ID == "" {
		return badMessage("give the operation an id")
	}
	b, problem := parseBody(m.Payload)
	if problem != nil {
		return badMessage("the payload is not an operation")
	}
	p := b.params(s.header)
	if p.Query == "" && p.document == "" && p.Extensions["persistedQuery"] == nil {
		return badMessage("the payload has no query")
	}
	p.ReadTime.Start = graphql.Now()
	p.ReadTime.End = p.ReadTime.Start
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(s.ctx))
	run := &running{stop: cancel}
	s.mu.Lock()
	_, taken := s.active[m.ID]
	full := len(s.active) >= maxOperations
	if !taken && !full {
		s.active[m.ID] = run
	}
	s.mu.Unlock()
	switch {
	case taken:
		cancel()
		return &closing{closeDuplicateID, "Subscriber for " + short(m.ID) + " already exists"}
	case full:
		cancel()
		s.sendErrors(m.ID, gqlerror.List{coded(codeBadRequest, "too many operations run on this socket; let some of them end, or open another")})
		return nil
	}
	select {
	case s.slots <- struct{}{}:
	case <-s.ctx.Done():
		cancel()
		return goingAway()
	}
	s.work.Go(func() {
		defer func() { <-s.slots }()
		defer cancel()
		s.run(ctx, m.ID, run, p)
	})
	return nil
}

// short is an id that fits into the reason of a close frame.
func short(id string) string {
	const most = 60
	return id[:min(len(id), most)]
}

// run runs an operation to its end.
func (s *socket) run(ctx context.Context, id string, run *running, p *params) {
	defer func() {
		if panicked := recover(); panicked != nil {
			s.finish(id, run, gqlerror.List{coded(codeInternal, s.panicked(ctx, panicked))})
		}
	}()
	oc, _, list := s.operation(ctx, p, false)
	if list != nil {
		s.finish(id, run, s.failed(ctx, oc, list).Errors)
		return
	}
	if oc.Operation.Operation != ast.Subscription {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.Timeout)
		defer cancel()
	}
	responses, ctx := s.dispatch(ctx, oc)
	for response := responses(ctx); response != nil; response = responses(ctx) {
		// What could not be started has no data, not even null.
		if response.Data == nil && len(response.Errors) > 0 {
			s.finish(id, run, response.Errors)
			return
		}
		s.sendData(id, run, response)
	}
	s.finish(id, run, nil)
}

func (s *socket) sendData(id string, run *running, response *graphql.Response) {
	kind := "next"
	if s.legacy {
		kind = "data"
	}
	text := appendResponse(nil, response)
	s.mu.Lock()
	silent := run.silent
	s.mu.Unlock()
	if !silent {
		s.send(message{ID: id, Type: kind, Payload: text})
	}
}

func (s *socket) sendErrors(id string, list gqlerror.List) {
	text, err := json.Marshal(list)
	if err == nil && s.legacy {
		text, err = json.Marshal(list[0])
	}
	if err == nil {
		s.send(message{ID: id, Type: "error", Payload: text})
	}
}

// finish frees the operation's id and tells the client, unless it has done so itself.
func (s *socket) finish(id string, run *running, list gqlerror.List) {
	s.mu.Lock()
	silent := run.silent
	if !silent {
		delete(s.active, id)
	}
	s.mu.Unlock()
	switch {
	case silent || s.ctx.Err() != nil:
	case len(list) > 0:
		s.sendErrors(id, list)
	default:
		s.send(message{ID: id, Type: "complete"})
	}
}

// forget ends an operation that the client has completed.
func (s *socket) forget(id string) {
	s.mu.Lock()
	run := s.active[id]
	if run != nil {
		run.silent = true
		run.stop()
		delete(s.active, id)
	}
	s.mu.Unlock()
	if run != nil && s.legacy {
		s.send(message{ID: id, Type: "complete"})
	}
}
