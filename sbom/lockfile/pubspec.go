package lockfile

import (
	"go.yaml.in/yaml/v3"

	"loadline/purl"
)

// readPubspec reads pubspec.lock of Dart and Flutter.
func readPubspec(b *builder, data []byte) error {
	documents, err := yamlDocuments(data)
	if err != nil {
		return err
	}
	if len(documents) != 1 || documents[0].Kind != yaml.MappingNode {
		return malformed("line 1", "the document is not one mapping with `packages`")
	}
	for key, entry := range entries(field(documents[0], "packages")) {
		description := field(entry, "description")
		p := Package{
			Key: key.Value, Name: key.Value, Version: fieldText(entry, "version"),
			Hashes: hashOf("sha256", fieldText(description, "sha256")),
		}
		if said := fieldText(description, "name"); said != "" {
			p.Name = said
		}
		p.PURL = purl.PURL{Type: "pub", Name: p.Name, Version: p.Version}
		switch fieldText(entry, "source") {
		case "git":
			p.PURL.Qualifiers = vcs("git+" + fieldText(description, "url") + "@" + fieldText(description, "resolved-ref"))
		case "path":
			b.warn(WarnLocalPackage, lineNo(key.Line), "%s comes from %q, not from a registry", p.Name, clip(fieldText(description, "path")))
		}
		switch fieldText(entry, "dependency") {
		case "direct main", "direct overridden":
			p.Scope, p.Direct = Required, yes(true)
		case "direct dev":
			p.Scope, p.Direct = Excluded, yes(true)
		case "transitive":
			p.Direct = yes(false)
		}
		b.add(lineNo(key.Line), p)
	}
	return nil
}
