package sbom

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"loadline/purl"
)

// builder turns the entries of a document, as a reader meets them, into a
// Document. Entries refer to each other by names that may come later, so
// everything about references is settled in finish.
type builder struct {
	doc      Document
	warnings warnings

	slots   []slot
	subject *entry // CycloneDX: stands apart from the components

	ids    map[string]int32 // every reference that was met
	refs   []string         // by id
	owners []int32          // by id: the slot of the component, or noSlot

	edges     []edge
	subjects  []int32           // ids of what the document says it is about, without repeats
	described map[int32]bool    // the same as a set
	edgeAt    func(edge) string // the location of an edge, in the manner of the format
	repeats   map[int32]*repeat
}

// slot is the place of a component in the order of the document.
type slot struct {
	Component
	pos   int
	state slotState
}

type slotState uint8

const (
	slotOpen     slotState = iota // reserved: the entry is still being read
	slotFilled                    // with a reference of its own
	slotNameless                  // without a usable reference: Ref is a wish, or empty
	slotDropped
)

const noSlot = -1

// edge says that from depends on to, both ids of references.
type edge struct {
	from, to int32
	pos      int32
	i, j     int32 // where it stands, for edgeAt
	scope    edgeScope
}

// edgeScope is what a relationship says of how its target is used.
type edgeScope uint8

const (
	edgePlain edgeScope = iota
	edgeRequired
	edgeOptional
	edgeExcluded
)

// repeat counts how often a component came again.
type repeat struct {
	pos      int
	location string
	count    int
}

// entry is a component as a reader found it.
type entry struct {
	pos                             int
	ref, group, name, version, kind string
	scope, purl                     string
	licenses                        []License
	hashes                          []Hash
	at                              func(field string) string // its location, with field below it
}

func newBuilder() *builder {
	return &builder{ids: make(map[string]int32), repeats: make(map[int32]*repeat), described: make(map[int32]bool)}
}

// id returns the number of a reference.
func (b *builder) id(ref string) int32 {
	if id, ok := b.ids[ref]; ok {
		return id
	}
	id := int32(len(b.refs))
	b.ids[ref] = id
	b.refs = append(b.refs, ref)
	b.owners = append(b.owners, noSlot)
	return id
}

// reserve takes the next place in the order of the components.
func (b *builder) reserve() (int, error) {
	if err := checkComponents(len(b.slots) + 1); err != nil {
		return 0, err
	}
	b.slots = append(b.slots, slot{})
	return len(b.slots) - 1, nil
}

// add puts e behind all components so far.
func (b *builder) add(e *entry) error {
	at, err := b.reserve()
	if err == nil {
		b.fill(at, e)
	}
	return err
}

// fill puts e into its reserved place. An entry with neither name nor purl is
// left out; one that repeats an earlier one is merged with it.
func (b *builder) fill(at int, e *entry) {
	c, ok := b.component(e)
	if !ok {
		b.warnings.add(e.pos, WarnInvalidEntry, e.at(""), "the entry has neither a name nor a valid purl; it was left out")
		b.slots[at].state = slotDropped
		return
	}
	s := slot{Component: c, pos: e.pos, state: slotNameless}
	if e.ref != "" {
		id := b.id(e.ref)
		switch first := b.owners[id]; {
		case first == noSlot:
			b.owners[id] = int32(at)
			s.state = slotFilled
		case sameComponent(&b.slots[first].Component, &c):
			b.repeated(first, e)
			s = slot{state: slotDropped}
		default:
			b.warnings.add(e.pos, WarnDuplicateRef, e.at(""),
				"the reference %s already names another component; this one was given a new one", quote(e.ref))
		}
	}
	b.slots[at] = s
}

func (b *builder) repeated(first int32, e *entry) {
	if r := b.repeats[first]; r != nil {
		r.count++
		return
	}
	b.repeats[first] = &repeat{e.pos, e.at(""), 1}
}

func sameComponent(a, b *Component) bool {
	return a.PURL == b.PURL && a.Name == b.Name && a.Version == b.Version && a.Type == b.Type &&
		a.Scope == b.Scope && slices.Equal(a.Licenses, b.Licenses) && slices.Equal(a.Hashes, b.Hashes)
}

