package cli_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"loadline/cli"
)

// smallMirror writes a mirror of two records about one flaw of npm's left-pad, and
// one that nobody has rated about another, and returns its directory.
func smallMirror(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"GHSA-aaaa-bbbb-cccc.json": `{"id":"GHSA-aaaa-bbbb-cccc","modified":"2026-03-02T00:00:00Z","published":"2026-03-01T00:00:00Z","aliases":["CVE-2026-0001"],
			"summary":"Pads too far","details":"It **pads**.","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
			"references":[{"type":"ADVISORY","url":"https://example.com/a"},{"type":"ADVISORY","url":"not a url"},{"type":"WEB","url":"https://example.com/b"}],
			"affected":[{"package":{"ecosystem":"npm","name":"left-pad"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.3.0"}]}]}]}`,
		"MAL-2026-7.json": `{"id":"MAL-2026-7","modified":"2026-03-02T00:00:00Z",
			"affected":[{"package":{"ecosystem":"npm","name":"left-pad"},"versions":["1.2.0"]}]}`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "npm", "all.zip"), b.Bytes())
	write(t, filepath.Join(dir, "kev.json"), []byte(`{"catalogVersion":"2026.03.01","dateReleased":"2026-03-01T00:00:00Z","count":1,"vulnerabilities":[
		{"cveID":"CVE-2026-0001","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2026-03-01","shortDescription":"s","requiredAction":"a","dueDate":"2026-03-20","knownRansomwareCampaignUse":"Unknown","notes":""}]}`))
	write(t, filepath.Join(dir, "epss.csv"), []byte("#model_version:v1,score_date:2026-03-01T00:00:00Z\ncve,epss,percentile\nCVE-2026-0001,0.25,0.9\n"))
	return dir
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

const padded = `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
	{"type":"library","bom-ref":"a","name":"left-pad","version":"1.2.0","purl":"pkg:npm/left-pad@1.2.0"},
	{"type":"library","bom-ref":"b","name":"right-pad","version":"1.0.0","purl":"pkg:npm/right-pad@1.0.0"},
	{"type":"library","bom-ref":"c","name":"other","version":"1","purl":"pkg:generic/other@1"}]}`

// scanAs scans two documents with the same components in a format, and returns
// what is written and the error.
func scanAs(t *testing.T, format string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	dir := t.TempDir()
	first, second := filepath.Join(dir, "a bom.json"), filepath.Join(dir, "b.json")
	write(t, first, []byte(padded))
	write(t, second, []byte(padded))
	var command cli.Scan
	parser, err := kong.New(&command, kong.Vars(cli.Defaults()))
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"--offline", "--advisories", smallMirror(t), "--format", format, first, second}, args...)
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	var out, log bytes.Buffer
	err = command.Run(t.Context(), cli.Output{Stdout: &out, Stderr: &log, UserAgent: "loadline/1.2.3"})
	if err != nil && !errors.Is(err, cli.ErrFindings) {
		t.Fatal(err)
	}
	return out.String(), log.String(), err
}

var update = flag.Bool("update", false, "write the golden files anew")

var (
	urn   = regexp.MustCompile(`urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
	stamp = regexp.MustCompile(`"timestamp": "20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"`)
	place = regexp.MustCompile(`file:///[^"]*/`)
	held  = regexp.MustCompile(`as of [0-9TZ:-]+`)
)

// TestFormats compares reports with what was once checked against the formats'
// schemas.
func TestFormats(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"sarif", "cyclonedx", "openvex"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			got, stderr, _ := scanAs(t, format)
			got = urn.ReplaceAllString(got, "urn:uuid:X")
			got = stamp.ReplaceAllString(got, `"timestamp": "NOW"`)
			got = place.ReplaceAllString(got, "file:///dir/")
			got = held.ReplaceAllString(got, "as of THEN")
			file := filepath.Join("testdata", format+".json")
			if *update {
				write(t, file, []byte(got))
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			// Nothing that is not known may look like clean.
			if !strings.Contains(got+stderr, "not known") {
				t.Error("it does not say that what affects a component is not known")
			}
		})
	}
}

// TestSARIFHolds checks what readers of SARIF rely on beyond its schema.
func TestSARIFHolds(t *testing.T) {
	t.Parallel()
	out, _, _ := scanAs(t, "sarif")
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID              string
				RuleIndex           int
				Level               string
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != 4 {
		t.Fatalf("%d results, want one for each finding and file", len(run.Results))
	}
	prints := map[string]int{}
	for _, r := range run.Results {
		if rule := run.Tool.Driver.Rules[r.RuleIndex].ID; rule != r.RuleID {
			t.Errorf("result of %s points to the rule of %s", r.RuleID, rule)
		}
		prints[r.PartialFingerprints["finding/v1"]]++
	}
	if len(prints) != 2 {
		t.Errorf("%d fingerprints, want one for each finding, whatever the file", len(prints))
	}
	if run.Results[0].RuleID != "CVE-2026-0001" || run.Results[0].Level != "error" {
		t.Errorf("first is %s, %s; want what is exploited", run.Results[0].RuleID, run.Results[0].Level)
	}
}

func TestFailOn(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"any", "low", "medium", "high", "critical"} {
		// left-pad has a finding that nobody has rated: it may be of any severity.
		if _, _, err := scanAs(t, "openvex", "--fail-on", level); !errors.Is(err, cli.ErrFindings) {
			t.Errorf("--fail-on %s: %v, want findings", level, err)
		}
	}
}
