package match_test

import (
	"bufio"
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/osv-scalibr/semantic"

	"loadline/match"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ecosystem, a, b string
		want            int
	}{
		"semver numbers by value":                       {"npm", "1.9.0", "1.10.0", -1},
		"semver pre-release before its release":         {"npm", "1.0.0-rc.1", "1.0.0", -1},
		"semver build metadata is no difference":        {"crates.io", "1.0.0+a", "1.0.0+b", 0},
		"semver missing numbers are zero":               {"npm", "1", "1.0.0", 0},
		"Go incompatible is build metadata":             {"Go", "2.0.0+incompatible", "2.0.0", 0},
		"Go pseudo-version before the release it leads": {"Go", "0.0.0-20190620200207-3b0461eec859", "0.1.0", -1},
		"Go pseudo-versions by time":                    {"Go", "0.0.0-20190620200207-3b0461eec859", "0.0.0-20200101000000-000000000000", -1},
		"Maven missing numbers are zero":                {"Maven", "1.0", "1.0.0", 0},
		"Maven Final is the release":                    {"Maven", "1.0.Final", "1.0", 0},
		"Maven release candidate":                       {"Maven", "1.0-rc1", "1.0", -1},
		"PyPI epoch":                                    {"PyPI", "1!1.0", "2.0", 1},
		"PyPI dev before a before release before post":  {"PyPI", "1.0.dev1", "1.0a1", -1},
		"PyPI post release":                             {"PyPI", "1.0.post1", "1.0", 1},
		"PyPI missing numbers are zero":                 {"PyPI", "1.0", "1.0.0", 0},
		"RubyGems letters are a pre-release":            {"RubyGems", "1.0.0.pre", "1.0.0", -1},
		"Packagist v is no difference":                  {"Packagist", "v1.2.3", "1.2.3", 0},
		"NuGet four numbers":                            {"NuGet", "1.2.3.4", "1.2.3", 1},
		"NuGet case of a pre-release":                   {"NuGet", "1.0.0-RC", "1.0.0-rc", 0},
		"Debian tilde before the end":                   {"Debian:12", "1.0~rc1-1", "1.0-1", -1},
		"Debian epoch":                                  {"Debian:12", "1:1.0-1", "2.0-1", 1},
		"Ubuntu release with a colon in it":             {"Ubuntu:22.04:LTS", "1.0-1ubuntu1", "1.0-1ubuntu2", -1},
		"Alpine revision":                               {"Alpine:v3.18", "1.0-r1", "1.0-r10", -1},
		"Red Hat caret after the end":                   {"Red Hat", "1.0^git1-1", "1.0-1", 1},
		"Azure Linux as other RPM":                      {"Azure Linux:3", "1.0-2", "1.0-10", -1},
		"GitHub Actions with and without v":             {"GitHub Actions", "v4.1.2", "4.1.10", -1},
		"unknown ecosystem by number":                   {"Not Yet Known", "1.2", "1.10", -1},
		"equal text needs no order":                     {"Not Yet Known", "main", "main", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := match.Compare(test.ecosystem, test.a, test.b)
			if err != nil || cmp.Compare(got, 0) != test.want {
				t.Errorf("Compare(%q, %q) = %d, %v; want %d", test.a, test.b, got, err, test.want)
			}
			got, err = match.Compare(test.ecosystem, test.b, test.a)
			if err != nil || cmp.Compare(got, 0) != -test.want {
				t.Errorf("Compare(%q, %q) = %d, %v; want %d", test.b, test.a, got, err, -test.want)
			}
		})
	}
}

