package sbom

import (
	"fmt"

	"loadline/sbom/lockfile"
)

// Code says what kind of Error it is.
type Code string

// The codes of an Error.
const (
	UnsupportedFormat Code = "UNSUPPORTED_FORMAT" // not a kind of document that Parse reads
	Malformed         Code = "MALFORMED_DOCUMENT" // broken: cut off, not well-formed, or not what it says it is
	TooLarge          Code = "TOO_LARGE"          // over MaxSize, MaxComponents or MaxDependencies
)

// Error is why a whole document was refused.
type Error struct {
	Code     Code
	Location string // "$.components[3] (line 40, byte 1234)", "line 12"; empty where it is the document as a whole
	Message  string // what is wrong and what would be accepted
}

// Error returns the message with its location.
func (e *Error) Error() string {
	if e.Location == "" {
		return e.Message
	}
	return e.Location + ": " + e.Message
}

// accepted is what to upload instead.
const accepted = "accepted are CycloneDX (JSON, XML), SPDX 2 (JSON, YAML, tag-value, RDF/XML), " +
	"SPDX 3 (JSON-LD) and lockfiles, also gzipped"

func malformed(location, format string, args ...any) *Error {
	return &Error{Malformed, location, fmt.Sprintf(format, args...)}
}

func unsupported(format string, args ...any) *Error {
	return &Error{UnsupportedFormat, "", fmt.Sprintf(format, args...) + "; " + accepted}
}

func tooLarge(format string, args ...any) *Error {
	return &Error{TooLarge, "", fmt.Sprintf(format, args...)}
}

// Parse reads a bill of materials or a lockfile. What it is is decided by its
// content; name, which may be empty, decides between lockfiles that look alike.
// gzip, byte-order marks and UTF-16 are undone first.
//
// An entry that cannot be used, or not as it stands, becomes a Warning. A
// document that cannot be used is an *Error, as is one that may be cut off.
//
// The subject of a CycloneDX document (metadata.component) stands apart and is
// no component, unless the document lists nothing else. The subject of an SPDX
// document is one of its packages and stays one, with Direct nil. SPDX files
// are components only where the document has no packages.
func Parse(data []byte, name string) (*Document, error) {
	b := newBuilder()
	data, err := unframe(data, &b.warnings)
	if err != nil {
		return nil, err
	}
	kind, err := sniff(data)
	if err != nil {
		return nil, err
	}
	if kind == wrappedJSON {
		if data, err = unwrap(data); err != nil {
			return nil, err
		}
		if kind, err = sniff(data); err != nil {
			return nil, err
		}
	}
	if kind == unknownFormat || kind == wrappedJSON {
		if lock, ok := lockfile.Sniff(name, data); ok {
			return readLockfile(lock, data)
		}
		return nil, notAccepted(data)
	}
	if err := read(b, kind, data); err != nil {
		return nil, err
	}
	return b.finish()
}

func read(b *builder, kind format, data []byte) error {
	switch kind {
	case cyclonedxJSON:
		return readCycloneDXJSON(b, data)
	case cyclonedxXML:
		return readCycloneDXXML(b, data)
	case spdxJSON:
		return readSPDXJSON(b, data)
	case spdxYAML:
		return readSPDXYAML(b, data)
	case spdxTagValue:
		return readSPDXTagValue(b, data)
	case spdxRDF:
		return readSPDXRDF(b, data)
	default:
		return readSPDX3(b, data)
	}
}
