package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"loadline/bench/standin"
)

// BenchmarkQuestion asks the question over 100 components with 260 findings when
// everything is known. CPU is that of the process: server, client and ingestion
// of nothing.
func BenchmarkQuestion(b *testing.B) { benchmark(b, question) }

// BenchmarkReport asks for what the peers in bench report.
func BenchmarkReport(b *testing.B) {
	benchmark(b, `query($project: String!, $release: String!) { project(name: $project) { name release(version: $release) { version components(first: 100) {
		nodes { purl licenses { expression } findings { vulnerability { id severity { rating } summary epss { probability } } } } } } } }`)
}

func benchmark(b *testing.B, query string) {
	data, purls := workload(b, 100)
	s := newServer(b, standin.Config{Data: data})
	s.put(b, "shop", "1.0", cyclonedx(purls...))
	body, err := json.Marshal(map[string]any{"query": query, "variables": theRelease})
	if err != nil {
		b.Fatal(err)
	}
	// Decompressing is the client's business.
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	b.Cleanup(client.CloseIdleConnections)
	ask := func() {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, s.URL, bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Cache-Control", "no-store") // made anew each time
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
	}
	ask()
	b.ReportAllocs()
	before := cpuTime(b)
	for b.Loop() {
		ask()
	}
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// cpuTime is the CPU time that the process has taken.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// workload is n packages with 0 to 5 vulnerabilities each, the same ones each time.
func workload(b testing.TB, n int) (*standin.Data, []string) {
	random := rand.New(rand.NewPCG(1, 0))
	scores := "#model_version:v2026.03.14,score_date:2026-03-15T12:55:00Z\ncve,epss,percentile\n"
	affected := make([][]map[string]any, 4*n)
	purls := make([]string, n)
	for i := range purls {
		name := fmt.Sprintf("package-%d", i)
		purls[i] = "pkg:npm/" + name + "@1.0.0"
		for range random.IntN(6) {
			v := random.IntN(len(affected))
			affected[v] = append(affected[v], map[string]any{
				"package": map[string]string{"ecosystem": "npm", "name": name},
				"ranges":  []any{map[string]any{"type": "SEMVER", "events": []any{map[string]string{"introduced": "0"}, map[string]string{"fixed": "1.2.0"}}}},
			})
		}
	}
	files := fstest.MapFS{}
	for i, packages := range affected {
		if packages == nil {
			continue
		}
		id, cve := fmt.Sprintf("GHSA-%04d-bbbb-cccc", i), fmt.Sprintf("CVE-2099-%05d", i)
		scores += fmt.Sprintf("%s,%.5f,%.5f\n", cve, random.Float64(), random.Float64())
		record, err := json.Marshal(map[string]any{
			"schema_version": "1.7.5", "id": id, "aliases": []string{cve}, "affected": packages,
			"modified": "2026-02-01T00:00:00Z", "published": "2026-01-01T00:00:00Z",
			"summary": "Something that has to be fixed in " + id, "details": fmt.Sprintf("%02000d", i),
			"severity": []any{map[string]string{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
		})
		if err != nil {
			b.Fatal(err)
		}
		files["npm/"+id+".json"] = &fstest.MapFile{Data: record}
	}
	files["epss_scores.csv"] = &fstest.MapFile{Data: []byte(scores)}
	data, err := standin.Load(files, nil)
	if err != nil {
		b.Fatal(err)
	}
	return data, purls
}
