package model

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"loadline/graph/shortcut"
	"loadline/purl"
)

// InputError is a value that cannot be used. Its text is for the client.
type InputError string

func (e InputError) Error() string { return string(e) }

func inputErrorf(format string, args ...any) error { return InputError(fmt.Sprintf(format, args...)) }

// DateTime is a moment. It is written in UTC as RFC 3339, to the millisecond
// where there are any.
type DateTime time.Time

// AppendGQL appends the moment as a JSON string.
func (d DateTime) AppendGQL(b []byte) []byte {
	b = append(b, '"')
	b = time.Time(d).UTC().Truncate(time.Millisecond).AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

// MarshalGQL writes the moment as a JSON string.
func (d DateTime) MarshalGQL(w io.Writer) { w.Write(d.AppendGQL(nil)) }

// UnmarshalGQL reads a moment in RFC 3339.
func (d *DateTime) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return inputErrorf("a DateTime is a string such as \"2026-08-16T09:30:00Z\", not %s", kindOf(v))
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return inputErrorf("%q is not a DateTime such as \"2026-08-16T09:30:00Z\"", s)
	}
	*d = DateTime(t)
	return nil
}

// Date is a day without a time zone, as YYYY-MM-DD.
type Date string

// AppendGQL appends the day as a JSON string.
func (d Date) AppendGQL(b []byte) []byte { return shortcut.AppendString(b, string(d)) }

// MarshalGQL writes the day as a JSON string.
func (d Date) MarshalGQL(w io.Writer) { w.Write(d.AppendGQL(nil)) }

// UnmarshalGQL reads a day as YYYY-MM-DD.
func (d *Date) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return inputErrorf("a Date is a string such as \"2026-08-16\", not %s", kindOf(v))
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return inputErrorf("%q is not a Date such as \"2026-08-16\"", s)
	}
	*d = Date(s)
	return nil
}

// PURL is a package URL in canonical form.
type PURL string

// AppendGQL appends the package URL as a JSON string.
func (p PURL) AppendGQL(b []byte) []byte { return shortcut.AppendString(b, string(p)) }

// MarshalGQL writes the package URL as a JSON string.
func (p PURL) MarshalGQL(w io.Writer) { w.Write(p.AppendGQL(nil)) }

// UnmarshalGQL reads a package URL and brings it into canonical form.
func (p *PURL) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return inputErrorf("a PURL is a string such as \"pkg:npm/lodash@4.17.21\", not %s", kindOf(v))
	}
	parsed, err := purl.Parse(s)
	if err != nil {
		return inputErrorf("%v", err)
	}
	*p = PURL(parsed.String())
	return nil
}

// URI is a URI as in RFC 3986.
type URI string

// AppendGQL appends the URI as a JSON string.
func (u URI) AppendGQL(b []byte) []byte { return shortcut.AppendString(b, string(u)) }

// MarshalGQL writes the URI as a JSON string.
func (u URI) MarshalGQL(w io.Writer) { w.Write(u.AppendGQL(nil)) }

// UnmarshalGQL reads a URI.
func (u *URI) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return inputErrorf("a URI is a string, not %s", kindOf(v))
	}
	if parsed, err := url.Parse(s); err != nil || parsed.Scheme == "" {
		return inputErrorf("%q is not a URI: it needs a scheme, such as \"https://\"", s)
	}
	*u = URI(s)
	return nil
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return "the number " + v.String()
	case int64:
		return "the number " + strconv.FormatInt(v, 10)
	case float64:
		return "the number " + strconv.FormatFloat(v, 'g', -1, 64)
	case []any:
		return "a list"
	default:
		return "an object"
	}
}
