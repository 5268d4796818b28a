package advisory

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// decodePlain reads a record as sources write them, in a fraction of the time
// that encoding/json takes. It is false for whatever is unusual: a name in another
// letter case or twice, a value of another kind, broken text. What that means is
// for encoding/json to say; of all else both say the same.
func decodePlain(data []byte) (record, bool) {
	p := plain{text: string(data)}
	var r record
	p.object(func(key string) {
		switch key {
		case "id":
			p.str(&r.ID)
		case "modified":
			p.str(&r.Modified)
		case "published":
			p.str(&r.Published)
		case "withdrawn":
			p.str(&r.Withdrawn)
		case "aliases":
			r.Aliases = list(&p, p.str)
		case "upstream":
			r.Upstream = list(&p, p.str)
		case "related":
			r.Related = list(&p, p.str)
		case "summary":
			p.str(&r.Summary)
		case "details":
			p.str(&r.Details)
		case "severity":
			r.Severity = list(&p, p.severity)
		case "affected":
			r.Affected = list(&p, p.affected)
		case "references":
			r.References = list(&p, p.reference)
		case "database_specific":
			p.specific(&r.Specific)
		default:
			p.pass(key)
		}
	})
	p.space()
	return r, !p.odd && p.at == len(p.text)
}

// plain reads a JSON text. The strings that it gives are parts of the text, where
// they have no escapes.
type plain struct {
	text  string
	at    int
	depth int
	odd   bool
}

// maxPlain is how deep values may nest.
const maxPlain = 100

func (p *plain) severity(s *Severity) {
	p.object(func(key string) {
		switch key {
		case "type":
			p.str(&s.Type)
		case "score":
			p.str(&s.Score)
		default:
			p.pass(key)
		}
	})
}

func (p *plain) reference(r *Reference) {
	p.object(func(key string) {
		switch key {
		case "type":
			p.str(&r.Type)
		case "url":
			p.str(&r.URL)
		default:
			p.pass(key)
		}
	})
}

func (p *plain) affected(a *affectedRecord) {
	p.object(func(key string) {
		switch key {
		case "package":
			p.object(func(key string) {
				switch key {
				case "ecosystem":
					p.str(&a.Package.Ecosystem)
				case "name":
					p.str(&a.Package.Name)
				case "purl":
					p.str(&a.Package.PURL)
				default:
					p.pass(key)
				}
			})
		case "severity":
			a.Severity = list(p, p.severity)
		case "ranges":
			a.Ranges = list(p, p.versionRange)
		case "versions":
			a.Versions = list(p, p.str)
		case "ecosystem_specific":
			p.specific(&a.EcosystemSpecific)
		case "database_specific":
			p.specific(&a.DatabaseSpecific)
		default:
			p.pass(key)
		}
	})
}

func (p *plain) versionRange(r *rangeRecord) {
	p.object(func(key string) {
		switch key {
		case "type":
			p.str(&r.Type)
		case "repo":
			p.str(&r.Repo)
		case "events":
			r.Events = list(p, p.event)
		default:
			p.pass(key)
		}
	})
}

func (p *plain) event(e *eventRecord) {
	p.object(func(key string) {
		switch key {
		case "introduced":
			p.str(&e.Introduced)
		case "fixed":
			p.str(&e.Fixed)
		case "last_affected":
			p.str(&e.LastAffected)
		case "limit":
			p.str(&e.Limit)
		default:
			p.pass(key)
		}
	})
}

func (p *plain) specific(s *specific) {
	p.space()
	from := p.at
	p.skip()
	if !p.odd {
		_ = s.UnmarshalJSON([]byte(p.text[from:p.at])) // never fails
	}
}

// pass skips the value of a name that is not ours, unless encoding/json might
// take it for one of ours.
func (p *plain) pass(key string) {
	for i := range len(key) {
		if c := key[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			p.odd = true
		}
	}
	p.skip()
}

// object calls member for every name, which has to read the value.
func (p *plain) object(member func(key string)) {
	p.enter('{')
	defer func() { p.depth-- }()
	var seen [16]string
	for n := 0; !p.odd && !p.leave('}', n); n++ {
		p.space()
		key, escaped := p.token()
		p.space()
		for _, other := range seen[:min(n, len(seen))] {
			p.odd = p.odd || other == key
		}
		if p.odd = p.odd || escaped || n == len(seen) || !p.take(':'); p.odd {
			return
		}
		seen[n] = key
		member(key)
	}
}

// list reads an array.
func list[T any](p *plain, element func(*T)) []T {
	p.enter('[')
	defer func() { p.depth-- }()
	all := []T{}
	for n := 0; !p.odd && !p.leave(']', n); n++ {
		var zero T
		all = append(all, zero)
		element(&all[n])
	}
	return all
}

func (p *plain) enter(open byte) {
	p.space()
	p.depth++
	p.odd = p.odd || p.depth > maxPlain || !p.take(open)
}

// leave takes the end, or what stands before the element after n others.
func (p *plain) leave(end byte, n int) bool {
	p.space()
	if p.take(end) {
		return true
	}
	p.odd = p.odd || n > 0 && !p.take(',')
	return p.odd
}

func (p *plain) take(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *plain) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// str reads a string.
func (p *plain) str(s *string) {
	p.space()
	text, escaped := p.token()
	if escaped {
		text = p.unescape(text)
	}
	*s = text
}

// token takes a string and returns what is between its quotes.
func (p *plain) token() (text string, escaped bool) {
	if !p.take('"') {
		p.odd = true
		return "", false
	}
	from, ascii := p.at, true
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			text = p.text[from:p.at]
			p.at++
			p.odd = p.odd || !ascii && !utf8.ValidString(text)
			return text, escaped
		case c == '\\':
			escaped = true
			p.at++
		case c < ' ':
			p.odd = true
			return "", false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	p.odd = true
	return "", false
}

var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (p *plain) unescape(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for {
		before, after, found := strings.Cut(text, `\`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if c := unescaped[after[0]]; c != 0 {
			b.WriteByte(c)
			text = after[1:]
			continue
		}
		// \u, which encoding/json knows, or a mistake.
		var rest string
		if json.Unmarshal([]byte(`"\`+after+`"`), &rest) != nil {
			p.odd = true
			return ""
		}
		b.WriteString(rest)
		return b.String()
	}
}

// skip takes a value of any kind.
func (p *plain) skip() {
	p.space()
	if p.odd || p.at == len(p.text) {
		p.odd = true
		return
	}
	switch p.text[p.at] {
	case '{':
		p.skipMembers()
	case '[':
		list(p, func(*struct{}) { p.skip() })
	case '"':
		if text, escaped := p.token(); escaped {
			p.unescape(text)
		}
	default:
		from := p.at
		for p.at < len(p.text) && !strings.ContainsRune(",]} \t\n\r", rune(p.text[p.at])) {
			p.at++
		}
		p.odd = !json.Valid([]byte(p.text[from:p.at]))
	}
}

// skipMembers takes an object whose names do not matter.
func (p *plain) skipMembers() {
	p.enter('{')
	defer func() { p.depth-- }()
	for n := 0; !p.odd && !p.leave('}', n); n++ {
		p.space()
		if key, escaped := p.token(); escaped {
			p.unescape(key)
		}
		p.space()
		if p.odd = p.odd || !p.take(':'); !p.odd {
			p.skip()
		}
	}
}
