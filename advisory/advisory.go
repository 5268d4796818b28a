// Package advisory is what a vulnerability record is, in the OSV schema: how it
// is decoded, how severe it is, and which records are about the same
// vulnerability. It knows nothing of matching, networks or databases.
package advisory

import "time"

// Advisory is one record of a source, in the OSV schema.
type Advisory struct {
	ID         string
	Modified   time.Time
	Published  time.Time // zero where the record does not say
	Withdrawn  time.Time // zero while the record stands
	Aliases    []string
	Upstream   []string
	Related    []string
	Summary    string
	Details    string
	Severity   []Severity
	Affected   []Affected
	References []Reference
	// Word is database_specific.severity, upper case, where the record has one:
	// what is left when there is no vector.
	Word string
}

// Severity is a rating as the record gives it.
type Severity struct {
	Type  string // "CVSS_V3", "CVSS_V4", "CVSS_V2", "Ubuntu", …
	Score string // a vector, a word for Ubuntu, or a number where the record has only that
}

// Affected is one package, and the versions of it that are affected.
type Affected struct {
	Package  Package
	Severity []Severity
	Ranges   []Range
	Versions []string
	Word     string // ecosystem_specific or database_specific severity or urgency, upper case
}

// Package is a package as OSV names it.
type Package struct {
	Ecosystem string // with suffix: "Debian:12"
	Name      string
	PURL      string
}

// Range is a run of versions.
type Range struct {
	Type   string // "SEMVER", "ECOSYSTEM", "GIT"
	Repo   string // for GIT
	Events []Event
}

// Event is a boundary of a Range: exactly one field is set.
type Event struct {
	Introduced   string
	Fixed        string
	LastAffected string
	Limit        string
}

// Reference is a page about the vulnerability.
type Reference struct{ Type, URL string }
