package job_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"loadline/job"
	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
	"loadline/triage"
)

// ingested returns a Bom that the runner has brought in, and its job.
func ingested(t *testing.T, r *job.Runner, ingest *job.Ingest, document string) (store.Bom, store.Job) {
	t.Helper()
	bom, j, err := ingest.Accept(t.Context(), upload(document))
	if err != nil {
		t.Fatal(err)
	}
	return bom, ended(t, r, j.ID)
}

// What is exported can be read again, with what affects it and what was decided.
func TestExport(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		facts, _ := newFacts(t, s)
		ingest := job.NewIngest(s, nil, 1<<20, 1, nil)
		hub := job.NewHub()
		r := job.NewRunner(s, hub, ingest, "test", time.Now, discard)
		r.AddExport(facts, "1.2.3")
		defer run(t, s, hub, r)()
		bom, _ := ingested(t, r, ingest, shelves(3))
		releases, err := s.ReleasesByIDs(t.Context(), []int64{bom.ReleaseID})
		if err != nil {
			t.Fatal(err)
		}
		err = s.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Decide(t.Context(), []triage.Decision{{
				ProjectID:     releases[0].ProjectID,
				Package:       "pkg:npm/left-shelf",
				Version:       "1.0.1",
				State:         triage.NotAffected,
				Justification: "CODE_NOT_CONTROLLABLE",
				Note:          "never called",
				IDs:           []string{"CVE-2099-10001"},
			}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			export, err := r.Export(t.Context(), bom.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got := ended(t, r, export.ID); got.State != store.JobSucceeded {
				t.Fatalf("job = %+v", got)
			}
			e, err := r.Exported(t.Context(), export.ID)
			if err != nil || e.FileName != "shop-1.0.cdx.json" {
				t.Fatalf("export = %+v, %v", e, err)
			}
			doc, err := sbom.Parse(e.Content, e.FileName)
			if err != nil || len(doc.Components) != 3 || len(doc.Warnings) != 0 || doc.SpecVersion != "1.6" {
				t.Errorf("document = %+v, %v", doc, err)
			}
			var out struct {
				Vulnerabilities []struct {
					Ref      string `json:"bom-ref"`
					ID       string
					Analysis struct{ State, Justification, Detail string }
					Affects  []struct{ Ref string }
				}
			}
			if err := json.Unmarshal(e.Content, &out); err != nil {
				t.Fatal(err)
			}
			refs, decided := map[string]bool{}, 0
			for _, v := range out.Vulnerabilities {
				if refs[v.Ref] {
					t.Errorf("two vulnerabilities have the ref %s", v.Ref)
				}
				refs[v.Ref] = true
				if v.Analysis.State != "" {
					decided++
					if v.ID != "CVE-2099-10001" || v.Analysis.Justification != "code_not_reachable" || len(v.Affects) != 1 || v.Affects[0].Ref != "component-2" {
						t.Errorf("decided = %+v", v)
					}
				}
			}
			if decided != 1 || len(out.Vulnerabilities) < 2 {
				t.Errorf("%d decisions in %+v", decided, out.Vulnerabilities)
			}
			if !strings.Contains(string(e.Content), `"loadline:source:OSV"`) {
				t.Error("what stands behind the findings is not said")
			}
		}
	})
}
