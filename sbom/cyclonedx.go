package sbom

import (
	"cmp"
	"fmt"
	"strings"

	"loadline/purl"
)

// cyclonedxVersions are the versions of CycloneDX that this package was taught.
const cyclonedxVersions = " 1.0 1.1 1.2 1.3 1.4 1.5 1.6 1.7 "

// cyclonedx notes the format and its version.
func (b *builder) cyclonedx(encoding, version, location string) {
	b.doc.Format, b.doc.Encoding = "CycloneDX", encoding
	b.version(version, cyclonedxVersions, location)
}

// version notes the spec version. One that is not known is most likely newer
// and read like those that are.
func (b *builder) version(version, known, location string) {
	b.doc.SpecVersion = plainText(version, maxType)
	switch v := b.doc.SpecVersion; {
	case v == "":
		b.warnings.add(0, WarnMissingHeader, location, "the document does not say which version of %s it follows", b.doc.Format)
	case !strings.Contains(known, " "+v+" "):
		b.warnings.add(0, WarnUnknownVersion, location, "version %s of %s is not known; the document was read like the known ones,%s",
			quote(v), b.doc.Format, strings.TrimRight(known, " "))
	}
}

// aboutSubject notes the subject of a CycloneDX document.
func (b *builder) aboutSubject(e *entry) {
	if b.subject != nil {
		return
	}
	b.subject = e
	if b.doc.Name == "" {
		p, _ := purl.Parse(e.purl) // one that is not valid says nothing of the name
		b.doc.Name = plainText(fullName(e, p), MaxName)
	}
	if e.ref != "" {
		b.about(e.ref)
	}
}

// addLicense adds a licence that has an expression, an id or a name.
func (e *entry) addLicense(l License, id, name string) {
	l.Expression = cmp.Or(l.Expression, id, name)
	e.licenses = appendListed(e.licenses, l)
}

// jsonEdgeAt returns how an edge's location is written: the i-th of a list, and
// in it the j-th of another unless that is empty.
func jsonEdgeAt(list, inner string) func(edge) string {
	return func(e edge) string {
		if inner == "" {
			return fmt.Sprintf("$.%s[%d]", list, e.i)
		}
		return fmt.Sprintf("$.%s[%d].%s[%d]", list, e.i, inner, e.j)
	}
}
