package sbom

// spdxReader reads SPDX 2 as JSON, or as YAML that was turned into JSON entry by
// entry.
type spdxReader struct {
	*jsonReader
	b     *builder
	files bool // whether files are components

	version, name string
}

func newSPDXReader(b *builder, data []byte) *spdxReader {
	r := newJSONReader(data)
	r.warn = &b.warnings
	b.edgeAt = jsonEdgeAt("relationships", "")
	return &spdxReader{jsonReader: r, b: b}
}

func readSPDXJSON(b *builder, data []byte) error {
	s := newSPDXReader(b, data)
	if err := s.document(func() error { return s.object(s.member) }); err != nil {
		return err
	}
	if len(b.slots) == 0 {
		if err := s.onlyFiles(); err != nil {
			return err
		}
	}
	s.end("JSON")
	return nil
}

// onlyFiles reads the document once more for its files.
func (s *spdxReader) onlyFiles() error {
	s.pos, s.path, s.keys, s.files = 0, nil, nil, true
	s.warn = new(warnings) // those of the first time stand
	return s.object(func(key []byte) error {
		if string(key) == "files" {
			return s.entries(s.file)
		}
		return s.skip()
	})
}

func (s *spdxReader) end(encoding string) {
	s.b.spdx(encoding, s.version, "$.spdxVersion")
	s.b.doc.Name = plainText(s.name, MaxName)
}

// member reads one of the keys at the top.
func (s *spdxReader) member(key []byte) (err error) {
	switch string(key) {
	case "spdxVersion":
		s.version, err = s.text()
	case "name":
		s.name, err = s.text()
	case "creationInfo":
		_, err = s.fields(s.creation)
	case "packages":
		err = s.entries(s.pkg)
	case "documentDescribes":
		err = s.texts(s.describes)
	case "relationships":
		err = s.entries(s.relationship)
	default:
		err = s.skip()
	}
	return err
}

func (s *spdxReader) creation(key []byte) error {
	switch string(key) {
	case "created":
		text, err := s.text()
		s.b.documented(text, s.at(""), s.offset())
		return err
	case "creators":
		return s.texts(func(text string) error {
			s.b.creator(text)
			return nil
		})
	}
	return s.skip()
}

func (s *spdxReader) describes(id string) error {
	if id != spdxDocument {
		s.b.about(id)
	}
	return nil
}

func (s *spdxReader) pkg() error {
	p := spdxPackage{entry: entry{pos: s.offset(), at: s.at}}
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "SPDXID":
			p.ref, err = s.text()
		case "name":
			p.name, err = s.text()
		case "versionInfo":
			p.version, err = s.text()
		case "primaryPackagePurpose":
			p.kind, err = s.text()
		case "licenseConcluded":
			p.concluded, err = s.text()
		case "licenseDeclared":
			p.declared, err = s.text()
		case "checksums":
			err = s.entries(func() error { return s.checksum(&p.entry) })
		case "externalRefs":
			err = s.entries(func() error { return s.externalRef(&p) })
		default:
			err = s.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.b.addPackage(&p)
}

func (s *spdxReader) checksum(e *entry) error {
	var h Hash
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "algorithm":
			h.Algorithm, err = s.text()
		case "checksumValue":
			h.Value, err = s.text()
		default:
			err = s.skip()
		}
		return err
	})
	e.hashes = appendListed(e.hashes, h)
	return err
}

func (s *spdxReader) externalRef(p *spdxPackage) error {
	var kind, locator string
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "referenceType":
			kind, err = s.text()
		case "referenceLocator":
			locator, err = s.text()
		default:
			err = s.skip()
		}
		return err
	})
	if isPURLType(kind) && locator != "" {
		p.purls = append(p.purls, locator)
	}
	return err
}

func (s *spdxReader) file() error {
	p := spdxPackage{entry: entry{pos: s.offset(), kind: "file", at: s.at}}
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "SPDXID":
			p.ref, err = s.text()
		case "fileName":
			p.name, err = s.text()
		case "licenseConcluded":
			p.concluded, err = s.text()
		case "checksums":
			err = s.entries(func() error { return s.checksum(&p.entry) })
		default:
			err = s.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.b.addPackage(&p)
}

func (s *spdxReader) relationship() error {
	at := s.path[len(s.path)-1].index
	pos := s.offset()
	var from, kind, to string
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "spdxElementId":
			from, err = s.text()
		case "relationshipType":
			kind, err = s.text()
		case "relatedSpdxElement":
			to, err = s.text()
		default:
			err = s.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.b.relate(from, kind, to, "", pos, at)
}
