package purl_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/purl"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"pkg:npm/%40angular/core@1.2.3?a=b&c=d#e/f", "pkg:npm/@a%2Fb", "pkg:nuget/Foo%401.2.3", "pkg:golang/x.org/y@5#v5",
		"pkg:pypi/Zope._Interface@1", "pkg:deb/debian/x@2%3A1.0+dfsg?distro=debian-11.6&amp;upstream=y%401", "pkg:maven/@1", "pkg:a/%2540@",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := purl.Parse(s)
		if err != nil {
			return
		}
		for name, p := range map[string]purl.PURL{"whole": p, "package": p.Package(), "package version": p.PackageVersion()} {
			again, err := purl.Parse(p.String())
			if err != nil {
				t.Fatalf("%s of %q does not read back: %v", name, s, err)
			}
			if diff := cmp.Diff(p, again); diff != "" {
				t.Errorf("%s of %q changes on its way through %q (-want +got):\n%s", name, s, p, diff)
			}
		}
		if diff := cmp.Diff(p.PackageVersion(), p.PackageVersion().PackageVersion()); diff != "" {
			t.Errorf("package version of %q is not its own package version:\n%s", s, diff)
		}
		if p.DisplayName() == "" {
			t.Errorf("%q has no display name", s)
		}
	})
}