func TestCompareHasNoOrder(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", 60_000)
	tests := map[string]struct{ ecosystem, a, b string }{
		"version over the limit":             {"npm", long, "1.0.0"},
		"boundary over the limit":            {"npm", "1.0.0", strings.Repeat("1.", 200)},
		"branch of an action":                {"GitHub Actions", "main", "4.1.2"},
		"commit of an action":                {"GitHub Actions", strings.Repeat("0a", 20), "4.1.2"},
		"words of an unknown ecosystem":      {"", "stable", "1"},
		"what Hackage does not allow":        {"Hackage", "1.0-beta", "1.0"},
		"epoch that is no number, in Debian": {"Debian", "x:1", "1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			if got, err := match.Compare(test.ecosystem, test.a, test.b); err == nil {
				t.Errorf("Compare = %d, want an error", got)
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// samples are versions that are hard to order, of all schemes: each ecosystem has
// to take every one of them.
var samples = []string{
	"", "0", "0.0.0", "0.0.0-0", "0.0.0-rc1", "1", "1.0", "1.0.0", "1.0.0.0", "01.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-1",
	"1.0.0+build", "v1.0.0", "V1", "1.0.1", "1.2.3-4-gdeadbee", "1.10", "1.9", "2.0.0-0", "1!2.0", "1.0.dev1", "1.0a1", "1.0rc1", "1.0.post1",
	"1.0+local.7", "1:2.0-1", "2.0-1", "2.0~rc1-1", "2.0^git1-1", "2.0-1+deb11u1", "1.36.1-r5", "1.0_alpha2-r1", "1.0_p1", "1.0-SNAPSHOT", "1.0.Final",
	"1.0.redhat-00001", "31.1-jre", "31.1-android", "dev-master", "1.x-dev", "0.0.0-20190620200207-3b0461eec859", "2.0.0+incompatible",
	"99999999999999999999999999", "1.99999999999999999999", "latest", "main", "-", ".", "~", "١.٢", "1.0.0-é", "1..0", "a.b.c",
}

// ecosystems has one for each way to order versions.
func ecosystems() []string {
	return []string{
		"npm", "CRAN", "Hackage", "Maven", "NuGet", "Packagist", "Pub", "PyPI", "RubyGems", "Debian:12", "Red Hat", "Alpine:v3.18", "GitHub Actions",
	}
}

func TestOrderIsReflexiveAndAntisymmetric(t *testing.T) {
	t.Parallel()
	for _, ecosystem := range ecosystems() {
		for _, a := range samples {
			if c, err := match.Compare(ecosystem, a, a); c != 0 || err != nil {
				t.Errorf("%s: %q is not equal to itself: %d, %v", ecosystem, a, c, err)
			}
			for _, b := range samples {
				ab, err1 := match.Compare(ecosystem, a, b)
				ba, err2 := match.Compare(ecosystem, b, a)
				if (err1 == nil) != (err2 == nil) || cmp.Compare(ab, 0) != -cmp.Compare(ba, 0) {
					t.Errorf("%s: %q and %q: %d, %v one way and %d, %v the other", ecosystem, a, b, ab, err1, ba, err2)
				}
			}
		}
	}
}

// TestOrderIsTransitive takes versions as each ecosystem allows them: of others the
// library's order is reflexive and antisymmetric, but not everywhere transitive.
func TestOrderIsTransitive(t *testing.T) {
	t.Parallel()
	semver := "0.0.0-0 0.0.0-rc1 0.0.0 1.0.0-0 1.0.0-1 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-rc.1 1.0.0 1.0.0+build 1 1.0 1.0.1 1.2.3 1.10.0"
	debian := "0 0~ 0~~ 1.0 1.0-1 1.0-1+b1 1.0~rc1-1 1.0+dfsg-1 1.0-1+deb11u1 1.0-1ubuntu1 1.0-1ubuntu1.1 1:0.9-1 1.0a 1.0.1 2.0-1 1:1.0-1 0:1.0-1"
	rpm := "0 1.0-1.el8 1.0-1.el8_5 1.0-2.el8 1.0~rc1-1 1.0^git1-1 1.0 1.0.1-1 1:0.9-1 0:1.0-1 1.10-1 1.9-1 1.0a-1 1.0-1.module+el8"
	tests := map[string]string{
		"npm": semver, "crates.io": semver, "SwiftURL": semver, "GitHub Actions": semver + " v1 v1.0.1", "Not Yet Known": semver,
		"Go":        semver + " 2.0.0+incompatible 0.0.0-20190620200207-3b0461eec859 0.0.0-20200101000000-000000000000 1.2.4-0.20190620200207-3b0461eec859",
		"Debian:12": debian, "Ubuntu:22.04:LTS": debian, "Red Hat": rpm, "SUSE": rpm,
		"Alpine:v3.18": "0 1.0 1.0-r0 1.0-r1 1.0-r10 1.0_alpha 1.0_alpha2-r1 1.0_beta1 1.0_pre1 1.0_rc1 1.0_p1 1.0_git20200101 1.0a 1.0b-r1 1.0.1 1.10 1.9 1.36.1-r5",
		"Maven":        "1 1.0 1.0.0 1.0-alpha-1 1.0-beta 1.0-m1 1.0-rc1 1.0-cr2 1.0-SNAPSHOT 1.0.Final 1.0-ga 1.0-sp1 1.0.redhat-00001 1.0.1 31.1-jre 31.1-android 1.10 1.9 2.0.RELEASE",
		"NuGet":        "1.0 1.0.0 1.0.0.0 1.0.0.1 1.0.0-alpha 1.0.0-ALPHA 1.0.0-alpha.1 1.0.0-rc.1 1.0.1 1.10.0 1.9.0 2.0.0-0",
		"Packagist":    "1.0 1.0.0 v1.0.0 1.0.0-dev 1.0.0-alpha1 1.0.0-beta 1.0.0-RC1 1.0.0-p1 1.0.1 1.10.0 1.9.0 dev-master",
		"Pub":          semver,
		"PyPI":         "0 1 1.0 1.0.0 1.0.dev1 1.0a1 1.0a1.dev1 1.0b2 1.0rc1 1.0.post1 1.0.post1.dev2 1.0+local.7 1.0+7 1!0.5 1.0.1 1.10 1.9 2004d weekly",
		"RubyGems":     "0 1 1.0 1.0.0 1.0.0.pre 1.0.0.pre.1 1.0.0.rc1 1.0.0-java 1.0.a 1.0.1 1.10 1.9",
		"CRAN":         "0.1 1.0 1.0-1 1.0.1 1.0-10 1.10 1.9", "Hackage": "0.1 1.0 1.0.0 1.0.1 1.10 1.9",
	}
	for ecosystem, list := range tests {
		versions := strings.Fields(list)
		order := make(map[[2]string]int, len(versions)*len(versions))
		for _, a := range versions {
			for _, b := range versions {
				c, err := match.Compare(ecosystem, a, b)
				if err != nil {
					t.Fatalf("%s: %v", ecosystem, err)
				}
				order[[2]string{a, b}] = c
			}
		}
		for _, a := range versions {
			for _, b := range versions {
				for _, c := range versions {
					if order[[2]string{a, b}] <= 0 && order[[2]string{b, c}] <= 0 && order[[2]string{a, c}] > 0 {
						t.Errorf("%s: %q <= %q <= %q, but not %[2]q <= %[4]q", ecosystem, a, b, c)
					}
				}
			}
		}
	}
}

// TestOrderIsTheLibrarys keeps the table of ecosystems in step with the library's,
// and what decides without it.
func TestOrderIsTheLibrarys(t *testing.T) {
	t.Parallel()
	for _, ecosystem := range ecosystems() {
		for _, a := range samples {
			for _, b := range samples {
				checkLibrary(t, ecosystem, a, b)
			}
		}
	}
	telling := []string{"1.0", "1.0.0", "1.0.0-1", "1.0-1", "1.0~rc1", "1:0", "1.0_p1", "1.0a", "1.0.0.1", "v1.0"}
	for _, ecosystem := range []string{
		"AlmaLinux:9", "Alpaquita", "BellSoft Hardened Containers", "Bioconductor", "Bitnami", "Chainguard", "ConanCenter", "crates.io",
		"Docker Hardened Images", "GHC", "Go", "Hex", "Julia", "Mageia", "MinimOS", "openEuler", "openSUSE", "Rocky Linux", "SUSE", "SwiftURL",
		"Ubuntu:22.04:LTS", "Wolfi",
	} {
		for _, a := range telling {
			for _, b := range telling {
				checkLibrary(t, ecosystem, a, b)
			}
		}
	}
}

func TestOrderOfRandomVersionsIsTheLibrarys(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	parts := []string{"0", "1", "1", "2", "10", "01", ".", ".", ".", ".", "-", "+", "~", "^", ":", "!", "v", "_p", "-r", "rc", "a", ".dev", "x"}
	random := func() string {
		var b strings.Builder
		for range r.IntN(9) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		return b.String()
	}
	for range 3000 {
		a, b := random(), random()
		if r.IntN(2) == 0 {
			b = a + b
		}
		if a == b {
			continue
		}
		for _, ecosystem := range ecosystems() {
			checkLibrary(t, ecosystem, a, b)
		}
	}
}

// checkLibrary compares our order with the library's, where it has one.
func checkLibrary(t *testing.T, ecosystem, a, b string) {
	t.Helper()
	v, err := semantic.Parse(a, ecosystem)
	if err != nil {
		return
	}
	want, err := v.CompareStr(b)
	if err != nil {
		return
	}
	if got, err := match.Compare(ecosystem, a, b); err != nil || cmp.Compare(got, 0) != cmp.Compare(want, 0) {
		t.Errorf("%s: Compare(%q, %q) = %d, %v; the library says %d", ecosystem, a, b, got, err, want)
	}
}

// TestOrdersPublishedPairs reads pairs that each ecosystem's own tool has put in
// order.
func TestOrdersPublishedPairs(t *testing.T) {
	t.Parallel()
	schemes := map[string]string{
		"alpine": "Alpine", "cran": "CRAN", "debian": "Debian", "hackage": "Hackage", "maven": "Maven", "nuget": "NuGet", "packagist": "Packagist",
		"pub": "Pub", "pypi": "PyPI", "redhat": "Red Hat", "rubygems": "RubyGems", "semver": "npm",
	}
	files, err := filepath.Glob(filepath.Join(sharedData(t), "versions", "*", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pairs: %v", err)
	}
	total := 0
	for _, path := range files {
		scheme := strings.TrimSuffix(filepath.Base(path), ".txt")
		ecosystem, found := schemes[scheme]
		if !found {
			t.Errorf("%s: no ecosystem known for this scheme", path)
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "//") {
				continue
			}
			f := strings.Fields(lines.Text())
			if len(f) != 3 {
				t.Errorf("%s: line %q is not a pair", scheme, lines.Text())
				continue
			}
			total++
			want := map[string]int{"<": -1, "=": 0, ">": 1}[f[1]]
			if got, err := match.Compare(ecosystem, f[0], f[2]); err != nil || cmp.Compare(got, 0) != want {
				t.Errorf("%s: want %s, got %d, %v", scheme, lines.Text(), got, err)
			}
		}
		if err := lines.Err(); err != nil {
			t.Error(err)
		}
		file.Close()
	}
	t.Logf("%d pairs", total)
}
