package sbom

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// format is a kind of document that this package reads by itself.
type format int

const (
	unknownFormat format = iota
	cyclonedxJSON
	cyclonedxXML
	spdxJSON
	spdxYAML
	spdxTagValue
	spdxRDF
	spdx3JSON
	wrappedJSON // one of these inside a JSON object of something else
)

// sniffed is how much of a text is looked at for its format, in bytes. JSON,
// whose keys have no order, is looked at until one of them decides.
const sniffed = 64 << 10

// sniff finds the format by content alone. It is unknownFormat where the
// content is none of those; that includes JSON too broken to tell.
func sniff(data []byte) (format, error) {
	text := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case len(text) == 0:
		return unknownFormat, nil
	case text[0] == '{':
		kind, err := sniffJSON(data)
		if kind == unknownFormat && bytes.Contains(text[:min(len(text), sniffed)], []byte("spdxVersion:")) {
			return spdxYAML, nil
		}
		return kind, err
	case text[0] == '<':
		return sniffXML(text), nil
	}
	return sniffLines(text), nil
}

// markers are the top-level keys of a JSON document that tell what it is.
type markers struct {
	bomFormat, specVersion, spdxVersion, context, lists, schema bool
	otherFormat                                                 string
	wrapped                                                     span
}

func sniffJSON(data []byte) (format, error) {
	var m markers
	r := newJSONReader(data)
	err := r.object(func(key []byte) error {
		switch string(key) {
		case "bomFormat":
			s, ok, err := r.maybeString()
			if m.bomFormat = m.bomFormat || strings.EqualFold(s, "CycloneDX"); !m.bomFormat && ok {
				m.otherFormat = s
			}
			return stopIf(m.bomFormat, err)
		case "spdxVersion", "SPDXID":
			m.spdxVersion = true
			return stopIf(true, nil)
		case "@context":
			raw, err := r.raw()
			m.context = m.context || bytes.Contains(raw, []byte("spdx.org/rdf/3"))
			return stopIf(m.context, err)
		case "$schema":
			s, _, err := r.maybeString()
			m.schema = strings.Contains(s, "cyclonedx.org/schema")
			return err
		case "specVersion":
			m.specVersion = true
		case "components", "metadata", "dependencies":
			m.lists = true
		}
		if isWrapper(key) && r.peek() == '{' {
			return r.span(&m.wrapped)
		}
		return r.skip()
	})
	switch {
	case m.bomFormat:
		return cyclonedxJSON, nil
	case m.spdxVersion:
		return spdxJSON, nil
	case m.context:
		return spdx3JSON, nil
	case err != nil && !errors.Is(err, errStop):
		return unknownFormat, nil
	case m.otherFormat != "":
		return unknownFormat, &Error{UnsupportedFormat, "$.bomFormat",
			fmt.Sprintf("the format is %s, not \"CycloneDX\"; %s", quote(m.otherFormat), accepted)}
	case m.specVersion && m.lists, m.schema:
		return cyclonedxJSON, nil
	case m.wrapped.end > 0:
		return wrappedJSON, nil
	}
	return unknownFormat, nil
}

func sniffXML(text []byte) format {
	dec := newXMLDecoder(text)
	for {
		tok, err := dec.Token()
		if err != nil {
			return unknownFormat
		}
		el, ok := tok.(xml.StartElement)
		switch {
		case !ok:
		case el.Name.Local == "bom":
			return cyclonedxXML
		case el.Name.Local == "RDF" && bytes.Contains(text, []byte("spdx.org/rdf/terms")):
			return spdxRDF
		default:
			return unknownFormat
		}
	}
}

// sniffLines tells SPDX tag-value from SPDX YAML by the tags that open lines.
func sniffLines(text []byte) format {
	name, id := false, false
	for line := range bytes.Lines(text[:min(len(text), sniffed)]) {
		tag, _, found := bytes.Cut(line, []byte(":"))
		if !found {
			continue
		}
		switch string(tag) {
		case "SPDXVersion":
			return spdxTagValue
		case "spdxVersion", "documentNamespace", "creationInfo", `"spdxVersion"`:
			return spdxYAML
		case "PackageName":
			name = true
		case "SPDXID":
			id = true
		}
	}
	switch {
	case name && id:
		return spdxTagValue
	case id && bytes.Contains(text, []byte("\npackages:")):
		return spdxYAML
	}
	return unknownFormat
}

// notAccepted says of data, whose format is unknown, what it seems to be.
func notAccepted(data []byte) error {
	text := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case text[0] == '{' || text[0] == '[':
		r := newJSONReader(data)
		if err := r.document(r.skip); err != nil {
			return err
		}
		return unsupported("this is JSON, but it has no bomFormat, spdxVersion or SPDX @context and is no known lockfile")
	case text[0] == '<':
		return notAcceptedXML(text)
	}
	return unsupported("the format was not recognised")
}

func notAcceptedXML(text []byte) error {
	dec := newXMLDecoder(text)
	for {
		tok, err := dec.Token()
		if err != nil {
			return xmlError(dec, err)
		}
		if el, ok := tok.(xml.StartElement); ok {
			return unsupported("this is XML with the root element %s: neither CycloneDX's bom nor RDF", quote(el.Name.Local))
		}
	}
}

// isProtobuf reports whether data opens as a CycloneDX protobuf message does:
// field 1, the spec version, as a string.
func isProtobuf(data []byte) bool {
	return len(data) > 5 && data[0] == 0x0a && data[1] < 8 && data[2] == '1' && data[3] == '.'
}

// declaredEncoding returns the encoding that XML declares if it is neither
// UTF-8 nor UTF-16, which unframe has undone, else "".
func declaredEncoding(data []byte) string {
	head, _, found := bytes.Cut(data[:min(len(data), 200)], []byte("?>"))
	if !found || !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	_, value, found := bytes.Cut(head, []byte("encoding="))
	if !found || len(value) < 2 {
		return ""
	}
	label, _, _ := bytes.Cut(value[1:], value[:1])
	name := strings.ToLower(string(label))
	if strings.HasPrefix(name, "utf-") || strings.HasPrefix(name, "utf") {
		return ""
	}
	return name
}
