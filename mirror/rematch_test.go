package mirror_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
)

// TestSyncSaysWhatChanged syncs twice beside two releases and compares what is
// said to have changed about them.
func TestSyncSaysWhatChanged(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	document := func(purls ...string) *sbom.Document {
		d := &sbom.Document{Format: "CycloneDX", SpecVersion: "1.5", Encoding: "JSON"}
		for _, p := range purls {
			d.Components = append(d.Components, sbom.Component{Ref: p, PURL: p, Name: p})
		}
		return d
	}
	storetest.Ingest(t, s, "shop", "1", document("pkg:npm/left-pad@1.0.0", "pkg:npm/right-pad@1.0.0"))
	storetest.Ingest(t, s, "shop", "2", document("pkg:npm/left-pad@2.5.0"))

	dir := t.TempDir()
	write(t, dir, "npm",
		sample{id: "A-1"}, sample{id: "A-2"}, sample{id: "A-3"}, sample{id: "A-4"}, sample{id: "A-9", name: "other"})
	sync(t, s, dir)
	if changes, err := s.ReleaseChanges(t.Context(), 0); err != nil || len(changes) != 0 {
		t.Errorf("changes of the first sync: %v, %v; before it there was nothing to change", changes, err)
	}
	write(t, dir, "npm",
		sample{id: "A-1", aliases: []string{"CVE-2026-0001"}}, // still the same to its users
		sample{id: "A-2", fixed: "3.0.0"},                     // reaches 2.5.0 now
		sample{id: "A-3", withdrawn: true},
		// A-4 is gone
		sample{id: "A-5", name: "right-pad"},
		sample{id: "A-9", name: "other", fixed: "9.0.0"})
	sync(t, s, dir)
	got, err := s.ReleaseChanges(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i].ReleaseID = 0
	}
	want := []store.ReleaseChange{
		{Project: "shop", Version: "1", New: 1, Changed: 1, Gone: 2},
		{Project: "shop", Version: "2", New: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	last, err := s.LastChange(t.Context())
	if err != nil || last != 5 {
		t.Errorf("last change %d, %v; want 5", last, err)
	}
	// Names that are written in several ways are found by any of them.
	storetest.Ingest(t, s, "shop", "3", document("pkg:nuget/Acme.Text.Json@12.0.0"))
	write(t, dir, "NuGet", sample{id: "N-1", name: "other"})
	sync(t, s, dir)
	write(t, dir, "NuGet", sample{id: "N-1", name: "other"}, sample{id: "N-2", name: "acme.text.JSON", fixed: "13.0.0"})
	sync(t, s, dir)
	if again, err := s.ReleaseChanges(t.Context(), last); err != nil || len(again) != 1 || again[0].New != 1 {
		t.Errorf("changes of a folded name: %v, %v", again, err)
	}
	if last, err = s.LastChange(t.Context()); err != nil {
		t.Fatal(err)
	}
	sync(t, s, dir)
	if again, err := s.ReleaseChanges(t.Context(), last); err != nil || len(again) != 0 {
		t.Errorf("changes of a sync without any: %v, %v", again, err)
	}
}
