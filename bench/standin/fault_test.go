package standin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	vulnPath  = "/v1/vulns/GO-2099-0001"
	epssPath  = "/data/v1/epss?cve=CVE-2099-10001,CVE-2099-10009"
	batchBody = `{"queries":[{"package":{"purl":"pkg:hex/plugboard@1.1.0"}},{"package":{"purl":"pkg:hex/plugboard@1.1.1"}}]}`
)

func TestFaultStatus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		on         Endpoint
		fault      Fault
		path       string
		status     int
		retryAfter string
		body       string
	}{
		{"429", OSV, Fault{Kind: TooManyRequests}, vulnPath, 429, "1", `{"code":8,"message":"rate limit exceeded"}`},
		{"429 with its own time", OSV, Fault{Kind: TooManyRequests, RetryAfter: "0"}, vulnPath, 429, "0", `{"code":8,"message":"rate limit exceeded"}`},
		{"500", OSVVuln, Fault{Kind: InternalError}, vulnPath, 500, "", `{"code":13,"message":"Internal Server Error"}`},
		{"503", OSV, Fault{Kind: ServiceUnavailable, RetryAfter: "Wed, 21 Oct 2026 07:28:00 GMT"}, vulnPath, 503, "Wed, 21 Oct 2026 07:28:00 GMT", `{"code":14,"message":"no healthy upstream"}`},
		{"504", "", Fault{Kind: GatewayTimeout}, vulnPath, 504, "", `{"code":504,"message":"upstream request timeout"}`},
		{"429 of deps.dev", DepsDev, Fault{Kind: TooManyRequests}, "/v3/systems/npm/packages/left-shelf", 429, "1", "Too Many Requests\n"},
		{"403 of EPSS", EPSS, Fault{Kind: "403"}, epssPath, 403, "", "Forbidden\n"},
		{"500 of KEV", KEV, Fault{Kind: InternalError}, cataloguePath, 500, "", "Internal Server Error\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := start(t, Config{})
			c.Fault(tc.on, tc.fault)
			r := c.get(t, tc.path)
			r.want(t, tc.status, tc.body)
			if got := r.header.Get("Retry-After"); got != tc.retryAfter {
				t.Errorf("Retry-After %q, want %q", got, tc.retryAfter)
			}
			if got := c.Counts().Of(tc.on); got.Calls != 1 || got.Faulted != 1 {
				t.Errorf("counts %+v, want one call, faulted", got)
			}
		})
	}
}

func TestFaultReset(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault(OSV, Fault{Kind: Reset})
	_, err := c.do(t.Context(), http.MethodGet, vulnPath, "")
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("error %v, want a connection reset", err)
	}
}

func TestFaultTruncated(t *testing.T) {
	t.Parallel()
	for _, path := range []string{vulnPath, cataloguePath, epssPath} {
		c := start(t, Config{})
		whole := c.get(t, path)
		c.Fault("", Fault{Kind: Truncated})
		r, err := c.do(t.Context(), http.MethodGet, path, "")
		if !errors.Is(err, io.ErrUnexpectedEOF) || r.status != 200 || len(r.body) != len(whole.body)/2 {
			t.Errorf("%s: status %d, %d of %d bytes, error %v", path, r.status, len(r.body), len(whole.body), err)
		}
	}
}

func TestFaultWrongJSON(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault("", Fault{Kind: WrongJSON})
	r := c.post(t, "/v1/querybatch", batchBody)
	if r.status != 200 || !json.Valid(r.body) {
		t.Errorf("status %d, %s; want JSON", r.status, r.body)
	}
	if err := json.Unmarshal(r.body, &struct{ Results []result }{}); err == nil {
		t.Errorf("%s has the right shape", r.body)
	}
}

func TestFaultBrokenJSON(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault("", Fault{Kind: BrokenJSON})
	r := c.get(t, vulnPath)
	if r.status != 200 || json.Valid(r.body) || r.header.Get("Content-Type") != "application/json" {
		t.Errorf("status %d, type %q, %s", r.status, r.header.Get("Content-Type"), r.body)
	}
	// What is served next is whole again.
	c.ClearFaults()
	if r := c.get(t, vulnPath); !json.Valid(r.body) {
		t.Errorf("the record itself was spoilt: %s", r.body)
	}
}

func TestFaultHTML(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault(KEV, Fault{Kind: HTML})
	r := c.get(t, cataloguePath)
	if r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.HasPrefix(string(r.body), "<!DOCTYPE html>") {
		t.Errorf("status %d, type %q, %s", r.status, r.header.Get("Content-Type"), r.body)
	}
}

func TestFaultEmpty(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault("", Fault{Kind: Empty})
	c.get(t, vulnPath).want(t, 200, "")
	c.get(t, cataloguePath).want(t, 200, "")
}

func TestFaultDrip(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	whole := c.get(t, vulnPath)
	c.Fault(OSV, Fault{Kind: Drip, Pause: time.Millisecond})
	began := time.Now()
	r := c.get(t, vulnPath)
	if string(r.body) != string(whole.body) {
		t.Errorf("body %s, want %s", r.body, whole.body)
	}
	if took := time.Since(began); took < dripPieces*time.Millisecond {
		t.Errorf("took %v, want a pause between %d pieces", took, dripPieces)
	}
}

