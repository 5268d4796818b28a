package dataset_test

import (
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/dataset"
)

func TestGeneratedDataHasThePeersShape(t *testing.T) {
	t.Parallel()
	d := dataset.Generate(20260, dataset.Usual)
	distinct := 0
	for _, p := range d.Projects {
		distinct += d.Distinct(p)
		if len(p.Components) != 100 {
			t.Errorf("%s has %d components", p.Slug, len(p.Components))
		}
	}
	if mean := distinct / len(d.Projects); len(d.Projects) != 200 || mean < 232 || mean > 252 {
		t.Errorf("%d projects with %d vulnerabilities each, want 200 with about 242", len(d.Projects), mean)
	}
	if diff := cmp.Diff(d.Projects, dataset.Generate(20260, dataset.Usual).Projects); diff != "" {
		t.Errorf("the same seed gives other data (-first +second):\n%s", diff)
	}
}

func TestApartHasNothingInCommon(t *testing.T) {
	t.Parallel()
	d := small()
	apart := d.Apart()
	packages, vulnerabilities := map[string]string{}, map[string]string{}
	for _, v := range d.Vulnerabilities {
		vulnerabilities[v.ID], vulnerabilities[v.CVE] = "all", "all"
	}
	for i, p := range apart.Projects {
		if got, want := apart.Distinct(p), d.Distinct(d.Projects[i]); got != want {
			t.Errorf("%s has %d vulnerabilities, want %d as before", p.Slug, got, want)
		}
		for _, c := range p.Components {
			if other, ok := packages[c.PURL]; ok && other != p.Slug {
				t.Errorf("%s is in %s and %s", c.PURL, other, p.Slug)
			}
			packages[c.PURL] = p.Slug
			for _, id := range apart.Affected[c.PURL] {
				for _, name := range []string{id, apart.Vulnerabilities[id].CVE} {
					if other, ok := vulnerabilities[name]; name != "" && ok && other != p.Slug {
						t.Errorf("%s is in %s and %s", name, other, p.Slug)
					}
					vulnerabilities[name] = p.Slug
				}
			}
		}
	}
}

func TestServerKnowsWhatTheReportSays(t *testing.T) {
	t.Parallel()
	d := small()
	s, err := dataset.NewServer(d, d.Apart())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() { _ = s.Serve(listener) }()
	base := "http://" + listener.Addr().String()

	component := d.Projects[0].Components[slices.IndexFunc(d.Projects[0].Components, func(c dataset.Component) bool { return len(d.Affected[c.PURL]) > 1 })]
	want := d.Affected[component.PURL]
	target, err := dataset.Target(component.PURL)
	if err != nil {
		t.Fatal(err)
	}
	for name, query := range map[string]map[string]any{
		"by purl": {"package": map[string]string{"purl": component.PURL}},
		"by name": {"package": map[string]string{"ecosystem": target.Ecosystem, "name": target.Name}, "version": target.Version},
	} {
		body, err := json.Marshal(map[string]any{"queries": []any{query, map[string]any{"package": map[string]string{"purl": "pkg:npm/other@1"}}}})
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Results []struct{ Vulns []struct{ ID string } }
		}
		call(t, http.MethodPost, base+"/v1/querybatch", string(body), &answer)
		var got []string
		for _, v := range answer.Results[0].Vulns {
			got = append(got, v.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(answer.Results) != 2 || len(answer.Results[1].Vulns) != 0 {
			t.Errorf("%s: ids (-want +got):\n%s", name, diff)
		}
	}
	v := d.Vulnerabilities[want[0]]
	var record struct {
		ID, Summary string
		Aliases     []string
	}
	call(t, http.MethodGet, base+"/v1/vulns/"+v.ID, "", &record)
	if record.ID != v.ID || record.Summary != v.Summary {
		t.Errorf("got the record %+v, want %+v", record, v)
	}
	cves := []string{}
	for _, id := range slices.Sorted(maps.Keys(d.Vulnerabilities)) {
		if cve := d.Vulnerabilities[id].CVE; cve != "" {
			cves = append(cves, cve)
		}
	}
	var scores struct{ Data []struct{ CVE, EPSS string } }
	call(t, http.MethodGet, base+"/data/v1/epss?cve="+strings.Join(cves[:3], ","), "", &scores)
	if len(scores.Data) != 3 || scores.Data[0].CVE != cves[0] {
		t.Errorf("got the scores %+v of %v", scores.Data, cves[:3])
	}
	var stats struct{ Calls int }
	call(t, http.MethodGet, base+"/__stats", "", &stats)
	if stats.Calls != 4 {
		t.Errorf("%d calls were counted, want 4", stats.Calls)
	}
}

func TestReportsAreInTheWordsOfTheServer(t *testing.T) {
	t.Parallel()
	d := &dataset.Data{
		Projects: []dataset.Project{{Slug: "shop", Version: "1", Components: []dataset.Component{{PURL: "pkg:npm/a@1.0.0", Licences: []string{"MIT"}}}}},
		Affected: map[string][]string{"pkg:npm/a@1.0.0": {"GHSA-2222-2222-2223"}},
		Vulnerabilities: map[string]dataset.Vulnerability{"GHSA-2222-2222-2223": {ID: "GHSA-2222-2222-2223", CVE: "CVE-2026-0001",
			Severity: "MODERATE", Summary: "Broken", EPSS: dataset.Score{Probability: "0.25", Percentile: "0.5"}}},
	}
	for _, tt := range []struct {
		name   string
		naming dataset.Naming
		want   dataset.ReportVulnerability
	}{
		{"as the advisory", dataset.AsAdvisory, dataset.ReportVulnerability{ID: "GHSA-2222-2222-2223", Severity: "MODERATE", Summary: "Broken", Probability: 0.25}},
		{"as the vulnerability", dataset.AsVulnerability, dataset.ReportVulnerability{ID: "CVE-2026-0001", Severity: "MEDIUM", Summary: "Broken", Probability: 0.25}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := d.Report(d.Projects[0], tt.naming)
			if err != nil {
				t.Fatal(err)
			}
			want := dataset.Report{Project: "shop", Version: "1", Components: []dataset.ReportComponent{
				{PURL: "pkg:npm/a@1.0.0", Licences: []string{"MIT"}, Vulnerabilities: []dataset.ReportVulnerability{tt.want}},
			}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func small() *dataset.Data {
	return dataset.Generate(1, dataset.Shape{Projects: 5, Components: 20, Packages: 40, Vulnerabilities: 60})
}

func call(t *testing.T, method, url, body string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %s: %v", resp.Status, content, err)
	}
}
