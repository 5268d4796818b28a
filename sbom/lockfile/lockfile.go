// Package lockfile reads what package managers write down: which packages at
// which versions a project uses. It recognises a lockfile by its content and
// reads it without following anything that it refers to. It knows nothing of
// bills of materials, advisories or databases.
package lockfile

import (
	"bytes"
	"errors"
	"fmt"

	"loadline/purl"
)

// Kind is a lockfile's usual name, which is also what people call its format.
type Kind string

// The kinds, by ecosystem. A file that goes by several names is one kind:
// npm-shrinkwrap.json is a PackageLock, gems.locked a GemfileLock.
const (
	ConanLock           Kind = "conan.lock"
	PubspecLock         Kind = "pubspec.lock"
	MixLock             Kind = "mix.lock"
	GoMod               Kind = "go.mod"
	CabalFreeze         Kind = "cabal.project.freeze"
	StackLock           Kind = "stack.yaml.lock"
	GradleBuildscript   Kind = "buildscript-gradle.lockfile"
	GradleLock          Kind = "gradle.lockfile"
	GradleVerification  Kind = "gradle/verification-metadata.xml"
	PomXML              Kind = "pom.xml"
	BunLock             Kind = "bun.lock"
	PackageLock         Kind = "package-lock.json"
	PnpmLock            Kind = "pnpm-lock.yaml"
	YarnLock            Kind = "yarn.lock"
	DepsJSON            Kind = "deps.json"
	NuGetPackagesConfig Kind = "packages.config"
	NuGetPackagesLock   Kind = "packages.lock.json"
	ComposerLock        Kind = "composer.lock"
	PipfileLock         Kind = "Pipfile.lock"
	PoetryLock          Kind = "poetry.lock"
	Requirements        Kind = "requirements.txt"
	PdmLock             Kind = "pdm.lock"
	PylockTOML          Kind = "pylock.toml"
	UvLock              Kind = "uv.lock"
	RenvLock            Kind = "renv.lock"
	GemfileLock         Kind = "Gemfile.lock"
	CargoLock           Kind = "Cargo.lock"
)

// Lock is what a lockfile says.
type Lock struct {
	Version  string // of the file's format; empty where it states none
	Encoding string // "JSON", "XML", "YAML", "TOML" or "text"
	Name     string // of the project, where the file has it

	// Packages are in the order of the file, one for each purl. The project
	// itself is among them only where the file makes no difference (Cargo.lock,
	// deps.json); other packages of the same repository are.
	Packages []Package
	// Dependencies are edges between Packages, by index, without repeats, in
	// the order of the file.
	Dependencies []Dependency
	// Warnings say what could not be used, or not as it stood.
	Warnings []Warning
}

// Package is one package at one version.
type Package struct {
	Key      string    // its key in the file, unique
	PURL     purl.PURL // canonical; zero where the name allows none
	Name     string    // as advisories of its ecosystem write it: "@babel/core", "org.slf4j:slf4j-api"
	Version  string    // empty where the file has none that means anything
	Scope    Scope
	Direct   *bool // nil where the file does not say
	Licenses []string
	Hashes   []Hash
}

// Scope says what a package is needed for.
type Scope string

// The scopes. The zero Scope means that the file does not say.
const (
	Required Scope = "REQUIRED"
	Optional Scope = "OPTIONAL"
	Excluded Scope = "EXCLUDED" // only for development, tests or the build
)

// Hash is a digest of a package's file.
type Hash struct {
	Algorithm string // as CycloneDX writes it: "SHA-512"
	Value     string // lower-case hexadecimal
}

// Dependency is an edge: Packages[From] depends on Packages[To].
type Dependency struct{ From, To int }

// Warning is an entry that could not be used, or not as it stood.
type Warning struct {
	Code     string // one of the Warn constants
	Location string // "line 12", or a path such as $.packages["node_modules/a"]
	Message  string
}

// The codes of a Warning.
const (
	WarnInvalidEntry    = "INVALID_ENTRY"      // the entry has no name, or is not of the expected shape; it was left out
	WarnInvalidPURL     = "INVALID_PURL"       // the package was kept without its purl
	WarnNoVersion       = "NO_VERSION"         // the entry has no version, or none that means anything
	WarnNotPinned       = "VERSION_NOT_PINNED" // a range: its lowest version was taken
	WarnNotFollowed     = "NOT_FOLLOWED"       // the entry refers to another file
	WarnLocalPackage    = "LOCAL_PACKAGE"      // the package comes from a folder, not from a registry
	WarnDanglingRef     = "DANGLING_REF"       // a dependency on what the file does not hold
	WarnReplaced        = "REPLACED"           // another entry stands in
	WarnTooManyWarnings = "TOO_MANY_WARNINGS"  // the last one: how many more there were
)

