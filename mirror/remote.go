package mirror

import (
	"bufio"
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	// maxFile bounds one file of a mirror. The largest archive of OSV has some
	// hundred megabytes.
	maxFile = 8 << 30
	// stall is how long a download may stand still.
	stall = time.Minute
	// attempts is how often a download is tried, with a pause that doubles.
	attempts   = 4
	firstPause = 500 * time.Millisecond
)

// remote is a mirror over HTTP. Its files are copied before they are read.
type remote struct {
	base  string
	http  *http.Client
	agent string
	now   func() time.Time
}

func newRemote(base string, o Options) *remote {
	transport := o.Transport
	if transport == nil {
		t := &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: stall}).DialContext,
			TLSHandshakeTimeout: stall,
			ForceAttemptHTTP2:   true,
		}
		t.ResponseHeaderTimeout = stall
		// An archive must arrive as it is, to be compared with its checksum.
		t.DisableCompression = true
		transport = t
	}
	agent := o.UserAgent
	if agent == "" {
		agent = "loadline"
	}
	return &remote{base: base, http: &http.Client{Transport: transport}, agent: agent, now: o.Now}
}

func (r *remote) open(ctx context.Context, name string, known validators) (*file, error) {
	pause := firstPause
	for n := 1; ; n++ {
		f, again, err := r.download(ctx, name, known)
		if err == nil || !again || n == attempts {
			return f, err
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, err
		case <-timer.C:
		}
		pause *= 2
	}
}

// download copies a file, and says whether another try may go better.
func (r *remote) download(ctx context.Context, name string, known validators) (f *file, again bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	resp, err := r.get(ctx, name, known)
	if err != nil {
		return nil, ctx.Err() == nil, fmt.Errorf("%s: %w", name, err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified:
		return nil, false, errUnchanged
	case resp.StatusCode == http.StatusNotFound:
		return nil, false, ErrNotFound
	case resp.StatusCode != http.StatusOK:
		again := resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError
		return nil, again, fmt.Errorf("%s: the mirror answered %s", name, resp.Status)
	case resp.ContentLength > maxFile:
		return nil, false, fmt.Errorf("%s: %d bytes are more than the %d that are read", name, resp.ContentLength, int64(maxFile))
	}
	temp, err := os.CreateTemp("", "loadline-mirror-")
	if err != nil {
		return nil, false, err
	}
	f = &file{
		File:       temp,
		validators: validators{ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified")},
		asOf:       r.now(),
		remove:     true,
	}
	if f.size, err = copyBody(temp, resp, cancel); err != nil {
		return nil, ctx.Err() == nil || errors.Is(context.Cause(ctx), errStalled), errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	if _, err := temp.Seek(0, io.SeekStart); err != nil {
		return nil, false, errors.Join(err, f.Close())
	}
	return f, false, nil
}

func (r *remote) get(ctx context.Context, name string, known validators) (*http.Response, error) {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/"+strings.Join(parts, "/"), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", r.agent)
	if known.ETag != "" {
		req.Header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		req.Header.Set("If-Modified-Since", known.LastModified)
	}
	return r.http.Do(req)
}

var errStalled = fmt.Errorf("nothing arrived for %v", stall)

// copyBody writes a body and compares it with the length and the checksums that
// its header announces.
func copyBody(to io.Writer, resp *http.Response, cancel context.CancelCauseFunc) (int64, error) {
	timer := time.AfterFunc(stall, func() { cancel(errStalled) })
	defer timer.Stop()
	sums := announced(resp.Header)
	writers := []io.Writer{to, progressing{timer}}
	for _, s := range sums {
		writers = append(writers, s.hash)
	}
	n, err := io.Copy(io.MultiWriter(writers...), io.LimitReader(resp.Body, maxFile+1))
	switch {
	case err != nil:
		return n, err
	case n > maxFile:
		return n, fmt.Errorf("is larger than %d bytes", int64(maxFile))
	case resp.ContentLength >= 0 && n != resp.ContentLength:
		return n, fmt.Errorf("%d of %d bytes arrived", n, resp.ContentLength)
	}
	for _, s := range sums {
		if got := base64.StdEncoding.EncodeToString(s.hash.Sum(nil)); got != s.want {
			return n, fmt.Errorf("its %s is %s, not %s as announced", s.name, got, s.want)
		}
	}
	return n, nil
}

// progressing starts a timer anew whenever something is written.
type progressing struct{ timer *time.Timer }

func (p progressing) Write(b []byte) (int, error) {
	p.timer.Reset(stall)
	return len(b), nil
}

// checksum is one that a header announces, in base64.
type checksum struct {
	name, want string
	hash       hash.Hash
}

// announced returns the checksums of the storage that OSV publishes in.
func announced(h http.Header) []checksum {
	var sums []checksum
	for _, line := range h.Values("X-Goog-Hash") {
		for part := range strings.SplitSeq(line, ",") {
			name, want, _ := strings.Cut(strings.TrimSpace(part), "=")
			switch name {
			case "md5":
				sums = append(sums, checksum{name, want, md5.New()})
			case "crc32c":
				sums = append(sums, checksum{name, want, crc32.New(crc32.MakeTable(crc32.Castagnoli))})
			}
		}
	}
	return sums
}

// list reads the list that OSV's exports have.
func (r *remote) list(ctx context.Context) ([]string, error) {
	f, err := r.open(ctx, "ecosystems.txt", validators{})
	if errors.Is(err, ErrNotFound) {
		return nil, errors.New("it has no ecosystems.txt: name the ecosystems with --ecosystems=NAME,…")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var names []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name := strings.TrimSpace(lines.Text())
		// Older lists have releases, which lie in the folder of their ecosystem.
		name, _, _ = strings.Cut(name, ":")
		if name != "" && isFolder(name) {
			names = append(names, name)
		}
	}
	return names, lines.Err()
}

func (r *remote) stillAsOf() (time.Time, bool) { return r.now(), true }