func TestFaultDripEndsWithItsClient(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault(OSV, Fault{Kind: Drip, Pause: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+vulnPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadFull(resp.Body, make([]byte, 1)); err != nil {
		t.Errorf("first byte: %v", err)
	}
	cancel()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, context.Canceled) {
		t.Errorf("the rest: %v, want the end by the client", err)
	}
}

func TestFaultHang(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault(OSV, Fault{Kind: Hang})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.do(ctx, http.MethodGet, vulnPath, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the client's deadline", err)
	}
}

func TestFaultHangEndsWithReset(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault(OSV, Fault{Kind: Hang})
	failed := make(chan error, 1)
	go func() {
		_, err := c.do(t.Context(), http.MethodGet, vulnPath, "")
		failed <- err
	}()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for c.Counts().Of(OSV).Calls == 0 {
		<-tick.C
	}
	c.Reset()
	if err := <-failed; err == nil {
		t.Error("the call that hung was answered")
	}
	if r := c.get(t, vulnPath); r.status != 200 {
		t.Errorf("after Reset: status %d", r.status)
	}
}

func TestFaultSlots(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault("", Fault{Kind: Slots})
	if got := c.batch(t, `{"package":{"purl":"pkg:hex/plugboard@1.1.0"}},{"package":{"purl":"pkg:hex/plugboard@1.1.1"}}`); len(got) != 1 {
		t.Errorf("%d results of 2 queries, want 1", len(got))
	}
	if got := c.versionBatch(t, keys("NPM", "a|1", "b|1"), ""); len(got.Responses) != 1 {
		t.Errorf("%d responses of 2 requests, want 1", len(got.Responses))
	}
	if got := c.epss(t, "cve=CVE-2099-10001,CVE-2099-10009"); got.Total != 2 || len(got.Data) != 1 {
		t.Errorf("total %d with %d rows, want 2 with 1", got.Total, len(got.Data))
	}
}

func TestFaultLie(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault("", Fault{Kind: Lie})
	var record ref
	c.get(t, vulnPath).into(t, &record)
	if record.ID != strangerID {
		t.Errorf("record %q", record.ID)
	}
	if got := c.batch(t, named("Hex", "plugboard", "1.1.0"))[0].ids(); !cmp.Equal(got, []string{strangerID}) {
		t.Errorf("batch: %v", got)
	}
	if got := c.epss(t, "cve=CVE-2099-10001").Data[0].CVE; got != strangerID {
		t.Errorf("score of %q", got)
	}
	if got := c.versionBatch(t, keys("NPM", "a|1"), "").Responses[0].Request.VersionKey.Name; got != strangerID {
		t.Errorf("version of %q", got)
	}
	var catalogue struct{ Vulnerabilities []struct{ CVEID string } }
	c.get(t, cataloguePath).into(t, &catalogue)
	if got := catalogue.Vulnerabilities[0].CVEID; got != strangerID {
		t.Errorf("entry of %q", got)
	}
	c.ClearFaults()
	c.get(t, vulnPath).into(t, &record)
	if record.ID != "GO-2099-0001" {
		t.Errorf("the record itself was changed to %q", record.ID)
	}
}

func TestFaultHuge(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.Fault(OSV, Fault{Kind: Huge})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+vulnPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil || n <= hugeBytes || n != resp.ContentLength {
		t.Errorf("%d bytes of %d, error %v; want more than %d", n, resp.ContentLength, err, hugeBytes)
	}
}

func TestFaultWhen(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		rules []Rule
		want  []int
	}{
		{"always", []Rule{{On: OSV, Fault: Fault{Kind: "500"}}}, []int{500, 500, 500, 500}},
		{"first two", []Rule{{On: OSVVuln, Fault: Fault{Kind: "500", First: 2}}}, []int{500, 500, 200, 200}},
		{"every second", []Rule{{Fault: Fault{Kind: "500", Every: 2}}}, []int{200, 500, 200, 500}},
		{"every second of the first three", []Rule{{Fault: Fault{Kind: "500", Every: 2, First: 3}}}, []int{200, 500, 200, 200}},
		{"one rule, then the next", []Rule{{Fault: Fault{Kind: "500", First: 1}}, {Fault: Fault{Kind: "503", First: 1}}}, []int{500, 503, 200, 200}},
		{"another source", []Rule{{On: KEV, Fault: Fault{Kind: "500"}}, {On: OSVQuery, Fault: Fault{Kind: "500"}}}, []int{200, 200, 200, 200}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := start(t, Config{Faults: tc.rules})
			var got []int
			for range tc.want {
				got = append(got, c.get(t, vulnPath).status)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRule(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		want Rule
	}{
		{"429", Rule{Fault: Fault{Kind: "429"}}},
		{"osv=reset", Rule{On: OSV, Fault: Fault{Kind: Reset}}},
		{"osv.querybatch=429,first=2,retry-after=0", Rule{On: OSVQueryBatch, Fault: Fault{Kind: "429", First: 2, RetryAfter: "0"}}},
		{"drip,every=3,pause=5ms", Rule{Fault: Fault{Kind: Drip, Every: 3, Pause: 5 * time.Millisecond}}},
	} {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			got, err := ParseRule(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.String() != tc.text {
				t.Errorf("String is %q", got.String())
			}
		})
	}
	for _, text := range []string{"", "200", "600", "slow", "osv=", "nvd=500", "osv.nothing=500", "500,first=many", "500,every=0", "500,last=1", "drip,pause=5"} {
		if rule, err := ParseRule(text); err == nil {
			t.Errorf("%q is read as %+v, want an error", text, rule)
		}
	}
}
