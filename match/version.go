package match

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/osv-scalibr/semantic"
)

// MaxVersion is the longest version that is put in order, in bytes. Comparing
// takes time that grows with the square of the length, and no real version comes
// near.
const MaxVersion = 256

// errNoOrder says that two versions cannot be put in order.
var errNoOrder = errors.New("no order")

// scheme is a way to order versions.
type scheme int

const (
	plainScheme scheme = iota // what starts with a number, as Semantic Versioning; all else has no order
	semverScheme
	apkScheme
	cranScheme
	debianScheme
	hackageScheme
	mavenScheme
	nugetScheme
	packagistScheme
	pubScheme
	pypiScheme
	rpmScheme
	gemScheme
)

// schemes says how ecosystems order their versions, where it is known.
var schemes = map[string]scheme{
	"npm": semverScheme, "Go": semverScheme, "crates.io": semverScheme, "Hex": semverScheme, "SwiftURL": semverScheme,
	"Bioconductor": semverScheme, "Bitnami": semverScheme, "ConanCenter": semverScheme, "Julia": semverScheme,
	"Docker Hardened Images": semverScheme, "GHC": semverScheme,
	"CRAN": cranScheme, "Hackage": hackageScheme, "Maven": mavenScheme, "NuGet": nugetScheme, "Packagist": packagistScheme,
	"Pub": pubScheme, "PyPI": pypiScheme, "RubyGems": gemScheme,
	"Debian": debianScheme, "Ubuntu": debianScheme, "Echo": debianScheme, "opam": debianScheme,
	"AlmaLinux": rpmScheme, "Azure Linux": rpmScheme, "Mageia": rpmScheme, "openEuler": rpmScheme, "openSUSE": rpmScheme,
	"Photon OS": rpmScheme, redHat: rpmScheme, rocky: rpmScheme, "SUSE": rpmScheme,
	"Alpine": apkScheme, "Alpaquita": apkScheme, "BellSoft Hardened Containers": apkScheme, "Chainguard": apkScheme,
	"MinimOS": apkScheme, "Wolfi": apkScheme,
}

// Compare returns the order of two versions of an ecosystem: negative where a is
// before b, 0 where they are equal, positive where a is after b. It returns an
// error where they have none: a version longer than MaxVersion, one that its
// ecosystem does not allow, or an ecosystem whose order is not known and versions
// that do not start with a number.
func Compare(ecosystem, a, b string) (int, error) {
	return schemeOf(ecosystem).compare(a, b)
}

func schemeOf(ecosystem string) scheme {
	base, _, _ := strings.Cut(ecosystem, ":")
	return schemes[base]
}

func (s scheme) compare(a, b string) (c int, err error) {
	if a == b {
		return 0, nil
	}
	if len(a) > MaxVersion || len(b) > MaxVersion {
		return 0, fmt.Errorf("%w: a version is longer than %d bytes", errNoOrder, MaxVersion)
	}
	if s == plainScheme && (!isPlain(a) || !isPlain(b)) {
		return 0, fmt.Errorf("%w: version %q or %q does not start with a number", errNoOrder, a, b)
	}
	if c, ok := s.compareNumbers(a, b); ok {
		return c, nil
	}
	// The library parses what anyone may have written into a document.
	defer func() {
		if r := recover(); r != nil {
			c, err = 0, fmt.Errorf("%w: versions %q and %q: %v", errNoOrder, a, b, r)
		}
	}()
	parsed, err := s.parse(a)
	if err == nil {
		c, err = parsed.CompareStr(b)
	}
	if err != nil {
		return 0, fmt.Errorf("%w: versions %q and %q: %w", errNoOrder, a, b, err)
	}
	return c, nil
}

func (s scheme) parse(version string) (semantic.Version, error) {
	switch s {
	case apkScheme:
		return semantic.ParseAlpineVersion(version)
	case cranScheme:
		return semantic.ParseCRANVersion(version)
	case debianScheme:
		return semantic.ParseDebianVersion(version)
	case hackageScheme:
		return semantic.ParseHackageVersion(version)
	case mavenScheme:
		return semantic.ParseMavenVersion(version), nil
	case nugetScheme:
		return semantic.ParseNuGetVersion(version), nil
	case packagistScheme:
		return semantic.ParsePackagistVersion(version), nil
	case pubScheme:
		return semantic.ParsePubVersion(version), nil
	case pypiScheme:
		return semantic.ParsePyPIVersion(version)
	case rpmScheme:
		return semantic.ParseRedHatVersion(version), nil
	case gemScheme:
		return semantic.ParseRubyGemsVersion(version), nil
	default:
		return semantic.ParseSemverVersion(version), nil
	}
}

// isPlain reports whether a version starts with a number, after an optional v.
func isPlain(version string) bool {
	digits := strings.TrimPrefix(version, "v")
	return digits != "" && isDigit(digits[0]) && !isCommit(version)
}
