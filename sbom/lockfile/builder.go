package lockfile

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"loadline/purl"
)

// Limits that no real lockfile reaches. They bound time and memory.
const (
	maxPackages     = 250_000
	maxDependencies = 1_000_000
	maxSize         = 24 << 20 // bytes, but for JSON, which is read as a stream
	maxWarnings     = 1_000
	maxName         = 512
	maxVersion      = 256
	maxKey          = 2_048
	maxDepth        = 10_000 // also the limit of encoding/json
)

// builder collects what a reader finds and keeps it unique and bounded.
type builder struct {
	lock     Lock
	byID     map[string]int
	keys     map[string]int // how many have asked for this key
	edges    map[Dependency]bool
	unsaid   int // warnings beyond maxWarnings
	tooLarge *Error
}

func newBuilder(encoding string) *builder {
	return &builder{
		lock:  Lock{Encoding: encoding},
		byID:  map[string]int{},
		keys:  map[string]int{},
		edges: map[Dependency]bool{},
	}
}

// none is the index of a package that was not taken up.
const none = -1

// add takes up a package and returns its index, or none with a warning where it
// has no usable name. A package that is there already is merged: it is as
// needed and as direct as the more needed and more direct of the two.
func (b *builder) add(location string, p Package) int {
	if bad := unusable(p.Name, maxName); bad != "" || p.Name == "" || p.PURL.Name == "" {
		if bad == "" {
			bad = "is missing"
		}
		b.warn(WarnInvalidEntry, location, "the name %s; the entry is left out", bad)
		return none
	}
	if bad := unusable(p.Version, maxVersion); bad != "" {
		b.warn(WarnNoVersion, location, "the version of %s %s; it is left out", p.Name, bad)
		p.Version, p.PURL.Version = "", ""
	} else if p.Version == "" && !b.warnedAt(location) {
		b.warn(WarnNoVersion, location, "%s has no version", p.Name)
	}
	p.PURL = b.canonical(location, p)
	id := identity(p)
	if i, ok := b.byID[id]; ok {
		b.merge(&b.lock.Packages[i], p)
		return i
	}
	if b.tooLarge != nil {
		return none
	}
	if len(b.lock.Packages) == maxPackages {
		b.tooLarge = &Error{TooLarge, location, fmt.Sprintf("more than %d packages", maxPackages)}
		return none
	}
	p.Key = b.uniqueKey(p)
	i := len(b.lock.Packages)
	b.byID[id] = i
	b.lock.Packages = append(b.lock.Packages, p)
	return i
}

// canonical returns the purl as Parse reads it, which folds what its type folds;
// the zero PURL, with a warning, for a name that no purl can carry.
func (b *builder) canonical(location string, p Package) purl.PURL {
	read, err := purl.Parse(p.PURL.String())
	if err == nil && strings.EqualFold(read.Namespace, p.PURL.Namespace) && strings.EqualFold(read.Name, p.PURL.Name) && read.Version == p.PURL.Version {
		return read
	}
	b.warn(WarnInvalidPURL, location, "%q %q can be no package URL; the package has none", clip(p.Name), clip(p.Version))
	return purl.PURL{}
}

func (b *builder) merge(have *Package, p Package) {
	have.Scope = widest(have.Scope, p.Scope)
	if p.Direct != nil && (have.Direct == nil || *p.Direct) {
		have.Direct = p.Direct
	}
	if len(have.Hashes) == 0 {
		have.Hashes = p.Hashes
	}
	if len(have.Licenses) == 0 {
		have.Licenses = p.Licenses
	}
}

// direct says whether the project itself depends on package i. Once true it
// stays true.
func (b *builder) direct(i int, yes bool) {
	if i == none {
		return
	}
	if p := &b.lock.Packages[i]; p.Direct == nil || yes {
		p.Direct = &yes
	}
}

// indirectUnlessSaid makes every package of which nothing was said indirect.
func (b *builder) indirectUnlessSaid() {
	for i := range b.lock.Packages {
		b.direct(i, false)
	}
}

