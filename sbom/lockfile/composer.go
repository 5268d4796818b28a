package lockfile

import (
	"strings"

	"loadline/purl"
)

// readComposer reads composer.lock, which does not say what the project asked
// for itself.
func readComposer(b *builder, data []byte) error {
	r := newJSONReader(data)
	provided := map[string]int{} // a package's name, and those it provides or replaces
	var needs []composerNeed
	list := func(path string, scope Scope) error {
		var packages []table[composerPackage]
		if err := r.value(&packages); err != nil {
			return err
		}
		for i, p := range packages {
			location := element(path, i)
			if !p.ok {
				b.warn(WarnInvalidEntry, location, "not an object; it is left out")
				continue
			}
			pkg := b.addComposer(location, &p.v, scope)
			provided[strings.ToLower(string(p.v.Name))] = pkg
			for _, also := range append(p.v.Provide, p.v.Replace...) {
				if _, taken := provided[also.key]; !taken {
					provided[also.key] = pkg
				}
			}
			for _, need := range p.v.Require {
				needs = append(needs, composerNeed{pkg, strings.ToLower(need.key)})
			}
		}
		return nil
	}
	err := r.document(func(key string) error {
		switch key {
		case "packages":
			return list("$.packages", Required)
		case "packages-dev":
			return list(`$["packages-dev"]`, Excluded)
		case "plugin-api-version":
			return r.value((*text)(&b.lock.Version))
		}
		return r.skip()
	})
	if err != nil {
		return err
	}
	for _, need := range needs {
		// What is not there is PHP itself, one of its extensions, or virtual.
		if to, ok := provided[need.name]; ok {
			b.depend(need.from, to)
		}
	}
	return nil
}

type composerNeed struct {
	from int
	name string
}

type composerPackage struct {
	Name    text  `json:"name"`
	Version text  `json:"version"`
	License texts `json:"license"`
	Require pairs `json:"require"`
	Provide pairs `json:"provide"`
	Replace pairs `json:"replace"`
	Dist    table[struct {
		Type text `json:"type"`
		URL  text `json:"url"`
		SHA1 text `json:"shasum"`
	}] `json:"dist"`
}

func (b *builder) addComposer(location string, p *composerPackage, scope Scope) int {
	name := string(p.Name)
	id := purl.PURL{Type: "composer", Name: strings.ToLower(name), Version: string(p.Version)}
	if vendor, short, ok := strings.Cut(id.Name, "/"); ok {
		id.Namespace, id.Name = vendor, short
	}
	if p.Dist.v.Type == "path" {
		b.warn(WarnLocalPackage, location, "%s comes from %q, not from a registry", name, clip(string(p.Dist.v.URL)))
	}
	var licenses []string
	if len(p.License) > 0 {
		licenses = []string{strings.Join(p.License, " OR ")} // Composer's lists mean a choice
	}
	return b.add(location, Package{
		Key: name, PURL: id, Name: name, Version: string(p.Version),
		Scope: scope, Licenses: licenses, Hashes: hashOf("sha1", string(p.Dist.v.SHA1)),
	})
}
