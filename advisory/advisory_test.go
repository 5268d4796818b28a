package advisory_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"loadline/advisory"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	day := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		in   string
		want advisory.Advisory
	}{
		"only an id": {`{"id":"X-1"}`, advisory.Advisory{ID: "X-1"}},
		"everything used": {
			`{"schema_version":"1.7.5","id":"GHSA-1","modified":"2024-05-06T00:00:00Z","published":"2024-05-06T02:00:00+02:00",
			  "withdrawn":"2024-05-06T00:00:00.000Z","aliases":["CVE-1",""],"upstream":["CVE-2"],"related":["CVE-3"],"summary":"s","details":"d",
			  "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/x"}],"references":[{"type":"WEB","url":"https://example.org"},{"type":"WEB"}],
			  "affected":[{"package":{"ecosystem":"npm","name":"x","purl":"pkg:npm/x"},"versions":["1"],
			    "ranges":[{"type":"SEMVER","repo":"r","events":[{"introduced":"0"},{"fixed":"2"},{"last_affected":"3"},{"limit":"4"}]}],
			    "ecosystem_specific":{"urgency":"low"}}],
			  "database_specific":{"severity":"Moderate","other":[1]},"credits":[{"name":"n"}],"future":{"a":1}}`,
			advisory.Advisory{
				ID: "GHSA-1", Modified: day, Published: day, Withdrawn: day,
				Aliases: []string{"CVE-1"}, Upstream: []string{"CVE-2"}, Related: []string{"CVE-3"},
				Summary: "s", Details: "d", Word: "MODERATE",
				Severity:   []advisory.Severity{{Type: "CVSS_V3", Score: "CVSS:3.1/x"}},
				References: []advisory.Reference{{Type: "WEB", URL: "https://example.org"}},
				Affected: []advisory.Affected{{
					Package:  advisory.Package{Ecosystem: "npm", Name: "x", PURL: "pkg:npm/x"},
					Versions: []string{"1"}, Word: "LOW",
					Ranges: []advisory.Range{{Type: "SEMVER", Repo: "r", Events: []advisory.Event{
						{Introduced: "0"}, {Fixed: "2"}, {LastAffected: "3"}, {Limit: "4"},
					}}},
				}},
			},
		},
		"two boundaries in one event": {
			`{"id":"X","affected":[{"ranges":[{"events":[{"introduced":"1","fixed":"2"}]}]}]}`,
			advisory.Advisory{ID: "X", Affected: []advisory.Affected{{
				Ranges: []advisory.Range{{Events: []advisory.Event{{Introduced: "1"}, {Fixed: "2"}}}},
			}}},
		},
		"nulls":             {`{"id":"X","aliases":null,"affected":null,"database_specific":null}`, advisory.Advisory{ID: "X"}},
		"unreadable time":   {`{"id":"X","modified":"soon"}`, advisory.Advisory{ID: "X"}},
		"time without zone": {`{"id":"X","modified":"2024-05-06"}`, advisory.Advisory{ID: "X", Modified: day}},
		"scores beside the schema": {
			`{"id":"X","database_specific":{"cvss_v3":"6.1","cvss_v2":4.3},
			  "affected":[{"database_specific":{"cvss":{"vectorString":"CVSS:3.1/y"}}},{"database_specific":{"cvss":"CVSS:3.0/z"}},{"database_specific":"?"}]}`,
			advisory.Advisory{
				ID: "X", Severity: []advisory.Severity{{Type: "CVSS_V3", Score: "6.1"}, {Type: "CVSS_V2", Score: "4.3"}},
				Affected: []advisory.Affected{
					{Severity: []advisory.Severity{{Type: "CVSS", Score: "CVSS:3.1/y"}}},
					{Severity: []advisory.Severity{{Type: "CVSS", Score: "CVSS:3.0/z"}}}, {},
				},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := advisory.Decode([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"no id":                {`{"summary":"x"}`, "advisory: id: is missing"},
		"not JSON":             {`<html>`, "not JSON at byte 1"},
		"truncated":            {`{"id":"X",`, "not JSON at byte 10"},
		"a list":               {`[]`, "array"},
		"wrong kind":           {`{"id":"X","affected":[{"ranges":[{"events":[{"fixed":7}]}]}]}`, "affected.ranges.events.fixed: is a number"},
		"unreadable withdrawn": {`{"id":"X","withdrawn":"soon"}`, `X: withdrawn: "soon"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := advisory.Decode([]byte(test.in))
			if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(test.want)) {
				t.Errorf("error is %v, want it to say %q", err, test.want)
			}
		})
	}
}

func TestPreferredID(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ids  []string
		want string
	}{
		"none":                       {nil, ""},
		"CVE before GHSA":            {[]string{"GHSA-a", "GO-1", "CVE-2024-1"}, "CVE-2024-1"},
		"GHSA before the rest":       {[]string{"PYSEC-1", "GHSA-a", "DSA-1-1"}, "GHSA-a"},
		"oldest CVE by number":       {[]string{"CVE-2024-10000", "CVE-2024-9999"}, "CVE-2024-9999"},
		"oldest CVE by year":         {[]string{"CVE-2024-1", "CVE-2019-9"}, "CVE-2019-9"},
		"rest by text":               {[]string{"RUSTSEC-2021-1", "MAL-2022-1"}, "MAL-2022-1"},
		"zeros in front decide last": {[]string{"CVE-2024-1", "CVE-2024-0001"}, "CVE-2024-0001"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := advisory.PreferredID(test.ids); got != test.want {
				t.Errorf("PreferredID(%q) = %q, want %q", test.ids, got, test.want)
			}
		})
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	record := func(id string, aliases ...string) advisory.Advisory {
		return advisory.Advisory{ID: id, Aliases: aliases}
	}
	upstream := func(id string, upstream ...string) advisory.Advisory {
		return advisory.Advisory{ID: id, Upstream: upstream}
	}
	type group struct {
		ID      string
		Aliases []string
		Records []string
	}
	tests := map[string]struct {
		records []advisory.Advisory
		want    []group
	}{
		"no records": {nil, nil},
		"one record": {[]advisory.Advisory{record("GO-1", "GHSA-1", "CVE-1")}, []group{{"CVE-1", []string{"GHSA-1", "GO-1"}, []string{"GO-1"}}}},
		"one names the other": {
			[]advisory.Advisory{record("GO-1", "GHSA-1"), record("GHSA-1")},
			[]group{{"GHSA-1", []string{"GO-1"}, []string{"GHSA-1", "GO-1"}}},
		},
		"both name a third": {
			[]advisory.Advisory{record("GO-1", "CVE-1"), record("PYSEC-1", "CVE-1")},
			[]group{{"CVE-1", []string{"GO-1", "PYSEC-1"}, []string{"GO-1", "PYSEC-1"}}},
		},
		"joined by a record that comes later": {
			[]advisory.Advisory{record("A", "1"), record("B", "2"), record("C", "1", "2")},
			[]group{{"1", []string{"2", "A", "B", "C"}, []string{"A", "B", "C"}}},
		},
		"related does not join": {
			[]advisory.Advisory{{ID: "A", Related: []string{"B"}}, record("B")},
			[]group{{"A", nil, []string{"A"}}, {"B", nil, []string{"B"}}},
		},
		"a single upstream joins": {
			[]advisory.Advisory{upstream("ALPINE-CVE-1", "CVE-1"), record("GHSA-1", "CVE-1")},
			[]group{{"CVE-1", []string{"GHSA-1", "ALPINE-CVE-1"}, []string{"GHSA-1", "ALPINE-CVE-1"}}},
		},
		"a bulletin of several upstreams joins none": {
			[]advisory.Advisory{upstream("DSA-1", "CVE-1", "CVE-2"), record("GHSA-1", "CVE-1"), record("GHSA-2", "CVE-2")},
			[]group{{"CVE-1", []string{"GHSA-1"}, []string{"GHSA-1"}}, {"CVE-2", []string{"GHSA-2"}, []string{"GHSA-2"}}, {"DSA-1", nil, []string{"DSA-1"}}},
		},
		"the same record twice": {
			[]advisory.Advisory{record("A", "1"), {ID: "A", Modified: time.Unix(1, 0), Aliases: []string{"2"}}},
			[]group{{"2", []string{"A"}, []string{"A"}}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []group
			for _, g := range advisory.Groups(test.records) {
				have := group{ID: g.ID, Aliases: g.Aliases}
				for _, a := range g.Records {
					have.Records = append(have.Records, a.ID)
				}
				got = append(got, have)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCVEs(t *testing.T) {
	t.Parallel()
	got := advisory.CVEs([]advisory.Advisory{
		{ID: "DSA-1", Upstream: []string{"CVE-2024-10", "CVE-2024-9"}},
		{ID: "GHSA-1", Aliases: []string{"CVE-2024-9", "GO-1"}},
		{ID: "CVE-2020-1"},
	})
	if diff := cmp.Diff([]string{"CVE-2020-1", "CVE-2024-9", "CVE-2024-10"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	const (
		v40 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
		v31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
		v30 = "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"
		v20 = "AV:N/AC:L/Au:N/C:C/I:C/A:C"
	)
	record := func(id string, scores ...string) advisory.Advisory {
		a := advisory.Advisory{ID: id}
		for _, s := range scores {
			a.Severity = append(a.Severity, advisory.Severity{Type: "CVSS_V3", Score: s})
		}
		return a
	}
	tests := map[string]struct {
		records []advisory.Advisory
		want    advisory.Rating
		found   bool
	}{
		"nothing": {[]advisory.Advisory{record("A")}, advisory.Rating{}, false},
		"CVSS 4.0 first": {
			[]advisory.Advisory{record("A", v31, v20, v40)}, advisory.Rating{Rating: "CRITICAL", Score: 9.3, HasScore: true, Vector: v40, Advisory: "A"}, true,
		},
		"CVSS 3.1 before 3.0 and 2.0": {
			[]advisory.Advisory{record("A", v30, v31, v20)}, advisory.Rating{Rating: "CRITICAL", Score: 9.8, HasScore: true, Vector: v31, Advisory: "A"}, true,
		},
		"CVSS 3.0": {
			[]advisory.Advisory{record("A", v30)}, advisory.Rating{Rating: "MEDIUM", Score: 6.1, HasScore: true, Vector: v30, Advisory: "A"}, true,
		},
		"CVSS 2.0 knows no critical": {
			[]advisory.Advisory{record("A", "("+v20+")")}, advisory.Rating{Rating: "HIGH", Score: 10, HasScore: true, Vector: "(" + v20 + ")", Advisory: "A"}, true,
		},
		"score 0 is none": {
			[]advisory.Advisory{record("A", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N")},
			advisory.Rating{Rating: "NONE", HasScore: true, Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Advisory: "A"}, true,
		},
		"bad vectors are passed over": {
			[]advisory.Advisory{record("A", "CVSS:3.1/AV:X", "CVSS:9.9/AV:N", "", strings.Repeat("AV:N/", 1000), v30)},
			advisory.Rating{Rating: "MEDIUM", Score: 6.1, HasScore: true, Vector: v30, Advisory: "A"}, true,
		},
		"a vector before a higher word": {
			[]advisory.Advisory{{ID: "A", Word: "CRITICAL"}, record("B", v30)},
			advisory.Rating{Rating: "MEDIUM", Score: 6.1, HasScore: true, Vector: v30, Advisory: "B"}, true,
		},
		"a number where there is no vector": {
			[]advisory.Advisory{record("A", "6.1")}, advisory.Rating{Rating: "MEDIUM", Score: 6.1, HasScore: true, Advisory: "A"}, true,
		},
		"a number out of range": {[]advisory.Advisory{record("A", "61", "NaN", "-1")}, advisory.Rating{}, false},
		"the highest of one version, whatever the order": {
			[]advisory.Advisory{record("B", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"), record("A", v31)},
			advisory.Rating{Rating: "CRITICAL", Score: 9.8, HasScore: true, Vector: v31, Advisory: "A"}, true,
		},
		"of equals the preferred record": {
			[]advisory.Advisory{record("GO-1", v31), record("GHSA-1", v31)},
			advisory.Rating{Rating: "CRITICAL", Score: 9.8, HasScore: true, Vector: v31, Advisory: "GHSA-1"}, true,
		},
		"vector in affected": {
			[]advisory.Advisory{{ID: "A", Affected: []advisory.Affected{{Severity: []advisory.Severity{{Type: "CVSS_V3", Score: v31}}}}}},
			advisory.Rating{Rating: "CRITICAL", Score: 9.8, HasScore: true, Vector: v31, Advisory: "A"}, true,
		},
		"GitHub's moderate is medium": {[]advisory.Advisory{{ID: "A", Word: "MODERATE"}}, advisory.Rating{Rating: "MEDIUM", Advisory: "A"}, true},
		"Ubuntu's word as a score":    {[]advisory.Advisory{record("A", "negligible")}, advisory.Rating{Rating: "LOW", Advisory: "A"}, true},
		"Debian's urgency": {
			[]advisory.Advisory{{ID: "A", Affected: []advisory.Affected{{Word: "HIGH**"}, {Word: "LOW"}}}}, advisory.Rating{Rating: "HIGH", Advisory: "A"}, true,
		},
		"Debian's not yet assigned is no rating": {
			[]advisory.Advisory{{ID: "A", Affected: []advisory.Affected{{Word: "NOT YET ASSIGNED"}}}}, advisory.Rating{}, false,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, found := advisory.Rate(test.records)
			if diff := cmp.Diff(test.want, got); diff != "" || found != test.found {
				t.Errorf("found %v, want %v (-want +got):\n%s", found, test.found, diff)
			}
		})
	}
}
