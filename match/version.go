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
// that are not dotted numbers.
func Compare(ecosystem, a, b string) (int, error) {
	return newOrder(ecosystem, a).compare(b)
}

// order compares one version with others of the same ecosystem.
type order struct {
	scheme  scheme
	version string
	parsed  semantic.Version // nil until it is needed
}

func newOrder(ecosystem, version string) *order {
	base, _, _ := strings.Cut(ecosystem, ":")
	return &order{scheme: schemes[base], version: version}
}

// compare returns the order of o's version and another: negative where o's is
// before it.
func (o *order) compare(other string) (c int, err error) {
	if o.version == other {
		return 0, nil
	}
	if len(o.version) > MaxVersion || len(other) > MaxVersion {
		return 0, fmt.Errorf("%w: a version is longer than %d bytes", errNoOrder, MaxVersion)
	}
	// The library parses what anyone may have written into a document.
	defer func() {
		if r := recover(); r != nil {
			c, err = 0, fmt.Errorf("%w: versions %q and %q: %v", errNoOrder, o.version, other, r)
		}
	}()
	if o.scheme == plainScheme && (!isPlain(o.version) || !isPlain(other)) {
		return 0, fmt.Errorf("%w: version %q or %q does not start with a number", errNoOrder, o.version, other)
	}
	if o.parsed == nil {
		if o.parsed, err = parseVersion(o.scheme, o.version); err != nil {
			return 0, fmt.Errorf("%w: version %q: %w", errNoOrder, o.version, err)
		}
	}
	if c, err = o.parsed.CompareStr(other); err != nil {
		return 0, fmt.Errorf("%w: versions %q and %q: %w", errNoOrder, o.version, other, err)
	}
	return c, nil
}

func parseVersion(s scheme, version string) (semantic.Version, error) {
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

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
