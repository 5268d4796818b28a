package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"loadline/store"
)

const (
	secretPrefix = "whsec_"
	secretBytes  = 32
	// maxReply is how much of an answer is read, so that its connection can be used
	// again.
	maxReply = 64 << 10
	// maxSlack is how much text Slack is sent, in bytes: it cuts off what is longer
	// than 40,000 characters.
	maxSlack = 30_000
	// longestRetryAfter bounds what a receiver may ask for.
	longestRetryAfter = 24 * time.Hour
)

// NewSecret returns a secret to sign webhooks with.
func NewSecret() string {
	var b [secretBytes]byte
	_, _ = rand.Read(b[:]) // it never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// sign returns the signature of a message, as standard-webhooks has it.
func sign(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return "", fmt.Errorf("notify: the secret is not base64: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// MessageID is what tells the messages of this database apart: each attempt at a
// delivery carries the same, so that a receiver can drop the second of two.
func MessageID(d store.NotificationDelivery) string {
	return fmt.Sprintf("msg_%s_%d", strconv.FormatInt(d.CreatedAt.UnixMilli(), 36), d.ID)
}

// postSigned sends a webhook.
func (s *Service) postSigned(ctx context.Context, c store.NotificationChannel, d store.NotificationDelivery) outcome {
	id, at := MessageID(d), s.now()
	signature, err := sign(c.Secret, id, at, d.Body)
	if err != nil {
		return outcome{problem: "the channel's secret cannot be used: give it a new one", cause: err, final: true}
	}
	return s.post(ctx, c.Target, d.Body, http.Header{
		"Webhook-Id":        {id},
		"Webhook-Timestamp": {strconv.FormatInt(at.Unix(), 10)},
		"Webhook-Signature": {signature},
	})
}

// postSlack sends what Slack's incoming webhooks take.
func (s *Service) postSlack(ctx context.Context, c store.NotificationChannel, d store.NotificationDelivery) outcome {
	var m Message
	if err := json.Unmarshal(d.Body, &m); err != nil {
		return outcome{problem: "the message cannot be read", cause: err, final: true}
	}
	body, err := json.Marshal(map[string]string{"text": slack.strong(slack.escape(line(d.Subject))) + "\n" + cutLines(slack.text(m), maxSlack)})
	if err != nil {
		return outcome{problem: "the message cannot be written", cause: err, final: true}
	}
	return s.post(ctx, c.Target, body, http.Header{})
}

func (s *Service) post(ctx context.Context, target string, body []byte, header http.Header) outcome {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return outcome{problem: "the channel's URL cannot be used", cause: err, final: true}
	}
	req.Header = header
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", s.o.UserAgent)
	resp, err := s.client.Do(req)
	if err != nil {
		return outcome{problem: problemOf(ctx, err), cause: err}
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, maxReply)
	return answered(resp, s.now())
}

// answered is what a receiver's answer means.
func answered(resp *http.Response, now time.Time) outcome {
	out := outcome{code: resp.StatusCode}
	switch code := resp.StatusCode; {
	case code/100 == 2:
		return out
	case code/100 == 3:
		out.problem, out.final = fmt.Sprintf("the receiver answered %d, and redirects are not followed: give the address that it redirects to", code), true
	case code == http.StatusGone:
		out.problem, out.final, out.gone = "the receiver answered 410: it wants no more messages", true, true
	default:
		out.problem = fmt.Sprintf("the receiver answered %d", code)
		out.retryAfter = retryAfter(resp.Header.Get("Retry-After"), now)
	}
	out.cause = errors.New(out.problem)
	return out
}

func retryAfter(text string, now time.Time) time.Duration {
	var pause time.Duration
	if seconds, err := strconv.Atoi(text); err == nil {
		pause = time.Duration(min(seconds, int(longestRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		pause = at.Sub(now)
	}
	return max(0, min(pause, longestRetryAfter))
}

// errPrivate is why an address is not connected to.
var errPrivate = errors.New("an address of this machine or of a private network")

const privateProblem = "it is an address of this machine or of a private network; the server sends there only with --allow-private-webhooks"

// problemOf says what went wrong with a call, without a word about the inside of
// our network.
func problemOf(ctx context.Context, err error) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.Is(err, errPrivate):
		return privateProblem
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Sprintf("it did not answer within %d s", int(sendTimeout/time.Second))
	case errors.As(err, &dns):
		return "the host's name cannot be resolved"
	case errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid):
		return "the host's certificate is not valid for it, or nobody known has issued it"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the host refuses the connection"
	default:
		return "the connection could not be made or was lost"
	}
}

// newClient returns a client that follows no redirects, and connects to private
// addresses only if it may. It looks at the address that a name resolves to, at
// the moment of connecting: what a name resolved to before says nothing.
func newClient(allowPrivate bool) *http.Client {
	dialer := &net.Dialer{Timeout: sendTimeout}
	transport := &http.Transport{
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: maxReply,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
	}
	if allowPrivate {
		transport.Proxy = http.ProxyFromEnvironment
	} else {
		// A proxy would connect to whatever it is told: it goes without one.
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || isPrivate(at.Addr()) {
				return errPrivate
			}
			return nil
		}
	}
	transport.DialContext = dialer.DialContext
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reserved are the networks that no public address is in, or that lead to others.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // behind carriers' NAT
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),        // IPv4-compatible
	netip.MustParsePrefix("64:ff9b::/96"), // NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/32"), // Teredo
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4
	netip.MustParsePrefix("fec0::/10"),
}

// isPrivate says whether an address is one that people outside do not reach.
func isPrivate(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return true
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
