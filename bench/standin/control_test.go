package standin

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestControlChangesOnlyWhatIsNamed(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Faults: []Rule{{On: KEV, Fault: Fault{Kind: "500"}}}})
	var got status
	r := c.post(t, "/__control", `{"latency":"1ms","pages":{"batch":1},"faults":["osv.vuln=503,first=1"]}`)
	r.into(t, &got)
	want := status{Counts: Counts{}, Records: 21, Latency: "1ms",
		Pages:  Pages{Query: 3000, Batch: 1, DepsDev: 1000, Bytes: 10_000_000},
		Faults: []string{"kev=500", "osv.vuln=503,first=1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
	for _, status := range []int{503, 200} {
		if r := c.get(t, vulnPath); r.status != status {
			t.Errorf("status %d, want %d", r.status, status)
		}
	}
	if got := c.batch(t, named("npm", "left-shelf", "1.2.2"))[0]; len(got.Vulns) != 1 || got.NextPageToken == "" {
		t.Errorf("page size is not 1: %+v", got)
	}
	c.post(t, "/__control", `{"p95":"2s","clearFaults":true}`).into(t, &got)
	if got.Latency != "1ms" || got.P95 != "2s" || len(got.Faults) != 0 || got.Pages.Batch != 1 {
		t.Errorf("status %+v", got)
	}
}

func TestControlRefusals(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, body := range []string{``, `{"latency":"soon"}`, `{"latency":20}`, `{"faults":["nvd=500"]}`, `{"speed":"20ms"}`} {
		if r := c.post(t, "/__control", body); r.status != 400 || len(r.body) == 0 {
			t.Errorf("%s: status %d, %q", body, r.status, r.body)
		}
	}
	for _, path := range []string{"/__control", "/__latency", "/__latency?ms=-1", "/__latency?ms=x"} {
		if r := c.get(t, path); r.status != 400 {
			t.Errorf("%s: status %d, want 400", path, r.status)
		}
	}
}

func TestStatsCountPerEndpointAndReset(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Faults: []Rule{{On: OSVQuery, Fault: Fault{Kind: "500", First: 1}}}})
	c.get(t, vulnPath)
	c.get(t, vulnPath)
	c.post(t, "/v1/query", named("npm", "left-shelf", "1.2.2"))
	c.get(t, epssPath)
	c.get(t, "/nothing/here")
	var got status
	c.get(t, "/__stats").into(t, &got)
	want := Counts{
		OSVVuln:    {Calls: 2, Items: 2, Peak: 1},
		OSVQuery:   {Calls: 1, Items: 1, Faulted: 1, Peak: 1},
		EPSSScores: {Calls: 1, Items: 2, Peak: 1},
	}
	if diff := cmp.Diff(want, got.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Count{Calls: 4, Items: 5, Faulted: 1, Peak: 1}, got.Total); diff != "" {
		t.Errorf("total (-want +got):\n%s", diff)
	}
	c.Fault(EPSS, Fault{Kind: "500"})
	c.post(t, "/__reset", "").into(t, &got)
	if got.Total.Calls != 0 || len(got.Faults) != 1 {
		t.Errorf("after reset %+v, want no calls and the fault of the start", got)
	}
	// Its count begins anew as well.
	if r := c.post(t, "/v1/query", named("npm", "left-shelf", "1.2.2")); r.status != 500 {
		t.Errorf("status %d, want the fault of the first call again", r.status)
	}
}

func TestHeadersOfACall(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	if r := c.get(t, vulnPath, HeaderFault, "429,retry-after=7"); r.status != 429 || r.header.Get("Retry-After") != "7" {
		t.Errorf("status %d, header %v", r.status, r.header)
	}
	if got := c.batch(t, named("npm", "left-shelf", "1.2.2"), HeaderPageSize, "1")[0]; len(got.Vulns) != 1 {
		t.Errorf("page %+v, want one id", got)
	}
	began := time.Now()
	c.get(t, vulnPath, HeaderLatency, "30ms")
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("took %v", took)
	}
	if r := c.get(t, vulnPath); r.status != 200 {
		t.Errorf("the next call: status %d", r.status)
	}
	for header, value := range map[string]string{HeaderFault: "slow", HeaderLatency: "slow", HeaderPageSize: "0"} {
		if r := c.get(t, vulnPath, header, value); r.status != 400 {
			t.Errorf("%s %s: status %d, want 400", header, value, r.status)
		}
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Latency: Latency{Median: 20 * time.Millisecond}})
	began := time.Now()
	c.get(t, vulnPath)
	if took := time.Since(began); took < 20*time.Millisecond {
		t.Errorf("took %v, want at least 20ms", took)
	}
	c.get(t, "/__latency?ms=0")
	if got := c.settings.Load().latency; got != (Latency{}) {
		t.Errorf("latency %v, want none", got)
	}
}

func TestLatencyDistribution(t *testing.T) {
	t.Parallel()
	l := Latency{Median: 100 * time.Millisecond, P95: time.Second}
	const draws = 20_000
	belowMedian, aboveP95 := 0, 0
	for range draws {
		switch d := l.draw(); {
		case d < l.Median:
			belowMedian++
		case d > l.P95:
			aboveP95++
		}
	}
	// Some ten standard deviations wide: it fails for a wrong formula only.
	if share := float64(belowMedian) / draws; share < 0.46 || share > 0.54 {
		t.Errorf("%.3f of the draws are below the median", share)
	}
	if share := float64(aboveP95) / draws; share < 0.035 || share > 0.065 {
		t.Errorf("%.3f of the draws are above the 95th percentile", share)
	}
	if got := fmt.Sprint(Latency{Median: time.Second}.draw()); got != "1s" {
		t.Errorf("a fixed latency draws %s", got)
	}
}
