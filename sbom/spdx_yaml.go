package sbom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A YAML library holds every scalar of what it reads as a node of some hundred
// bytes, more than ten times the text. So a document is read in pieces: each
// key at the top, and of its lists some entries at a time. Only where that
// fails, because an alias points from one piece into another or because the
// layout is unusual, and up to yamlWhole bytes, it is read as a whole.
const (
	yamlPiece = 64 << 10
	yamlWhole = 4 << 20
)

// maxYAMLNodes is how many values one piece may grow to when its aliases are
// followed.
const maxYAMLNodes = 1 << 20

var errAliases = errors.New("its aliases expand to too many values or into themselves")

func readSPDXYAML(b *builder, data []byte) error {
	try := newBuilder()
	err := readYAMLPieces(try, data)
	if err == nil {
		try.warnings.list = append(b.warnings.list, try.warnings.list...)
		*b = *try
		return nil
	}
	var refused *Error
	if errors.As(err, &refused) && refused.Code == TooLarge || len(data) > yamlWhole {
		return yamlError(err)
	}
	text, err := yamlToJSON(nil, data)
	if err != nil {
		return yamlError(err)
	}
	s := newSPDXReader(b, text)
	if s.peek() != '{' {
		return malformed("line 1", "the document is no mapping of keys to values")
	}
	if err := s.object(s.member); err != nil {
		return err
	}
	if len(b.slots) == 0 {
		if err := s.onlyFiles(); err != nil {
			return err
		}
	}
	s.end("YAML")
	return nil
}

func yamlError(err error) error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	return malformed("", "this is not valid YAML: %s", cut(strings.TrimPrefix(err.Error(), "yaml: "), 200))
}

// yamlReader feeds an SPDX reader with pieces of YAML that were turned into
// JSON.
type yamlReader struct {
	*spdxReader
	text []byte
	pos  int
}

func readYAMLPieces(b *builder, text []byte) error {
	y := &yamlReader{spdxReader: newSPDXReader(b, nil), text: text}
	if err := y.sections(); err != nil {
		return err
	}
	if len(b.slots) == 0 {
		y.pos, y.files, y.warn = 0, true, new(warnings)
		if err := y.sections(); err != nil {
			return err
		}
	}
	y.end("YAML")
	return nil
}

// sections reads each key at the top with what belongs to it.
func (y *yamlReader) sections() error {
	begun := false
	for y.pos < len(y.text) {
		line := y.line(y.pos)
		switch marker := string(bytes.TrimRight(line, " \t\r\n")); {
		case marker == "" || line[0] == '#' || line[0] == '%', marker == "---" && !begun:
			y.pos += len(line)
			continue
		case marker == "---" || marker == "...":
			if rest := bytes.TrimSpace(y.text[y.pos+len(line):]); len(rest) > 0 && !y.files {
				y.b.warnings.add(y.pos, WarnTrailingData, lineAt(y.text, y.pos), "what follows the first YAML document was ignored")
			}
			return nil
		}
		begun = true
		if err := y.section(y.pos, line); err != nil {
			return err
		}
	}
	return nil
}

// line returns the line that starts at pos, with its end.
func (y *yamlReader) line(pos int) []byte {
	rest := y.text[pos:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		return rest[:end+1]
	}
	return rest
}

// section reads the key in head, which is the line at start.
func (y *yamlReader) section(start int, head []byte) error {
	name, value, found := bytes.Cut(head, []byte(":"))
	if !found || strings.IndexByte(" -{[&", head[0]) >= 0 {
		return fmt.Errorf("line %s: a key belongs here", strings.TrimPrefix(lineAt(y.text, start), "line "))
	}
	key := string(bytes.Trim(name, "\"' "))
	y.pos += len(head)
	read := y.entryReader(key)
	if first := y.line(y.pos); read != nil && len(bytes.TrimSpace(value)) == 0 && isYAMLItem(first, indentOf(first)) {
		return y.list(key, read, indentOf(first))
	}
	for y.pos < len(y.text) {
		line := y.line(y.pos)
		if c := line[0]; c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '#' && c != '-' && c != '}' && c != ']' {
			break
		}
		if bytes.HasPrefix(line, []byte("---")) {
			break
		}
		y.pos += len(line)
	}
	if read == nil && !y.header(key) || y.files && read == nil {
		return nil
	}
	if y.pos-start > yamlWhole {
		return y.hugePiece(start)
	}
	var err error
	if y.data, err = yamlToJSON(y.data[:0], y.text[start:y.pos]); err != nil {
		return err
	}
	y.jsonReader.pos, y.base, y.path, y.keys = 0, start, nil, nil
	if y.files {
		return y.object(func([]byte) error { return y.entries(read) })
	}
	return y.object(y.member)
}

// header reports whether key is one that SPDX readers look at, lists apart.
func (y *yamlReader) header(key string) bool {
	return key == "spdxVersion" || key == "name" || key == "creationInfo"
}

