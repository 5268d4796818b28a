package cli

import (
	"net/url"
	"strings"
)

// summary is what the first record that has one says in a line.
func (v ScannedVulnerability) summary() string {
	for _, a := range v.record.Advisories {
		if s := strings.TrimSpace(a.Summary); s != "" {
			return s
		}
	}
	return ""
}

// details are what the first record that has some says at length, in Markdown.
func (v ScannedVulnerability) details() string {
	for _, a := range v.record.Advisories {
		if s := strings.TrimSpace(a.Details); s != "" {
			return s
		}
	}
	return ""
}

// advice is what to do about a finding.
func (v ScannedVulnerability) advice(c ScannedComponent) string {
	if v.FixedIn == "" {
		return "No version that fixes it is known."
	}
	return "Upgrade " + plain(c.Name) + " to " + plain(v.FixedIn) + " or later."
}

// pageOf is where people can read about an id.
func pageOf(id string) string {
	switch {
	case strings.HasPrefix(id, "CVE-"):
		return "https://nvd.nist.gov/vuln/detail/" + url.PathEscape(id)
	case strings.HasPrefix(id, "GHSA-"):
		return "https://github.com/advisories/" + url.PathEscape(id)
	}
	return "https://osv.dev/vulnerability/" + url.PathEscape(id)
}

// publisherOf is whose page that is.
func publisherOf(id string) string {
	switch {
	case strings.HasPrefix(id, "CVE-"):
		return "NVD"
	case strings.HasPrefix(id, "GHSA-"):
		return "GitHub Advisory Database"
	}
	return "OSV"
}
