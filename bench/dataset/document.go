package dataset

import (
	"encoding/json"
	"path"
	"strings"
)

// Document returns p's bill of materials: CycloneDX 1.5 with licences and
// dependencies, as the peers' generator writes it.
func Document(p Project) ([]byte, error) {
	type licence struct {
		License struct {
			ID string `json:"id"`
		} `json:"license"`
	}
	type component struct {
		Type     string    `json:"type"`
		Ref      string    `json:"bom-ref"`
		Name     string    `json:"name"`
		Version  string    `json:"version"`
		PURL     string    `json:"purl"`
		Licences []licence `json:"licenses,omitempty"`
	}
	root := "pkg:generic/" + p.Slug + "@" + p.Version
	components := make([]component, len(p.Components))
	refs := make([]string, len(p.Components))
	for i, c := range p.Components {
		base, version, _ := strings.Cut(c.PURL, "@")
		components[i] = component{Type: "library", Ref: c.PURL, Name: path.Base(base), Version: version, PURL: c.PURL}
		for _, id := range c.Licences {
			var l licence
			l.License.ID = id
			components[i].Licences = append(components[i].Licences, l)
		}
		refs[i] = c.PURL
	}
	return json.MarshalIndent(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
		"metadata": map[string]any{
			"timestamp": "2026-01-01T00:00:00Z",
			"component": component{Type: "application", Ref: root, Name: p.Slug, Version: p.Version, PURL: root},
		},
		"components":   components,
		"dependencies": []any{map[string]any{"ref": root, "dependsOn": refs}},
	}, "", " ")
}
