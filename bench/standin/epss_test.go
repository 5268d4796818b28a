package standin

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type epssRow struct {
	CVE        string `json:"cve"`
	EPSS       string `json:"epss"`
	Percentile string `json:"percentile"`
	Date       string `json:"date"`
}

type epssPage struct {
	Status string    `json:"status"`
	Total  int       `json:"total"`
	Offset int       `json:"offset"`
	Limit  int       `json:"limit"`
	Data   []epssRow `json:"data"`
}

func (c *client) epss(t *testing.T, params string) epssPage {
	t.Helper()
	r := c.get(t, "/data/v1/epss?"+params)
	if r.status != 200 {
		t.Fatalf("%s: status %d: %s", params, r.status, r.body)
	}
	var page epssPage
	r.into(t, &page)
	return page
}

// manyCVEs are n CVEs that the sample has a score for.
func manyCVEs(n int) []string {
	cves := make([]string, n)
	for i := range cves {
		cves[i] = fmt.Sprintf("CVE-2099-2%04d", i)
	}
	return cves
}

func TestEPSSWritesNumbersAsStringsWithNineDecimals(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.get(t, "/data/v1/epss?cve=CVE-2099-10009").want(t, 200,
		`{"status":"OK","status-code":200,"version":"1.0","access":"public","total":1,"offset":0,"limit":100,`+
			`"data":[{"cve":"CVE-2099-10009","epss":"0.975560000","percentile":"1.000000000","date":"2026-03-15"}]}`)
	if got := c.epss(t, "cve=CVE-2099-10010").Data[0].EPSS; got != "0.000050000" {
		t.Errorf("5e-05 is written %q", got)
	}
}

func TestEPSSLeavesOutUnknownCVEs(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	got := c.epss(t, "cve=CVE-1999-1,CVE-2099-10007,GHSA-22cc-33ff-44gg")
	want := epssPage{Status: "OK", Total: 1, Limit: 100, Data: []epssRow{{"CVE-2099-10007", "0.212330000", "0.954320000", "2026-03-15"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
	if got := c.Counts().Of(EPSSScores).Items; got != 3 {
		t.Errorf("%d items counted, want 3", got)
	}
}

func TestEPSSReturns100WithoutLimit(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	cves := "cve=" + strings.Join(manyCVEs(130), ",")
	for _, tc := range []struct {
		name, params         string
		total, limit, offset int
		rows                 int
	}{
		{"default", cves, 130, 100, 0, 100},
		{"limit", cves + "&limit=130", 130, 130, 0, 130},
		{"offset", cves + "&offset=100", 130, 100, 100, 30},
		{"offset behind the end", cves + "&offset=500", 130, 100, 500, 0},
		{"limit above the highest", cves + "&limit=20000", 130, 10000, 0, 130},
		{"all scores", "", 141, 100, 0, 100},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := c.epss(t, tc.params)
			if got.Total != tc.total || got.Limit != tc.limit || got.Offset != tc.offset || len(got.Data) != tc.rows {
				t.Errorf("total %d limit %d offset %d rows %d, want %+v", got.Total, got.Limit, got.Offset, len(got.Data), tc)
			}
		})
	}
}

func TestEPSSDoesNotKeepTheOrder(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	asked := manyCVEs(50)
	var got []string
	for _, row := range c.epss(t, "cve="+strings.Join(asked, ",")).Data {
		got = append(got, row.CVE)
	}
	if slices.Equal(asked, got) {
		t.Error("the order is that of the request")
	}
	slices.Sort(got)
	if diff := cmp.Diff(asked, got); diff != "" {
		t.Errorf("CVEs (-want +got):\n%s", diff)
	}
	if top := c.epss(t, "order=!epss&limit=2").Data; top[0].CVE != "CVE-2099-10009" || top[1].CVE != "CVE-2099-10001" {
		t.Errorf("highest first: %v", top)
	}
}

func TestEPSSRefusesMoreThan2000Characters(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	// 133 ids of 14 characters and their commas are 1,994 characters.
	fits := strings.Join(slices.Repeat([]string{"CVE-2099-20000"}, 133), ",")
	if got := c.epss(t, "cve="+fits); got.Total != 1 {
		t.Errorf("total %d, want 1", got.Total)
	}
	if r := c.get(t, "/data/v1/epss?cve="+fits+",CVE-2099-20001"); r.status != 400 {
		t.Errorf("status %d, want 400", r.status)
	}
}

func TestEPSSFilters(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	for _, tc := range []struct {
		params string
		total  int
	}{
		{"epss-gt=0.9", 2}, {"epss-lt=0.00005", 6}, {"percentile-gt=0.999", 2}, {"q=2099-100", 11},
		{"date=2026-03-15&q=2099-100", 11}, {"date=2020-01-01", 0},
	} {
		if got := c.epss(t, tc.params); got.Total != tc.total {
			t.Errorf("%s: total %d, want %d", tc.params, got.Total, tc.total)
		}
	}
	if r := c.get(t, "/data/v1/epss?epss-gt=much"); r.status != 400 {
		t.Errorf("status %d, want 400", r.status)
	}
}

func TestEPSSEnvelope(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.get(t, "/data/v1/epss?cve=CVE-2099-10009&envelope=false").want(t, 200,
		`[{"cve":"CVE-2099-10009","epss":"0.975560000","percentile":"1.000000000","date":"2026-03-15"}]`)
	if r := c.get(t, "/data/v1/epss?cve=CVE-2099-10009&pretty=true"); !strings.Contains(string(r.body), "\n    \"total\": 1,\n") {
		t.Errorf("not pretty: %s", r.body)
	}
}
