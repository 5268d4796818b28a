package sbom

import (
	"cmp"
	"fmt"
	"strings"
)

const spdx3Versions = " 3.0 3.0.0 3.0.1 "

// spdx3Reader reads SPDX 3 as JSON-LD. Its elements are a flat list in any
// order and refer to each other by id, so what names something else is kept
// until the end.
type spdx3Reader struct {
	*jsonReader
	b *builder

	version     string
	packages    []*spdx3Element
	files       []*spdx3Element
	identifiers map[string]string // external identifiers of their own: purls by id
	licenses    map[string]string // expressions by id
	names       map[string]string // of tools
	relations   []spdx3Relation
	targets     int // of all relations
	roots       []string
	tools       []string
	created     string
}

type spdx3Element struct {
	entry
	class, id            string
	purls, identifierIDs []string
}

type spdx3Relation struct {
	from, kind, scope string
	to                []string
	pos, index        int
}

// spdx3Object is any element with the properties that are read from it.
type spdx3Object struct {
	spdx3Element
	relation spdx3Relation

	created, specVersion string
	expression, idType   string
	identifier           string
	roots, createdUsing  []string
}

func readSPDX3(b *builder, data []byte) error {
	r := newJSONReader(data)
	r.warn = &b.warnings
	s := &spdx3Reader{
		jsonReader: r, b: b,
		identifiers: make(map[string]string), licenses: make(map[string]string), names: make(map[string]string),
	}
	b.edgeAt = func(e edge) string { return fmt.Sprintf("$.@graph[%d].to[%d]", e.i, e.j) }
	if err := s.document(s.top); err != nil {
		return err
	}
	return s.end()
}

// top reads the document: a list under @graph, or a single element in its place.
func (s *spdx3Reader) top() error {
	graph := false
	var single spdx3Object
	single.pos = s.offset()
	err := s.object(func(key []byte) error {
		switch string(key) {
		case "@graph":
			graph = true
			return s.entries(s.element)
		case "@context":
			raw, err := s.raw()
			s.contextVersion(string(raw))
			return err
		}
		return s.property(&single, key)
	})
	if err != nil || graph {
		return err
	}
	single.at = s.at
	return s.keep(&single)
}

// contextVersion takes the version from the address of the context; what a
// CreationInfo says goes before it.
func (s *spdx3Reader) contextVersion(context string) {
	_, rest, found := strings.Cut(context, "spdx.org/rdf/")
	if version, _, ended := strings.Cut(rest, "/"); found && ended && s.version == "" {
		s.version = version
	}
}

func (s *spdx3Reader) element() error {
	var o spdx3Object
	o.pos = s.offset()
	o.relation.index = s.path[len(s.path)-1].index
	o.at = func(field string) string {
		return strings.TrimSuffix(fmt.Sprintf("$.@graph[%d].%s", o.relation.index, field), ".")
	}
	if err := s.object(func(key []byte) error { return s.property(&o, key) }); err != nil {
		return err
	}
	return s.keep(&o)
}

func (s *spdx3Reader) property(o *spdx3Object, key []byte) (err error) {
	switch name := strings.TrimPrefix(string(key), "software_"); name {
	case "type", "@type":
		o.class, err = s.text()
	case "spdxId", "@id":
		var id string
		if id, err = s.text(); o.id == "" || name == "@id" {
			o.id = id
		}
	case "name":
		o.name, err = s.text()
	case "packageVersion":
		o.version, err = s.text()
	case "packageUrl":
		err = s.texts(func(p string) error { o.purls = append(o.purls, p); return nil })
	case "primaryPurpose":
		o.kind, err = s.text()
	case "verifiedUsing":
		err = s.items(func() error { return s.hash(&o.entry) })
	case "externalIdentifier":
		err = s.items(func() error { return s.externalIdentifier(o) })
	case "externalIdentifierType":
		o.idType, err = s.text()
	case "identifier":
		o.identifier, err = s.text()
	case "from":
		o.relation.from, err = s.reference()
	case "to":
		o.relation.to, err = s.references()
	case "relationshipType":
		o.relation.kind, err = s.text()
	case "scope":
		o.relation.scope, err = s.text()
	case "rootElement":
		o.roots, err = s.references()
	case "simplelicensing_licenseExpression":
		o.expression, err = s.text()
	case "specVersion":
		o.specVersion, err = s.text()
	case "created":
		o.created, err = s.text()
	case "createdUsing":
		o.createdUsing, err = s.references()
	case "creationInfo":
		err = s.creationInfo()
	default:
		err = s.skip()
	}
	return err
}

// creationInfo reads one that stands inside an element, or skips a reference.
func (s *spdx3Reader) creationInfo() error {
	if s.peek() != '{' {
		return s.skip()
	}
	var o spdx3Object
	o.at = s.at
	if err := s.object(func(key []byte) error { return s.property(&o, key) }); err != nil {
		return err
	}
	o.class = "CreationInfo"
	return s.keep(&o)
}

// reference reads an id, or an element in its place, which is kept.
func (s *spdx3Reader) reference() (string, error) {
	if s.peek() != '{' {
		return s.text()
	}
	var o spdx3Object
	o.pos, o.at = s.offset(), s.at
	if err := s.object(func(key []byte) error { return s.property(&o, key) }); err != nil {
		return "", err
	}
	return o.id, s.keep(&o)
}

func (s *spdx3Reader) references() ([]string, error) {
	var ids []string
	one := func() error {
		id, err := s.reference()
		if id != "" {
			ids = append(ids, id)
		}
		return err
	}
	if s.peek() != '[' {
		return ids, one()
	}
	err := s.array(one)
	return ids, err
}