// Code says which kind of Error it is.
type Code string

// The codes of an Error.
const (
	Malformed Code = "MALFORMED" // the file cannot be read as its kind
	TooLarge  Code = "TOO_LARGE" // the file holds more than is accepted
)

// Error is why a lockfile was refused.
type Error struct {
	Code     Code
	Location string // "line 12" or a path; empty where it is the whole file
	Message  string // what is wrong and what is expected
}

// Error returns the location and the message.
func (e *Error) Error() string {
	if e.Location == "" {
		return e.Message
	}
	return e.Location + ": " + e.Message
}

func malformed(location, format string, args ...any) *Error {
	return &Error{Code: Malformed, Location: location, Message: fmt.Sprintf(format, args...)}
}

type reader struct {
	encoding string
	read     func(*builder, []byte) error
}

func readerOf(kind Kind) (reader, bool) {
	switch kind {
	case ConanLock:
		return reader{"JSON", readConan}, true
	case PubspecLock:
		return reader{"YAML", readPubspec}, true
	case MixLock:
		return reader{"text", readMix}, true
	case GoMod:
		return reader{"text", readGoMod}, true
	case CabalFreeze:
		return reader{"text", readCabalFreeze}, true
	case StackLock:
		return reader{"YAML", readStack}, true
	case GradleBuildscript, GradleLock:
		return reader{"text", readGradle}, true
	case GradleVerification:
		return reader{"XML", readGradleVerification}, true
	case PomXML:
		return reader{"XML", readPom}, true
	case BunLock:
		return reader{"JSON", readBun}, true
	case PackageLock:
		return reader{"JSON", readPackageLock}, true
	case PnpmLock:
		return reader{"YAML", readPnpm}, true
	case YarnLock:
		return reader{"text", readYarn}, true
	case DepsJSON:
		return reader{"JSON", readDepsJSON}, true
	case NuGetPackagesConfig:
		return reader{"XML", readPackagesConfig}, true
	case NuGetPackagesLock:
		return reader{"JSON", readPackagesLock}, true
	case ComposerLock:
		return reader{"JSON", readComposer}, true
	case PipfileLock:
		return reader{"JSON", readPipfile}, true
	case PoetryLock:
		return reader{"TOML", readPoetry}, true
	case Requirements:
		return reader{"text", readRequirements}, true
	case PdmLock:
		return reader{"TOML", readPdm}, true
	case PylockTOML:
		return reader{"TOML", readPylock}, true
	case UvLock:
		return reader{"TOML", readUv}, true
	case RenvLock:
		return reader{"JSON", readRenv}, true
	case GemfileLock:
		return reader{"text", readGemfile}, true
	case CargoLock:
		return reader{"TOML", readCargo}, true
	}
	return reader{}, false
}

// Read reads data, which is UTF-8 without byte-order mark, as a file of the
// kind. Entries that cannot be used become warnings; a file that cannot be used
// is an *Error.
func Read(kind Kind, data []byte) (*Lock, error) {
	r, ok := readerOf(kind)
	if !ok {
		return nil, malformed("", "%q is not a kind of lockfile that is read here", string(kind))
	}
	if r.encoding != "JSON" && len(data) > maxSize {
		return nil, &Error{TooLarge, "", fmt.Sprintf("%s: %d bytes; at most %d are accepted", kind, len(data), maxSize)}
	}
	if line := conflictMarker(data); line > 0 {
		return nil, malformed(lineNo(line), "merge conflict marker: resolve the conflict, then use the file again")
	}
	b := newBuilder(r.encoding)
	if err := r.read(b, data); err != nil {
		if lerr := (*Error)(nil); errors.As(err, &lerr) {
			return nil, &Error{lerr.Code, lerr.Location, readable(string(kind) + ": " + lerr.Message)}
		}
		return nil, malformed("", "%s", readable(string(kind)+": "+err.Error()))
	}
	return b.finish()
}

// conflictMarker returns the line of the first marker that a version control
// system left behind, or 0.
func conflictMarker(data []byte) int {
	for _, marker := range []string{"<<<<<<< ", ">>>>>>> "} {
		if at := bytes.Index(data, []byte("\n"+marker)); at >= 0 {
			return bytes.Count(data[:at+1], []byte{'\n'}) + 1
		}
		if bytes.HasPrefix(data, []byte(marker)) {
			return 1
		}
	}
	return 0
}
