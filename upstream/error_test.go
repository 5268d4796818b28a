package upstream_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"loadline/upstream"
)

func TestReasonTellsNothingInternal(t *testing.T) {
	t.Parallel()
	inner := &url.Error{Op: "Get", URL: "http://user:secret@10.1.2.3/key", Err: errors.New("dial tcp: connect: connection refused")}
	for _, k := range []upstream.Kind{
		upstream.Timeout, upstream.RateLimited, upstream.Refused, upstream.CircuitOpen, upstream.BadAnswer,
		upstream.TooLarge, upstream.Status, upstream.BadQuery, upstream.Cancelled, upstream.Offline,
	} {
		e := &upstream.Error{Source: upstream.DepsDev, Op: "test", Kind: k, Status: 503, Err: inner}
		reason := upstream.Reason(fmt.Errorf("wrapped: %w", e))
		if !strings.Contains(reason, "deps.dev") || !strings.HasSuffix(reason, ".") || len(reason) > 80 {
			t.Errorf("%s: reason %q", k, reason)
		}
		for _, secret := range []string{"http", "10.1", "secret", "dial", "tcp", string(k)} {
			if strings.Contains(reason, secret) {
				t.Errorf("%s: reason %q tells %q", k, reason, secret)
			}
		}
		if !errors.Is(e, inner) {
			t.Errorf("%s does not unwrap", k)
		}
	}
}

func TestCheckBaseURL(t *testing.T) {
	t.Parallel()
	for raw, ok := range map[string]bool{
		"https://api.osv.dev":        true,
		"http://127.0.0.1:8080/osv/": true,
		"api.osv.dev":                false,
		"":                           false,
		"https://":                   false,
		"ftp://host":                 false,
		"https://host?key=1":         false,
		"https://host/%zz":           false,
	} {
		if err := upstream.CheckBaseURL(raw); (err == nil) != ok {
			t.Errorf("CheckBaseURL(%q) = %v", raw, err)
		}
	}
}
