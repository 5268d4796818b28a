package sbom

import "strings"

// cyclonedxReader reads CycloneDX JSON.
type cyclonedxReader struct {
	*jsonReader
	b *builder
}

func readCycloneDXJSON(b *builder, data []byte) error {
	r := newJSONReader(data)
	r.warn = &b.warnings
	c := cyclonedxReader{r, b}
	b.edgeAt = jsonEdgeAt("dependencies", "dependsOn")
	format, version := "", ""
	err := r.document(func() error {
		return r.object(func(key []byte) (err error) {
			switch string(key) {
			case "bomFormat":
				format, _, err = r.maybeString()
			case "specVersion":
				version, err = r.text()
			case "metadata":
				_, err = r.fields(c.metadata)
			case "components":
				err = r.entries(c.component)
			case "dependencies":
				err = r.entries(c.dependency)
			default:
				err = r.skip()
			}
			return err
		})
	})
	if format == "" {
		b.warnings.add(0, WarnMissingHeader, "$.bomFormat", "the document does not say that it is CycloneDX; it was read by its shape")
	}
	b.cyclonedx("JSON", version, "$.specVersion")
	return err
}

func (c cyclonedxReader) metadata(key []byte) error {
	switch string(key) {
	case "timestamp":
		s, err := c.text()
		c.b.documented(s, c.at(""), c.offset())
		return err
	case "tools":
		if c.peek() == '[' { // up to 1.4, and still allowed
			return c.entries(c.tool)
		}
		_, err := c.fields(func(key []byte) error {
			if string(key) == "components" {
				return c.entries(c.tool)
			}
			return c.skip()
		})
		return err
	case "component":
		e := &entry{pos: c.offset()}
		location := c.at("")
		_, err := c.fields(func(key []byte) error { return c.member(e, key) })
		e.at = func(field string) string { return strings.TrimSuffix(location+"."+field, ".") }
		c.b.aboutSubject(e)
		return err
	}
	return c.skip()
}

func (c cyclonedxReader) tool() error {
	var name, version string
	err := c.object(func(key []byte) (err error) {
		switch string(key) {
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

// component reads a component and those nested in it, which come after it.
func (c cyclonedxReader) component() error {
	place, err := c.b.reserve()
	if err != nil {
		return err
	}
	e := entry{pos: c.offset(), at: c.at}
	if err := c.object(func(key []byte) error { return c.member(&e, key) }); err != nil {
		return err
	}
	c.b.fill(place, &e)
	return nil
}

func (c cyclonedxReader) member(e *entry, key []byte) (err error) {
	switch string(key) {
	case "bom-ref":
		e.ref, err = c.text()
	case "type":
		e.kind, err = c.text()
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
		err = c.entries(func() error { return c.license(e) })
	case "hashes":
		err = c.entries(func() error { return c.hash(e) })
	case "components":
		err = c.entries(c.component)
	default:
		err = c.skip()
	}
	return err
}

// license reads {"expression"} or {"license": {"id" | "name", "url"}}.
func (c cyclonedxReader) license(e *entry) error {
	var l License
	var id, name string
	err := c.object(func(key []byte) error {
		switch string(key) {
		case "expression":
			s, err := c.text()
			l.Expression = s
			return err
		case "license":
			_, err := c.fields(func(key []byte) (err error) {
				switch string(key) {
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
			return err
		}
		return c.skip()
	})
	e.addLicense(l, id, name)
	return err
}

func (c cyclonedxReader) hash(e *entry) error {
	var h Hash
	err := c.object(func(key []byte) (err error) {
		switch string(key) {
		case "alg":
			h.Algorithm, err = c.text()
		case "content":
			h.Value, err = c.text()
		default:
			err = c.skip()
		}
		return err
	})
	e.hashes = appendListed(e.hashes, h)
	return err
}

// dependency reads {"ref", "dependsOn"}. The edges wait for ref, which may come
// last.
func (c cyclonedxReader) dependency() error {
	at := c.path[len(c.path)-1].index
	pos := c.offset()
	var from string
	var to []string
	err := c.object(func(key []byte) (err error) {
		switch string(key) {
		case "ref":
			from, err = c.text()
		case "dependsOn":
			err = c.texts(func(ref string) error {
				to = append(to, ref)
				return checkDependencies(len(to))
			})
		default:
			err = c.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	if from == "" {
		c.b.warnings.add(pos, WarnInvalidEntry, c.at(""), "the entry does not say whose dependencies it lists; it was left out")
		return nil
	}
	for i, ref := range to {
		if err := c.b.depend(from, ref, edgePlain, pos, at, i); err != nil {
			return err
		}
	}
	return nil
}
