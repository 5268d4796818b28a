package purl

import "strings"

// String returns the canonical form: lower-case type, sorted qualifiers,
// everything but letters, digits and -._~: percent-encoded. Parse reads it back
// to an equal PURL.
func (p PURL) String() string {
	var b strings.Builder
	b.Grow(16 + len(p.Type) + len(p.Namespace) + len(p.Name) + len(p.Version))
	b.WriteString("pkg:")
	b.WriteString(p.Type)
	b.WriteByte('/')
	if p.Namespace != "" {
		escapePath(&b, p.Namespace)
		b.WriteByte('/')
	}
	escape(&b, p.Name)
	// The separator stands even without a version where Parse would take an
	// escaped @ of the name for it.
	if p.Version != "" || strings.LastIndexByte(p.Name, '@') > 0 {
		b.WriteByte('@')
		escape(&b, p.Version)
	}
	separator := byte('?')
	for _, q := range p.Qualifiers {
		b.WriteByte(separator)
		separator = '&'
		escape(&b, q.Key)
		b.WriteByte('=')
		escape(&b, q.Value)
	}
	if p.Subpath != "" {
		b.WriteByte('#')
		escapePath(&b, p.Subpath)
	}
	return b.String()
}

func escapePath(b *strings.Builder, path string) {
	for i := 0; ; {
		end := strings.IndexByte(path[i:], '/')
		if end < 0 {
			escape(b, path[i:])
			return
		}
		escape(b, path[i:i+end])
		b.WriteByte('/')
		i += end + 1
	}
}

func escape(b *strings.Builder, s string) {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '-', c == '.', c == '_', c == '~', c == ':':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
}
