package cli

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loadline/advisory"
)

// cycloneDX is a bill of materials in CycloneDX 1.6, with what affects it.
type cycloneDX struct {
	Schema          string             `json:"$schema"`
	Format          string             `json:"bomFormat"`
	SpecVersion     string             `json:"specVersion"`
	SerialNumber    string             `json:"serialNumber"`
	Version         int                `json:"version"`
	Metadata        cdxMetadata        `json:"metadata"`
	Components      []cdxComponent     `json:"components"`
	Vulnerabilities []cdxVulnerability `json:"vulnerabilities"`
}

type cdxMetadata struct {
	Timestamp string `json:"timestamp"`
	Tools     struct {
		Components []cdxComponent `json:"components"`
	} `json:"tools"`
	Properties []cdxProperty `json:"properties,omitempty"`
}

type cdxComponent struct {
	Type       string        `json:"type"`
	Ref        string        `json:"bom-ref,omitempty"`
	Name       string        `json:"name"`
	Version    string        `json:"version,omitempty"`
	PURL       string        `json:"purl,omitempty"`
	Properties []cdxProperty `json:"properties,omitempty"`
}

type cdxProperty struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type cdxVulnerability struct {
	Ref            string         `json:"bom-ref"`
	ID             string         `json:"id"`
	Source         cdxSource      `json:"source"`
	References     []cdxReference `json:"references,omitempty"`
	Ratings        []cdxRating    `json:"ratings,omitempty"`
	Description    string         `json:"description,omitempty"`
	Detail         string         `json:"detail,omitempty"`
	Recommendation string         `json:"recommendation,omitempty"`
	Advisories     []cdxAdvisory  `json:"advisories,omitempty"`
	Published      string         `json:"published,omitempty"`
	Updated        string         `json:"updated,omitempty"`
	Affects        []cdxAffected  `json:"affects"`
	Properties     []cdxProperty  `json:"properties,omitempty"`
}

type cdxSource struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type cdxReference struct {
	ID     string    `json:"id"`
	Source cdxSource `json:"source"`
}

type cdxRating struct {
	Source   *cdxSource `json:"source,omitempty"`
	Score    *float64   `json:"score,omitempty"`
	Severity string     `json:"severity"`
	Method   string     `json:"method,omitempty"`
	Vector   string     `json:"vector,omitempty"`
}

type cdxAdvisory struct {
	URL string `json:"url"`
}

type cdxAffected struct {
	Ref      string       `json:"ref"`
	Versions []cdxVersion `json:"versions,omitempty"`
}

type cdxVersion struct {
	Version string `json:"version"`
	Status  string `json:"status"`
}

// cycloneDX is the report as a bill of materials: all components, and the
// vulnerabilities with the components that each affects. There is no analysis:
// whether what is affected can be exploited, nobody has looked at.
func (r *Report) cycloneDX(version string, now time.Time) cycloneDX {
	doc := cycloneDX{
		Schema:          "http://cyclonedx.org/schema/bom-1.6.schema.json",
		Format:          "CycloneDX",
		SpecVersion:     "1.6",
		SerialNumber:    newURN(),
		Version:         1,
		Components:      make([]cdxComponent, 0, len(r.Components)),
		Vulnerabilities: []cdxVulnerability{},
	}
	doc.Metadata.Timestamp = now.Format(time.RFC3339)
	doc.Metadata.Tools.Components = []cdxComponent{{Type: "application", Name: "Loadline", Version: version}}
	for _, s := range r.Sources {
		state := strings.TrimSpace(strings.TrimPrefix(s.doubt(), s.Source.Name()+": "))
		doc.Metadata.Properties = append(doc.Metadata.Properties, cdxProperty{"loadline:source:" + string(s.Source), state})
	}
	refs := make(map[string]bool, len(r.Components))
	places := make(map[string]int)
	for i, c := range r.Components {
		ref := c.PURL
		if ref == "" || refs[ref] {
			ref = fmt.Sprintf("component-%d", i+1)
		}
		refs[ref] = true
		component := cdxComponent{Type: "library", Ref: ref, Name: c.Name, Version: c.Version, PURL: c.PURL}
		if c.Vulnerabilities == nil {
			component.Properties = []cdxProperty{{"loadline:vulnerabilities", "not known"}}
		}
		doc.Components = append(doc.Components, component)
		for _, v := range c.Vulnerabilities {
			place, known := places[v.ID]
			if !known {
				place = len(doc.Vulnerabilities)
				places[v.ID] = place
				doc.Vulnerabilities = append(doc.Vulnerabilities, newCDXVulnerability(v))
			}
			at := &doc.Vulnerabilities[place]
			affected := cdxAffected{Ref: ref}
			if c.Version != "" {
				affected.Versions = []cdxVersion{{c.Version, "affected"}}
			}
			at.Affects = append(at.Affects, affected)
			if advice := v.advice(c); !strings.Contains(at.Recommendation, advice) {
				at.Recommendation = strings.TrimSpace(at.Recommendation + " " + advice)
			}
		}
	}
	return doc
}

