// Package purl reads, normalises and writes package URLs. It knows the purl
// specification and nothing of advisories, documents or databases.
package purl

// PURL is a package URL in parts, each percent-decoded and normalised as its
// type asks for.
type PURL struct {
	Type       string
	Namespace  string // segments joined with "/"; empty where there is none
	Name       string
	Version    string
	Qualifiers []Qualifier // sorted by key, without empty values
	Subpath    string
}

// Qualifier is one key=value pair of a package URL.
type Qualifier struct{ Key, Value string }
