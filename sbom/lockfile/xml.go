package lockfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// xmlElement is an element of a small XML document. Namespaces are left out:
// build files are written with and without them.
type xmlElement struct {
	name     string
	attrs    []xml.Attr
	text     string
	line     int
	children []*xmlElement
}

const maxXMLDepth = 1_000

// parseXML returns the root element, which must have the name. Entities other
// than XML's own are refused, and nothing outside the document is looked at.
func parseXML(data []byte, root string) (*xmlElement, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8, whatever it says
	document := &xmlElement{}
	open := []*xmlElement{document}
	for {
		line, _ := dec.InputPos()
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			at, _ := dec.InputPos()
			if serr := (*xml.SyntaxError)(nil); errors.As(err, &serr) {
				return nil, malformed(lineNo(serr.Line), "not valid XML: %s", serr.Msg)
			}
			return nil, malformed(lineNo(at), "not valid XML: %v", err)
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &xmlElement{name: token.Name.Local, attrs: token.Attr, line: line}
			if len(open) > maxXMLDepth {
				return nil, malformed(lineNo(line), "nested deeper than %d elements", maxXMLDepth)
			}
			top.children = append(top.children, e)
			open = append(open, e)
		case xml.EndElement:
			top.text = strings.TrimSpace(top.text)
			open = open[:len(open)-1]
		case xml.CharData:
			if len(top.text) < maxKey && len(bytes.TrimSpace(token)) > 0 {
				top.text += string(token[:min(len(token), maxKey)])
			}
		}
	}
	if len(document.children) != 1 || document.children[0].name != root {
		return nil, malformed("line 1", "the document is not a <%s>", root)
	}
	return document.children[0], nil
}

func (e *xmlElement) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// child returns the first child of that name; an empty element where there is none.
func (e *xmlElement) child(name string) *xmlElement {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return &xmlElement{}
}
