package enrich_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"loadline/enrich"
	"loadline/store"
	"loadline/store/storetest"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/epss"
	"loadline/upstream/kev"
	"loadline/upstream/osv"
	"loadline/upstream/upstreamtest"
)

const (
	benchComponents = 100
	benchRecords    = 242
)

// BenchmarkHydrateCold is what a question over 100 components asks of the
// sources when nothing is known: a querybatch, 242 records, their scores. The
// sources answer at once, and their work is in the figures; cpu-ms/op has also
// what is stored afterwards.
func BenchmarkHydrateCold(b *testing.B) {
	url := upstreamtest.Cheap(b, benchAnswer)
	s := storetest.Open(b)
	client := func(source upstream.Source) *upstream.Client { return upstreamtest.Client(b, source) }
	e := enrich.New(s, enrich.Upstreams{
		OSV:     osv.New(url, client(upstream.OSV)),
		EPSS:    epss.New(url, client(upstream.EPSS)),
		KEV:     kev.New(url, client(upstream.KEV)),
		DepsDev: depsdev.New(url, client(upstream.DepsDev)),
	}, time.Now, slog.New(slog.DiscardHandler))
	defer e.Close()
	b.ReportAllocs()
	var spent time.Duration
	for round := 0; b.Loop(); round++ {
		b.StopTimer()
		versions := benchVersions(b, s, round)
		b.StartTimer()
		began := upstreamtest.ProcessorTime(b)
		found, err := e.Findings(b.Context(), versions)
		if err != nil {
			b.Fatal(err)
		}
		var cves []string
		for _, f := range found {
			for _, finding := range f.Findings {
				cves = append(cves, finding.Vulnerability.CVEs()...)
			}
		}
		scores, err := e.Scores(b.Context(), cves)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := e.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
		spent += upstreamtest.ProcessorTime(b) - began
		b.StartTimer()
		if len(scores) != benchRecords {
			b.Fatalf("%d scores, want %d", len(scores), benchRecords)
		}
	}
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// benchVersions are package versions that nobody has asked about.
func benchVersions(b *testing.B, s *store.Store, round int) []store.PackageVersion {
	purls := make([]string, benchComponents)
	for i := range purls {
		purls[i] = fmt.Sprintf("pkg:npm/r%d-%d@1.0.0", round, i)
	}
	return ingest(b, s, purls)
}

var benchDetails = strings.Repeat("Improper validation of user supplied input. ", 50)

// benchAnswer plays the sources: record GHSA-ROUND-N is about component N modulo
// benchComponents of the round.
func benchAnswer(method, target string, body []byte) []byte {
	var reply any
	switch {
	case method == "POST":
		var ask struct {
			Queries []struct{ Package struct{ Name string } }
		}
		if err := json.Unmarshal(body, &ask); err != nil {
			return nil
		}
		results := make([]any, len(ask.Queries))
		for i, q := range ask.Queries {
			var round, n int
			_, _ = fmt.Sscanf(q.Package.Name, "r%d-%d", &round, &n)
			refs := []map[string]string{}
			for ; n < benchRecords; n += benchComponents {
				refs = append(refs, map[string]string{"id": fmt.Sprintf("GHSA-%d-%d", round, n), "modified": "2026-03-01T12:00:00Z"})
			}
			results[i] = map[string]any{"vulns": refs}
		}
		reply = map[string]any{"results": results}
	case strings.HasPrefix(target, "/v1/vulns/"):
		id := target[len("/v1/vulns/"):]
		var round, n int
		_, _ = fmt.Sscanf(id, "GHSA-%d-%d", &round, &n)
		return fmt.Appendf(nil, `{"schema_version":"1.7.3","id":%q,"aliases":["CVE-2%03d-%d"],"modified":"2026-03-01T12:00:00Z","published":"2026-01-01T00:00:00Z",`+
			`"summary":"Improper validation of user supplied input","details":%q,"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],`+
			`"affected":[{"package":{"ecosystem":"npm","name":"r%d-%d"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.2.0"}]}]}],`+
			`"references":[{"type":"ADVISORY","url":"https://example.org/%s"},{"type":"WEB","url":"https://example.org/web/%s"}],"database_specific":{"severity":"HIGH"}}`,
			id, round, 10000+n, benchDetails, round, n%benchComponents, id, id)
	default:
		list, _, _ := strings.Cut(target[strings.Index(target, "cve=")+len("cve="):], "&")
		cves := strings.Split(list, ",")
		rows := make([]map[string]string, len(cves))
		for i, cve := range cves {
			rows[i] = map[string]string{"cve": cve, "epss": "0.5", "percentile": "0.9", "date": "2026-03-01"}
		}
		reply = map[string]any{"total": len(rows), "data": rows}
	}
	out, err := json.Marshal(reply)
	if err != nil {
		return nil
	}
	return out
}
