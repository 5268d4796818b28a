package sbom

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// xmlReader walks XML token by token.
type xmlReader struct {
	dec  *xml.Decoder
	path []xmlStep
}

// xmlStep is an element and its place among neighbours of the same name, from 1.
type xmlStep struct {
	name  string
	index int
}

func newXMLReader(data []byte) *xmlReader { return &xmlReader{dec: newXMLDecoder(data)} }

// newXMLDecoder reads the encodings that documents declare. UTF-16 has been
// undone before, whatever the declaration still says.
func newXMLDecoder(data []byte) *xml.Decoder {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "utf-16", "utf-16le", "utf-16be", "utf8", "us-ascii", "ascii":
			return r, nil
		case "iso-8859-1", "latin1", "windows-1252", "cp1252":
			return charmap.Windows1252.NewDecoder().Reader(r), nil
		case "iso-8859-15":
			return charmap.ISO8859_15.NewDecoder().Reader(r), nil
		}
		return nil, fmt.Errorf("the declared encoding %s is not accepted: use UTF-8", quote(label))
	}
	return dec
}

// xmlError says where and why the decoder stopped.
func xmlError(dec *xml.Decoder, err error) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	line, column := dec.InputPos()
	where := fmt.Sprintf("line %d, column %d", line, column)
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Msg != "unexpected EOF":
		return malformed(where, "this is not valid XML: %s", cut(syntax.Msg, 200))
	case errors.As(err, &syntax), errors.Is(err, io.EOF):
		return malformed(where, "the document is cut off: an element that was opened is never closed")
	}
	return malformed(where, "this is not valid XML: %s", cut(err.Error(), 200))
}

// at returns the path of the element at hand, with field below it unless empty.
func (r *xmlReader) at(field string) string {
	var b strings.Builder
	head, tail := ends(r.path)
	writeElements(&b, head)
	if tail != nil {
		b.WriteString("/" + ellipsis)
		writeElements(&b, tail)
	}
	if field != "" {
		b.WriteString("/" + field)
	}
	return b.String()
}

func writeElements(b *strings.Builder, path []xmlStep) {
	for _, s := range path {
		b.WriteString("/" + cut(s.name, 80))
		if s.index > 0 {
			fmt.Fprintf(b, "[%d]", s.index)
		}
	}
}

func (r *xmlReader) offset() int { return int(r.dec.InputOffset()) }

// root calls fn for the root element, and reports whether anything but space,
// comments and processing instructions follows it.
func (r *xmlReader) root(fn func(xml.StartElement) error) (trailing bool, err error) {
	for {
		tok, err := r.token()
		if err != nil {
			return false, err
		}
		if el, ok := tok.(xml.StartElement); ok {
			r.path = append(r.path, xmlStep{name: el.Name.Local})
			if err := fn(el); err != nil {
				return false, err
			}
			break
		}
	}
	for {
		tok, err := r.dec.Token()
		switch text, isText := tok.(xml.CharData); {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil, isText && len(bytes.TrimSpace(text)) > 0:
			return true, nil //nolint:nilerr // what is not XML is what there is beyond the root
		}
		if _, isElement := tok.(xml.StartElement); isElement {
			return true, nil
		}
	}
}

func (r *xmlReader) token() (xml.Token, error) {
	tok, err := r.dec.Token()
	if err != nil {
		return nil, xmlError(r.dec, err)
	}
	if d, ok := tok.(xml.Directive); ok && bytes.Contains(d, []byte("ENTITY")) {
		line, _ := r.dec.InputPos()
		return nil, malformed(fmt.Sprintf("line %d", line),
			"the document type declaration defines entities, which are neither expanded nor fetched: write the text out")
	}
	return tok, nil
}

// children calls fn for each child of the element at hand, up to its end. fn
// must read the child to its end.
func (r *xmlReader) children(fn func(xml.StartElement) error) error {
	if len(r.path) > maxDepth {
		line, _ := r.dec.InputPos()
		return malformed(fmt.Sprintf("line %d", line), "elements are nested deeper than %d levels", maxDepth)
	}
	r.path = append(r.path, xmlStep{})
	top := len(r.path) - 1
	for {
		tok, err := r.token()
		if err != nil {
			return err
		}
		switch el := tok.(type) {
		case xml.EndElement:
			r.path = r.path[:top]
			return nil
		case xml.StartElement:
			step := &r.path[top]
			if step.name != el.Name.Local {
				*step = xmlStep{name: el.Name.Local}
			}
			step.index++
			if err := fn(el); err != nil {
				return err
			}
		}
	}
}

// text reads the element at hand to its end and returns its own text.
func (r *xmlReader) text() (string, error) {
	var first string
	var rest []byte
	for {
		tok, err := r.token()
		if err != nil {
			return "", err
		}
		switch el := tok.(type) {
		case xml.CharData:
			if first == "" {
				first = string(el)
			} else {
				rest = append(rest, el...)
			}
		case xml.StartElement:
			if err := r.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return strings.TrimSpace(first + string(rest)), nil
		}
	}
}

// skip reads the element at hand to its end.
func (r *xmlReader) skip() error {
	for depth := 1; depth > 0; {
		tok, err := r.token()
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth++; depth+len(r.path) > maxDepth {
				line, _ := r.dec.InputPos()
				return malformed(fmt.Sprintf("line %d", line), "elements are nested deeper than %d levels", maxDepth)
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// attr returns an attribute by its local name, or "".
func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
