package dataset

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"loadline/match"
	"loadline/purl"
)

// modified is when all records were changed last.
const modified = "2026-03-01T12:00:00Z"

// vectors has a CVSS vector for each word.
var vectors = map[string]string{
	"LOW":      "CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N",
	"MODERATE": "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N",
	"HIGH":     "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
	"CRITICAL": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
}

// Record is a vulnerability as OSV writes it, about 2.5 kB.
type Record struct {
	ID         string
	Ecosystems []string // those of the packages it affects, sorted
	JSON       []byte
}

// Records returns all vulnerabilities, by id.
func (d *Data) Records() ([]Record, error) {
	packages := map[string][]string{}
	for p, ids := range d.Affected {
		for _, id := range ids {
			packages[id] = append(packages[id], p)
		}
	}
	records := make([]Record, 0, len(d.Vulnerabilities))
	for _, id := range slices.Sorted(maps.Keys(d.Vulnerabilities)) {
		slices.Sort(packages[id])
		r, err := record(d.Vulnerabilities[id], packages[id])
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

func record(v Vulnerability, purls []string) (Record, error) {
	aliases := []string{}
	if v.CVE != "" {
		aliases = append(aliases, v.CVE)
	}
	r := Record{ID: v.ID}
	affected := make([]any, len(purls))
	for i, p := range purls {
		t, err := Target(p)
		if err != nil {
			return r, err
		}
		r.Ecosystems = append(r.Ecosystems, t.Ecosystem)
		scheme := "ECOSYSTEM"
		if t.Ecosystem == "npm" || t.Ecosystem == "Go" {
			scheme = "SEMVER"
		}
		base, _, _ := strings.Cut(p, "@")
		affected[i] = map[string]any{
			"package":           map[string]string{"ecosystem": t.Ecosystem, "name": t.Name, "purl": base},
			"ranges":            []any{map[string]any{"type": scheme, "events": []any{map[string]string{"introduced": "0"}, map[string]string{"fixed": "10.1.0"}}}},
			"versions":          []string{t.Version},
			"database_specific": map[string]string{"source": "https://example.invalid/advisories/" + v.ID + ".json"},
		}
	}
	slices.Sort(r.Ecosystems)
	r.Ecosystems = slices.Compact(r.Ecosystems)
	references := make([]any, 4)
	for i, kind := range []string{"ADVISORY", "WEB", "WEB", "PACKAGE"} {
		references[i] = map[string]string{"type": kind, "url": fmt.Sprintf("https://example.invalid/%s/%d", v.ID, i)}
	}
	var err error
	r.JSON, err = json.Marshal(map[string]any{
		"schema_version": "1.7.3", "id": v.ID, "modified": modified, "published": "2025-05-01T10:00:00Z",
		"aliases": aliases, "summary": v.Summary, "details": v.Details,
		"severity":   []any{map[string]string{"type": "CVSS_V3", "score": vectors[v.Severity]}},
		"affected":   affected,
		"references": references,
		"database_specific": map[string]any{"severity": v.Severity, "cwe_ids": []string{"CWE-20", "CWE-79"}, "github_reviewed": true,
			"github_reviewed_at": "2025-05-02T10:00:00Z", "nvd_published_at": "2025-05-01T09:00:00Z"},
	})
	return r, err
}

// Target returns what OSV calls the package of a purl.
func Target(text string) (match.Target, error) {
	p, err := purl.Parse(text)
	if err != nil {
		return match.Target{}, err
	}
	t, ok := match.TargetOf(p)
	if !ok {
		return match.Target{}, fmt.Errorf("%s: not of an ecosystem of OSV", text)
	}
	return t, nil
}

// WriteMirror writes everything as a mirror of OSV's bulk exports, EPSS's file of
// scores and an empty KEV catalogue.
func (d *Data) WriteMirror(dir string) error {
	records, err := d.Records()
	if err != nil {
		return err
	}
	archives := map[string][]Record{}
	for _, r := range records {
		for _, ecosystem := range r.Ecosystems {
			archives[ecosystem] = append(archives[ecosystem], r)
		}
	}
	for ecosystem, records := range archives {
		if err := writeArchive(filepath.Join(dir, ecosystem), records); err != nil {
			return err
		}
	}
	scores := []string{"#model_version:v2026.03.14,score_date:2026-03-15T12:55:00Z", "cve,epss,percentile"}
	for _, id := range slices.Sorted(maps.Keys(d.Vulnerabilities)) {
		if v := d.Vulnerabilities[id]; v.CVE != "" {
			scores = append(scores, v.CVE+","+v.EPSS.Probability+","+v.EPSS.Percentile)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "epss.csv"), []byte(strings.Join(scores, "\n")+"\n"), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "kev.json"), Catalogue, 0o600)
}

func writeArchive(dir string, records []Record) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "all.zip"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z := zip.NewWriter(f)
	for _, r := range records {
		w, err := z.Create(r.ID + ".json")
		if err != nil {
			return err
		}
		if _, err := w.Write(r.JSON); err != nil {
			return err
		}
	}
	return z.Close()
}
