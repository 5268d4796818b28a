// Package sbom reads what describes software: CycloneDX, SPDX and lockfiles,
// all into one Document. It does no I/O beyond the bytes it is given and knows
// nothing of advisories or databases.
package sbom

import "time"

// Document is a bill of materials or a lockfile, whatever it was written in.
type Document struct {
	Format       string    // "CycloneDX", "SPDX", or the lockfile's usual name: "package-lock.json"
	SpecVersion  string    // "1.5", "2.3", "3.0.1", a lockfile's own version; empty where there is none
	Encoding     string    // "JSON", "XML", "tag-value", "YAML", "RDF", "TOML", "text"
	Tool         string    // "syft 1.50.0"; empty where the document names none
	Name         string    // the document's or its subject's name; empty where it has none
	DocumentedAt time.Time // zero where the document does not say

	// Components are in the order of the document, nested ones after the one
	// that holds them. Refs are unique.
	Components []Component
	// Dependencies are edges between Components, by index, without repeats, in
	// the order of the document. Edges from the subject of the document are not
	// here: they make a component Direct.
	Dependencies []Dependency
	// Warnings say what could not be used, or not as it stood, in the order of
	// the document.
	Warnings []Warning
}

// Component is one entry of a Document.
type Component struct {
	Ref      string // bom-ref, SPDXID, or the entry's key in a lockfile; made up and unique where missing
	PURL     string // canonical; empty where there is none that is valid
	Name     string // with group or scope, as the ecosystem writes it: "@angular/core", "org.slf4j:slf4j-api"
	Version  string // empty where the document gives none
	Type     string // as CycloneDX names it: "library", "application", "operating-system", "file", …
	Scope    Scope
	Direct   *bool // nil where the document does not say what depends on what
	Licenses []License
	Hashes   []Hash
}

// Scope says how a component is used.
type Scope string

// The scopes. The zero Scope means that the document does not say.
const (
	ScopeRequired Scope = "REQUIRED"
	ScopeOptional Scope = "OPTIONAL"
	ScopeExcluded Scope = "EXCLUDED" // development and test dependencies
)

// License is a licence as the document states it.
type License struct {
	Expression string `json:"expression"` // SPDX expression or id, else the document's own name
	URL        string `json:"url,omitempty"`
}

// Hash is a digest of a component's file.
type Hash struct {
	Algorithm string `json:"algorithm"` // as CycloneDX writes it: "SHA-256"
	Value     string `json:"value"`     // lower-case hexadecimal
}

// Dependency is an edge: Components[From] depends on Components[To].
type Dependency struct{ From, To int }

// Warning is an entry that could not be used, or not as it stood.
type Warning struct {
	Code     string // UPPER_SNAKE: one of the Warn constants
	Location string // JSON path "$.components[3].purl", XML path, "line 12", or bom-ref
	Message  string // what is wrong and what was made of it
}
