// Package kev fetches CISA's catalogue of known exploited vulnerabilities. It
// knows the catalogue's shape and nothing of what it is used for.
package kev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"loadline/upstream"
)

// DefaultURL is the host that serves the catalogue; see
// https://www.cisa.gov/known-exploited-vulnerabilities-catalog.
const DefaultURL = "https://www.cisa.gov"

const path = "/sites/default/files/feeds/known_exploited_vulnerabilities.json"

// Client fetches the catalogue from one place. It is safe for concurrent use.
type Client struct {
	url string
	up  *upstream.Client
}

// New returns a Client for the catalogue at baseURL, a host such as DefaultURL
// with or without a path before CISA's own, or the whole address of a copy,
// which ends in ".json".
func New(baseURL string, up *upstream.Client) *Client {
	base := upstream.Base(baseURL)
	if !strings.HasSuffix(base, ".json") {
		base += path
	}
	return &Client{url: base, up: up}
}

// Catalogue is one edition.
type Catalogue struct {
	Version  string
	Released time.Time // zero where the catalogue does not say
	Entries  []Entry   // in the catalogue's order, ids unique
	Skipped  []Skipped // entries that could not be used, in the catalogue's order
}

// Entry is one vulnerability that is exploited.
type Entry struct {
	CVE            string
	Vendor         string
	Product        string
	Name           string
	Description    string
	RequiredAction string
	Notes          string
	CWEs           []string
	Ransomware     bool      // known to be used in ransomware campaigns
	DateAdded      time.Time // a day, UTC
	DueDate        time.Time // a day, UTC
}

// Skipped says which entry could not be used, and why.
type Skipped struct {
	Index  int // from 0
	CVE    string
	Reason string
}

// Validators let the next request answer "not modified". Either may be empty.
type Validators struct{ ETag, LastModified string }

// Catalogue fetches the catalogue. With the validators of an earlier answer it
// may say notModified, and then returns them and no catalogue. A single entry
// that cannot be used is in Skipped; a catalogue whose count is not that of its
// entries, or of which none can be used, is an error.
func (c *Client) Catalogue(ctx context.Context, v Validators) (cat Catalogue, next Validators, notModified bool, err error) {
	call := upstream.Call{Op: "catalogue", Method: http.MethodGet, URL: c.url, Header: http.Header{}}
	if v.ETag != "" {
		call.Header.Set("If-None-Match", v.ETag)
	}
	if v.LastModified != "" {
		call.Header.Set("If-Modified-Since", v.LastModified)
	}
	if len(call.Header) > 0 {
		call.Expect = []int{http.StatusNotModified}
	}
	err = c.up.Do(ctx, call, func(a upstream.Answer) error {
		if a.Status == http.StatusNotModified {
			next, notModified = v, true
			return nil
		}
		next = Validators{ETag: a.Header.Get("ETag"), LastModified: a.Header.Get("Last-Modified")}
		var err error
		cat, err = decode(a.Body)
		return err
	})
	if err != nil {
		return Catalogue{}, v, false, err
	}
	return cat, next, notModified, nil
}

var isCVE = regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,19}$`)

// entry is one vulnerability as it is written. A field may be missing; which of
// them must not be is for use to say.
type entry struct {
	CVE            string   `json:"cveID"`
	Vendor         string   `json:"vendorProject"`
	Product        string   `json:"product"`
	Name           string   `json:"vulnerabilityName"`
	DateAdded      string   `json:"dateAdded"`
	Description    string   `json:"shortDescription"`
	RequiredAction string   `json:"requiredAction"`
	DueDate        string   `json:"dueDate"`
	Ransomware     string   `json:"knownRansomwareCampaignUse"`
	Notes          string   `json:"notes"`
	CWEs           []string `json:"cwes"`
}

// use returns the entry, or why it cannot be used: without an id or a date it
// says nothing.
func (e entry) use() (Entry, error) {
	id := strings.ToUpper(strings.TrimSpace(e.CVE))
	if !isCVE.MatchString(id) {
		return Entry{}, fmt.Errorf("cveID %.50q is not a CVE id", e.CVE)
	}
	added, err := time.Parse(time.DateOnly, e.DateAdded)
	if err != nil {
		return Entry{}, fmt.Errorf("dateAdded %.50q is not a day", e.DateAdded)
	}
	due, err := time.Parse(time.DateOnly, e.DueDate)
	if err != nil {
		return Entry{}, fmt.Errorf("dueDate %.50q is not a day", e.DueDate)
	}
	return Entry{
		CVE:            id,
		Vendor:         e.Vendor,
		Product:        e.Product,
		Name:           e.Name,
		Description:    e.Description,
		RequiredAction: e.RequiredAction,
		Notes:          e.Notes,
		CWEs:           e.CWEs,
		Ransomware:     strings.EqualFold(e.Ransomware, "Known"),
		DateAdded:      added,
		DueDate:        due,
	}, nil
}

var errNoEntry = errors.New("not an object with the fields of an entry")

func decode(data []byte) (Catalogue, error) {
	var doc struct {
		Version  string            `json:"catalogVersion"`
		Released string            `json:"dateReleased"`
		Count    *int              `json:"count"`
		Entries  []json.RawMessage `json:"vulnerabilities"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return Catalogue{}, err
	}
	switch {
	case doc.Entries == nil:
		return Catalogue{}, errors.New("no vulnerabilities in the catalogue")
	case doc.Count != nil && *doc.Count != len(doc.Entries):
		return Catalogue{}, fmt.Errorf("%d entries where count says %d", len(doc.Entries), *doc.Count)
	}
	cat := Catalogue{Version: doc.Version, Entries: make([]Entry, 0, len(doc.Entries))}
	if released, err := time.Parse(time.RFC3339, doc.Released); err == nil {
		cat.Released = released.UTC()
	}
	seen := make(map[string]bool, len(doc.Entries))
	for i, raw := range doc.Entries {
		var (
			written entry
			e       Entry
		)
		err := errNoEntry
		if json.Unmarshal(raw, &written) == nil {
			e, err = written.use()
		}
		if err == nil && seen[e.CVE] {
			err = errors.New("the id is there already")
		}
		if err != nil {
			cat.Skipped = append(cat.Skipped, Skipped{Index: i, CVE: written.CVE, Reason: err.Error()})
			continue
		}
		seen[e.CVE] = true
		cat.Entries = append(cat.Entries, e)
	}
	if len(cat.Entries) == 0 && len(doc.Entries) > 0 {
		return Catalogue{}, fmt.Errorf("none of %d entries can be used; the first: %s", len(doc.Entries), cat.Skipped[0].Reason)
	}
	return cat, nil
}
