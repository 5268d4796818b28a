package lockfile

import (
	"regexp"
	"strings"

	"loadline/purl"
)

var pomVariable = regexp.MustCompile(`\$\{([^${}]+)\}`)

// readPom reads the dependencies that a pom.xml declares, with its own
// properties and dependency management applied. Parents and imported poms are
// not fetched: what only they say is missing, with a warning.
func readPom(b *builder, data []byte) error {
	project, err := parseXML(data, "project")
	if err != nil {
		return err
	}
	p := newPom(b, project)
	b.lock.Version = project.child("modelVersion").text
	b.lock.Name = p.value(project.child("artifactId").text)
	managed := map[string]pomDependency{}
	for _, e := range project.child("dependencyManagement").child("dependencies").children {
		d := p.dependency(e)
		if d.scope == "import" {
			b.warn(WarnNotFollowed, lineNo(e.line), "the versions that %s:%s manages are not fetched", d.group, d.artifact)
		}
		if _, ok := managed[d.id()]; !ok {
			managed[d.id()] = d
		}
	}
	p.addAll(project.child("dependencies"), managed)
	for _, profile := range project.child("profiles").children {
		if active(profile) {
			p.addAll(profile.child("dependencies"), managed)
			continue
		}
		for _, e := range profile.child("dependencies").children {
			b.warn(WarnInvalidEntry, lineNo(e.line), "%s belongs to the profile %q, which is not active by itself; it is left out",
				clip(p.value(e.child("artifactId").text)), clip(profile.child("id").text))
		}
	}
	return nil
}

// active reports whether a profile applies to every build.
func active(profile *xmlElement) bool {
	return profile.child("activation").child("activeByDefault").text == "true"
}

// addAll adds the dependencies of a list. Of two that differ only in version
// Maven takes the later.
func (p *pom) addAll(list *xmlElement, managed map[string]pomDependency) {
	var dependencies []pomDependency
	last := map[string]int{}
	for _, e := range list.children {
		d := p.dependency(e)
		last[d.id()] = len(dependencies)
		dependencies = append(dependencies, d)
	}
	for i, d := range dependencies {
		if later := dependencies[last[d.id()]]; i != last[d.id()] {
			p.b.warn(WarnReplaced, lineNo(d.line), "%s:%s is declared again on line %d, which counts", clip(d.group), clip(d.artifact), later.line)
			continue
		}
		p.add(d, managed)
	}
}

type pom struct {
	b          *builder
	properties map[string]string
	known      map[string]string // values that were worked out before
	parent     string            // "group:artifact:version"; empty where there is none
}

type pomDependency struct {
	line                              int
	group, artifact, version          string
	kind, classifier, scope, optional string
}

func (d pomDependency) id() string {
	return d.group + ":" + d.artifact + ":" + d.kind + ":" + d.classifier
}

func newPom(b *builder, project *xmlElement) *pom {
	p := &pom{b: b, properties: map[string]string{}, known: map[string]string{}}
	parent := project.child("parent")
	if parent.name != "" {
		p.parent = parent.child("groupId").text + ":" + parent.child("artifactId").text + ":" + parent.child("version").text
	}
	for _, name := range []string{"groupId", "artifactId", "version"} {
		own, inherited := project.child(name).text, parent.child(name).text
		if own == "" {
			own = inherited
		}
		for _, prefix := range []string{"project.", "pom.", ""} {
			p.properties[prefix+name] = own
			p.properties[prefix+"parent."+name] = inherited
		}
	}
	sets := []*xmlElement{project.child("properties")}
	for _, profile := range project.child("profiles").children {
		if active(profile) {
			sets = append(sets, profile.child("properties"))
		}
	}
	for _, set := range sets {
		for _, e := range set.children {
			p.properties[e.name] = e.text
		}
	}
	return p
}

func (p *pom) dependency(e *xmlElement) pomDependency {
	d := pomDependency{
		line:       e.line,
		group:      p.value(e.child("groupId").text),
		artifact:   p.value(e.child("artifactId").text),
		version:    p.value(e.child("version").text),
		kind:       p.value(e.child("type").text),
		classifier: p.value(e.child("classifier").text),
		scope:      p.value(e.child("scope").text),
		optional:   p.value(e.child("optional").text),
	}
	if d.kind == "" {
		d.kind = "jar"
	}
	return d
}

func (p *pom) add(d pomDependency, managed map[string]pomDependency) {
	location := lineNo(d.line)
	m := managed[d.id()]
	if d.version == "" {
		d.version = m.version
	}
	if d.scope == "" {
		d.scope = m.scope
	}
	version := p.lowest(location, d)
	if version == "" && d.version == "" && p.parent != "" {
		p.b.warn(WarnNotFollowed, location, "the version of %s:%s is said by the parent %s, which is not fetched", d.group, d.artifact, clip(p.parent))
	}
	if d.group == "" && d.artifact != "" {
		p.b.warn(WarnInvalidEntry, location, "%s has no groupId; it is left out", clip(d.artifact))
		return
	}
	id := purl.PURL{Type: "maven", Namespace: d.group, Name: d.artifact, Version: version}
	if d.classifier != "" {
		id.Qualifiers = append(id.Qualifiers, purl.Qualifier{Key: "classifier", Value: d.classifier})
	}
	if d.kind != "jar" {
		id.Qualifiers = append(id.Qualifiers, purl.Qualifier{Key: "type", Value: d.kind})
	}
	name := d.group + ":" + d.artifact
	p.b.direct(p.b.add(location, Package{Key: name, PURL: id, Name: name, Version: version, Scope: pomScope(d)}), true)
}

// lowest returns the version to judge a dependency by: its own, or the lowest
// of the range; empty where it is not known.
func (p *pom) lowest(location string, d pomDependency) string {
	switch {
	case strings.Contains(d.version, "${"):
		p.b.warn(WarnNotFollowed, location, "%s:%s: %q is a property that this file does not set", d.group, d.artifact, clip(d.version))
		return ""
	case strings.HasPrefix(d.version, "["), strings.HasPrefix(d.version, "("):
		lowest, _, _ := strings.Cut(strings.Trim(d.version, "[]() "), ",")
		lowest = strings.TrimSpace(lowest)
		if lowest != "" && strings.Contains(d.version, ",") {
			p.b.warn(WarnNotPinned, location, "%s:%s %s admits several versions; the lowest, %s, was taken", d.group, d.artifact, clip(d.version), clip(lowest))
		}
		return lowest
	}
	return d.version
}

// value replaces ${properties} by their values, which may hold properties
// themselves; those that are not known stay as they are.
func (p *pom) value(s string) string {
	if !strings.Contains(s, "${") {
		return s
	}
	if v, ok := p.known[s]; ok {
		return v
	}
	v := p.interpolate(s)
	p.known[s] = v
	return v
}

func (p *pom) interpolate(s string) string {
	for range 16 { // deeper is a cycle
		next := pomVariable.ReplaceAllStringFunc(s, func(variable string) string {
			if v, ok := p.properties[variable[2:len(variable)-1]]; ok {
				return v
			}
			return variable
		})
		if next == s || len(next) > 4*maxName {
			break
		}
		s = next
	}
	return s
}

func pomScope(d pomDependency) Scope {
	switch {
	case d.scope == "test":
		return Excluded
	case d.scope == "provided", d.optional == "true":
		return Optional
	}
	return Required
}
