package epss_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/upstream"
	"loadline/upstream/epss"
	"loadline/upstream/upstreamtest"
)

func kind(err error) upstream.Kind {
	var e *upstream.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if err != nil {
		return "OTHER"
	}
	return ""
}

func TestReplay(t *testing.T) {
	t.Parallel()
	for name, load := range map[string]func(t testing.TB) []upstreamtest.Exchange{
		"own":      func(t testing.TB) []upstreamtest.Exchange { return upstreamtest.Own(t, "epss.jsonl") },
		"recorded": func(t testing.TB) []upstreamtest.Exchange { return upstreamtest.Recorded(t, "epss-api.jsonl") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, e := range load(t) {
				want := e.URL(t)
				url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
					// The recordings were made without a limit.
					query := r.URL.Query()
					if limit := query.Get("limit"); limit != "100" {
						t.Errorf("limit %q", limit)
					}
					query.Del("limit")
					if r.Method != e.Request.Method || r.URL.Path != want.Path || query.Encode() != want.RawQuery {
						t.Errorf("%s %s, want %s %s", r.Method, r.URL, e.Request.Method, e.Request.URL)
					}
					e.Answer(w)
				})
				cve := want.Query().Get("cve")
				got := epss.New(url, upstreamtest.Client(t, upstream.EPSS)).Scores(t.Context(), []string{cve})
				if diff := cmp.Diff([]epss.Result{recorded(t, e)}, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", cve, diff)
				}
			}
		})
	}
}

// recorded reads an answer about one id in another way than the client.
func recorded(t *testing.T, e upstreamtest.Exchange) epss.Result {
	var answer struct {
		Data []struct {
			EPSS       float64 `json:"epss,string"`
			Percentile float64 `json:"percentile,string"`
			Date       string  `json:"date"`
		} `json:"data"`
	}
	if err := json.Unmarshal(e.Response.Body, &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Data) == 0 {
		return epss.Result{}
	}
	day, err := time.Parse(time.DateOnly, answer.Data[0].Date)
	if err != nil {
		t.Fatal(err)
	}
	return epss.Result{Known: true, Score: epss.Score{Probability: answer.Data[0].EPSS, Percentile: answer.Data[0].Percentile, Date: day}}
}

// service scores every id with 0.5, in reverse order, except unknown ones; like
// the real one it answers 100 at most where no limit is given, and refuses 2,000
// characters.
func service(t *testing.T, sizes *[]int) string {
	var mu sync.Mutex
	return upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/data/v1/epss" {
			t.Errorf("path %s", r.URL.Path)
		}
		list := r.URL.Query().Get("cve")
		if len(list) > 2000 || strings.Contains(list, "CVE-2020-0666") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		cves := strings.Split(list, ",")
		mu.Lock()
		*sizes = append(*sizes, len(cves))
		mu.Unlock()
		var data []string
		for i := len(cves) - 1; i >= 0; i-- {
			if !strings.Contains(cves[i], "-0404") {
				data = append(data, fmt.Sprintf(`{"cve":%q,"epss":"0.500000000","percentile":"0.900000000","date":"2026-08-14"}`, cves[i]))
			}
		}
		fmt.Fprintf(w, `{"total":%d,"data":[%s]}`, len(data), strings.Join(data[:min(len(data), 100)], ","))
	})
}

func TestScoresAreCutOrderedAndUnknownOnesSaid(t *testing.T) {
	t.Parallel()
	var sizes []int
	url := service(t, &sizes)
	var cves []string
	for i := range 250 {
		cves = append(cves, fmt.Sprintf("CVE-2021-%04d", 300+i))
	}
	cves = append(cves, "cve-2021-0300", " CVE-2021-0301 ")
	got := epss.New(url+"/", upstreamtest.Client(t, upstream.EPSS)).Scores(t.Context(), cves)
	for i, r := range got {
		known := cves[i] != "CVE-2021-0404"
		if r.Err != nil || r.Known != known || known && r.Score.Probability != 0.5 {
			t.Errorf("%s: %+v", cves[i], r)
		}
	}
	total := 0
	for _, n := range sizes {
		total += n
		if n > epss.MaxCVEs {
			t.Errorf("%d ids in a call", n)
		}
	}
	if len(sizes) != 3 || total != 250 {
		t.Errorf("calls for %v ids, want three for 250", sizes)
	}
}

func TestLongIDsMakeShortLists(t *testing.T) {
	t.Parallel()
	var sizes []int
	url := service(t, &sizes)
	var cves []string
	for i := range 150 {
		cves = append(cves, fmt.Sprintf("CVE-2021-%019d", i))
	}
	for i, r := range epss.New(url, upstreamtest.Client(t, upstream.EPSS)).Scores(t.Context(), cves) {
		if r.Err != nil || !r.Known {
			t.Errorf("%s: %+v", cves[i], r)
		}
	}
	// 28 characters each, and a comma between two: 58 of them are 1,681.
	if diff := cmp.Diff(map[int]int{58: 2, 34: 1}, count(sizes)); diff != "" {
		t.Errorf("calls by size (-want +got):\n%s", diff)
	}
}