// entryReader returns what reads an entry of the list under key, or nil where
// nobody wants it.
func (y *yamlReader) entryReader(key string) func() error {
	switch {
	case y.files && key == "files":
		return y.file
	case y.files:
		return nil
	case key == "packages":
		return y.pkg
	case key == "relationships":
		return y.relationship
	case key == "documentDescribes":
		return func() error {
			id, err := y.spdxReader.text()
			if err != nil {
				return err
			}
			return y.describes(id)
		}
	}
	return nil
}

func indentOf(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }

func isYAMLItem(line []byte, indent int) bool {
	if len(line) <= indent || indentOf(line) != indent || line[indent] != '-' {
		return false
	}
	return len(line) == indent+1 || strings.IndexByte(" \t\r\n", line[indent+1]) >= 0
}

// list reads the entries of a list, some at a time.
func (y *yamlReader) list(key string, read func() error, indent int) error {
	index, start := 0, y.pos
	for {
		line := y.line(y.pos)
		item := isYAMLItem(line, indent)
		ended := len(line) == 0 || !item && line[0] != ' ' && line[0] != '\r' && line[0] != '\n' && line[0] != '#' && line[0] != '\t'
		if (ended || item && y.pos-start > yamlPiece) && y.pos > start {
			n, err := y.piece(key, read, start, index)
			if err != nil {
				return err
			}
			index += n
			start = y.pos
		}
		if ended {
			return nil
		}
		y.pos += len(line)
	}
}

func (y *yamlReader) hugePiece(start int) error {
	return &Error{TooLarge, lineAt(y.text, start), fmt.Sprintf(
		"one piece of this YAML document has more than %d bytes: write lists with one \"- \" for each entry, or as JSON", yamlWhole)}
}

// piece reads the entries between start and here and returns their number.
func (y *yamlReader) piece(key string, read func() error, start, index int) (int, error) {
	if y.pos-start > yamlWhole {
		return 0, y.hugePiece(start)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(y.text[start:y.pos], &doc); err != nil {
		return 0, err
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.SequenceNode {
		return 0, fmt.Errorf("%s: a list belongs here", lineAt(y.text, start))
	}
	items := doc.Content[0].Content
	for i, item := range items {
		var err error
		budget := maxYAMLNodes
		if y.data, err = appendYAML(y.data[:0], item, &budget, 0); err != nil {
			return 0, err
		}
		y.jsonReader.pos, y.base, y.keys = 0, start, nil
		y.path = append(y.path[:0], jsonStep{key: []byte(key)}, jsonStep{index: index + i})
		if c := y.peek(); c != '{' && c != '"' {
			y.b.warnings.add(start, WarnInvalidEntry, y.at(""), "%s stands where an object belongs; it was left out", y.kind())
			continue
		}
		if c := y.peek(); c == '"' && key != "documentDescribes" {
			y.b.warnings.add(start, WarnInvalidEntry, y.at(""), "text stands where an object belongs; it was left out")
			continue
		}
		if err := read(); err != nil {
			return 0, err
		}
	}
	return len(items), nil
}

// yamlToJSON appends a YAML document as JSON.
func yamlToJSON(out, text []byte) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return out, err
	}
	budget := maxYAMLNodes + len(text)
	return appendYAML(out, &doc, &budget, 0)
}

// appendYAML appends a node as JSON. Scalars other than null become text as it
// is written, so that version 1.10 stays what it is.
func appendYAML(out []byte, n *yaml.Node, budget *int, depth int) ([]byte, error) {
	if *budget--; *budget < 0 || depth > maxDepth {
		return out, errAliases
	}
	var err error
	switch n.Kind {
	case yaml.DocumentNode:
		return appendYAML(out, n.Content[0], budget, depth+1)
	case yaml.AliasNode:
		return appendYAML(out, n.Alias, budget, depth+1)
	case yaml.SequenceNode:
		out = append(out, '[')
		for i, item := range n.Content {
			if i > 0 {
				out = append(out, ',')
			}
			if out, err = appendYAML(out, item, budget, depth+1); err != nil {
				return out, err
			}
		}
		return append(out, ']'), nil
	case yaml.MappingNode:
		out = append(out, '{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendQuoted(out, n.Content[i].Value), ':')
			if out, err = appendYAML(out, n.Content[i+1], budget, depth+1); err != nil {
				return out, err
			}
		}
		return append(out, '}'), nil
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return append(out, "null"...), nil
		}
		return appendQuoted(out, n.Value), nil
	default:
		return append(out, "null"...), nil
	}
}

func appendQuoted(out []byte, s string) []byte {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == '\ufffd' }) < 0 {
		return append(append(append(out, '"'), s...), '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil { // cannot be: s is text
		return append(out, `""`...)
	}
	return append(out, quoted...)
}