// depend adds an edge. i and j say where it stands, for edgeAt.
func (b *builder) depend(from, to string, scope edgeScope, pos, i, j int) error {
	if err := checkDependencies(len(b.edges) + 1); err != nil {
		return err
	}
	b.edges = append(b.edges, edge{b.id(from), b.id(to), int32(pos), int32(i), int32(j), scope})
	return nil
}

// about notes that the document says it is about the element of that reference.
func (b *builder) about(ref string) {
	if id := b.id(ref); !b.described[id] {
		b.described[id] = true
		b.subjects = append(b.subjects, id)
	}
}

// component checks what an entry says, field by field. It reports false where
// there is neither a name nor a valid purl.
func (b *builder) component(e *entry) (Component, bool) {
	p, canonical := b.purl(e)
	c := Component{
		Ref:      e.ref,
		PURL:     canonical,
		Name:     b.text(e, "name", fullName(e, p), MaxName),
		Version:  b.text(e, "version", cmp.Or(e.version, p.Version), MaxVersion),
		Type:     b.kind(e),
		Scope:    b.scope(e),
		Licenses: b.licenses(e),
		Hashes:   b.hashes(e),
	}
	return c, c.Name != ""
}

// purl returns the entry's purl in parts and in canonical form; both are empty
// where it has none that is valid.
func (b *builder) purl(e *entry) (purl.PURL, string) {
	if strings.TrimSpace(e.purl) == "" {
		return purl.PURL{}, ""
	}
	p, err := purl.Parse(e.purl)
	if err != nil {
		b.warnings.add(e.pos, WarnInvalidPURL, e.at("purl"), "%v; the component was kept without it", err)
		return purl.PURL{}, ""
	}
	canonical := p.String()
	if len(canonical) > MaxPURL {
		p.Qualifiers, p.Subpath = nil, ""
		was := len(canonical)
		if canonical = p.String(); len(canonical) > MaxPURL {
			b.warnings.add(e.pos, WarnFieldTooLong, e.at("purl"),
				"the purl is %d bytes long, at most %d are kept; the component was kept without it", was, MaxPURL)
			return purl.PURL{}, ""
		}
		b.warnings.add(e.pos, WarnFieldTooLong, e.at("purl"),
			"the purl is %d bytes long, at most %d are kept; it was kept without qualifiers and subpath", was, MaxPURL)
	}
	return p, strings.ReplaceAll(canonical, "\x00", replacement)
}

// fullName joins group and name as the ecosystem writes them. Without a name
// the purl's serves.
func fullName(e *entry, p purl.PURL) string {
	group, name := strings.TrimSpace(e.group), strings.TrimSpace(e.name)
	if name == "" {
		return p.DisplayName()
	}
	separator := "/"
	switch p.Type {
	case "deb", "apk", "rpm", "alpm": // the group is the distribution
		return name
	case "npm":
		if group != "" && group[0] != '@' {
			group = "@" + group
		}
	case "maven":
		separator = ":"
	}
	if group == "" || strings.HasPrefix(name, group+separator) {
		return name
	}
	return group + separator + name
}

