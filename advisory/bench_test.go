package advisory_test

import (
	"fmt"
	"strings"
	"testing"

	"loadline/advisory"
)

func BenchmarkDecode(b *testing.B) {
	var versions []string
	for i := range 100 {
		versions = append(versions, fmt.Sprintf("%q", fmt.Sprintf("1.%d.0", i)))
	}
	data := []byte(`{"schema_version":"1.7.5","id":"GHSA-1","modified":"2024-05-06T00:00:00Z","published":"2024-05-06T02:00:00Z","aliases":["CVE-2024-1"],
		"summary":"A summary","details":"` + strings.Repeat("Details of some length. ", 60) + `",
		"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"references":[{"type":"WEB","url":"https://example.org/1"}],
		"affected":[{"package":{"ecosystem":"Maven","name":"a:b","purl":"pkg:maven/a/b"},"versions":[` + strings.Join(versions, ",") + `],
		"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.99.1"}]}],"database_specific":{"source":"https://example.org/2"}}],
		"database_specific":{"severity":"HIGH","cwe_ids":["CWE-79"]}}`)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := advisory.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGroups(b *testing.B) {
	var records []advisory.Advisory
	for i := range 100 {
		cve := fmt.Sprintf("CVE-2024-%d", i/2)
		records = append(records, advisory.Advisory{ID: fmt.Sprintf("GHSA-%d", i), Aliases: []string{cve}})
	}
	b.ReportAllocs()
	for b.Loop() {
		advisory.Groups(records)
	}
}

func BenchmarkRate(b *testing.B) {
	records := []advisory.Advisory{{ID: "GHSA-1", Word: "HIGH", Severity: []advisory.Severity{
		{Type: "CVSS_V3", Score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
		{Type: "CVSS_V4", Score: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"},
	}}}
	b.ReportAllocs()
	for b.Loop() {
		advisory.Rate(records)
	}
}
