package match

import (
	"cmp"
	"strings"
)

// compareNumbers compares versions as far as their dotted numbers decide, which
// is nearly always, and gives up where they do not. It is what the library
// returns, without its allocations.
func (s scheme) compareNumbers(a, b string) (c int, ok bool) {
	if s == semverScheme || s == plainScheme {
		a, b = strings.TrimPrefix(a, "v"), strings.TrimPrefix(b, "v")
	}
	if !s.numbersDecide(a) || !s.numbersDecide(b) {
		return 0, false
	}
	for n := 1; ; n++ {
		da, db := leadingDigits(a), leadingDigits(b)
		if !isNumber(da) || !isNumber(db) {
			return 0, false
		}
		if c := cmp.Or(cmp.Compare(len(da), len(db)), strings.Compare(da, db)); c != 0 {
			return c, true
		}
		a, b = a[len(da):], b[len(db):]
		if a == "" || b == "" {
			return s.compareRest(a, b, n)
		}
		if a[0] != '.' || b[0] != '.' || n == s.numbers() {
			return 0, false
		}
		a, b = a[1:], b[1:]
	}
}

// compareRest compares what follows n equal numbers, where one version ends.
func (s scheme) compareRest(a, b string, n int) (c int, ok bool) {
	if a == b {
		return 0, true
	}
	if !s.missingIsZero() {
		return 0, false
	}
	longer, sign := a, 1
	if a == "" {
		longer, sign = b, -1
	}
	for ; longer != ""; n++ {
		if longer[0] != '.' || n == s.numbers() {
			return 0, false
		}
		digits := leadingDigits(longer[1:])
		if !isNumber(digits) {
			return 0, false
		}
		if digits != "0" {
			// A letter behind it may make all of it less.
			return sign, isDotted(longer[1:])
		}
		longer = longer[1+len(digits):]
	}
	return 0, true
}

// numbersDecide reports whether numbers in front decide over what follows them in
// a version. An epoch comes before them, and some schemes order versions that are
// not well formed by other rules.
func (s scheme) numbersDecide(version string) bool {
	switch s {
	case plainScheme, semverScheme, mavenScheme, nugetScheme, gemScheme:
		return true
	case debianScheme, rpmScheme:
		return strings.IndexByte(version, ':') < 0
	default:
		return isDotted(version)
	}
}

// numbers returns how many numbers a scheme has; what comes after is no number.
func (s scheme) numbers() int {
	switch s {
	case plainScheme, semverScheme:
		return 3
	case nugetScheme:
		return 4
	default:
		return MaxVersion
	}
}

// missingIsZero reports whether 1.0 is 1.0.0.
func (s scheme) missingIsZero() bool {
	switch s {
	case plainScheme, semverScheme, mavenScheme, nugetScheme, gemScheme, pypiScheme:
		return true
	}
	return false
}

func leadingDigits(s string) string {
	end := 0
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	return s[:end]
}

// isNumber reports whether digits are a number in its shortest form.
func isNumber(digits string) bool {
	return digits != "" && (digits[0] != '0' || len(digits) == 1)
}

// isDotted reports whether a version is numbers with a dot between each two.
func isDotted(version string) bool {
	for {
		digits := leadingDigits(version)
		if digits == "" || len(digits) == len(version) {
			return digits != ""
		}
		if version[len(digits)] != '.' {
			return false
		}
		version = version[len(digits)+1:]
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
