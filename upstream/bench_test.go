package upstream_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"loadline/upstream"
	"loadline/upstream/upstreamtest"
)

// BenchmarkCall is one call of 250 at once over connections that are open, as a
// batch's hydration makes them, beside the same with net/http alone.
func BenchmarkCall(b *testing.B) {
	record := []byte(`{"id":"X","details":"` + strings.Repeat("x", 2800) + `"}`)
	url := upstreamtest.Cheap(b, func(string, string, []byte) []byte { return record })
	const atOnce = 250
	run := func(b *testing.B, call func() error) {
		b.ReportAllocs()
		began := upstreamtest.ProcessorTime(b)
		for b.Loop() {
			var all sync.WaitGroup
			for range atOnce {
				all.Go(func() {
					if err := call(); err != nil {
						b.Error(err)
					}
				})
			}
			all.Wait()
		}
		spent := upstreamtest.ProcessorTime(b) - began
		b.ReportMetric(float64(spent.Microseconds())/float64(b.N)/atOnce, "cpu-µs/call")
	}
	b.Run("upstream", func(b *testing.B) {
		c := upstream.NewClient(upstream.OSV, fast())
		defer c.Close()
		run(b, func() error {
			return c.Do(b.Context(), upstream.Call{Op: "test", Method: http.MethodGet, URL: url + "/v1/vulns/X"}, ignore)
		})
	})
	b.Run("net/http", func(b *testing.B) {
		transport := &http.Transport{MaxIdleConns: atOnce, MaxIdleConnsPerHost: atOnce, MaxConnsPerHost: atOnce,
			DialContext: (&net.Dialer{}).DialContext, DisableCompression: true}
		defer transport.CloseIdleConnections()
		c := &http.Client{Transport: transport}
		run(b, func() error {
			req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url+"/v1/vulns/X", nil)
			if err != nil {
				return err
			}
			resp, err := c.Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			_, err = io.Copy(io.Discard, resp.Body)
			return err
		})
	})
}
