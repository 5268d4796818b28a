package sbom

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// rdfReader reads SPDX 2 as RDF/XML. Nodes nest at will: a package may stand
// inside the relationship that points to it, which stands inside the document.
// A node that is known for what it is goes to the builder when it ends, so that
// only what is still open is held.
type rdfReader struct {
	*xmlReader
	b         *builder
	files     bool
	relations int
	version   string
	base      string // of the ids in this document: what comes before SPDXRef-
}

// rdfNode is a node with its properties, by their local names.
type rdfNode struct {
	kind, id string
	props    map[string][]rdfValue
}

// rdfValue is a property's text, the id of the node it points to, or that node.
type rdfValue struct {
	text string
	node *rdfNode
}

func readSPDXRDF(b *builder, data []byte) error {
	b.edgeAt = func(e edge) string { return fmt.Sprintf("relationship %d", e.i) }
	r := &rdfReader{xmlReader: newXMLReader(data), b: b}
	trailing, err := r.root(r.graph)
	if err != nil {
		return err
	}
	if trailing {
		b.warnings.add(len(data), WarnTrailingData, "/", "what follows the end of the document was ignored")
	}
	if len(b.slots) == 0 {
		r = &rdfReader{xmlReader: newXMLReader(data), b: b, files: true, version: r.version, base: r.base}
		if _, err := r.root(r.graph); err != nil {
			return err
		}
	}
	b.spdx("RDF", r.version, "specVersion")
	return nil
}

func (r *rdfReader) graph(xml.StartElement) error {
	return r.children(func(el xml.StartElement) error {
		_, err := r.node(el, "")
		return err
	})
}

