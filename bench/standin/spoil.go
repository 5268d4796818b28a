package standin

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"regexp"
	"time"
)

const (
	defaultPause = 50 * time.Millisecond
	dripPieces   = 64
	hugeBytes    = 64 << 20
	strangerID   = "STANDIN-0000-0000" // the id of a lying answer
	otherShape   = `{"results":{"0":"none"},"id":17,"data":"none","vulnerabilities":7,"responses":{"0":true},"versions":3}`
	portalPage   = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to use this network.</body></html>\n"
)

// spoil answers with what f makes of a.
func spoil(w http.ResponseWriter, c *call, a answer, e Endpoint, f *Fault) {
	r := c.Request
	if status := f.Kind.status(); status != 0 {
		failure(status, e.Source(), f, w).write(w, r)
		return
	}
	switch f.Kind {
	case Reset:
		reset(w)
	case Hang:
		select {
		case <-r.Context().Done():
		case <-c.release:
		}
		reset(w)
	case Truncated:
		body := a.bytes()
		a.writeHeader(w, len(body))
		// net/http ends the connection when less came than was announced.
		w.Write(body[:len(body)/2])
	case Drip:
		a.drip(r.Context(), w, f.Pause)
	case Huge:
		a.swell(w)
	case WrongJSON:
		a = jsonAnswer(http.StatusOK, []byte(otherShape))
		a.write(w, r)
	case BrokenJSON:
		body := a.bytes()
		a = jsonAnswer(http.StatusOK, append(body[:len(body)/2:len(body)/2], "\x00}"...))
		a.write(w, r)
	case HTML:
		a = answer{contentType: "text/html; charset=utf-8", whole: []byte(portalPage)}
		a.write(w, r)
	case Empty:
		a = answer{contentType: a.contentType}
		a.write(w, r)
	case Slots:
		if len(a.slots) > 0 {
			a.slots = a.slots[:len(a.slots)-1]
		}
		a.write(w, r)
	case Lie:
		a = jsonAnswer(a.status, lie(a, e))
		a.write(w, r)
	}
}

// failure is an error status with the body that its source sends: the bodies of
// OSV are documented, the others are plausible text.
func failure(status int, source Endpoint, f *Fault, w http.ResponseWriter) *answer {
	retry := f.RetryAfter
	if retry == "" && status == http.StatusTooManyRequests {
		retry = "1"
	}
	if retry != "" {
		w.Header().Set("Retry-After", retry)
	}
	var a answer
	switch {
	case status == http.StatusGatewayTimeout:
		a = jsonAnswer(status, []byte(`{"code":504,"message":"upstream request timeout"}`))
	case source != OSV:
		a = textAnswer(status, http.StatusText(status)+"\n")
	case status == http.StatusTooManyRequests:
		a = statusAnswer(status, codeResourceExhausted, "rate limit exceeded")
	case status == http.StatusServiceUnavailable:
		a = statusAnswer(status, codeUnavailable, "no healthy upstream")
	default:
		a = statusAnswer(status, codeInternal, http.StatusText(status))
	}
	return &a
}

// reset ends the connection with a TCP reset where there is one to end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		// What net/http offers for ending a connection without an answer; it
		// recovers from it silently.
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0) //nolint:errcheck // then it ends with a FIN
	}
	conn.Close()
}

// drip sends the body in dripPieces pieces, or byte by byte if it is shorter.
func (a *answer) drip(ctx context.Context, w http.ResponseWriter, pause time.Duration) {
	if pause <= 0 {
		pause = defaultPause
	}
	body := a.bytes()
	a.writeHeader(w, len(body))
	out := http.NewResponseController(w)
	size := max(1, len(body)/dripPieces)
	for len(body) > 0 {
		n := min(size, len(body))
		if _, err := w.Write(body[:n]); err != nil || out.Flush() != nil {
			return
		}
		body = body[n:]
		if !wait(ctx, pause) {
			return
		}
	}
}

func (a *answer) swell(w http.ResponseWriter) {
	body := a.bytes()
	a.writeHeader(w, hugeBytes+len(body))
	blank := bytes.Repeat([]byte{' '}, 1<<20)
	for range hugeBytes / len(blank) {
		if _, err := w.Write(blank); err != nil {
			return
		}
	}
	w.Write(body)
}

// lie returns the body with the first id in it replaced by one that nobody
// asked for.
func lie(a answer, e Endpoint) []byte {
	body := a.bytes()
	key := "id"
	switch e.Source() {
	case EPSS:
		key = "cve"
	case KEV:
		key = "cveID"
	case DepsDev:
		key = "name"
	}
	value := `[^"]*`
	if a.id != "" {
		value = regexp.QuoteMeta(a.id)
	}
	at := regexp.MustCompile(`"` + key + `"\s*:\s*"(` + value + `)"`).FindSubmatchIndex(body)
	if at == nil {
		return body
	}
	lying := append(body[:at[2]:at[2]], strangerID...)
	return append(lying, body[at[3]:]...)
}
