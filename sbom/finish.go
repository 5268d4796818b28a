package sbom

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// finish settles what only the whole document tells: references, dependencies,
// what is direct, and what was repeated.
func (b *builder) finish() (*Document, error) {
	b.onlySubject()
	b.nameRest()
	b.compact()
	b.mergedWarnings()
	b.resolve()
	if len(b.doc.Components) == 0 {
		b.warnings.add(0, WarnNoComponents, "document", "the document lists no components")
	}
	b.doc.Warnings = b.warnings.sorted()
	doc := b.doc // so that nothing else of the builder stays in memory
	return &doc, nil
}

// onlySubject makes the subject a component where the document lists nothing
// else: what was ingested would be nowhere to be seen.
func (b *builder) onlySubject() {
	if b.subject == nil || len(b.slots) > 0 {
		return
	}
	if err := b.add(b.subject); err == nil && b.slots[0].state != slotDropped {
		b.warnings.add(b.subject.pos, WarnSubjectIsAll, b.subject.at(""),
			"the document lists nothing but its subject, which was taken as its one component")
		b.subjects = nil
	}
}

// nameRest gives every component without a reference of its own a new one, and
// cuts those that are too long.
func (b *builder) nameRest() {
	taken := make(map[string]bool, len(b.slots))
	for i := range b.slots {
		s := &b.slots[i]
		if s.state == slotFilled {
			if len(s.Ref) <= MaxRef && strings.IndexByte(s.Ref, 0) < 0 {
				taken[s.Ref] = true
				continue
			}
			b.warnings.add(s.pos, WarnFieldTooLong, quote(s.Ref), "the reference is too long or has NUL in it; it was cut or cleaned")
			s.state = slotNameless
		}
	}
	next := make(map[string]int) // by wish, the number to try first
	for i := range b.slots {
		s := &b.slots[i]
		if s.state != slotNameless {
			continue
		}
		wish := s.Ref
		if wish == "" {
			wish = s.PURL
		}
		if wish == "" {
			wish = strings.TrimSuffix(s.Name+"@"+s.Version, "@")
		}
		wish = plainText(wish, MaxRef)
		s.Ref = wish
		for n := max(next[wish], 2); taken[s.Ref]; n++ {
			s.Ref = wish + "#" + strconv.Itoa(n)
			next[wish] = n + 1
		}
		taken[s.Ref] = true
	}
}

// compact moves the components out of their slots, and owners with them.
func (b *builder) compact() {
	place := make([]int32, len(b.slots))
	n := 0
	for i := range b.slots {
		place[i] = noSlot
		if s := b.slots[i].state; s == slotFilled || s == slotNameless {
			place[i] = int32(n)
			n++
		}
	}
	b.doc.Components = make([]Component, 0, n)
	for i := range b.slots {
		if place[i] != noSlot {
			b.doc.Components = append(b.doc.Components, b.slots[i].Component)
		}
	}
	b.slots = nil
	for id, at := range b.owners {
		if at != noSlot {
			b.owners[id] = place[at]
		}
	}
}

func (b *builder) mergedWarnings() {
	for _, at := range slices.Sorted(maps.Keys(b.repeats)) {
		r := b.repeats[at]
		b.warnings.add(r.pos, WarnDuplicate, r.location,
			"the component repeats an earlier one with the same reference and was merged with it; repetitions: %d", r.count)
	}
}