func (s *spdx3Reader) hash(e *entry) error {
	if s.peek() != '{' {
		return s.skip()
	}
	var h Hash
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "algorithm":
			h.Algorithm, err = s.text()
		case "hashValue":
			h.Value, err = s.text()
		default:
			err = s.skip()
		}
		return err
	})
	if h != (Hash{}) {
		e.hashes = appendListed(e.hashes, h)
	}
	return err
}

// externalIdentifier reads an identifier in its place, or the id of one.
func (s *spdx3Reader) externalIdentifier(o *spdx3Object) error {
	if s.peek() != '{' {
		id, err := s.text()
		o.identifierIDs = append(o.identifierIDs, id)
		return err
	}
	var in spdx3Object
	if err := s.object(func(key []byte) error { return s.property(&in, key) }); err != nil {
		return err
	}
	if isPURLIdentifier(in.idType) {
		o.purls = append(o.purls, in.identifier)
	}
	return nil
}

func isPURLIdentifier(kind string) bool {
	return kind == "packageUrl" || kind == "packageURL" || strings.EqualFold(kind, "purl")
}

// keep notes what of an element is needed.
func (s *spdx3Reader) keep(o *spdx3Object) error {
	o.ref = o.id
	switch kind := o.class; kind[strings.IndexByte(kind, '_')+1:] {
	case "Package", "AIPackage", "DatasetPackage":
		e := o.spdx3Element
		s.packages, s.files = append(s.packages, &e), nil
		return checkComponents(len(s.packages))
	case "File":
		if len(s.packages) > 0 {
			return nil
		}
		e := o.spdx3Element
		s.files = append(s.files, &e)
		return checkComponents(len(s.files))
	case "Relationship", "LifecycleScopedRelationship":
		o.relation.pos = o.pos
		if !o.relation.matters() {
			return nil
		}
		s.relations = append(s.relations, o.relation)
		s.targets += len(o.relation.to)
		return checkDependencies(s.targets)
	case "ExternalIdentifier":
		if isPURLIdentifier(o.idType) {
			s.identifiers[o.id] = o.identifier
		}
	case "CreationInfo":
		s.version = cmp.Or(o.specVersion, s.version)
		s.created = cmp.Or(s.created, o.created)
		s.tools = append(s.tools, o.createdUsing...)
	case "Tool":
		s.names[o.id] = o.name
	case "SpdxDocument", "Sbom", "Bom":
		s.roots = append(s.roots, o.roots...)
		if kind == "SpdxDocument" {
			s.b.doc.Name = plainText(o.name, MaxName)
		}
	default:
		if expression := cmp.Or(o.expression, o.name); expression != "" && strings.Contains(kind, "icens") {
			s.licenses[o.id] = expression
		}
	}
	return nil
}

// matters reports whether a relationship is of use: it says what depends on
// what, what the document is about, or under which licence something is.
func (r spdx3Relation) matters() bool {
	return relationOf(r.kind, r.scope) != relation{} || strings.HasSuffix(strings.ToUpper(r.kind), "LICENSE")
}

// end builds the components and edges from what was kept.
func (s *spdx3Reader) end() error {
	s.b.doc.Format, s.b.doc.Encoding = "SPDX", "JSON"
	s.b.version(s.version, spdx3Versions, "CreationInfo.specVersion")
	s.b.documented(s.created, "CreationInfo.created", 0)
	for _, id := range s.tools {
		s.b.creator("Tool: " + strings.TrimPrefix(s.names[id], "Tool: "))
	}
	concluded, declared := s.licensesByPackage()
	elements := s.packages
	if len(elements) == 0 {
		elements = s.files
	}
	for _, e := range elements {
		p := spdxPackage{entry: e.entry, purls: e.purls, concluded: concluded[e.id], declared: declared[e.id]}
		switch {
		case strings.HasSuffix(e.class, "AIPackage"):
			p.kind = "model"
		case strings.HasSuffix(e.class, "DatasetPackage"):
			p.kind = "data"
		case strings.HasSuffix(e.class, "File"):
			p.kind = "file"
		}
		for _, id := range e.identifierIDs {
			if purl := s.identifiers[id]; purl != "" {
				p.purls = append(p.purls, purl)
			}
		}
		if err := s.b.addPackage(&p); err != nil {
			return err
		}
	}
	for _, id := range s.roots {
		s.b.about(id)
	}
	for _, r := range s.relations {
		for i, to := range r.to {
			if err := s.relate(r, to, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// relate is builder.relate with a place inside the list "to".
func (s *spdx3Reader) relate(r spdx3Relation, to string, i int) error {
	before := len(s.b.edges)
	if err := s.b.relate(r.from, r.kind, to, r.scope, r.pos, r.index); err != nil {
		return err
	}
	if len(s.b.edges) > before {
		s.b.edges[before].j = int32(i)
	}
	return nil
}

// licensesByPackage returns the licences that relationships give to packages.
func (s *spdx3Reader) licensesByPackage() (concluded, declared map[string]string) {
	concluded, declared = make(map[string]string), make(map[string]string)
	for _, r := range s.relations {
		var of map[string]string
		switch strings.ToUpper(strings.ReplaceAll(r.kind, "_", "")) {
		case "HASCONCLUDEDLICENSE":
			of = concluded
		case "HASDECLAREDLICENSE":
			of = declared
		default:
			continue
		}
		for _, to := range r.to {
			if expression := cmp.Or(s.licenses[to], listedLicense(to)); expression != "" {
				of[r.from] = expression
			}
		}
	}
	return concluded, declared
}

// listedLicense returns the id of a licence of the SPDX list from its address.
func listedLicense(uri string) string {
	if _, id, found := strings.Cut(uri, "spdx.org/licenses/"); found {
		return id
	}
	return ""
}