func (b *builder) kind(e *entry) string {
	kind := strings.ToLower(strings.TrimSpace(e.kind))
	switch {
	case kind == "":
		return "library"
	case len(kind) > maxType || strings.ContainsFunc(kind, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' }):
		b.warnings.add(e.pos, WarnInvalidValue, e.at("type"), "%s is no component type; it was taken as a library", quote(kind))
		return "library"
	}
	return strings.Clone(kind)
}

func (b *builder) scope(e *entry) Scope {
	switch scope := Scope(strings.ToUpper(strings.TrimSpace(e.scope))); scope {
	case "", ScopeRequired, ScopeOptional, ScopeExcluded:
		return scope
	}
	b.warnings.add(e.pos, WarnInvalidValue, e.at("scope"), "%s is no scope: it is required, optional or excluded", quote(e.scope))
	return ""
}

// appendListed appends to a list of an entry, of which one more than maxList is
// held to show that there were too many.
func appendListed[T any](list []T, item T) []T {
	if len(list) > maxList {
		return list
	}
	return append(list, item)
}

// cutList brings a list of an entry to its length.
func cutList[T any](b *builder, e *entry, field string, list []T) []T {
	if len(list) <= maxList {
		return list
	}
	b.warnings.add(e.pos, WarnFieldTooLong, e.at(field), "the list is too long: its first %d items were kept", maxList)
	return list[:maxList]
}

// licenses drops what states nothing.
func (b *builder) licenses(e *entry) []License {
	listed := cutList(b, e, "licenses", e.licenses)
	kept := listed[:0]
	seen := make(map[License]bool, len(listed))
	for _, l := range listed {
		l.Expression = b.text(e, "licenses", l.Expression, MaxLicense)
		switch l.Expression {
		case "", "NOASSERTION", "NONE":
			continue
		}
		if l.URL = b.text(e, "licenses", l.URL, MaxURL); strings.HasSuffix(l.URL, ellipsis) {
			l.URL = ""
		}
		if !seen[l] {
			seen[l] = true
			kept = append(kept, l)
		}
	}
	return slices.Clip(kept)
}

// hashes drops what is no digest.
func (b *builder) hashes(e *entry) []Hash {
	listed := cutList(b, e, "hashes", e.hashes)
	kept := listed[:0]
	for _, h := range listed {
		h.Algorithm = hashAlgorithm(strings.TrimSpace(h.Algorithm))
		h.Value = strings.ToLower(strings.TrimSpace(h.Value))
		if h.Algorithm == "" || !isHex(h.Value) {
			b.warnings.add(e.pos, WarnInvalidValue, e.at("hashes"), "%s %s is no digest in hexadecimal; it was left out",
				quote(h.Algorithm), quote(h.Value))
			continue
		}
		kept = append(kept, h)
	}
	return slices.Clip(kept)
}

func isHex(s string) bool {
	return s != "" && len(s) <= maxHash && strings.Trim(s, "0123456789abcdef") == ""
}

// hashAlgorithm returns the name of an algorithm as CycloneDX writes it, or ""
// where it is no name at all.
func hashAlgorithm(name string) string {
	plain := strings.ReplaceAll(strings.ReplaceAll(strings.ToUpper(name), "-", ""), "_", "")
	switch {
	case len(name) > maxType:
		return ""
	case strings.HasPrefix(plain, "SHA3") && len(plain) == len("SHA3256"):
		return "SHA3-" + plain[4:]
	case strings.HasPrefix(plain, "SHA"):
		return "SHA-" + plain[3:]
	case strings.HasPrefix(plain, "BLAKE2B"):
		return "BLAKE2b-" + plain[7:]
	case strings.HasPrefix(plain, "STREEBOG"):
		return "Streebog-" + plain[8:]
	}
	return plain
}

const replacement = "\ufffd"

// text trims a value and brings it to its length. NUL, which databases do not
// keep, is replaced.
func (b *builder) text(e *entry, field, s string, limit int) string {
	s = strings.TrimSpace(s)
	if strings.IndexByte(s, 0) >= 0 {
		b.warnings.add(e.pos, WarnInvalidText, e.at(field), "NUL characters were replaced")
		s = strings.ReplaceAll(s, "\x00", replacement)
	}
	if len(s) > limit {
		b.warnings.add(e.pos, WarnFieldTooLong, e.at(field), "%d bytes are too many: the value was cut to %d", len(s), limit)
		s = cut(s, limit)
	}
	return s
}

// documented reads the time a document says it was made.
func (b *builder) documented(s, location string, pos int) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			b.doc.DocumentedAt = at.UTC()
			return
		}
	}
	if s != "" {
		b.warnings.add(pos, WarnInvalidValue, location, "%s is no time as RFC 3339 writes it", quote(s))
	}
}

// tool notes the tool that made the document; the first one counts.
func (b *builder) tool(name, version string) {
	if b.doc.Tool == "" {
		b.doc.Tool = plainText(strings.TrimSpace(name)+" "+strings.TrimSpace(version), MaxName)
	}
}

// plainText is a value of the document as a whole, where a cut needs no warning.
func plainText(s string, limit int) string {
	return cut(strings.ReplaceAll(strings.TrimSpace(s), "\x00", replacement), limit)
}
