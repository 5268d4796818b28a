package job

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loadline/advisory"
	"loadline/enrich"
	"loadline/purl"
	"loadline/sbom"
	"loadline/store"
	"loadline/triage"
)

// The parts of CycloneDX 1.6 that an export has.
type (
	cdxDocument struct {
		Schema          string             `json:"$schema"`
		Format          string             `json:"bomFormat"`
		SpecVersion     string             `json:"specVersion"`
		SerialNumber    string             `json:"serialNumber"`
		Version         int                `json:"version"`
		Metadata        cdxMetadata        `json:"metadata"`
		Components      []cdxComponent     `json:"components"`
		Dependencies    []cdxDependency    `json:"dependencies,omitempty"`
		Vulnerabilities []cdxVulnerability `json:"vulnerabilities"`
	}
	cdxMetadata struct {
		Timestamp  string        `json:"timestamp"`
		Tools      cdxTools      `json:"tools"`
		Component  cdxComponent  `json:"component"`
		Properties []cdxProperty `json:"properties,omitempty"`
	}
	cdxTools struct {
		Components []cdxComponent `json:"components"`
	}
	cdxComponent struct {
		Type       string        `json:"type"`
		Ref        string        `json:"bom-ref,omitempty"`
		Name       string        `json:"name"`
		Version    string        `json:"version,omitempty"`
		Scope      string        `json:"scope,omitempty"`
		Hashes     []cdxHash     `json:"hashes,omitempty"`
		Licenses   []cdxLicense  `json:"licenses,omitempty"`
		PURL       string        `json:"purl,omitempty"`
		Properties []cdxProperty `json:"properties,omitempty"`
	}
	cdxHash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	cdxLicense struct {
		License cdxNamedLicense `json:"license"`
	}
	cdxNamedLicense struct {
		Name string `json:"name"`
		URL  string `json:"url,omitempty"`
	}
	cdxProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	cdxDependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn,omitempty"`
	}
	cdxVulnerability struct {
		Ref            string         `json:"bom-ref"`
		ID             string         `json:"id"`
		Source         cdxSource      `json:"source"`
		References     []cdxReference `json:"references,omitempty"`
		Ratings        []cdxRating    `json:"ratings,omitempty"`
		Description    string         `json:"description,omitempty"`
		Recommendation string         `json:"recommendation,omitempty"`
		Published      string         `json:"published,omitempty"`
		Updated        string         `json:"updated,omitempty"`
		Analysis       *cdxAnalysis   `json:"analysis,omitempty"`
		Affects        []cdxAffected  `json:"affects"`
		Properties     []cdxProperty  `json:"properties,omitempty"`
	}
	cdxSource struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	cdxReference struct {
		ID     string    `json:"id"`
		Source cdxSource `json:"source"`
	}
	cdxRating struct {
		Score    *float64 `json:"score,omitempty"`
		Severity string   `json:"severity"`
		Method   string   `json:"method"`
		Vector   string   `json:"vector,omitempty"`
	}
	cdxAnalysis struct {
		State         string   `json:"state"`
		Justification string   `json:"justification,omitempty"`
		Response      []string `json:"response,omitempty"`
		Detail        string   `json:"detail,omitempty"`
		LastUpdated   string   `json:"lastUpdated"`
	}
	cdxAffected struct {
		Ref string `json:"ref"`
	}
)

// cdxHashes are the algorithms that CycloneDX 1.6 knows.
const cdxHashes = " MD5 SHA-1 SHA-256 SHA-384 SHA-512 SHA3-256 SHA3-384 SHA3-512 BLAKE2b-256 BLAKE2b-384 BLAKE2b-512 BLAKE3 "

// cdxTypes are the kinds of components that it knows.
const cdxTypes = " application framework library container platform operating-system device device-driver firmware file " +
	"machine-learning-model data cryptographic-asset "