// resolve turns edges between references into Dependencies and Direct.
func (b *builder) resolve() {
	if b.subject == nil {
		b.subjects = slices.DeleteFunc(b.subjects, func(id int32) bool { return b.owners[id] == noSlot })
	}
	// A document about one thing has its dependencies as direct ones. About
	// several things it stands for all of them: they are what is direct, unless
	// it is simply about everything in it.
	single := len(b.subjects) == 1
	direct := make([]bool, len(b.doc.Components))
	known := false
	if !single && len(b.edges) > 0 && len(b.subjects) < len(b.doc.Components) {
		for _, id := range b.subjects {
			if at := b.owners[id]; at != noSlot {
				direct[at], known = true, true
			}
		}
	}

	missing, itself := newTally(), newTally()
	deps := make([]Dependency, 0, len(b.edges))
	scopes := make([]edgeScope, len(b.doc.Components))
	for _, e := range b.edges {
		from, to := b.owners[e.from], b.owners[e.to]
		fromSubject := single && e.from == b.subjects[0]
		switch {
		case to == noSlot:
			missing.note(e.to, e)
			continue
		case fromSubject && from == to, e.from == e.to:
			itself.note(e.to, e)
			continue
		case fromSubject:
			direct[to], known = true, true
		case from == noSlot:
			missing.note(e.from, e)
			continue
		default:
			deps = append(deps, Dependency{int(from), int(to)})
		}
		scopes[to] = scopes[to].with(e.scope)
	}
	b.doc.Dependencies = distinct(deps)
	b.edges = nil
	b.missingWarnings(missing, single)
	for _, id := range itself.order {
		e := itself.first[id]
		b.warnings.add(int(e.pos), WarnSelfDependency, b.edgeAt(e),
			"%s depends on itself; left out: %d", quote(b.refs[id]), itself.count[id])
	}
	b.mark(direct, known, single, scopes)
}

// mark sets Direct, where it is known, and the scopes that edges give.
func (b *builder) mark(direct []bool, known, single bool, scopes []edgeScope) {
	yes, no := true, false
	subject := int32(noSlot)
	if single {
		subject = b.owners[b.subjects[0]]
	}
	for i := range b.doc.Components {
		c := &b.doc.Components[i]
		switch {
		case !known || int32(i) == subject:
		case direct[i]:
			c.Direct = &yes
		default:
			c.Direct = &no
		}
		if c.Scope == "" {
			c.Scope = scopes[i].scope()
		}
	}
}

// The states of a component's scope while its incoming edges are looked at, on
// top of those an edge can have.
const (
	scopeSeen edgeScope = 1 << 4 // at least one edge
	scopeMask edgeScope = scopeSeen - 1
)

// with joins the scope of one more edge: the strongest use counts.
func (s edgeScope) with(edge edgeScope) edgeScope {
	if s&scopeSeen == 0 {
		return scopeSeen | edge
	}
	have := s & scopeMask
	switch {
	case have == edgeRequired || edge == edgeRequired:
		have = edgeRequired
	case have == edgePlain || edge == edgePlain:
		have = edgePlain
	case have == edgeOptional || edge == edgeOptional:
		have = edgeOptional
	}
	return scopeSeen | have
}

func (s edgeScope) scope() Scope {
	switch s & scopeMask {
	case edgeRequired:
		return ScopeRequired
	case edgeOptional:
		return ScopeOptional
	case edgeExcluded:
		return ScopeExcluded
	}
	return ""
}

// distinct removes repeated dependencies and keeps the order of the rest.
func distinct(deps []Dependency) []Dependency {
	order := make([]int32, len(deps))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int {
		a, b := deps[x], deps[y]
		switch {
		case a.From != b.From:
			return a.From - b.From
		case a.To != b.To:
			return a.To - b.To
		}
		return int(x - y)
	})
	const repeated = -1
	for i := len(order) - 1; i > 0; i-- {
		if deps[order[i]] == deps[order[i-1]] {
			deps[order[i]].From = repeated
		}
	}
	deps = slices.DeleteFunc(deps, func(d Dependency) bool { return d.From == repeated })
	return slices.Clip(deps)
}

// tally counts edges by the reference that is missing, in order of appearance.
type tally struct {
	order []int32
	first map[int32]edge
	count map[int32]int
}

func newTally() *tally { return &tally{first: make(map[int32]edge), count: make(map[int32]int)} }

func (t *tally) note(id int32, e edge) {
	if t.count[id]++; t.count[id] == 1 {
		t.order = append(t.order, id)
		t.first[id] = e
	}
}

func (b *builder) missingWarnings(missing *tally, single bool) {
	for _, id := range missing.order {
		e := missing.first[id]
		what := "which the document does not contain"
		if single && id == b.subjects[0] {
			what = "which is the document's subject and no component"
		}
		b.warnings.add(int(e.pos), WarnDanglingRef, b.edgeAt(e),
			"dependencies on or of %s, %s; left out: %d", quote(b.refs[id]), what, missing.count[id])
	}
}
