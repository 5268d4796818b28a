// Package load asks a server for the same things again and again, checks every
// answer, and says how long they took and what they cost the server.
package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Window is a time of load: each connection sends its next request when the last
// one is answered.
type Window struct {
	Address     string
	Connections int
	// For is how long requests are sent. Those under way then are still waited
	// for, and counted.
	For time.Duration
	// Requests are sent in turn, whole as they go over the wire.
	Requests [][]byte
	// Once ends the window also when each request was sent once.
	Once bool
	// Check says what is wrong with the answer to a request. Many goroutines call
	// it; the body is only theirs until it returns.
	Check func(request, status int, body []byte) error
}

// Result is what happened in a window.
type Result struct {
	Latencies []time.Duration // of the right answers, ascending
	Elapsed   time.Duration
	Bytes     int64
	Errors    int
	First     error // of the errors
}

// PerSecond returns the right answers per second.
func (r Result) PerSecond() float64 { return float64(len(r.Latencies)) / r.Elapsed.Seconds() }

// Percentile returns the latency that p percent of the answers did not exceed; 0
// where there is no answer.
func (r Result) Percentile(p int) time.Duration {
	if len(r.Latencies) == 0 {
		return 0
	}
	return r.Latencies[max(0, (len(r.Latencies)*p+99)/100-1)]
}

// maxWait is how long an answer may take.
const maxWait = time.Minute

// Run is the window. Connections are opened before its time starts. It returns
// an error where there is nobody to talk to; what happens later is in the Result.
func (w Window) Run(ctx context.Context) (Result, error) {
	clients := make([]*client, w.Connections)
	var dialer net.Dialer
	for i := range clients {
		conn, err := dialer.DialContext(ctx, "tcp", w.Address)
		if err != nil {
			return Result{}, err
		}
		defer conn.Close()
		clients[i] = &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}
	}
	var (
		next   atomic.Int64
		mu     sync.Mutex
		result Result
		wait   sync.WaitGroup
	)
	began := time.Now()
	for _, c := range clients {
		wait.Go(func() {
			var own Result
			for ctx.Err() == nil && time.Since(began) < w.For {
				n := int(next.Add(1)) - 1
				if w.Once && n >= len(w.Requests) {
					break
				}
				n %= len(w.Requests)
				sent := time.Now()
				status, body, err := c.ask(w.Requests[n])
				took := time.Since(sent)
				broken := err != nil
				if err == nil {
					err = w.Check(n, status, body)
				}
				if err != nil {
					own.Errors++
					if own.First == nil {
						own.First = err
					}
				} else {
					own.Latencies = append(own.Latencies, took)
					own.Bytes += int64(len(body))
				}
				if broken {
					break
				}
			}
			mu.Lock()
			defer mu.Unlock()
			result.Latencies = append(result.Latencies, own.Latencies...)
			result.Bytes += own.Bytes
			result.Errors += own.Errors
			if result.First == nil {
				result.First = own.First
			}
		})
	}
	wait.Wait()
	result.Elapsed = time.Since(began)
	slices.Sort(result.Latencies)
	return result, ctx.Err()
}

// client is a connection. It reads answers with as little work as it can, so
// that the processor is left to the server.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
}

func (c *client) ask(request []byte) (status int, body []byte, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(maxWait)); err != nil {
		return 0, nil, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	// HTTP/1.1 200 OK
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return 0, nil, fmt.Errorf("not an answer over HTTP/1.1: %q", line)
	}
	if status, err = strconv.Atoi(string(line[len("HTTP/1.1 "):len("HTTP/1.1 200")])); err != nil {
		return 0, nil, err
	}
	length, chunked := 0, false
	for {
		header, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		if len(header) <= 2 {
			break
		}
		name, value, _ := bytes.Cut(header, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, nil, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	c.body = c.body[:0]
	if !chunked {
		err := c.read(length)
		return status, c.body, err
	}
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return 0, nil, err
		}
		if err := c.read(int(size)); err != nil {
			return 0, nil, err
		}
		if line, err = c.in.ReadSlice('\n'); err != nil || len(line) > 2 {
			return 0, nil, errors.Join(errors.New("a chunk without end"), err)
		}
		if size == 0 {
			return status, c.body, nil
		}
	}
}

// read appends n bytes to the body.
func (c *client) read(n int) error {
	have := len(c.body)
	c.body = slices.Grow(c.body, n)[:have+n]
	_, err := io.ReadFull(c.in, c.body[have:])
	return err
}
