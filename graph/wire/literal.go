package wire

import (
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// mendLiterals gives the literals of a document the values that the specification
// gives them, where gqlparser reads others: block strings that begin on their first
// line, and integers of more than 64 bits where an ID or a Float belongs. It refuses
// escapes that are half of a surrogate pair, which gqlparser takes for U+FFFD.
func mendLiterals(schema *ast.Schema, doc *ast.QueryDocument, text string) gqlerror.List {
	var list gqlerror.List
	source := source{text: text}
	var events core.Events
	events.OnValue(func(_ *core.Walker, value *ast.Value) {
		switch value.Kind {
		case ast.IntValue:
			mendInteger(value)
		case ast.BlockValue:
			// A single line keeps its indentation in any case, or has none.
			if strings.Contains(value.Raw, "\n") {
				value.Raw = blockValue(source.of(value.Position, 3))
			}
		case ast.StringValue:
			if !strings.ContainsRune(value.Raw, '\uFFFD') {
				return
			}
			if escape := loneSurrogate(source.of(value.Position, 1)); escape != "" && list == nil {
				err := gqlerror.ErrorPosf(value.Position, "Invalid Unicode escape sequence: %s is half of a pair.", escape)
				errcode.Set(err, errcode.ParseFailed)
				list = gqlerror.List{err}
			}
		}
	})
	core.Walk(schema, doc, &events)
	return list
}

// mendInteger makes an integer that 64 bits have no room for what its type takes it as.
func mendInteger(value *ast.Value) {
	if _, err := strconv.ParseInt(value.Raw, 10, 64); err == nil || value.Definition == nil {
		return
	}
	switch value.Definition.Name {
	case "ID":
		value.Kind = ast.StringValue
	case "Float":
		value.Kind = ast.FloatValue
	}
}

// source is the text of a document. gqlparser counts positions in runes.
type source struct {
	text  string
	runes []rune
}

// of returns what is written between the quotes at a position.
func (s *source) of(at *ast.Position, quotes int) string {
	if s.runes == nil {
		s.runes = []rune(s.text)
	}
	return string(s.runes[at.Start+quotes : at.End-quotes])
}

// blockValue is the specification's BlockStringValue of what is written between the quotes.
func blockValue(written string) string {
	text := strings.NewReplacer(`\"""`, `"""`, "\r\n", "\n", "\r", "\n").Replace(written)
	lines := strings.Split(text, "\n")
	indent := -1
	for _, line := range lines[1:] {
		if rest := strings.TrimLeft(line, " \t"); rest != "" && (indent < 0 || len(line)-len(rest) < indent) {
			indent = len(line) - len(rest)
		}
	}
	for i, line := range lines[1:] {
		lines[i+1] = line[min(len(line), max(0, indent)):]
	}
	blank := func(line string) bool { return strings.Trim(line, " \t") == "" }
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

// loneSurrogate returns the first escape that is half of a surrogate pair, or "".
func loneSurrogate(written string) string {
	for i := strings.IndexByte(written, '\\'); i >= 0 && i < len(written); {
		if written[i] != '\\' {
			i++
			continue
		}
		unit := escapedUnit(written[i:])
		switch {
		case unit < 0xD800 || unit > 0xDFFF:
			i += 2
		case unit < 0xDC00 && isTrailing(escapedUnit(written[i+6:])):
			i += 12
		default:
			return written[i : i+6]
		}
	}
	return ""
}

func isTrailing(unit int64) bool { return unit >= 0xDC00 && unit <= 0xDFFF }

// escapedUnit returns the UTF-16 code unit of an escape such as \u00e9 that a text
// begins with, or -1.
func escapedUnit(text string) int64 {
	if len(text) < 6 || text[:2] != `\u` {
		return -1
	}
	unit, err := strconv.ParseInt(text[2:6], 16, 32)
	if err != nil {
		return -1
	}
	return unit
}
