package match_test

import (
	"testing"
	"time"

	"loadline/advisory"
	"loadline/match"
	"loadline/purl"
)

func FuzzAffects(f *testing.F) {
	f.Add("pkg:npm/x@1.2.3", "npm", "x", "0", "2.0.0", "", "")
	f.Add("pkg:deb/debian/x@1:2~rc1-1+b1?distro=debian-11.6&upstream=y%401", "Debian:11", "y", "0", "1:2-1", "1.0", "3")
	f.Add("pkg:apk/alpine/x@1.0_rc1-r1?distro=3.10.5", "Alpine:v3.10", "x", "0", "1.0_p1-r2", "", "")
	f.Add("pkg:pypi/X.Y@1!1.0.post1.dev2+local", "PyPI", "x_y", "0", "", "1!1.0", "")
	f.Add("pkg:maven/a/b@1.0-SNAPSHOT", "Maven", "a:b", "1.0-alpha", "1.0.Final", "", "*")
	f.Add("pkg:rpm/redhat/x@1.0^git-1.el9?epoch=1", "Red Hat:enterprise_linux:9::baseos", "x", "0", "1:2-1", "", "")
	f.Add("pkg:gem/x@1.0.a-java", "RubyGems", "x", "0.a", "1.0", "", "")
	f.Add("pkg:composer/x/y@dev-master", "Packagist", "x/y", "0", "v1.0", "", "")
	f.Add("pkg:nuget/x@1.2.3.4-rc", "NuGet", "X", "0", "1.2.3.4", "", "")
	f.Add("pkg:cran/x@1.0-1", "CRAN", "x", "0", "1.0-2", "", "")
	f.Add("pkg:hackage/x@1.0", "Hackage", "x", "0", "1.0.1", "", "")
	f.Add("pkg:pub/x@1.0.0+1", "Pub", "x", "0", "1.0.0+2", "", "")
	f.Add("pkg:github/x/y@v4", "GitHub Actions", "x/y", "0", "4.1.2", "", "")
	f.Fuzz(func(t *testing.T, text, ecosystem, name, introduced, fixed, last, limit string) {
		p, err := purl.Parse(text)
		if err != nil {
			return
		}
		target, covered := match.TargetOf(p)
		if covered == (target == match.Target{}) {
			t.Fatalf("target %+v, covered %v", target, covered)
		}
		a := advisory.Advisory{ID: "A", Affected: []advisory.Affected{{
			Package: advisory.Package{Ecosystem: ecosystem, Name: name},
			Ranges: []advisory.Range{
				{Type: "ECOSYSTEM", Events: []advisory.Event{{Introduced: introduced}, {Fixed: fixed}, {LastAffected: last}, {Limit: limit}}},
				{Type: "ECOSYSTEM", Events: []advisory.Event{{Fixed: last}, {Introduced: introduced}, {Fixed: fixed}}},
			},
		}}}
		start := time.Now()
		result, affected := match.Affects(a, target)
		if took := time.Since(start); took > time.Second {
			t.Errorf("took %v", took)
		}
		if affected != (len(match.KeysOf(a)) > 0 && affected) {
			t.Error("a record that names no package affects one")
		}
		if !affected && result != (match.Result{}) {
			t.Errorf("not affected, but %+v", result)
		}
		if affected && target.Version == "" {
			t.Error("a target without version is affected")
		}
		if result.FixedIn != "" && result.FixedIn == target.Version {
			t.Error("fixed in the version that is affected")
		}
	})
}

func FuzzCompare(f *testing.F) {
	for _, a := range samples {
		f.Add(a, "1.0.0")
		f.Add("1.10-1", a)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, ecosystem := range ecosystems() {
			ab, err1 := match.Compare(ecosystem, a, b)
			ba, err2 := match.Compare(ecosystem, b, a)
			if (err1 == nil) != (err2 == nil) || ab > 0 && ba > 0 || ab < 0 && ba < 0 {
				t.Errorf("%s: %q and %q: %d, %v one way and %d, %v the other", ecosystem, a, b, ab, err1, ba, err2)
			}
			if len(a) <= match.MaxVersion && len(b) <= match.MaxVersion && a != b {
				checkLibrary(t, ecosystem, a, b)
			}
		}
	})
}