// document is the Bom as a CycloneDX document. A vulnerability that has been
// decided about differently for different components is there once for each
// decision.
func (x exported) document(version string, now time.Time) cdxDocument {
	d := cdxDocument{
		Schema:          "http://cyclonedx.org/schema/bom-1.6.schema.json",
		Format:          "CycloneDX",
		SpecVersion:     "1.6",
		SerialNumber:    urnOf(x.bom.Digest, now),
		Version:         1,
		Components:      make([]cdxComponent, len(x.components)),
		Vulnerabilities: []cdxVulnerability{},
	}
	d.Metadata = cdxMetadata{
		Timestamp: now.UTC().Format(time.RFC3339),
		Tools:     cdxTools{[]cdxComponent{{Type: "application", Name: "Loadline", Version: version}}},
		Component: cdxComponent{Type: "application", Ref: "release", Name: x.project.Name, Version: x.release.Version},
	}
	for _, c := range slices.Concat(x.report.Components, x.report.Vulnerabilities) {
		value := fmt.Sprintf("%s for %d", c.State, c.Count)
		if c.Reason != "" {
			value += ": " + c.Reason
		}
		d.Metadata.Properties = append(d.Metadata.Properties, cdxProperty{"loadline:source:" + string(c.Source), value})
	}
	refs := make([]string, len(x.components))
	for i, c := range x.components {
		refs[i] = refOf(c.Seq)
		d.Components[i] = cdxComponentOf(c)
	}
	d.Dependencies = x.dependencies(refs)
	d.Vulnerabilities = append(d.Vulnerabilities, x.vulnerabilities()...)
	return d
}

// refOf names a component in the document: the names of the document that was
// uploaded need not be unique.
func refOf(seq int) string { return "component-" + strconv.Itoa(seq+1) }

func cdxComponentOf(c store.Component) cdxComponent {
	out := cdxComponent{Type: c.Type, Ref: refOf(c.Seq), Name: c.Name, Version: c.Version, PURL: c.PURL}
	if !strings.Contains(cdxTypes, " "+out.Type+" ") {
		out.Type = "library"
	}
	switch c.Scope {
	case sbom.ScopeRequired, sbom.ScopeOptional, sbom.ScopeExcluded:
		out.Scope = strings.ToLower(string(c.Scope))
	}
	for _, l := range c.Licenses {
		out.Licenses = append(out.Licenses, cdxLicense{cdxNamedLicense{l.Expression, l.URL}})
	}
	for _, h := range c.Hashes {
		if strings.Contains(cdxHashes, " "+h.Algorithm+" ") {
			out.Hashes = append(out.Hashes, cdxHash{h.Algorithm, h.Value})
		}
	}
	if c.Ref != "" {
		out.Properties = []cdxProperty{{"loadline:ref", c.Ref}}
	}
	return out
}