func count(sizes []int) map[int]int {
	n := map[int]int{}
	for _, s := range sizes {
		n[s]++
	}
	return n
}

func TestFailedCallCostsOnlyItsIDs(t *testing.T) {
	t.Parallel()
	var sizes []int
	url := service(t, &sizes)
	var cves []string
	for i := range 300 {
		cves = append(cves, fmt.Sprintf("CVE-2022-%04d", 1000+i))
	}
	cves[150] = "CVE-2020-0666"
	for i, r := range epss.New(url, upstreamtest.Client(t, upstream.EPSS)).Scores(t.Context(), cves) {
		want := upstream.Kind("")
		if i >= 100 && i < 200 {
			want = upstream.Status
		}
		if kind(r.Err) != want || (want == "") != r.Known {
			t.Fatalf("%d %s: %+v, want %q", i, cves[i], r, want)
		}
	}
}

func TestScoresFaults(t *testing.T) {
	t.Parallel()
	lie := upstream.BadAnswer
	for name, test := range map[string]struct {
		body string
		want upstream.Kind
	}{
		"numbers bare":         {`{"total":1,"data":[{"cve":"CVE-2021-0001","epss":5e-05,"percentile":1}]}`, ""},
		"numbers in quotes":    {`{"total":1,"data":[{"cve":"CVE-2021-0001","epss":"0.000050000","percentile":"1"}]}`, ""},
		"small letters":        {`{"data":[{"cve":"cve-2021-0001","epss":"5e-05","percentile":"1.000000000"}]}`, ""},
		"more than came":       {`{"total":130,"data":[{"cve":"CVE-2021-0001","epss":"0.1","percentile":"0.1"}]}`, lie},
		"above 1":              {`{"total":1,"data":[{"cve":"CVE-2021-0001","epss":"1.1","percentile":"0.1"}]}`, lie},
		"below 0":              {`{"total":1,"data":[{"cve":"CVE-2021-0001","epss":"0.1","percentile":"-0.1"}]}`, lie},
		"not a number":         {`{"total":1,"data":[{"cve":"CVE-2021-0001","epss":"NaN","percentile":"0.1"}]}`, lie},
		"infinite":             {`{"total":1,"data":[{"cve":"CVE-2021-0001","epss":"Inf","percentile":"0.1"}]}`, lie},
		"without a percentile": {`{"total":1,"data":[{"cve":"CVE-2021-0001","epss":"0.1"}]}`, lie},
		"null":                 {`{"total":1,"data":[{"cve":"CVE-2021-0001","epss":null,"percentile":"0.1"}]}`, lie},
		"no data":              {`{"status":"OK","total":0}`, lie},
		"null as a whole":      {`null`, lie},
		"not JSON":             {`<html>`, lie},
		"a score of another":   {`{"total":2,"data":[{"cve":"CVE-2021-0001","epss":5e-05,"percentile":1},{"cve":"CVE-2021-0002","epss":0.7,"percentile":1}]}`, lie},
		"only that of another": {`{"total":1,"data":[{"cve":"CVE-2021-0002","epss":0.7,"percentile":1}]}`, lie},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, test.body) })
			got := epss.New(url, upstreamtest.Client(t, upstream.EPSS)).Scores(t.Context(), []string{"CVE-2021-0001"})
			if kind(got[0].Err) != test.want {
				t.Fatalf("error %v, want %q", got[0].Err, test.want)
			}
			if test.want != "" {
				if got[0].Known {
					t.Errorf("a score in spite of the error: %+v", got[0])
				}
				return
			}
			if diff := cmp.Diff(epss.Score{Probability: 5e-05, Percentile: 1}, got[0].Score); diff != "" {
				t.Errorf("score (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOtherIDsAreNotSent(t *testing.T) {
	t.Parallel()
	up := upstreamtest.Client(t, upstream.EPSS)
	c := epss.New("http://upstream.invalid", up)
	for i, r := range c.Scores(t.Context(), []string{"GHSA-jfh8-c2jp-5v3q", "", "CVE-2021-1", "CVE-2021-0001&limit=1", "CVE-2021-0001,CVE-2021-0002"}) {
		if kind(r.Err) != upstream.BadQuery {
			t.Errorf("%d: error %v, want %s", i, r.Err, upstream.BadQuery)
		}
	}
	if got := c.Scores(t.Context(), nil); len(got) != 0 || up.Health().Calls != 0 {
		t.Errorf("%d results, %d calls", len(got), up.Health().Calls)
	}
}

func TestWholeAddress(t *testing.T) {
	t.Parallel()
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/mirror/epss" {
			t.Errorf("path %s", r.URL.Path)
		}
		io.WriteString(w, `{"data":[]}`)
	})
	got := epss.New(url+"/mirror/epss", upstreamtest.Client(t, upstream.EPSS)).Scores(t.Context(), []string{"CVE-2021-0001"})
	if got[0].Err != nil || got[0].Known {
		t.Errorf("%+v", got[0])
	}
}