// node reads a node element. parent is the id of the node it stands in.
func (r *rdfReader) node(el xml.StartElement, parent string) (*rdfNode, error) {
	n := &rdfNode{kind: el.Name.Local, id: r.id(rdfID(el)), props: make(map[string][]rdfValue)}
	pos := r.offset()
	err := r.children(func(prop xml.StartElement) error {
		name := prop.Name.Local
		v, err := r.property(prop, n.id)
		if err != nil {
			return err
		}
		if name == "type" && v.text != "" {
			n.kind = afterHash(v.text)
			return nil
		}
		n.props[name] = append(n.props[name], v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return n, r.use(n, parent, pos)
}

// property reads a property element: a resource, text or nodes.
func (r *rdfReader) property(el xml.StartElement, owner string) (rdfValue, error) {
	if resource := attr(el, "resource"); resource != "" {
		return rdfValue{text: resource}, r.skip()
	}
	if id := attr(el, "nodeID"); id != "" {
		return rdfValue{text: "_:" + id}, r.skip()
	}
	if len(r.path) > maxDepth {
		return rdfValue{}, malformed(r.at(""), "elements are nested deeper than %d levels", maxDepth)
	}
	var v rdfValue
	var text strings.Builder
	r.path = append(r.path, xmlStep{})
	top := len(r.path) - 1
	for {
		tok, err := r.token()
		if err != nil {
			return v, err
		}
		switch t := tok.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			r.path[top].name = t.Name.Local
			n, err := r.node(t, owner)
			if err != nil {
				return v, err
			}
			v.node = n
		case xml.EndElement:
			r.path = r.path[:top]
			if v.node == nil {
				v.text = strings.TrimSpace(text.String())
			}
			return v, nil
		}
	}
}

func rdfID(el xml.StartElement) string {
	for _, a := range el.Attr {
		switch a.Name.Local {
		case "about":
			return a.Value
		case "ID":
			return "#" + a.Value
		case "nodeID":
			return "_:" + a.Value
		}
	}
	return ""
}

// id returns the SPDX id in a URI of this document, and any other as it is.
func (r *rdfReader) id(uri string) string {
	at := strings.LastIndex(uri, "#SPDXRef-")
	if at < 0 {
		return uri
	}
	if r.base == "" {
		r.base = uri[:at+1]
	}
	return strings.TrimPrefix(uri, r.base)
}

// afterHash returns the fragment of a URI, which is where SPDX keeps its words.
func afterHash(uri string) string { return uri[strings.LastIndexByte(uri, '#')+1:] }

// use gives a node that has ended to the builder and lets go of what it held.
func (r *rdfReader) use(n *rdfNode, parent string, pos int) error {
	switch n.kind {
	case "SpdxDocument":
		if !r.files {
			r.document(n, pos)
		}
	case "Package":
		if r.files {
			break
		}
		p := r.element(n, pos)
		p.name = n.text("name")
		p.version = n.text("versionInfo")
		p.kind = strings.TrimPrefix(afterHash(n.text("primaryPackagePurpose")), "purpose_")
		p.declared = n.license("licenseDeclared")
		for _, ref := range n.props["externalRef"] {
			if ref.node != nil && isPURLType(ref.node.text("referenceType")) {
				p.purls = append(p.purls, ref.node.text("referenceLocator"))
			}
		}
		if err := r.b.addPackage(p); err != nil {
			return err
		}
	case "File":
		if !r.files {
			break
		}
		p := r.element(n, pos)
		p.kind, p.name = "file", n.text("fileName")
		if err := r.b.addPackage(p); err != nil {
			return err
		}
	case "Relationship":
		r.relations++
		if r.files {
			break
		}
		kind := strings.TrimPrefix(afterHash(n.text("relationshipType")), "relationshipType_")
		kind = strings.ReplaceAll(kind, "-", "_")
		if err := r.b.relate(parent, kind, r.id(n.text("relatedSpdxElement")), "", pos, r.relations); err != nil {
			return err
		}
	default:
		return nil
	}
	n.props = nil
	return nil
}

// element reads what packages and files share.
func (r *rdfReader) element(n *rdfNode, pos int) *spdxPackage {
	p := &spdxPackage{entry: entry{pos: pos, ref: n.id, at: r.at}}
	p.concluded = n.license("licenseConcluded")
	for _, sum := range n.props["checksum"] {
		if sum.node != nil {
			algorithm := strings.TrimPrefix(afterHash(sum.node.text("algorithm")), "checksumAlgorithm_")
			p.hashes = appendListed(p.hashes, Hash{algorithm, sum.node.text("checksumValue")})
		}
	}
	return p
}

func (r *rdfReader) document(n *rdfNode, pos int) {
	r.version = n.text("specVersion")
	r.b.doc.Name = plainText(n.text("name"), MaxName)
	for _, v := range n.props["describesPackage"] {
		if id := v.id(); id != "" {
			r.b.about(r.id(id))
		}
	}
	for _, info := range n.props["creationInfo"] {
		if info.node == nil {
			continue
		}
		for _, creator := range info.node.props["creator"] {
			r.b.creator(creator.text)
		}
		r.b.documented(info.node.text("created"), "creationInfo/created", pos)
	}
}

// text returns the first value of a property as text: its own, or the id of the
// node it points to.
func (n *rdfNode) text(name string) string {
	if values := n.props[name]; len(values) > 0 {
		return values[0].id()
	}
	return ""
}

func (v rdfValue) id() string {
	if v.node != nil {
		return v.node.id
	}
	return v.text
}

// license returns a property that is a licence as an SPDX expression.
func (n *rdfNode) license(name string) string {
	if values := n.props[name]; len(values) > 0 {
		return values[0].license(false)
	}
	return ""
}

func (v rdfValue) license(nested bool) string {
	n := v.node
	if n == nil {
		switch id := v.text[strings.LastIndexAny(v.text, "#/")+1:]; id {
		case "noassertion", "none":
			return ""
		default:
			return id
		}
	}
	joint := ""
	switch n.kind {
	case "ConjunctiveLicenseSet":
		joint = " AND "
	case "DisjunctiveLicenseSet":
		joint = " OR "
	case "OrLaterOperator":
		if members := n.props["member"]; len(members) > 0 {
			return members[0].license(true) + "+"
		}
	case "WithExceptionOperator":
		if members := n.props["member"]; len(members) > 0 {
			return members[0].license(true) + " WITH " + n.text("licenseException")
		}
	}
	if joint == "" {
		if id := n.text("licenseId"); id != "" {
			return id
		}
		return n.id[strings.LastIndexAny(n.id, "#/")+1:]
	}
	var parts []string
	for _, m := range n.props["member"] {
		if s := m.license(true); s != "" {
			parts = append(parts, s)
		}
	}
	if expression := strings.Join(parts, joint); !nested || len(parts) < 2 {
		return expression
	} else {
		return "(" + expression + ")"
	}
}
