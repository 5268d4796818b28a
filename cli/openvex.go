package cli

import "time"

// openVEX is a document in OpenVEX 0.2.0.
type openVEX struct {
	Context    string             `json:"@context"`
	ID         string             `json:"@id"`
	Author     string             `json:"author"`
	Timestamp  string             `json:"timestamp"`
	Version    int                `json:"version"`
	Tooling    string             `json:"tooling"`
	Statements []openVEXStatement `json:"statements"`
}

type openVEXStatement struct {
	Vulnerability struct {
		ID          string   `json:"@id"`
		Name        string   `json:"name"`
		Description string   `json:"description,omitempty"`
		Aliases     []string `json:"aliases,omitempty"`
	} `json:"vulnerability"`
	Products []openVEXProduct `json:"products"`
	Status   string           `json:"status"`
	Action   string           `json:"action_statement"`
}

type openVEXProduct struct {
	ID          string            `json:"@id"`
	Identifiers map[string]string `json:"identifiers"`
}

// openVEX is the report as statements, one for each finding: the component's
// version is what is affected, as the advisories say. Whether the product that
// it is part of is, nobody has looked at.
func (r *Report) openVEX(version string, now time.Time) openVEX {
	doc := openVEX{
		Context:    "https://openvex.dev/ns/v0.2.0",
		ID:         newURN(),
		Author:     "Loadline",
		Timestamp:  now.Format(time.RFC3339),
		Version:    1,
		Tooling:    "Loadline " + version,
		Statements: []openVEXStatement{},
	}
	seen := make(map[[2]string]bool)
	for _, c := range r.Components {
		for _, v := range c.Vulnerabilities {
			if seen[[2]string{c.PURL, v.ID}] {
				continue // components that differ in their names alone
			}
			seen[[2]string{c.PURL, v.ID}] = true
			s := openVEXStatement{
				Products: []openVEXProduct{{ID: c.PURL, Identifiers: map[string]string{"purl": c.PURL}}},
				Status:   "affected",
				Action:   v.advice(c),
			}
			s.Vulnerability.ID, s.Vulnerability.Name, s.Vulnerability.Aliases = pageOf(v.ID), v.ID, v.Aliases
			if v.record != nil {
				s.Vulnerability.Description = v.summary()
			}
			doc.Statements = append(doc.Statements, s)
		}
	}
	return doc
}
