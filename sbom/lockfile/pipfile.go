package lockfile

import "strings"

// readPipfile reads Pipfile.lock, which has no edges and does not say what the
// project asked for itself.
func readPipfile(b *builder, data []byte) error {
	r := newJSONReader(data)
	return r.document(func(section string) error {
		scope := Excluded // "develop", and the categories that pipenv lets people make
		switch section {
		case "_meta":
			return r.section(b, "$._meta", func(key string) error {
				if key == "pipfile-spec" {
					return r.value((*text)(&b.lock.Version))
				}
				return r.skip()
			})
		case "default":
			scope = Required
		}
		path := at("$", section)
		return r.section(b, path, func(name string) error {
			var entry table[struct {
				Version text  `json:"version"`
				Hashes  texts `json:"hashes"`
				Git     text  `json:"git"`
				Ref     text  `json:"ref"`
				Path    text  `json:"path"`
				File    text  `json:"file"`
			}]
			if err := r.value(&entry); err != nil {
				return err
			}
			e, location, git := entry.v, at(path, name), ""
			switch {
			case e.Git != "":
				git = "git+" + string(e.Git) + "@" + string(e.Ref)
			case e.Path != "" || e.File != "":
				b.warn(WarnLocalPackage, location, "%s comes from %q, not from an index", name, string(e.Path+e.File))
			}
			var files []pypiFile
			for _, h := range e.Hashes {
				files = append(files, pypiFile{Hash: h})
			}
			b.addPyPI(location, name, strings.TrimLeft(string(e.Version), "="), git, Package{
				Key: name, Scope: scope, Hashes: pypiHashes(files),
			})
			return nil
		})
	})
}
