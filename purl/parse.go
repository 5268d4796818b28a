package purl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLength is the longest package URL that Parse reads, in bytes.
const MaxLength = 256 << 10

// maxErrorText is how much of what is wrong an error quotes, in bytes.
const maxErrorText = 80

const accepted = "accepted is pkg:type/namespace/name@version?qualifiers#subpath"

// Parse reads a package URL. Beside what the specification says it accepts what
// tools are known to write: slashes after the scheme, upper case in scheme and
// type, an unescaped @ before an npm scope, %2F between namespace and name,
// %40 before the version, a + that stands for itself, &amp; between qualifiers,
// and a namespace that is missing. Percent-encoding is undone once. Of qualifiers with the same key the first counts; a subpath
// keeps no empty, "." or ".." segment.
//
// Namespace and name are normalised as the type asks for: see normalise. The
// error says which part is wrong.
func Parse(s string) (PURL, error) {
	if len(s) > MaxLength {
		return PURL{}, fmt.Errorf("purl %s is %d bytes long: at most %d are accepted", quote(s), len(s), MaxLength)
	}
	p, err := parse(s)
	if err != nil {
		return PURL{}, fmt.Errorf("purl %s: %w; %s", quote(s), err, accepted)
	}
	return p, nil
}

func parse(s string) (PURL, error) {
	s = strings.TrimSpace(s)
	scheme, rest, found := strings.Cut(s, ":")
	if !found || !strings.EqualFold(scheme, "pkg") {
		return PURL{}, errors.New(`it does not start with "pkg:"`)
	}
	rest, subpath, _ := strings.Cut(strings.TrimLeft(rest, "/"), "#")
	rest, qualifiers, _ := strings.Cut(rest, "?")
	kind, path, found := strings.Cut(rest, "/")
	if !found {
		return PURL{}, errors.New("it has no name after the type")
	}

	p := PURL{Type: strings.ToLower(kind)}
	if err := checkType(p.Type); err != nil {
		return PURL{}, err
	}
	path, version := splitVersion(path)
	var err error
	if p.Version, err = decode("version", version); err != nil {
		return PURL{}, err
	}
	if path, err = decode("namespace or name", path); err != nil {
		return PURL{}, err
	}
	segments := segmentsOf(path)
	if len(segments) == 0 {
		return PURL{}, errors.New("it has no name")
	}
	last := len(segments) - 1
	p.Namespace, p.Name = strings.Join(segments[:last], "/"), segments[last]
	if p.Qualifiers, err = parseQualifiers(qualifiers); err != nil {
		return PURL{}, err
	}
	if p.Subpath, err = parseSubpath(subpath); err != nil {
		return PURL{}, err
	}
	return normalise(p), nil
}

func checkType(kind string) error {
	if kind == "" {
		return errors.New("it has no type")
	}
	for i := range len(kind) {
		c := kind[i]
		letter := c >= 'a' && c <= 'z'
		other := c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+'
		if !letter && (!other || i == 0) {
			return fmt.Errorf("type %s is not letters, digits, '.', '+' or '-' after a letter", quote(kind))
		}
	}
	return nil
}

// splitVersion splits what follows the type at the @ before the version. An @
// that opens a segment belongs to an npm scope, and the first other one counts,
// because a version may hold another (a git URL) where a name escapes its own.
func splitVersion(path string) (name, version string) {
	for i := 1; i < len(path); i++ {
		if path[i] == '@' && path[i-1] != '/' {
			return path[:i], path[i+1:]
		}
	}
	if i := strings.LastIndexByte(path, '@'); i >= 0 && strings.IndexByte(path[i:], '/') < 0 {
		return path[:i], path[i+1:]
	}
	// An old tool escapes the separator too. Only what looks like a version is
	// taken for one, since a name may hold an escaped @.
	i := strings.LastIndex(path, "%40")
	if i <= 0 || path[i-1] == '/' || strings.HasSuffix(strings.ToLower(path[:i]), "%2f") {
		return path, ""
	}
	if digits := strings.TrimPrefix(path[i+3:], "v"); digits == "" || !isDigit(digits[0]) {
		return path, ""
	}
	return path[:i], path[i+3:]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func parseQualifiers(s string) ([]Qualifier, error) {
	if s == "" {
		return nil, nil
	}
	qualifiers := make([]Qualifier, 0, 1+strings.Count(s, "&"))
	for pair := range strings.SplitSeq(s, "&") {
		key, value, _ := strings.Cut(strings.TrimPrefix(pair, "amp;"), "=")
		if value == "" {
			continue
		}
		key, err := decode("qualifier", key)
		if err != nil {
			return nil, err
		}
		if value, err = decode("qualifier", value); err != nil {
			return nil, err
		}
		if key != "" {
			qualifiers = append(qualifiers, Qualifier{strings.ToLower(key), value})
		}
	}
	slices.SortStableFunc(qualifiers, func(a, b Qualifier) int { return strings.Compare(a.Key, b.Key) })
	qualifiers = slices.CompactFunc(qualifiers, func(a, b Qualifier) bool { return a.Key == b.Key })
	if len(qualifiers) == 0 {
		return nil, nil
	}
	return slices.Clip(qualifiers), nil
}

func parseSubpath(s string) (string, error) {
	s, err := decode("subpath", s)
	if err != nil {
		return "", err
	}
	segments := slices.DeleteFunc(segmentsOf(s), func(segment string) bool {
		return segment == "." || segment == ".."
	})
	return strings.Join(segments, "/"), nil
}

// segmentsOf splits a path at its slashes, without empty segments.
func segmentsOf(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// decode undoes percent-encoding, once, and refuses what no database keeps.
func decode(part, s string) (string, error) {
	plain := s
	if strings.IndexByte(s, '%') >= 0 {
		b := make([]byte, 0, len(s))
		for i := 0; i < len(s); i++ {
			if s[i] != '%' {
				b = append(b, s[i])
				continue
			}
			if i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0 {
				return "", fmt.Errorf("%s %s has a %% without two hexadecimal digits after it (write %%25)", part, quote(s))
			}
			b = append(b, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
		}
		plain = string(b)
	}
	if !utf8.ValidString(plain) {
		return "", fmt.Errorf("%s %s is not UTF-8", part, quote(s))
	}
	if strings.ContainsFunc(plain, unicode.IsControl) {
		return "", fmt.Errorf("%s %s holds a control character", part, quote(s))
	}
	return plain, nil
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func quote(s string) string {
	if len(s) > maxErrorText {
		return fmt.Sprintf("%.*q…", maxErrorText, strings.ToValidUTF8(s[:maxErrorText], "\uFFFD"))
	}
	return fmt.Sprintf("%q", s)
}
