package upstreamtest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Cheap serves HTTP/1.1 for benchmarks: it does so little for a call that what
// is measured beside it is the client. Every call is answered with status 200
// and the body that answer returns for its method, target and body. It returns
// its address.
func Cheap(t testing.TB, answer func(method, target string, body []byte) []byte) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for r := bufio.NewReaderSize(conn, 16<<10); serveCall(conn, r, answer) == nil; {
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

func serveCall(conn io.Writer, r *bufio.Reader, answer func(method, target string, body []byte) []byte) error {
	line, err := r.ReadString('\n')
	if err != nil {
		return err
	}
	method, rest, _ := strings.Cut(line, " ")
	target, _, _ := strings.Cut(rest, " ")
	length := 0
	for {
		header, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(header) <= len("\r\n") {
			break
		}
		const name = "Content-Length: "
		if text := string(header); strings.HasPrefix(text, name) {
			if length, err = strconv.Atoi(strings.TrimSpace(text[len(name):])); err != nil {
				return err
			}
		}
	}
	var body []byte
	if length > 0 {
		body = make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
	}
	content := answer(method, target, body)
	reply := fmt.Appendf(make([]byte, 0, len(content)+100), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(content))
	_, err = conn.Write(append(reply, content...))
	return err
}

// ProcessorTime is what this process has taken so far: it tells the cost of code
// that waits, or that a busy machine keeps waiting.
func ProcessorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
