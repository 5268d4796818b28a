package sbom

import (
	"strings"
	"unicode/utf8"
)

// How much a document may hold. Beyond these it is refused as TooLarge.
const (
	MaxSize         = 256 << 20 // bytes, after unpacking
	MaxComponents   = 1_000_000
	MaxDependencies = 4_000_000
)

// maxDepth is how deep a document may nest, in JSON values or XML elements.
const maxDepth = 10_000

// How long a field may be, in bytes. A longer one is cut, or left out where a
// part of it would mean something else; a warning says so.
const (
	MaxName    = 1024
	MaxVersion = 256
	MaxRef     = 1024
	MaxPURL    = 4096
	MaxLicense = 4096
	MaxURL     = 2048
	maxType    = 64
	maxHash    = 256
	maxList    = 1000 // items: licences or hashes of one component
)

// ellipsis ends what was cut, so that nobody takes it for the whole.
const ellipsis = "…"

// cut shortens s to at most limit bytes without splitting a character.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	end := limit - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.Clone(s[:end]) + ellipsis
}

// quote is s as an error or a warning shows it.
func quote(s string) string {
	return `"` + cut(s, 80) + `"`
}

func checkComponents(n int) error {
	if n > MaxComponents {
		return tooLarge("the document has more than %d components: that is the limit", MaxComponents)
	}
	return nil
}

func checkDependencies(n int) error {
	if n > MaxDependencies {
		return tooLarge("the document has more than %d dependencies: that is the limit", MaxDependencies)
	}
	return nil
}

// maxSteps is how many steps of a path are written out at either end.
const maxSteps = 16

// ends returns what of a path is written out: all of it, or its two ends.
func ends[T any](path []T) (head, tail []T) {
	if len(path) <= 2*maxSteps {
		return path, nil
	}
	return path[:maxSteps], path[len(path)-maxSteps:]
}
