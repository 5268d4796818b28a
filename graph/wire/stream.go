package wire

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

const (
	// beatPause is the pause after which a stream that has nothing to say shows
	// that it is alive.
	beatPause = 15 * time.Second
	// writeTimeout is how long a client may take to read what was sent.
	writeTimeout = 30 * time.Second
)

// stream is a response that is written piece by piece. Pieces may be sent from
// several goroutines.
type stream struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
	// stop ends what the stream tells of, when its client has gone.
	stop context.CancelFunc
}

func newStream(w http.ResponseWriter, stop context.CancelFunc) *stream {
	return &stream{w: w, control: http.NewResponseController(w), stop: stop}
}

// send writes a piece and sees to it that it leaves. A client that does not read
// ends the stream.
func (s *stream) send(text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// Where there is no deadline to set, a test reads the response from memory.
	_ = s.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	_, err := s.w.Write(text)
	if err == nil {
		err = s.control.Flush()
	}
	if err != nil {
		s.stop()
	}
}

// end sends the last piece, unless the server goes away: what has not come to its
// end must not look as if it had, or its client would not come back for the rest.
func (s *stream) end(ctx context.Context, text string) {
	if !errors.Is(ctx.Err(), context.Canceled) {
		s.send([]byte(text))
	}
}

// beat sends a sign of life now and then until the returned function is called,
// which waits for its end.
func (s *stream) beat(ctx context.Context, text string) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		ticker := time.NewTicker(beatPause)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				s.send([]byte(text))
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
		_ = s.control.SetWriteDeadline(time.Time{})
	}
}
