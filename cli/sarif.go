package cli

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"loadline/enrich"
	"loadline/upstream"
)

// sarifLog is a log of one run in SARIF 2.1.0.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

// sarifRule is a vulnerability.
type sarifRule struct {
	ID         string     `json:"id"`
	Short      sarifText  `json:"shortDescription"`
	Full       *sarifText `json:"fullDescription,omitempty"`
	HelpURI    string     `json:"helpUri"`
	Help       *sarifText `json:"help,omitempty"`
	Properties struct {
		Tags     []string `json:"tags"`
		Severity string   `json:"security-severity,omitempty"`
		Aliases  []string `json:"aliases,omitempty"`
		Vector   string   `json:"cvss,omitempty"`
	} `json:"properties"`
}

// sarifResult is a finding in a file.
type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   sarifFacts        `json:"properties"`
}

type sarifFacts struct {
	PURL      string  `json:"purl"`
	FixedIn   string  `json:"fixedIn,omitempty"`
	EPSS      float64 `json:"epss,omitempty"`
	Exploited bool    `json:"exploited,omitempty"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region struct {
			StartLine int `json:"startLine"`
		} `json:"region"`
	} `json:"physicalLocation"`
}

// sarif is the report as a log: a rule for each vulnerability, a result for each
// finding and file, the worst first, and a notification for each doubt.
func (r *Report) sarif(version string) sarifLog {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "Loadline", Version: version, Rules: []sarifRule{}}
	places := make(map[string]int)
	for _, c := range r.Components {
		for _, v := range c.Vulnerabilities {
			place, known := places[v.ID]
			if !known {
				place = len(run.Tool.Driver.Rules)
				places[v.ID] = place
				run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSarifRule(v))
			}
			for _, file := range c.files {
				run.Results = append(run.Results, newSarifResult(c, v, file, place))
			}
		}
	}
	// Readers that take only so many results take the first.
	slices.SortStableFunc(run.Results, func(a, b sarifResult) int {
		return cmp.Or(
			-compareBool(a.Properties.Exploited, b.Properties.Exploited),
			cmp.Compare(slices.Index(sarifLevels, a.Level), slices.Index(sarifLevels, b.Level)),
		)
	})
	invocation := sarifInvocation{Successful: !r.blind()}
	for _, doubt := range r.doubts() {
		level := "note"
		if r.blind() {
			level = "error"
		}
		invocation.Notifications = append(invocation.Notifications, sarifNotification{level, sarifText{Text: doubt}})
	}
	run.Invocations = []sarifInvocation{invocation}
	return sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	}
}

// blind says whether what affects the components could not be told.
func (r *Report) blind() bool {
	return slices.ContainsFunc(r.Sources, func(s ScannedSource) bool {
		return s.Source == upstream.OSV && s.State == enrich.Unavailable
	})
}

func newSarifRule(v ScannedVulnerability) sarifRule {
	rule := sarifRule{ID: v.ID, Short: sarifText{Text: v.ID}, HelpURI: pageOf(v.ID)}
	rule.Properties.Tags = []string{"security", "vulnerability"}
	if v.kev {
		rule.Properties.Tags = append(rule.Properties.Tags, "exploited")
	}
	rule.Properties.Aliases = v.Aliases
	if v.record == nil {
		return rule
	}
	rule.Properties.Vector = v.record.Rating.Vector
	if v.record.Rated {
		rule.Properties.Severity = severityNumber(v)
	}
	if summary := v.summary(); summary != "" {
		rule.Short.Text = v.ID + ": " + summary
		rule.Full = &sarifText{Text: summary}
	}
	if details := v.details(); details != "" {
		rule.Help = &sarifText{Text: details, Markdown: details}
	}
	return rule
}

// severityNumber is the score, or where there is only a word the lower end of
// what it stands for.
func severityNumber(v ScannedVulnerability) string {
	score := map[string]float64{"LOW": 0.1, "MEDIUM": 4, "HIGH": 7, "CRITICAL": 9}[v.Severity]
	if v.record.Rating.HasScore {
		score = v.record.Rating.Score
	}
	return strconv.FormatFloat(score, 'f', 1, 64)
}

// sarifLevels are the levels of results, the worst first.
var sarifLevels = []string{"error", "warning", "note", "none"}

func sarifLevel(severity string) string {
	switch severity {
	case "CRITICAL", "HIGH":
		return "error"
	case "LOW", "NONE":
		return "note"
	}
	return "warning"
}

func newSarifResult(c ScannedComponent, v ScannedVulnerability, file string, rule int) sarifResult {
	digest := sha256.Sum256([]byte(c.PURL + "\n" + v.ID))
	result := sarifResult{
		RuleID:       v.ID,
		RuleIndex:    rule,
		Level:        sarifLevel(v.Severity),
		Message:      sarifText{Text: fmt.Sprintf("%s %s is affected by %s. %s", plain(c.Name), plain(c.Version), v.ID, v.advice(c))},
		Fingerprints: map[string]string{"finding/v1": hex.EncodeToString(digest[:])},
		Properties:   sarifFacts{PURL: c.PURL, FixedIn: v.FixedIn, EPSS: max(v.epss, 0), Exploited: v.kev},
	}
	if file != "-" {
		var location sarifLocation
		location.Physical.Artifact.URI = fileURI(file)
		location.Physical.Region.StartLine = 1 // no format of document says on which line a component stands
		result.Locations = []sarifLocation{location}
	}
	return result
}

// fileURI is a file's name as a reference: relative ones stay so.
func fileURI(file string) string {
	u := url.URL{Path: filepath.ToSlash(filepath.Clean(file))}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
		u.Path = "/" + strings.TrimPrefix(u.Path, "/")
	}
	return u.String()
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
