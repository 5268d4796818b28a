package advisory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Decode reads one record in the OSV schema. Unknown fields and unknown values
// of enumerations are no error, and only the id is required; an unreadable time
// is as good as none, except withdrawn, which decides whether the record stands.
// Empty entries of lists are dropped. The error names the path of what is wrong.
func Decode(data []byte) (Advisory, error) {
	r, ok := decodePlain(data)
	if !ok {
		r = record{}
		if err := json.Unmarshal(data, &r); err != nil {
			return Advisory{}, fmt.Errorf("advisory: %w", explain(err))
		}
	}
	if r.ID == "" {
		return Advisory{}, errors.New("advisory: id: is missing or empty")
	}
	a := Advisory{
		ID:       r.ID,
		Aliases:  withoutEmpty(r.Aliases),
		Upstream: withoutEmpty(r.Upstream),
		Related:  withoutEmpty(r.Related),
		Summary:  r.Summary,
		Details:  r.Details,
		Severity: append(r.Severity, r.Specific.ratings...),
		Affected: make([]Affected, 0, len(r.Affected)),
		Word:     r.Specific.word,
	}
	a.Modified, _ = parseTime(r.Modified)
	a.Published, _ = parseTime(r.Published)
	if r.Withdrawn != "" {
		var ok bool
		if a.Withdrawn, ok = parseTime(r.Withdrawn); !ok {
			return Advisory{}, fmt.Errorf("advisory: %s: withdrawn: %q is not a time like 2006-01-02T15:04:05Z", r.ID, r.Withdrawn)
		}
	}
	for _, w := range r.Affected {
		a.Affected = append(a.Affected, w.affected())
	}
	for _, w := range r.References {
		if w.URL != "" {
			a.References = append(a.References, w)
		}
	}
	return a, nil
}

// record is a record as JSON. Names match without regard to case, so tags stand
// only where a name has an underscore.
type record struct {
	ID         string
	Modified   string
	Published  string
	Withdrawn  string
	Aliases    []string
	Upstream   []string
	Related    []string
	Summary    string
	Details    string
	Severity   []Severity
	Affected   []affectedRecord
	References []Reference
	Specific   specific `json:"database_specific"`
}

type affectedRecord struct {
	Package           Package
	Severity          []Severity
	Ranges            []rangeRecord
	Versions          []string
	EcosystemSpecific specific `json:"ecosystem_specific"`
	DatabaseSpecific  specific `json:"database_specific"`
}

type rangeRecord struct {
	Type   string
	Repo   string
	Events []eventRecord
}

type eventRecord struct {
	Introduced   string
	Fixed        string
	LastAffected string `json:"last_affected"`
	Limit        string
}

func (w affectedRecord) affected() Affected {
	a := Affected{
		Package:  w.Package,
		Severity: append(append(w.Severity, w.DatabaseSpecific.ratings...), w.EcosystemSpecific.ratings...),
		Versions: withoutEmpty(w.Versions),
		Word:     w.EcosystemSpecific.word,
	}
	if a.Word == "" {
		a.Word = w.DatabaseSpecific.word
	}
	for _, r := range w.Ranges {
		a.Ranges = append(a.Ranges, Range{Type: r.Type, Repo: r.Repo, Events: events(r.Events)})
	}
	return a
}

// events returns one Event for each boundary, also where an old record puts two
// into one object.
func events(records []eventRecord) []Event {
	list := make([]Event, 0, len(records))
	for _, r := range records {
		if r.Introduced != "" {
			list = append(list, Event{Introduced: r.Introduced})
		}
		if r.Fixed != "" {
			list = append(list, Event{Fixed: r.Fixed})
		}
		if r.LastAffected != "" {
			list = append(list, Event{LastAffected: r.LastAffected})
		}
		if r.Limit != "" {
			list = append(list, Event{Limit: r.Limit})
		}
	}
	return list
}

// specific is what is used of database_specific and ecosystem_specific, whose
// shape is each source's own: what does not fit is passed over.
type specific struct {
	word    string
	ratings []Severity
}

// UnmarshalJSON never fails: the schema promises nothing about these objects.
func (s *specific) UnmarshalJSON(data []byte) error {
	// Most of these objects have no rating, and some are larger than the record.
	if !bytes.Contains(data, []byte("severity")) && !bytes.Contains(data, []byte("urgency")) && !bytes.Contains(data, []byte("cvss")) {
		return nil
	}
	var fields struct {
		Severity json.RawMessage
		Urgency  json.RawMessage
		CVSS     json.RawMessage
		V2       json.RawMessage `json:"cvss_v2"`
		V3       json.RawMessage `json:"cvss_v3"`
		V4       json.RawMessage `json:"cvss_v4"`
	}
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil //nolint:nilerr // not an object: nothing in it is for us
	}
	s.word = strings.ToUpper(text(fields.Severity))
	if s.word == "" {
		s.word = strings.ToUpper(text(fields.Urgency))
	}
	add := func(kind, score string) {
		if score != "" {
			s.ratings = append(s.ratings, Severity{Type: kind, Score: score})
		}
	}
	add("CVSS_V4", text(fields.V4))
	add("CVSS_V3", text(fields.V3))
	add("CVSS_V2", text(fields.V2))
	var object struct{ VectorString json.RawMessage }
	if json.Unmarshal(fields.CVSS, &object) == nil {
		add("CVSS", text(object.VectorString))
	} else {
		add("CVSS", text(fields.CVSS))
	}
	return nil
}

// text returns a JSON string or number as text, and "" for all else.
func text(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n float64
	if json.Unmarshal(raw, &n) == nil {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return ""
}

// parseTime reads a time as the schema asks for it, and without zone or clock as
// some sources write it. A time before the year 1 is no time.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func withoutEmpty(list []string) []string {
	kept := list[:0]
	for _, s := range list {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// explain says where in the document a value is of the wrong kind.
func explain(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return fmt.Errorf("%s: is a %s, at byte %d", kind.Field, kind.Value, kind.Offset)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("not JSON at byte %d: %w", syntax.Offset, err)
	}
	return err
}
