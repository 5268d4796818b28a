package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
)

// PostgreSQL keeps neither NUL nor what is not UTF-8 in a text, SQLite does.
// Whatever holds them is refused or kept as U+FFFD, alike on both.
const spoilt, mended = "a\x00b", "a\ufffdb"

func TestSpoiltTextsAreFoundNowhere(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.0.0"))
	for name, test := range map[string]struct{ query, want string }{
		"a project":              {`project(name: $x) { id }`, "map[project:<nil>]"},
		"a release":              {`release(project: $x, version: $x) { id }`, "map[release:<nil>]"},
		"a release of a project": {`project(name: "shop") { release(version: $x) { id } }`, "map[project:map[release:<nil>]]"},
		"projects":               {`projects(first: 1, filter: {nameContains: $x, tag: $x}) { totalCount }`, "map[projects:map[totalCount:0]]"},
		"components":             {`release(project: "shop", version: "1.0") { components(first: 1, filter: {nameContains: $x, purlType: $x}) { totalCount } }`, "map[release:map[components:map[totalCount:0]]]"},
		"findings":               {`release(project: "shop", version: "1.0") { findings(first: 1, filter: {package: $x, vulnerability: $x}) { totalCount } }`, "map[release:map[findings:map[totalCount:0]]]"},
		"what is shipped":        {`findings(first: 1, within: {project: $x, tag: $x}) { totalCount }`, "map[findings:map[totalCount:0]]"},
		"jobs":                   {`jobs(first: 1, filter: {project: $x, kinds: [$x]}) { totalCount }`, "map[jobs:map[totalCount:0]]"},
		"a vulnerability":        {`vulnerability(id: $x) { id }`, "map[vulnerability:<nil>]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := s.get(t, "query($x: String!) { "+test.query+" }", map[string]any{"x": spoilt})
			if got := fmt.Sprint(a.Data); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestSpoiltTextsAreRefusedOrMended(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.0.0"))
	project := at(t, s.get(t, `{ project(name: "shop") { id } }`, nil).Data, "project", "id")
	const nul = "must not contain U+0000"
	for name, test := range map[string]struct{ input, mutation, asked, want string }{
		"a project's name":     {"CreateProjectInput", "createProject", "userErrors { message }", nul},
		"a release's version":  {"CreateReleaseInput", "createRelease", "userErrors { message }", nul},
		"a tag":                {"TagProjectInput", "tagProject", "userErrors { message }", nul},
		"an uploaded release":  {"IngestBomInput", "ingestBom", "userErrors { message }", nul},
		"a channel's name":     {"CreateNotificationChannelInput", "createNotificationChannel", "userErrors { message }", nul},
		"a decision's note":    {"TriageFindingInput", "triageFinding", "finding { triage { note by } }", "by:" + mended + " note:" + mended},
		"a decision's notes":   {"TriageFindingsInput", "triageFindings", "findings { triage { note by } }", "by:" + mended + " note:" + mended},
		"the name of a file":   {"IngestBomInput", "ingestBom", "bom { fileName }", "fileName:" + mended},
		"the text of lockfile": {"IngestBomInput", "ingestBom", "userErrors { message }", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			input := map[string]map[string]any{
				"a project's name":     {"name": spoilt},
				"a release's version":  {"project": project, "version": spoilt},
				"a tag":                {"id": project, "tags": []string{spoilt}},
				"an uploaded release":  {"project": spoilt, "release": spoilt, "content": "acme==2.0", "fileName": "requirements.txt"},
				"a channel's name":     {"name": spoilt, "kind": "WEBHOOK", "target": "http://127.0.0.1:1/"},
				"a decision's note":    {"id": s.findingID(t, "1.0", "CVE-2099-10001"), "state": "IN_TRIAGE", "note": spoilt, "by": spoilt},
				"a decision's notes":   {"ids": []string{s.findingID(t, "1.0", "CVE-2099-10001")}, "state": "IN_TRIAGE", "note": spoilt, "by": spoilt},
				"the name of a file":   {"project": "file", "release": "1", "fileName": spoilt, "content": cyclonedx("pkg:npm/x@1")},
				"the text of lockfile": {"project": "text", "release": "1", "fileName": "requirements.txt", "content": "acme==2.0\nother==" + spoilt + "\n"},
			}[name]
			a := s.get(t, fmt.Sprintf("mutation($input: %s!) { %s(input: $input) { %s } }", test.input, test.mutation, test.asked), map[string]any{"input": input})
			if got := fmt.Sprint(a.Data); !strings.Contains(got, test.want) {
				t.Errorf("got %s, want it to contain %s", got, test.want)
			}
		})
	}
}

// Nothing of a document is lost for what is in its texts.
func TestSpoiltDocuments(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		document string
		want     []string
	}{
		"CycloneDX with escaped NULs": {`{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,
			"metadata":{"component":{"type":"application","bom-ref":"ro\u0000ot","name":"ro\u0000ot","version":"\u0000"}},
			"components":[
			{"type":"library","bom-ref":"a\u0000","name":"a\u0000b","version":"1\u0000","supplier":{"name":"s\u0000"},"licenses":[{"license":{"name":"L\u0000"}}],
			 "hashes":[{"alg":"SHA-256","content":"\u0000"}]},
			{"type":"library","bom-ref":"b","name":"\u0000","purl":"pkg:npm/a%00b@1"},
			{"type":"library","bom-ref":"c","name":"c","version":"1","purl":"pkg:npm/c@1\u0000"}],
			"dependencies":[{"ref":"a\u0000","dependsOn":["b","c"]}]}`, []string{"a\ufffdb 1\ufffd", "c 1", "\ufffd "}},
		"CycloneDX that is not UTF-8": {`{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
			{"type":"library","name":"a` + "\xff" + `b","version":"1"},{"type":"library","name":"c","version":"2"}]}`, []string{"a\ufffdb 1", "c 2"}},
		"SPDX with NULs and more": {"SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\x00\nDocumentNamespace: https://example.com/d\nCreator: Tool: t\x00\nCreated: 2026-01-01T00:00:00Z\n\n" +
			"PackageName: a\x00b\nSPDXID: SPDXRef-a\nPackageVersion: 1\xff\nPackageDownloadLocation: NOASSERTION\nPackageLicenseDeclared: LicenseRef-\x00\n", []string{"a\ufffdb 1\ufffd"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, standin.Config{})
			s.put(t, "shop", "1.0", test.document)
			a := s.get(t, `{ release(project: "shop", version: "1.0") { components(first: 9) { nodes { name version licenses { expression } } } } }`, nil)
			var got []string
			for _, n := range at(t, a.Data, "release", "components", "nodes").([]any) {
				version, _ := at(t, n, "version").(string)
				got = append(got, at(t, n, "name").(string)+" "+version)
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("components (-want +got):\n%s", diff)
			}
		})
	}
}
