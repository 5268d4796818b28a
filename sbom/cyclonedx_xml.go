package sbom

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// cyclonedxXMLReader reads CycloneDX XML.
type cyclonedxXMLReader struct {
	*xmlReader
	b *builder
}

const cyclonedxNamespace = "http://cyclonedx.org/schema/bom/"

func readCycloneDXXML(b *builder, data []byte) error {
	r := newXMLReader(data)
	c := cyclonedxXMLReader{r, b}
	b.edgeAt = func(e edge) string {
		return fmt.Sprintf("/bom/dependencies/dependency[%d]/dependency[%d]", e.i, e.j)
	}
	trailing, err := r.root(func(bom xml.StartElement) error {
		version, known := strings.CutPrefix(bom.Name.Space, cyclonedxNamespace)
		if !known {
			b.warnings.add(0, WarnMissingHeader, "/bom",
				"the namespace %s is not CycloneDX's; the document was read by its shape", quote(bom.Name.Space))
			b.doc.Format, b.doc.Encoding = "CycloneDX", "XML"
		} else {
			b.cyclonedx("XML", version, "/bom/@xmlns")
		}
		return r.children(func(el xml.StartElement) error {
			switch el.Name.Local {
			case "metadata":
				return r.children(c.metadata)
			case "components":
				return r.children(c.component)
			case "dependencies":
				return r.children(c.dependency)
			}
			return r.skip()
		})
	})
	if trailing {
		b.warnings.add(len(data), WarnTrailingData, "/", "what follows the end of the document was ignored")
	}
	return err
}

func (c cyclonedxXMLReader) metadata(el xml.StartElement) error {
	switch el.Name.Local {
	case "timestamp":
		s, err := c.text()
		c.b.documented(s, c.at(""), c.offset())
		return err
	case "tools":
		return c.children(func(el xml.StartElement) error {
			switch el.Name.Local {
			case "tool": // up to 1.4, and still allowed
				return c.tool(el)
			case "components":
				return c.children(c.tool)
			}
			return c.skip()
		})
	case "component":
		e := c.entry(el)
		location := c.at("")
		e.at = func(field string) string { return strings.TrimSuffix(location+"/"+field, "/") }
		err := c.children(func(el xml.StartElement) error { return c.member(e, el) })
		c.b.aboutSubject(e)
		return err
	}
	return c.skip()
}

func (c cyclonedxXMLReader) tool(xml.StartElement) error {
	var name, version string
	err := c.children(func(el xml.StartElement) (err error) {
		switch el.Name.Local {
		case "name":
			name, err = c.text()
		case "version":
			version, err = c.text()
		default:
			err = c.skip()
		}
		return err
	})
	c.b.tool(name, version)
	return err
}

func (c cyclonedxXMLReader) entry(el xml.StartElement) *entry {
	return &entry{pos: c.offset(), ref: attr(el, "bom-ref"), kind: attr(el, "type"), at: c.at}
}

// component reads a component and those nested in it, which come after it.
func (c cyclonedxXMLReader) component(el xml.StartElement) error {
	if el.Name.Local != "component" {
		return c.skip()
	}
	place, err := c.b.reserve()
	if err != nil {
		return err
	}
	e := c.entry(el)
	if err := c.children(func(el xml.StartElement) error { return c.member(e, el) }); err != nil {
		return err
	}
	c.b.fill(place, e)
	return nil
}

func (c cyclonedxXMLReader) member(e *entry, el xml.StartElement) (err error) {
	switch el.Name.Local {
	case "group":
		e.group, err = c.text()
	case "name":
		e.name, err = c.text()
	case "version":
		e.version, err = c.text()
	case "scope":
		e.scope, err = c.text()
	case "purl":
		e.purl, err = c.text()
	case "licenses":
		err = c.children(func(el xml.StartElement) error { return c.license(e, el) })
	case "hashes":
		err = c.children(func(el xml.StartElement) error {
			value, err := c.text()
			e.hashes = appendListed(e.hashes, Hash{attr(el, "alg"), value})
			return err
		})
	case "components":
		err = c.children(c.component)
	default:
		err = c.skip()
	}
	return err
}

// license reads <expression> or <license> with id or name, and url.
func (c cyclonedxXMLReader) license(e *entry, el xml.StartElement) error {
	var l License
	var id, name string
	var err error
	switch el.Name.Local {
	case "expression":
		l.Expression, err = c.text()
	case "license":
		err = c.children(func(el xml.StartElement) (err error) {
			switch el.Name.Local {
			case "id":
				id, err = c.text()
			case "name":
				name, err = c.text()
			case "url":
				l.URL, err = c.text()
			default:
				err = c.skip()
			}
			return err
		})
	default:
		err = c.skip()
	}
	e.addLicense(l, id, name)
	return err
}

func (c cyclonedxXMLReader) dependency(el xml.StartElement) error {
	from := attr(el, "ref")
	at := c.path[len(c.path)-1].index
	pos := c.offset()
	if from == "" {
		c.b.warnings.add(pos, WarnInvalidEntry, c.at(""), "the entry does not say whose dependencies it lists; it was left out")
		return c.skip()
	}
	n := 0
	return c.children(func(el xml.StartElement) error {
		if el.Name.Local != "dependency" {
			return c.skip()
		}
		n++
		if to := attr(el, "ref"); to != "" {
			if err := c.b.depend(from, to, edgePlain, pos, at, n); err != nil {
				return err
			}
		}
		return c.skip()
	})
}
