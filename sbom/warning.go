package sbom

import (
	"fmt"
	"slices"
)

// What Warning.Code can be.
const (
	WarnInvalidEntry    = "INVALID_ENTRY"     // an entry that cannot be used at all; it was left out
	WarnInvalidPURL     = "INVALID_PURL"      // the entry was kept without its purl
	WarnInvalidValue    = "INVALID_VALUE"     // a value outside what the format allows; the entry was kept without it
	WarnWrongType       = "WRONG_TYPE"        // a number where text belongs, and the like
	WarnFieldTooLong    = "FIELD_TOO_LONG"    // a value over the lengths in this package; it was cut or left out
	WarnInvalidText     = "INVALID_TEXT"      // bytes that are no UTF-8, NUL or raw control characters
	WarnDuplicateKey    = "DUPLICATE_KEY"     // a JSON key given twice; lists were joined, else the last one counts
	WarnDuplicateRef    = "DUPLICATE_REF"     // one reference for different components; the later got a new one
	WarnDuplicate       = "DUPLICATE_ENTRY"   // the same component again under the same reference; merged
	WarnSeveralPURLs    = "SEVERAL_PURLS"     // a package with more than one purl
	WarnDanglingRef     = "DANGLING_REF"      // a dependency on or of what the document does not contain
	WarnSelfDependency  = "SELF_DEPENDENCY"   // a component that depends on itself; left out
	WarnUnknownVersion  = "UNKNOWN_VERSION"   // a spec version that this package has not been taught
	WarnMissingHeader   = "MISSING_HEADER"    // a document without what should open it; read by its shape
	WarnTrailingData    = "TRAILING_DATA"     // bytes behind the end of the document; ignored
	WarnNoComponents    = "NO_COMPONENTS"     // the document lists nothing
	WarnSubjectIsAll    = "SUBJECT_IS_ALL"    // the document lists only its subject, which is the one component
	WarnTooManyWarnings = "TOO_MANY_WARNINGS" // the rest of the warnings was counted, not kept
)

// MaxWarnings is how many warnings a Document keeps; one more then says how
// many there were.
const MaxWarnings = 10_000

// warnings collects what was found, with the byte offset it was found at.
type warnings struct {
	list  []placed
	extra int
}

type placed struct {
	pos int
	Warning
}

func (w *warnings) add(pos int, code, location, format string, args ...any) {
	if len(w.list) >= MaxWarnings {
		w.extra++
		return
	}
	w.list = append(w.list, placed{pos, Warning{code, location, fmt.Sprintf(format, args...)}})
}

// sorted returns the warnings in the order of the document.
func (w *warnings) sorted() []Warning {
	slices.SortStableFunc(w.list, func(a, b placed) int { return a.pos - b.pos })
	var out []Warning
	for _, p := range w.list {
		out = append(out, p.Warning)
	}
	if w.extra > 0 {
		out = append(out, Warning{WarnTooManyWarnings, "document",
			fmt.Sprintf("%d more problems were found; only the first %d are listed", w.extra, MaxWarnings)})
	}
	return out
}
