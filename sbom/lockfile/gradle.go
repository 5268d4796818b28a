package lockfile

import (
	"regexp"
	"strings"

	"loadline/purl"
)

func (b *builder) addMaven(location, group, artifact, version string, p Package) int {
	p.Name, p.Version = group+":"+artifact, version
	p.PURL = purl.PURL{Type: "maven", Namespace: group, Name: artifact, Version: version}
	return b.add(location, p)
}

var gradleTest = regexp.MustCompile(`(^t|T)est([A-Z]|$)`)

// readGradle reads gradle.lockfile and buildscript-gradle.lockfile: lines of
// group:artifact:version=configurations.
func readGradle(b *builder, data []byte) error {
	for n, line := range lines(data) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "empty=") {
			continue
		}
		coordinates, configurations, _ := strings.Cut(line, "=")
		parts := strings.Split(coordinates, ":")
		if len(parts) != 3 || parts[0] == "" {
			b.warn(WarnInvalidEntry, lineNo(n), "%q is not group:artifact:version=configurations; it is left out", clip(line))
			continue
		}
		b.addMaven(lineNo(n), parts[0], parts[1], parts[2], Package{Key: coordinates, Scope: gradleScope(configurations)})
	}
	return nil
}

// gradleScope is Excluded where every configuration is one for tests. The file
// of before Gradle 6.1 does not name them.
func gradleScope(configurations string) Scope {
	if configurations == "" {
		return ""
	}
	for _, one := range strings.Split(configurations, ",") {
		if !gradleTest.MatchString(one) {
			return Required
		}
	}
	return Excluded
}

// readGradleVerification reads gradle/verification-metadata.xml.
func readGradleVerification(b *builder, data []byte) error {
	root, err := parseXML(data, "verification-metadata")
	if err != nil {
		return err
	}
	for _, c := range root.child("components").children {
		group, name, version := c.attr("group"), c.attr("name"), c.attr("version")
		if group == "" && name != "" {
			b.warn(WarnInvalidEntry, lineNo(c.line), "%s has no group; it is left out", clip(name))
			continue
		}
		var hashes []Hash
		for _, artifact := range c.children {
			if artifact.attr("name") == name+"-"+version+".jar" {
				for _, h := range artifact.children {
					hashes = append(hashes, hashOf(h.name, h.attr("value"))...)
				}
			}
		}
		b.addMaven(lineNo(c.line), group, name, version, Package{Key: group + ":" + name + ":" + version, Hashes: hashes})
	}
	return nil
}
