package lockfile

import (
	"strings"

	"loadline/purl"
)

// readRenv reads renv.lock of R.
func readRenv(b *builder, data []byte) error {
	type renvPackage struct {
		Package      text  `json:"Package"`
		Version      text  `json:"Version"`
		Source       text  `json:"Source"`
		Repository   text  `json:"Repository"`
		RemoteHost   text  `json:"RemoteHost"`
		RemoteUser   text  `json:"RemoteUsername"`
		RemoteRepo   text  `json:"RemoteRepo"`
		RemoteSha    text  `json:"RemoteSha"`
		RemoteURL    text  `json:"RemoteUrl"`
		Requirements texts `json:"Requirements"`
	}
	type need struct {
		from int
		list texts
	}
	byName := map[string]int{}
	var needs []need
	r := newJSONReader(data)
	err := r.document(func(key string) error {
		if key != "Packages" {
			return r.skip()
		}
		return r.section(b, "$.Packages", func(key string) error {
			var entry table[renvPackage]
			if err := r.value(&entry); err != nil {
				return err
			}
			e, location := entry.v, at("$.Packages", key)
			p := Package{Key: key, Name: string(e.Package), Version: string(e.Version)}
			if p.Name == "" {
				p.Name = key
			}
			p.PURL = purl.PURL{Type: "cran", Name: p.Name, Version: p.Version}
			switch e.Source {
			case "Repository", "CRAN", "":
			case "Bioconductor":
				p.PURL.Type = "bioconductor"
			case "Local", "unknown":
				b.warn(WarnLocalPackage, location, "%s comes from this machine, not from a repository", clip(p.Name))
			default:
				url := string(e.RemoteURL)
				if url == "" && e.RemoteRepo != "" {
					host := strings.TrimPrefix(string(e.RemoteHost), "api.")
					url = "https://" + host + "/" + string(e.RemoteUser) + "/" + string(e.RemoteRepo)
				}
				p.PURL.Qualifiers = vcs("git+" + url + "@" + string(e.RemoteSha))
			}
			pkg := b.add(location, p)
			byName[p.Name] = pkg
			needs = append(needs, need{pkg, e.Requirements})
			return nil
		})
	})
	if err != nil {
		return err
	}
	for _, n := range needs {
		for _, name := range n.list {
			if to, ok := byName[name]; ok { // R's own packages are not in the file
				b.depend(n.from, to)
			}
		}
	}
	return nil
}
