package sbom_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"loadline/sbom"
)

// repeat writes n items, each from its number, separated by commas.
func repeat(n int, item func(i int) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(item(i))
	}
	return b.String()
}

// What is large in one respect costs no more than its size: no step is
// quadratic, and no list of warnings or of one component grows without end.
// Not parallel: it measures time and memory.
func TestHostileSizes(t *testing.T) {
	components := func(list string) string {
		return `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[` + list + `]}`
	}
	same := func(s string) func(int) string { return func(int) string { return s } }
	tests := []struct {
		name, data string
		components int
		warnings   int
	}{
		{"one name, no references", components(repeat(100_000, same(`{"name":"a"}`))), 100_000, 0},
		{"one reference, different content", components(repeat(20_000, func(i int) string {
			return fmt.Sprintf(`{"bom-ref":"r","name":"a%d"}`, i)
		})), 20_000, sbom.MaxWarnings + 1},
		{"more problems than are kept", components(repeat(50_000, same(`{"name":"a","purl":"x"}`))), 50_000, sbom.MaxWarnings + 1},
		{"licences of one component", components(`{"name":"a","licenses":[` + repeat(300_000, func(i int) string {
			return fmt.Sprintf(`{"expression":"L%d"}`, i)
		}) + `]}`), 1, 1},
		{"hashes of one component", components(`{"name":"a","hashes":[` + repeat(300_000, same(`{"alg":"MD5","content":"00"}`)) + `]}`), 1, 1},
		{"purls of one package", `{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","externalRefs":[` + repeat(50_000, func(i int) string {
			return fmt.Sprintf(`{"referenceType":"purl","referenceLocator":"pkg:npm/a@1?x=%d"}`, i)
		}) + `]}]}`, 1, 1},
		{"keys of one object", components(`{"name":"a",` + repeat(300_000, func(i int) string { return fmt.Sprintf(`"k%d":1`, i) }) + `}`), 1, 0},
		{"everything described", `{"spdxVersion":"SPDX-2.3","packages":[` + repeat(50_000, func(i int) string {
			return fmt.Sprintf(`{"SPDXID":"p%d","name":"a"}`, i)
		}) + `],"documentDescribes":[` + repeat(50_000, func(i int) string { return fmt.Sprintf(`"p%d"`, i) }) + `]}`, 50_000, 0},
		{"warnings deep inside", `{"bomFormat":"CycloneDX","specVersion":"1.6","components":` + strings.Repeat(`[{"name":"a","components":`, 4_000) +
			`[` + repeat(20_000, same(`1`)) + `]` + strings.Repeat(`}]`, 4_000) + `}`, 4_000, sbom.MaxWarnings + 1},
		{"one edge many times", `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"bom-ref":"a","name":"a"},{"bom-ref":"b","name":"b"}],"dependencies":[{"ref":"a","dependsOn":[` +
			repeat(500_000, same(`"b"`)) + `]}]}`, 2, 0},
		{"one dangling reference many times", `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"bom-ref":"a","name":"a"}],"dependencies":[{"ref":"a","dependsOn":[` +
			repeat(500_000, same(`"b"`)) + `]}]}`, 1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			doc, err := sbom.Parse([]byte(tt.data), "")
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Components) != tt.components || len(doc.Warnings) != tt.warnings {
				t.Errorf("got %d components, %d warnings; want %d, %d", len(doc.Components), len(doc.Warnings), tt.components, tt.warnings)
			}
			if took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 300<<20 {
				t.Errorf("allocated %d MB for %d MB", used>>20, len(tt.data)>>20)
			}
			for _, w := range doc.Warnings {
				if len(w.Location)+len(w.Message) > 2000 {
					t.Errorf("a warning of %d bytes: %.200s", len(w.Location)+len(w.Message), w.Message)
					break
				}
			}
		})
	}
}