// depend adds an edge; to or from none it does nothing.
func (b *builder) depend(from, to int) {
	edge := Dependency{from, to}
	if from == none || to == none || from == to || b.tooLarge != nil || b.edges[edge] {
		return
	}
	if len(b.edges) == maxDependencies {
		b.tooLarge = &Error{TooLarge, "", fmt.Sprintf("more than %d dependencies between packages", maxDependencies)}
		return
	}
	b.edges[edge] = true
	b.lock.Dependencies = append(b.lock.Dependencies, edge)
}

func (b *builder) warn(code, location, format string, args ...any) {
	if len(b.lock.Warnings) == maxWarnings {
		b.unsaid++
		return
	}
	b.lock.Warnings = append(b.lock.Warnings, Warning{code, readable(location), readable(fmt.Sprintf(format, args...))})
}

// warnedAt reports whether the last warning is of that place: one is enough.
func (b *builder) warnedAt(location string) bool {
	n := len(b.lock.Warnings)
	return n > 0 && b.lock.Warnings[n-1].Location == readable(location)
}

func (b *builder) finish() (*Lock, error) {
	if b.tooLarge != nil {
		return nil, b.tooLarge
	}
	if b.unsaid > 0 {
		b.lock.Warnings = append(b.lock.Warnings, Warning{WarnTooManyWarnings, "", fmt.Sprintf("%d more warnings were left out", b.unsaid)})
	}
	return &b.lock, nil
}

// scopes gives every package the widest scope that it is reached by: from
// required Required, from optional Optional, from excluded Excluded. Packages
// that nothing reaches keep theirs.
func (b *builder) scopes(required, optional, excluded []int) {
	next := make([][]int, len(b.lock.Packages))
	for _, e := range b.lock.Dependencies {
		next[e.From] = append(next[e.From], e.To)
	}
	seen := make([]bool, len(b.lock.Packages))
	for _, group := range []struct {
		from  []int
		scope Scope
	}{{required, Required}, {optional, Optional}, {excluded, Excluded}} {
		queue := group.from
		for len(queue) > 0 {
			i := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			if i == none || seen[i] {
				continue
			}
			seen[i] = true
			// An entry that is marked optional stays so, whoever asks for it.
			if p := &b.lock.Packages[i]; p.Scope != Optional || group.scope == Excluded {
				p.Scope = group.scope
			}
			queue = append(queue, next[i]...)
		}
	}
}

// uniqueKey returns the key as it is for the first package that has it, and
// with a number for the others.
func (b *builder) uniqueKey(p Package) string {
	key := p.Key
	if key == "" || unusable(key, maxKey) != "" {
		key = p.Name + "@" + p.Version
	}
	unique := key
	for b.keys[unique] > 0 {
		b.keys[key]++
		unique = fmt.Sprintf("%s#%d", key, b.keys[key])
	}
	b.keys[unique] = 1
	return unique
}

// widest returns the scope that needs a package more.
func widest(a, b Scope) Scope {
	for _, s := range []Scope{Required, Optional, Excluded} {
		if a == s || b == s {
			return s
		}
	}
	return ""
}

// identity is equal for packages that are one. Those without a purl are one if
// they have name and version in common.
func identity(p Package) string {
	if p.PURL.Type == "" {
		return p.Name + "\x00" + p.Version
	}
	return p.PURL.String()
}

// unusable says what is wrong with a name or version, or nothing.
func unusable(s string, limit int) string {
	switch {
	case len(s) > limit:
		return fmt.Sprintf("is longer than %d bytes", limit)
	case !utf8.ValidString(s):
		return "is not UTF-8"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "holds control characters"
	}
	return ""
}

// readable shortens what a warning or an error says and takes out what could
// not be shown or stored.
func readable(s string) string {
	const most = 500
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

func yes(v bool) *bool { return &v }

func lineNo(n int) string { return fmt.Sprintf("line %d", n) }

// vcs returns the qualifiers of a package that comes from version control.
func vcs(url string) []purl.Qualifier {
	if url == "" || unusable(url, maxKey) != "" {
		return nil
	}
	return []purl.Qualifier{{Key: "vcs_url", Value: url}}
}
