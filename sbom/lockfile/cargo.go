package lockfile

import (
	"strings"

	"loadline/purl"
)

// readCargo reads Cargo.lock of any version. Packages without a source are the
// project's own crates; what they need is direct.
func readCargo(b *builder, data []byte) error {
	var doc struct {
		Version  any            `toml:"version"`
		Root     *cargoPackage  `toml:"root"` // before Cargo 0.20
		Packages []cargoPackage `toml:"package"`
		Metadata map[string]any `toml:"metadata"` // version 1 keeps checksums here
		Patch    struct {
			Unused []cargoPackage `toml:"unused"`
		} `toml:"patch"`
	}
	if err := decodeTOML(data, &doc); err != nil {
		return err
	}
	b.lock.Version = scalar(doc.Version)
	if doc.Root != nil {
		doc.Packages = append([]cargoPackage{*doc.Root}, doc.Packages...)
	}
	index := map[string][]int{} // by name, "name version" and "name version (source)"
	added := make([]int, len(doc.Packages))
	for i, p := range doc.Packages {
		full := p.Name + " " + p.Version + " (" + p.Source + ")"
		checksum := p.Checksum
		if checksum == "" {
			checksum = scalar(doc.Metadata["checksum "+full])
		}
		id := purl.PURL{Type: "cargo", Name: p.Name, Version: p.Version}
		if strings.HasPrefix(p.Source, "git+") {
			id.Qualifiers = vcs(p.Source)
		}
		added[i] = b.add(element("package", i), Package{
			Key: p.Name + " " + p.Version, PURL: id, Name: p.Name, Version: p.Version, Hashes: hashOf("sha256", checksum),
		})
		if p.Source == "" && b.lock.Name == "" {
			b.lock.Name = p.Name
		}
		for _, key := range []string{p.Name, p.Name + " " + p.Version, full} {
			index[key] = append(index[key], added[i])
		}
	}
	for i, p := range doc.Packages {
		for _, wanted := range p.Dependencies {
			found := index[wanted]
			if len(found) == 0 {
				b.warn(WarnDanglingRef, element("package", i), "%s needs %q, which the file does not hold", p.Name, wanted)
				continue
			}
			b.depend(added[i], found[0])
			if p.Source == "" {
				b.direct(found[0], true)
			}
		}
	}
	for i, p := range doc.Packages {
		if p.Source != "" {
			b.direct(added[i], false)
		}
	}
	for i, p := range doc.Patch.Unused {
		b.warn(WarnInvalidEntry, element("patch.unused", i), "%s %s is a patch that nothing uses; it is left out", p.Name, p.Version)
	}
	return nil
}

type cargoPackage struct {
	Name         string   `toml:"name"`
	Version      string   `toml:"version"`
	Source       string   `toml:"source"`
	Checksum     string   `toml:"checksum"`
	Dependencies []string `toml:"dependencies"`
}
