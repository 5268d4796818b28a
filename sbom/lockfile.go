package sbom

import (
	"errors"

	"loadline/sbom/lockfile"
)

// readLockfile reads a lockfile of the kind into a Document. Its error is an
// *Error.
func readLockfile(kind lockfile.Kind, data []byte) (*Document, error) {
	lock, err := lockfile.Read(kind, data)
	if err != nil {
		return nil, lockfileError(err)
	}
	document := &Document{
		Format:      string(kind),
		SpecVersion: lock.Version,
		Encoding:    lock.Encoding,
		Name:        lock.Name,
		Components:  make([]Component, 0, len(lock.Packages)),
	}
	for _, p := range lock.Packages {
		c := Component{
			Ref:     p.Key,
			Name:    p.Name,
			Version: p.Version,
			Type:    "library",
			Scope:   Scope(p.Scope),
			Direct:  p.Direct,
		}
		if p.PURL.Type != "" {
			c.PURL = p.PURL.String()
		}
		for _, license := range p.Licenses {
			c.Licenses = append(c.Licenses, License{Expression: cut(license, MaxLicense)})
		}
		for _, h := range p.Hashes {
			c.Hashes = append(c.Hashes, Hash(h))
		}
		document.Components = append(document.Components, c)
	}
	for _, d := range lock.Dependencies {
		document.Dependencies = append(document.Dependencies, Dependency(d))
	}
	for _, w := range lock.Warnings {
		document.Warnings = append(document.Warnings, Warning(w))
	}
	if len(document.Components) == 0 {
		document.Warnings = append(document.Warnings, Warning{WarnNoComponents, "", "the lockfile names no package"})
	}
	return document, nil
}

func lockfileError(err error) error {
	var refused *lockfile.Error
	if !errors.As(err, &refused) {
		return malformed("", "%v", err)
	}
	code := Malformed
	if refused.Code == lockfile.TooLarge {
		code = TooLarge
	}
	return &Error{code, refused.Location, refused.Message}
}
