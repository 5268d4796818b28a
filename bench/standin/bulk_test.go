package standin

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const cataloguePath = "/sites/default/files/feeds/known_exploited_vulnerabilities.json"

func TestKEVServesTheWholeFileWithEscapedSlashes(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	r := c.get(t, cataloguePath)
	var body struct {
		Count           int
		Vulnerabilities []map[string]any
	}
	r.into(t, &body)
	if body.Count != 3 || len(body.Vulnerabilities) != 3 {
		t.Errorf("count %d, entries %d", body.Count, len(body.Vulnerabilities))
	}
	if !bytes.Contains(r.body, []byte(`https:\/\/nvd.nist.gov\/vuln`)) || bytes.Contains(r.body, []byte("//")) {
		t.Error("slashes are not escaped")
	}
	for _, optional := range []string{"knownRansomwareCampaignUse", "notes", "cwes"} {
		if _, ok := body.Vulnerabilities[2][optional]; ok {
			t.Errorf("the last entry has %s; want an entry without optional fields", optional)
		}
	}
}

func TestKEVEscapesSlashesOfAPlainFile(t *testing.T) {
	t.Parallel()
	d := &Data{files: map[string]*file{}}
	if err := d.addCatalogue([]byte(`{"a":"x/y \\/ \/"}`)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"a":"x\/y \\/ \/"}`, string(d.files["kev.json"].bytes())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKEVAnswersConditionalRequests(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	first := c.get(t, cataloguePath)
	if got := first.header.Get("Last-Modified"); got != "Thu, 05 Mar 2026 17:04:19 GMT" {
		t.Errorf("Last-Modified %q", got)
	}
	for _, tc := range []struct {
		name, header, value string
		status              int
	}{
		{"same tag", "If-None-Match", first.header.Get("ETag"), 304},
		{"other tag", "If-None-Match", `"other"`, 200},
		{"same time", "If-Modified-Since", first.header.Get("Last-Modified"), 304},
		{"older time", "If-Modified-Since", "Wed, 04 Mar 2026 17:04:19 GMT", 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := c.get(t, cataloguePath, tc.header, tc.value)
			if r.status != tc.status || (r.status == 304) != (len(r.body) == 0) {
				t.Errorf("status %d with %d bytes, want %d", r.status, len(r.body), tc.status)
			}
		})
	}
}

// members returns the files of an archive by name.
func members(t *testing.T, archive []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(raw)
	}
	return files
}

func TestBulkServesArchives(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	npm := members(t, c.get(t, "/bulk/npm/all.zip").body)
	if len(npm) != 6 || npm["GHSA-24cc-33ff-44gg.json"] == "" {
		t.Errorf("npm/all.zip has %d records, want 6, the withdrawn one among them", len(npm))
	}
	if all := members(t, c.get(t, "/bulk/all.zip").body); len(all) != 21 {
		t.Errorf("all.zip has %d records, want 21", len(all))
	}
	if r := c.get(t, "/bulk/crates.io/RUSTSEC-2099-0001.json"); r.status != 200 || !json.Valid(r.body) {
		t.Errorf("single record: status %d", r.status)
	}
	for _, path := range []string{"/bulk/npm/RUSTSEC-2099-0001.json", "/bulk/Npm/all.zip", "/bulk/", "/bulk/../npm/all.zip"} {
		if r := c.get(t, path); r.status != 404 {
			t.Errorf("%s: status %d, want 404", path, r.status)
		}
	}
	r := c.get(t, "/bulk/npm/all.zip", "Range", "bytes=0-3")
	if r.status != 206 || string(r.body) != "PK\x03\x04" {
		t.Errorf("range: status %d, %q", r.status, r.body)
	}
}

func TestBulkListsModifiedNewestFirst(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	c.get(t, "/bulk/PyPI/modified_id.csv").want(t, 200,
		"2026-01-22T00:00:00Z,PYSEC-2099-2\n2026-01-21T06:07:08Z,GHSA-27cc-33ff-44gg\n2026-01-20T06:07:08.5Z,PYSEC-2099-1\n")
	lines := strings.Split(strings.TrimSpace(string(c.get(t, "/bulk/modified_id.csv").body)), "\n")
	// One record lies in two ecosystems.
	if len(lines) != 22 || lines[0] != "2026-04-01T08:00:00Z,npm/MAL-2099-1" {
		t.Errorf("%d lines, the first %q", len(lines), lines[0])
	}
	c.get(t, "/bulk/ecosystems.txt").want(t, 200, "Alpine\nDebian\nGo\nHex\nMaven\nNuGet\nPackagist\nPyPI\nRubyGems\ncrates.io\nnpm\n")
}

func TestBulkServesKEVAndEPSSFiles(t *testing.T) {
	t.Parallel()
	c := start(t, Config{})
	if diff := cmp.Diff(string(c.get(t, cataloguePath).body), string(c.get(t, "/bulk/kev.json").body)); diff != "" {
		t.Errorf("kev.json differs from the catalogue:\n%s", diff)
	}
	plain := string(c.get(t, "/bulk/epss.csv").body)
	if !strings.HasPrefix(plain, "#model_version:v2026.03.14,score_date:2026-03-15T12:55:00Z\ncve,epss,percentile\n") {
		t.Errorf("epss.csv begins %.80q", plain)
	}
	for _, path := range []string{"/bulk/epss.csv.gz", "/epss_scores-current.csv.gz"} {
		z, err := gzip.NewReader(bytes.NewReader(c.get(t, path).body))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(z)
		if err != nil || string(raw) != plain {
			t.Errorf("%s holds other text than epss.csv (%v)", path, err)
		}
	}
}
