package purl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/purl"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in, want string
	}{
		"canonical stays":                         {"pkg:npm/%40angular/core@1.2.3", "pkg:npm/%40angular/core@1.2.3"},
		"npm scope unescaped":                     {"pkg:npm/@angular/core@1.2.3", "pkg:npm/%40angular/core@1.2.3"},
		"npm scope unescaped without version":     {"pkg:npm/@angular/core", "pkg:npm/%40angular/core"},
		"npm scope with escaped slash":            {"pkg:npm/%40angular%2Fcore@1.2.3", "pkg:npm/%40angular/core@1.2.3"},
		"npm legacy name keeps its case":          {"pkg:npm/JSONStream@1.0.0", "pkg:npm/JSONStream@1.0.0"},
		"npm git version holds an @":              {"pkg:npm/x@git+ssh://git@example.org/x/y", "pkg:npm/x@git%2Bssh:%2F%2Fgit%40example.org%2Fx%2Fy"},
		"escaped version separator":               {"pkg:nuget/Foo.Bar%401.2.3", "pkg:nuget/Foo.Bar@1.2.3"},
		"escaped version separator after a scope": {"pkg:npm/%40a/b%40v1.2.3", "pkg:npm/%40a/b@v1.2.3"},
		"escaped @ in a name is no separator":     {"pkg:generic/foo%40bar@1", "pkg:generic/foo%40bar@1"},
		"escaped @ opening a name":                {"pkg:npm/%401.0.0", "pkg:npm/%401.0.0"},
		"slashes after the scheme":                {"pkg://npm/x@1", "pkg:npm/x@1"},
		"upper-case scheme and type":              {"PKG:NPM/x@1", "pkg:npm/x@1"},
		"plus stands for itself":                  {"pkg:deb/debian/x@1.0+dfsg-1", "pkg:deb/debian/x@1.0%2Bdfsg-1"},
		"escaped plus is decoded once":            {"pkg:deb/debian/x@1%2B1?a=%2541", "pkg:deb/debian/x@1%2B1?a=%2541"},
		"epoch escaped and not are one":           {"pkg:deb/debian/x@2%3A1.0", "pkg:deb/debian/x@2:1.0"},
		"pypi by PEP 503":                         {"pkg:pypi/Zope._Interface@1", "pkg:pypi/zope-interface@1"},
		"golang keeps its case":                   {"pkg:golang/github.com/Azure/go-ntlmssp@v1.0.0", "pkg:golang/github.com/Azure/go-ntlmssp@v1.0.0"},
		"golang subpath stays":                    {"pkg:golang/x.org/y@v1#googleapis/./api/../annotations/", "pkg:golang/x.org/y@v1#googleapis/api/annotations"},
		"github is lower case":                    {"pkg:github/Actions/Checkout@V4", "pkg:github/actions/checkout@V4"},
		"composer is lower case":                  {"pkg:composer/Symfony/Console@v1", "pkg:composer/symfony/console@v1"},
		"nuget keeps its case":                    {"pkg:nuget/Newtonsoft.Json@13.0.1", "pkg:nuget/Newtonsoft.Json@13.0.1"},
		"missing namespace":                       {"pkg:maven/junit@4.12", "pkg:maven/junit@4.12"},
		"empty segments":                          {"pkg:golang//x.org//y/@1", "pkg:golang/x.org/y@1"},
		"qualifiers sorted, without empty ones":   {"pkg:deb/debian/x@1?upstream=y&Arch=amd64&distro=", "pkg:deb/debian/x@1?arch=amd64&upstream=y"},
		"first of equal qualifiers counts":        {"pkg:deb/x@1?arch=a&arch=b", "pkg:deb/x@1?arch=a"},
		"XML escape left between qualifiers":      {"pkg:deb/x@1?a=b&amp;distro=debian-11", "pkg:deb/x@1?a=b&distro=debian-11"},
		"qualifier with ? and =":                  {"pkg:generic/x@1?download_url=https://e.org/?a=b", "pkg:generic/x@1?download_url=https:%2F%2Fe.org%2F%3Fa%3Db"},
		"surrounding space":                       {" pkg:npm/x@1\n", "pkg:npm/x@1"},
		"empty version":                           {"pkg:npm/x@", "pkg:npm/x"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := purl.Parse(test.in)
			if err != nil {
				t.Fatalf("Parse(%q): %v", test.in, err)
			}
			if diff := cmp.Diff(test.want, p.String()); diff != "" {
				t.Errorf("Parse(%q).String() (-want +got):\n%s", test.in, diff)
			}
			again, err := purl.Parse(p.String())
			if err != nil {
				t.Fatalf("Parse(%q): %v", p.String(), err)
			}
			if diff := cmp.Diff(p, again); diff != "" {
				t.Errorf("round trip (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"empty":                 {"", `does not start with "pkg:"`},
		"not a purl":            {"cpe:2.3:a:b", `does not start with "pkg:"`},
		"only a scheme":         {"pkg:", "no name after the type"},
		"only a type":           {"pkg:npm", "no name after the type"},
		"no type":               {"pkg:/@1", "no name after the type"},
		"no name":               {"pkg:npm/", "no name"},
		"no name but a version": {"pkg:maven/@1.3.4", "no name"},
		"type with a digit":     {"pkg:3d/x", "type"},
		"type with a space":     {"pkg:n pm/x", "type"},
		"bad escape in name":    {"pkg:npm/x%zz@1", `namespace or name "x%zz"`},
		"bad escape in version": {"pkg:npm/x@1%4", `version "1%4"`},
		"bad escape elsewhere":  {"pkg:npm/x@1?a=%", `qualifier "%"`},
		"not UTF-8":             {"pkg:npm/x@%ff", "version \"%ff\" is not UTF-8"},
		"control character":     {"pkg:npm/x%00@1", "control character"},
		"too long":              {"pkg:npm/" + strings.Repeat("x", purl.MaxLength), "at most 262144"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := purl.Parse(test.in)
			if err == nil {
				t.Fatalf("Parse(%q) = %+v, want an error", test.in, p)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %q, want it to say %q", err, test.want)
			}
			if len(err.Error()) > 500 {
				t.Errorf("error is %d bytes long", len(err.Error()))
			}
		})
	}
}

func TestPackage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, pack, version, display string }{
		"npm with scope": {
			"pkg:npm/%40angular/core@1.2.3?vcs_url=x#a", "pkg:npm/%40angular/core", "pkg:npm/%40angular/core@1.2.3", "@angular/core",
		},
		"maven drops type and classifier": {
			"pkg:maven/org.slf4j/slf4j-api@1.7?type=jar&classifier=sources", "pkg:maven/org.slf4j/slf4j-api", "pkg:maven/org.slf4j/slf4j-api@1.7", "org.slf4j:slf4j-api",
		},
		"golang keeps the case": {
			"pkg:golang/github.com/BurntSushi/toml@v1.0", "pkg:golang/github.com/BurntSushi/toml", "pkg:golang/github.com/BurntSushi/toml@v1.0", "github.com/BurntSushi/toml",
		},
		"golang major version in the subpath": {
			"pkg:golang/github.com/x/y@5.1.0#v5", "pkg:golang/github.com/x/y/v5", "pkg:golang/github.com/x/y/v5@5.1.0", "github.com/x/y/v5",
		},
		"golang module path cut after three segments": {
			"pkg:golang/github.com/x/y@1#api/v2", "pkg:golang/github.com/x/y/api/v2", "pkg:golang/github.com/x/y/api/v2@1", "github.com/x/y/api/v2",
		},
		"golang package within a module": {
			"pkg:golang/google.golang.org/genproto@1#googleapis/api", "pkg:golang/google.golang.org/genproto", "pkg:golang/google.golang.org/genproto@1", "google.golang.org/genproto",
		},
		"golang package within a module that says so": {
			"pkg:golang/github.com/x/y@1?type=package#cmd/z", "pkg:golang/github.com/x/y", "pkg:golang/github.com/x/y@1", "github.com/x/y",
		},
		"golang package below a major version": {
			"pkg:golang/x.org/y@5.1.0#v5/z", "pkg:golang/x.org/y/v5", "pkg:golang/x.org/y/v5@5.1.0", "x.org/y/v5",
		},
		"golang subpath that is no major version": {
			"pkg:golang/x.org/y@1#v1", "pkg:golang/x.org/y", "pkg:golang/x.org/y@1", "x.org/y",
		},
		"golang major version not given twice": {
			"pkg:golang/x.org/y/v5@5.0.0#v5", "pkg:golang/x.org/y/v5", "pkg:golang/x.org/y/v5@5.0.0", "x.org/y/v5",
		},
		"deb keeps what decides": {
			"pkg:deb/debian/libssl1.1@1.1.1n?arch=amd64&distro=debian-11&upstream=openssl&package-id=1", "pkg:deb/debian/libssl1.1",
			"pkg:deb/debian/libssl1.1@1.1.1n?distro=debian-11&upstream=openssl", "libssl1.1",
		},
		"rpm keeps its epoch": {
			"pkg:rpm/redhat/bash@5?arch=x86_64&epoch=1", "pkg:rpm/redhat/bash", "pkg:rpm/redhat/bash@5?epoch=1", "bash",
		},
		"name with an @": {
			"pkg:generic/a%401@2", "pkg:generic/a%401@", "pkg:generic/a%401@2", "a@1",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := purl.Parse(test.in)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{p.Package().String(), p.PackageVersion().String(), p.DisplayName()}
			if diff := cmp.Diff([]string{test.pack, test.version, test.display}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