func newCDXVulnerability(v ScannedVulnerability) cdxVulnerability {
	out := cdxVulnerability{Ref: "vulnerability-" + v.ID, ID: v.ID, Source: cdxSource{publisherOf(v.ID), pageOf(v.ID)}}
	for _, id := range v.Aliases {
		out.References = append(out.References, cdxReference{id, cdxSource{publisherOf(id), pageOf(id)}})
	}
	if v.epss >= 0 {
		out.Properties = append(out.Properties, cdxProperty{"loadline:epss", strconv.FormatFloat(v.epss, 'f', -1, 64)})
	}
	if v.kev {
		out.Properties = append(out.Properties, cdxProperty{"loadline:kev", "exploited"})
	}
	if v.record == nil {
		return out
	}
	out.Description, out.Detail = v.summary(), v.details()
	out.Ratings = []cdxRating{newCDXRating(v)}
	var published, updated time.Time
	for _, a := range v.record.Advisories {
		if !a.Published.IsZero() && (published.IsZero() || a.Published.Before(published)) {
			published = a.Published
		}
		if a.Modified.After(updated) {
			updated = a.Modified
		}
		for _, ref := range a.References {
			if advice := (cdxAdvisory{ref.URL}); ref.Type == "ADVISORY" && isURL(ref.URL) && !slices.Contains(out.Advisories, advice) {
				out.Advisories = append(out.Advisories, advice)
			}
		}
	}
	if !published.IsZero() {
		out.Published = published.UTC().Format(time.RFC3339)
	}
	if !updated.IsZero() {
		out.Updated = updated.UTC().Format(time.RFC3339)
	}
	return out
}

func newCDXRating(v ScannedVulnerability) cdxRating {
	if !v.record.Rated {
		return cdxRating{Severity: "unknown"}
	}
	rated := v.record.Rating
	rating := cdxRating{
		Source:   &cdxSource{publisherOf(rated.Advisory), pageOf(rated.Advisory)},
		Severity: strings.ToLower(rated.Rating),
		Method:   cdxMethod(rated),
		Vector:   rated.Vector,
	}
	if rated.HasScore {
		rating.Score = &rated.Score
	}
	return rating
}

// cdxMethod is what CycloneDX calls the way to rate.
func cdxMethod(r advisory.Rating) string {
	for prefix, method := range map[string]string{"CVSS:4.0/": "CVSSv4", "CVSS:3.1/": "CVSSv31", "CVSS:3.0/": "CVSSv3"} {
		if strings.HasPrefix(r.Vector, prefix) {
			return method
		}
	}
	if r.Vector != "" {
		return "CVSSv2"
	}
	return "other"
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && u.String() == text
}

// newURN is a name that no other document has.
func newURN() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
