package sbom

import (
	"bytes"
	"fmt"
	"strings"
)

// tagValueReader reads SPDX 2 as tag-value: one "Tag: value" a line, where a
// PackageName opens a package and what follows belongs to it.
type tagValueReader struct {
	b     *builder
	data  []byte
	pos   int // of the next line
	line  int // number of the line at hand
	files bool

	version, name string
	current       *spdxPackage // nil in the header, and in what is no component
	header        bool         // no package, file or snippet has begun
}

func readSPDXTagValue(b *builder, data []byte) error {
	b.edgeAt = func(e edge) string { return fmt.Sprintf("line %d", e.i) }
	t := &tagValueReader{b: b, data: data, header: true}
	if err := t.read(); err != nil {
		return err
	}
	if len(b.slots) == 0 {
		again := &tagValueReader{b: b, data: data, header: true, files: true}
		if err := again.read(); err != nil {
			return err
		}
	}
	b.spdx("tag-value", t.version, "SPDXVersion")
	b.doc.Name = plainText(t.name, MaxName)
	return nil
}

func (t *tagValueReader) read() error {
	for t.pos < len(t.data) {
		start := t.pos
		line := bytes.TrimSpace(t.nextLine())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		tag, value, found := strings.Cut(string(line), ":")
		if !found {
			if !t.files {
				t.b.warnings.add(start, WarnInvalidEntry, t.where(), "%s is no \"Tag: value\"; the line was left out", quote(tag))
			}
			continue
		}
		value, err := t.whole(strings.TrimSpace(value))
		if err != nil {
			return err
		}
		if err := t.tag(strings.TrimSpace(tag), value, start); err != nil {
			return err
		}
	}
	return t.close()
}

func (t *tagValueReader) where() string { return fmt.Sprintf("line %d", t.line) }

func (t *tagValueReader) nextLine() []byte {
	rest := t.data[t.pos:]
	end := bytes.IndexByte(rest, '\n')
	if end < 0 {
		end = len(rest) - 1
	}
	t.pos += end + 1
	t.line++
	return rest[:end+1]
}

// whole returns a value that <text> may spread over several lines.
func (t *tagValueReader) whole(value string) (string, error) {
	text, found := strings.CutPrefix(value, "<text>")
	if !found {
		return value, nil
	}
	if before, _, found := strings.Cut(text, "</text>"); found {
		return before, nil
	}
	opened := t.line
	end := bytes.Index(t.data[t.pos:], []byte("</text>"))
	if end < 0 {
		return "", malformed(fmt.Sprintf("line %d", opened), "the <text> that opens here is never closed with </text>")
	}
	text += "\n" + string(t.data[t.pos:t.pos+end])
	t.line += bytes.Count(t.data[t.pos:t.pos+end], []byte("\n"))
	t.pos += end
	t.nextLine()
	return text, nil
}

// close adds the package at hand.
func (t *tagValueReader) close() error {
	p := t.current
	t.current = nil
	if p == nil {
		return nil
	}
	return t.b.addPackage(p)
}

func (t *tagValueReader) open(name, kind string, pos int) error {
	if err := t.close(); err != nil {
		return err
	}
	t.header = false
	where := t.where()
	t.current = &spdxPackage{entry: entry{pos: pos, name: name, kind: kind, at: func(string) string { return where }}}
	return nil
}

func (t *tagValueReader) tag(tag, value string, pos int) error {
	switch tag {
	case "PackageName":
		if t.files {
			return nil
		}
		return t.open(value, "", pos)
	case "FileName":
		if t.files {
			return t.open(value, "file", pos)
		}
		t.header = false
		return t.close()
	case "SnippetSPDXID", "SnippetSPDXIdentifier", "LicenseID":
		t.header = false
		return t.close()
	case "Relationship":
		return t.relationship(value, pos)
	}
	if t.current != nil {
		t.member(tag, value)
	} else if t.header && !t.files {
		t.top(tag, value, pos)
	}
	return nil
}

// top reads a tag of the document itself.
func (t *tagValueReader) top(tag, value string, pos int) {
	switch tag {
	case "SPDXVersion":
		t.version = value
	case "DocumentName":
		t.name = value
	case "Creator":
		t.b.creator(value)
	case "Created":
		t.b.documented(value, t.where(), pos)
	}
}

// member reads a tag of the package or file at hand.
func (t *tagValueReader) member(tag, value string) {
	p := t.current
	switch tag {
	case "SPDXID":
		p.ref = value
	case "PackageVersion":
		p.version = value
	case "PrimaryPackagePurpose":
		p.kind = value
	case "PackageLicenseConcluded", "LicenseConcluded":
		p.concluded = value
	case "PackageLicenseDeclared":
		p.declared = value
	case "PackageChecksum", "FileChecksum":
		algorithm, digest, _ := strings.Cut(value, ":")
		p.hashes = appendListed(p.hashes, Hash{algorithm, digest})
	case "ExternalRef":
		if parts := strings.Fields(value); len(parts) >= 3 && isPURLType(parts[1]) {
			p.purls = append(p.purls, parts[2])
		}
	}
}

func (t *tagValueReader) relationship(value string, pos int) error {
	if t.files {
		return nil
	}
	parts := strings.Fields(value)
	if len(parts) < 3 {
		t.b.warnings.add(pos, WarnInvalidEntry, t.where(), "%s is no relationship: it is written \"A DEPENDS_ON B\"", quote(value))
		return nil
	}
	return t.b.relate(parts[0], parts[1], parts[2], "", pos, t.line)
}