func (x exported) dependencies(refs []string) []cdxDependency {
	var all []cdxDependency
	for _, e := range x.edges {
		if e[0] >= len(refs) || e[1] >= len(refs) {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Ref != refs[e[0]] {
			all = append(all, cdxDependency{Ref: refs[e[0]]})
		}
		last := &all[len(all)-1]
		last.DependsOn = append(last.DependsOn, refs[e[1]])
	}
	return all
}

func (x exported) vulnerabilities() []cdxVulnerability {
	type verdict struct {
		v        *enrich.Vulnerability
		decision int64
	}
	places := make(map[verdict]int)
	var all []cdxVulnerability
	for _, hit := range x.report.Hits {
		v := hit.Finding.Vulnerability
		decision, decided := x.decided.Of(findingOf(hit))
		key := verdict{v, decision.ID}
		place, known := places[key]
		if !known {
			place = len(all)
			places[key] = place
			out := cdxVulnerabilityOf(hit)
			if decided {
				out.Ref += "-" + strconv.FormatInt(decision.ID, 10)
			}
			if decided {
				out.Analysis = analysisOf(decision)
			}
			all = append(all, out)
		}
		at := &all[place]
		at.Affects = append(at.Affects, cdxAffected{refOf(hit.Use.Seq)})
		if fix := hit.Finding.FixedIn; fix != "" {
			advice := fmt.Sprintf("Update %s to %s.", hit.Version.PURL, fix)
			if !strings.Contains(at.Recommendation, advice) {
				at.Recommendation = strings.TrimSpace(at.Recommendation + " " + advice)
			}
		}
	}
	return all
}

// findingOf is what decisions about a hit go by.
func findingOf(h enrich.Hit) triage.Finding {
	v := h.Finding.Vulnerability
	f := triage.Finding{IDs: append([]string{v.ID}, v.Aliases...)}
	// One that is stored is valid: it has been parsed before.
	if p, err := purl.Parse(h.Version.PURL); err == nil {
		f.Package, f.Version = p.Package().String(), p.Version
	}
	return f
}

func cdxVulnerabilityOf(h enrich.Hit) cdxVulnerability {
	v := h.Finding.Vulnerability
	out := cdxVulnerability{Ref: "vulnerability-" + v.ID, ID: v.ID, Source: cdxSourceOf(v.ID), Ratings: []cdxRating{ratingOf(v)}}
	for _, id := range v.Aliases {
		out.References = append(out.References, cdxReference{id, cdxSourceOf(id)})
	}
	var published, updated time.Time
	for _, a := range v.Advisories {
		if out.Description == "" {
			out.Description = cmp.Or(a.Summary, a.Details)
		}
		if !a.Published.IsZero() && (published.IsZero() || a.Published.Before(published)) {
			published = a.Published
		}
		if a.Modified.After(updated) {
			updated = a.Modified
		}
	}
	out.Published, out.Updated = cdxTime(published), cdxTime(updated)
	if h.Score.Known {
		out.Properties = append(out.Properties, cdxProperty{"loadline:epss", strconv.FormatFloat(h.Score.Probability, 'f', -1, 64)})
	}
	if h.Kev != nil {
		out.Properties = append(out.Properties, cdxProperty{"loadline:kev", "exploited"})
	}
	return out
}

func cdxTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func cdxSourceOf(id string) cdxSource {
	page := url.PathEscape(id)
	switch {
	case strings.HasPrefix(id, "CVE-"):
		return cdxSource{"NVD", "https://nvd.nist.gov/vuln/detail/" + page}
	case strings.HasPrefix(id, "GHSA-"):
		return cdxSource{"GitHub Advisory Database", "https://github.com/advisories/" + page}
	default:
		return cdxSource{"OSV", "https://osv.dev/vulnerability/" + page}
	}
}

func ratingOf(v *enrich.Vulnerability) cdxRating {
	if !v.Rated {
		return cdxRating{Severity: "unknown", Method: "other"}
	}
	r := cdxRating{Severity: strings.ToLower(v.Rating.Rating), Method: methodOf(v.Rating), Vector: v.Rating.Vector}
	if v.Rating.HasScore {
		r.Score = &v.Rating.Score
	}
	return r
}

// methodOf is what CycloneDX calls the way to rate.
func methodOf(r advisory.Rating) string {
	switch version, _, _ := strings.Cut(r.Vector, "/"); {
	case r.Vector == "":
		return "other"
	case version == "CVSS:4.0":
		return "CVSSv4"
	case version == "CVSS:3.1":
		return "CVSSv31"
	case version == "CVSS:3.0":
		return "CVSSv3"
	default:
		return "CVSSv2"
	}
}

// analysisOf is a decision in the words of CycloneDX: docs/adr/0015.
func analysisOf(d triage.Decision) *cdxAnalysis {
	a := &cdxAnalysis{Detail: d.Note, LastUpdated: cdxTime(d.At)}
	for _, r := range d.Response {
		a.Response = append(a.Response, strings.ToLower(r))
	}
	switch d.State {
	case triage.Affected:
		a.State = "exploitable"
	case triage.Accepted:
		a.State = "exploitable"
		if !slices.Contains(a.Response, "will_not_fix") {
			a.Response = append(a.Response, "will_not_fix")
		}
	case triage.Fixed:
		a.State = "resolved"
	case triage.NotAffected:
		a.State = "not_affected"
	case triage.FalsePositive:
		a.State = "false_positive"
	case triage.InTriage:
		a.State = "in_triage"
	default:
		return nil
	}
	switch d.Justification {
	case "":
	case "COMPONENT_NOT_PRESENT":
		a.Justification = "code_not_present"
	case "CODE_NOT_CONTROLLABLE":
		a.Justification = "code_not_reachable"
	default:
		a.Justification = strings.ToLower(d.Justification)
	}
	return a
}

// urnOf is a name that no other document has.
func urnOf(digest string, now time.Time) string {
	b := sha256.Sum256(fmt.Appendf(nil, "%s %d", digest, now.UnixNano()))
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
