package sbom_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom"
)

// Direct is true for what the subject depends on, false for the rest, and nil
// where the document does not say what the subject depends on.
func TestDirect(t *testing.T) {
	t.Parallel()
	const (
		head = `{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"a","name":"a"},{"SPDXID":"b","name":"b"},{"SPDXID":"c","name":"c"}],"relationships":[`
		cdx  = `{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"app","name":"app"}},` +
			`"components":[{"bom-ref":"a","name":"a"},{"bom-ref":"b","name":"b"}],"dependencies":[`
	)
	relate := func(from, kind, to string) string {
		return `{"spdxElementId":"` + from + `","relationshipType":"` + kind + `","relatedSpdxElement":"` + to + `"}`
	}
	tests := []struct {
		name, data string
		want       string // a letter for each component: t, f or - for nil
		edges      []sbom.Dependency
	}{
		{"the subject's dependencies", cdx + `{"ref":"app","dependsOn":["a"]},{"ref":"a","dependsOn":["b"]}]}`, "tf", []sbom.Dependency{{From: 0, To: 1}}},
		{"no edge from the subject", cdx + `{"ref":"app"},{"ref":"a","dependsOn":["b"]}]}`, "--", []sbom.Dependency{{From: 0, To: 1}}},
		{"only a dangling edge from the subject", cdx + `{"ref":"app","dependsOn":["x"]}]}`, "--", nil},
		{"no dependencies", cdx + `]}`, "--", nil},
		{"SPDX subject", head + relate("SPDXRef-DOCUMENT", "DESCRIBES", "a") + "," + relate("a", "DEPENDS_ON", "b") + "," + relate("c", "DEPENDENCY_OF", "b") + `]}`,
			"-tf", []sbom.Dependency{{From: 1, To: 2}}},
		{"SPDX subject the other way round", head + relate("a", "DESCRIBED_BY", "SPDXRef-DOCUMENT") + "," + relate("b", "DEPENDENCY_OF", "a") + `]}`, "-tf", nil},
		{"what is contained is not depended on", head + relate("SPDXRef-DOCUMENT", "DESCRIBES", "a") + "," + relate("a", "CONTAINS", "b") + `]}`, "---", nil},
		{"several subjects are what is direct", head + relate("SPDXRef-DOCUMENT", "DESCRIBES", "a") + "," + relate("SPDXRef-DOCUMENT", "DESCRIBES", "b") + "," +
			relate("b", "DEPENDS_ON", "c") + `]}`, "ttf", []sbom.Dependency{{From: 1, To: 2}}},
		{"the document about itself", head + relate("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-DOCUMENT") + "," + relate("a", "DEPENDS_ON", "b") + `]}`,
			"---", []sbom.Dependency{{From: 0, To: 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := sbom.Parse([]byte(tt.data), "")
			if err != nil {
				t.Fatal(err)
			}
			var got string
			for _, c := range doc.Components {
				switch {
				case c.Direct == nil:
					got += "-"
				case *c.Direct:
					got += "t"
				default:
					got += "f"
				}
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if diff := cmp.Diff(tt.edges, doc.Dependencies); diff != "" && len(tt.edges)+len(doc.Dependencies) > 0 {
				t.Errorf("dependencies (-want +got):\n%s", diff)
			}
		})
	}
}

// A relationship's type says which end depends on the other, and how it is used.
func TestRelationshipScopes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind string
		want sbom.Scope
	}{
		{"DEPENDENCY_OF", ""},
		{"RUNTIME_DEPENDENCY_OF", sbom.ScopeRequired},
		{"OPTIONAL_DEPENDENCY_OF", sbom.ScopeOptional},
		{"PROVIDED_DEPENDENCY_OF", sbom.ScopeOptional},
		{"DEV_DEPENDENCY_OF", sbom.ScopeExcluded},
		{"TEST_DEPENDENCY_OF", sbom.ScopeExcluded},
		{"BUILD_DEPENDENCY_OF", sbom.ScopeExcluded},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			doc, err := sbom.Parse([]byte("SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: a\nPackageName: b\nSPDXID: b\nRelationship: b "+tt.kind+" a\n"), "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]sbom.Dependency{{From: 0, To: 1}}, doc.Dependencies); diff != "" {
				t.Errorf("dependencies (-want +got):\n%s", diff)
			}
			if got := doc.Components[1].Scope; got != tt.want {
				t.Errorf("got scope %q, want %q", got, tt.want)
			}
		})
	}
}
