package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing/fstest"

	"loadline/bench/standin"
)

// seed makes every run measure the same.
const seed = 20260

// warmup is a document of one component that no record is about.
var warmup = []byte(`{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[{"type":"library","name":"warm-up","version":"1.0.0","purl":"pkg:npm/warm-up@1.0.0"}]}`)

// questionData is a document of n components with 0 to 5 vulnerabilities each, some
// of them shared, and the records of these.
func questionData(n int) (*standin.Data, []byte, error) {
	random := rand.New(rand.NewPCG(seed, 0))
	files := fstest.MapFS{}
	scores := "#model_version:v2026.03.14,score_date:2026-03-15T12:55:00Z\ncve,epss,percentile\n"
	affected := make([][]map[string]any, 4*n)
	type component struct {
		Type    string `json:"type"`
		Ref     string `json:"bom-ref"`
		Name    string `json:"name"`
		Version string `json:"version"`
		PURL    string `json:"purl"`
	}
	components := make([]component, n)
	for i := range components {
		name := fmt.Sprintf("package-%d", i)
		components[i] = component{"library", name, name, "1.0.0", "pkg:npm/" + name + "@1.0.0"}
		for range random.IntN(6) {
			v := random.IntN(len(affected))
			affected[v] = append(affected[v], map[string]any{
				"package": map[string]string{"ecosystem": "npm", "name": name},
				"ranges":  []any{map[string]any{"type": "SEMVER", "events": []any{map[string]string{"introduced": "0"}, map[string]string{"fixed": "1.2.0"}}}},
			})
		}
	}
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
			return nil, nil, err
		}
		files["npm/"+id+".json"] = &fstest.MapFile{Data: record}
	}
	files["epss_scores.csv"] = &fstest.MapFile{Data: []byte(scores)}
	files["kev.json"] = &fstest.MapFile{Data: []byte(`{"catalogVersion":"2026.03.05","dateReleased":"2026-03-05T17:04:19.9796Z","count":1,"vulnerabilities":[{"cveID":"CVE-2099-00001","vendorProject":"Example","product":"package","vulnerabilityName":"Example","dateAdded":"2026-02-02","shortDescription":"Example.","requiredAction":"Update.","dueDate":"2026-02-23"}]}`)}
	document, err := json.Marshal(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components})
	if err != nil {
		return nil, nil, err
	}
	data, err := standin.Load(files, nil)
	return data, document, err
}
