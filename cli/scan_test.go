package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"loadline/cli"
)

// sharedData returns the folder of the data that lies beside the repository, or
// skips the test.
func sharedData(tb testing.TB) string {
	tb.Helper()
	if dir := os.Getenv("LOADLINE_SHARED"); dir != "" {
		return filepath.Join(dir, "data")
	}
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		data := filepath.Join(dir, "shared", "data")
		if _, err := os.Stat(data); err == nil {
			return data
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Skip("shared/data is not beside the repository; LOADLINE_SHARED can name the folder shared")
		}
		dir = parent
	}
}

// scan runs the command and returns its report.
func scan(tb testing.TB, args ...string) cli.Report {
	tb.Helper()
	var command cli.Scan
	parser, err := kong.New(&command, kong.Vars(cli.Defaults()))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := parser.Parse(append(args, "--format", "json")); err != nil {
		tb.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	err = command.Run(tb.Context(), cli.Output{Stdout: &stdout, Stderr: &stderr})
	if err != nil && !errors.Is(err, cli.ErrFindings) {
		tb.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var report cli.Report
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		tb.Fatal(err)
	}
	return report
}

// expected is a finding of osv-scanner.
type expected struct {
	Ecosystem, Name, Version string
	IDs                      []string
}

// dropped are the packages that the other tool does not read out of a document,
// and why.
var dropped = map[string]string{
	// Its reader of pnpm's lockfile drops keys with peers in parentheses.
	"memos-2023.pnpm-lock.yaml npm vite 4.2.1": "/vite@4.2.1(@types/node@18.0.3)(less@4.1.1)(terser@5.16.1)",
}

// TestScanFindsWhatAnotherToolFinds scans real documents offline: no finding of
// osv-scanner may be missing, and what is found beside them must be listed as
// that tool's defect.
func TestScanFindsWhatAnotherToolFinds(t *testing.T) {
	t.Parallel()
	data := sharedData(t)
	known := divergences(t, filepath.Join(data, "sboms", "public", "divergences.tsv"))
	files, err := filepath.Glob(filepath.Join(data, "sboms", "public", "*.expected.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expected files: %v", err)
	}
	for _, file := range files {
		document := strings.TrimSuffix(file, ".expected.json")
		t.Run(filepath.Base(document), func(t *testing.T) {
			t.Parallel()
			report := scan(t, "--offline", "--advisories", filepath.Join(data, "advisories"), document)
			got := map[string]map[string]bool{} // package to ids
			extra := map[string]cli.ScannedVulnerability{}
			for _, c := range report.Components {
				key := keyOf(c.Ecosystem, c.Name, c.Version)
				if got[key] == nil {
					got[key] = map[string]bool{}
				}
				for _, v := range c.Vulnerabilities {
					for _, id := range append(v.Aliases, v.ID) {
						got[key][id] = true
					}
					extra[key+" "+v.ID] = v
				}
			}
			for _, want := range read(t, file) {
				key := keyOf(want.Ecosystem, want.Name, want.Version)
				for _, id := range want.IDs {
					if !got[key][id] {
						t.Errorf("%s: %s is missing", key, id)
					}
				}
				for name, v := range extra {
					ids := append(slices.Clone(v.Aliases), v.ID)
					if strings.HasPrefix(name, key+" ") && slices.ContainsFunc(want.IDs, func(id string) bool { return slices.Contains(ids, id) }) {
						delete(extra, name)
					}
				}
			}
			for name, v := range extra {
				listed := slices.ContainsFunc(append(slices.Clone(v.Aliases), v.ID), func(id string) bool {
					return known[filepath.Base(document)+" "+strings.TrimSuffix(name, " "+v.ID)+" "+id]
				})
				if _, unread := dropped[filepath.Base(document)+" "+strings.TrimSuffix(name, " "+v.ID)]; !listed && !unread {
					t.Errorf("%s is extra", name)
				}
			}
		})
	}
}

// keyOf names a package version; its ecosystem without release, since tools
// write these in many ways.
func keyOf(ecosystem, name, version string) string {
	base, _, _ := strings.Cut(ecosystem, ":")
	return base + " " + name + " " + version
}

func read(t *testing.T, file string) []expected {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var findings []expected
	if err := json.Unmarshal(data, &findings); err != nil {
		t.Fatal(err)
	}
	return findings
}

// divergences returns "document ecosystem name version id" of each finding that
// the other tool misses.
func divergences(t *testing.T, file string) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if f := strings.Split(line, "\t"); len(f) >= 6 {
			known[f[0]+" "+keyOf(f[1], f[2], f[3])+" "+f[4]] = true
		}
	}
	return known
}

// TestScanAnswersTheSameFromColdAndSynced compares what a scan loads for itself
// with a database that holds the whole mirror.
func TestScanAnswersTheSameFromColdAndSynced(t *testing.T) {
	t.Parallel()
	data := sharedData(t)
	mirror, database := filepath.Join(data, "advisories"), filepath.Join(t.TempDir(), "x.db")
	for _, name := range []string{"caddy-2.6.0.go.mod", "dropwizard-1.3.15.cdx.xml", "airflow-worker-debian11.spdx.json", "bat-0.12.1.Cargo.lock"} {
		document := filepath.Join(data, "sboms", "public", name)
		cold := scan(t, "--offline", "--advisories", mirror, document)
		synced := scan(t, "--offline", "--advisories", mirror, "--database", database, document)
		if diff := cmp.Diff(cold.Components, synced.Components, cmpopts.IgnoreUnexported(cli.ScannedComponent{}, cli.ScannedVulnerability{})); diff != "" {
			t.Errorf("%s (-cold +synced):\n%s", name, diff)
		}
	}
}
