package standin

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"loadline/match"
	"loadline/purl"
)

// query is one query as OSV's API writes it.
type query struct {
	Commit    *string       `json:"commit"`
	Version   string        `json:"version"`
	Package   *queryPackage `json:"package"`
	PageToken string        `json:"page_token"`
}

type queryPackage struct {
	Name      string `json:"name"`
	Ecosystem string `json:"ecosystem"`
	PURL      string `json:"purl"`
}

// The refusals of OSV, in its words.
var (
	errNoQuery          = errors.New("no query provided")
	errInvalidQuery     = errors.New("invalid query")
	errInvalidHash      = errors.New("invalid hash")
	errInvalidEcosystem = errors.New("invalid ecosystem")
	errInvalidCursor    = errors.New("invalid cursor")
	errNameTwice        = errors.New("name specified in a PURL query")
	errEcosystemTwice   = errors.New("ecosystem specified in a PURL query")
	errVersionTwice     = errors.New("version specified in params and PURL query")
)

// question is a query that can be answered. Commits match nothing here: the
// stand-in has no git history.
type question struct {
	commit      string
	target      match.Target
	unsupported bool // a purl type that OSV does not know, answered with nothing
	token       string
}

func (q question) hash() uint64 {
	return hashOf(q.commit, q.target.Ecosystem, q.target.Name, q.target.Version)
}

// parseQuery refuses q as OSV does.
func (s *Server) parseQuery(q *query) (question, error) {
	if q == nil {
		return question{}, errNoQuery
	}
	at := question{token: q.PageToken}
	if q.Commit != nil {
		if _, err := hex.DecodeString(*q.Commit); err != nil || *q.Commit == "" {
			return question{}, errInvalidHash
		}
		at.commit = *q.Commit
		return at, nil
	}
	p := q.Package
	if p == nil {
		return question{}, errInvalidQuery
	}
	if p.PURL != "" {
		return parsePURLQuery(at, q)
	}
	if p.Ecosystem != "" && !s.knownEcosystem(p.Ecosystem) {
		return question{}, errInvalidEcosystem
	}
	if p.Name == "" || p.Ecosystem == "" && q.Version == "" {
		return question{}, errInvalidQuery
	}
	at.target = target(p.Ecosystem, p.Name, q.Version)
	return at, nil
}

func parsePURLQuery(at question, q *query) (question, error) {
	switch {
	case q.Package.Name != "":
		return question{}, errNameTwice
	case q.Package.Ecosystem != "":
		return question{}, errEcosystemTwice
	}
	p, err := purl.Parse(q.Package.PURL)
	if err != nil {
		return question{}, err
	}
	if p.Version != "" && q.Version != "" {
		return question{}, errVersionTwice
	}
	if p.Version == "" {
		p.Version = q.Version
	}
	t, ok := match.TargetOf(p)
	at.unsupported = !ok || t.Ecosystem == "" || slices.Contains(unknownTypes[:], p.Type)
	// The service looks for the name in the purl alone.
	at.target = match.Target{Ecosystem: t.Ecosystem, Name: t.Name, Version: t.Version}
	return at, nil
}

// unknownTypes are purl types that match knows, but the service does not.
var unknownTypes = [...]string{"alpine", "dotnet", "github", "gradle"}

// ecosystems are those of the OSV schema, without suffixes, and GIT, which the
// API takes beside them.
var ecosystems = [...]string{
	"AlmaLinux", "Alpaquita", "Alpine", "Android", "Azure Linux", "BellSoft Hardened Containers", "Bioconductor", "Bitnami",
	"CRAN", "Chainguard", "CleanStart", "ConanCenter", "Debian", "Docker Hardened Images", "Echo", "FreeBSD", "GHC", "GIT",
	"GitHub Actions", "Go", "Hackage", "Hex", "Julia", "Kubernetes", "Linux", "Mageia", "Maven", "MinimOS", "NuGet", "OSS-Fuzz",
	"Packagist", "Photon OS", "Pub", "PyPI", "Red Hat", "Rocky Linux", "Root", "RubyGems", "SUSE", "SwiftURL", "Ubuntu",
	"VSCode", "Wolfi", "crates.io", "npm", "opam", "openEuler", "openSUSE",
}

func (s *Server) knownEcosystem(ecosystem string) bool {
	base, _, _ := strings.Cut(ecosystem, ":")
	return slices.Contains(ecosystems[:], base) || slices.Contains(s.data.bases, base)
}
