package purl

import "strings"

// normalise folds namespace and name as the type asks for, so that one package
// is spelled one way. Go modules, Maven, npm, NuGet, RubyGems and crates keep
// their case: the first four because their registries or their advisories tell
// names apart by it (npm's JSONStream and jsonstream are two packages), which
// for golang and npm is more than the specification keeps.
func normalise(p PURL) PURL {
	switch p.Type {
	case "pypi":
		p.Namespace = strings.ToLower(p.Namespace)
		p.Name = PyPIName(p.Name)
	case "github", "bitbucket", "gitlab", "composer", "apk", "deb", "alpm", "hex", "qpkg",
		"vscode-extension", "luarocks":
		p.Namespace = strings.ToLower(p.Namespace)
		p.Name = strings.ToLower(p.Name)
	case "npm", "rpm":
		p.Namespace = strings.ToLower(p.Namespace)
	case "oci", "pub", "bitnami":
		p.Name = strings.ToLower(p.Name)
	case "huggingface":
		p.Version = strings.ToLower(p.Version)
	}
	return p
}

// PyPIName returns a Python project's name as PEP 503 normalises it: lower case,
// each run of "-", "_" and "." one "-".
func PyPIName(name string) string {
	if isPyPINormal(name) {
		return name
	}
	b := make([]byte, 0, len(name))
	run := false
	for _, r := range strings.ToLower(name) {
		separator := r == '-' || r == '_' || r == '.'
		if !separator {
			b = append(b, string(r)...)
		} else if !run {
			b = append(b, '-')
		}
		run = separator
	}
	return string(b)
}

func isPyPINormal(name string) bool {
	for i := range len(name) {
		c := name[i]
		plain := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		single := c == '-' && (i == 0 || name[i-1] != '-')
		if !plain && !single {
			return false
		}
	}
	return true
}
