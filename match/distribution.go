package match

import (
	"strings"

	"loadline/purl"
)

const (
	redHat = "Red Hat"
	rocky  = "Rocky Linux"
)

// distributions maps vendors, as purls name them in the namespace or in front of
// the release in distro=, to ecosystems, by purl type.
var distributions = map[string]map[string]string{
	"deb": {
		"debian": "Debian", "ubuntu": "Ubuntu", "echo": "Echo", "dhi": "Docker Hardened Images",
	},
	"apk": {
		"alpine": "Alpine", "wolfi": "Wolfi", "chainguard": "Chainguard", "minimos": "MinimOS", "alpaquita": "Alpaquita",
		"bellsoft-hardened-containers": "BellSoft Hardened Containers", "dhi": "Docker Hardened Images",
	},
	"rpm": {
		"redhat": redHat, "rhel": redHat, "rocky": rocky, "rocky-linux": rocky, "almalinux": "AlmaLinux", "alma": "AlmaLinux",
		"suse": "SUSE", "sles": "SUSE", "opensuse": "openSUSE", "mageia": "Mageia", "openeuler": "openEuler",
		"azure-linux": "Azure Linux", "azurelinux": "Azure Linux", "mariner": "Azure Linux",
	},
}

// distributionTarget returns the target of an operating system's package. The
// release comes from distro=, in the forms tools write it: bookworm, 11,
// debian-11.6, 3.10.5, alpine-3.17.2, ubuntu-22.04. Without one the ecosystem has
// no suffix and records of all releases count.
func distributionTarget(p purl.PURL) (Target, bool) {
	kind := p.Type
	if kind == "alpine" { // pkg:alpine/name, written by old releases of a well-known tool
		kind, p.Namespace = "apk", "alpine"
	}
	vendor, release := splitDistro(p.Qualifier("distro"))
	if release == "" {
		release = p.Qualifier("distro_version")
	}
	if p.Namespace != "" {
		vendor = strings.ToLower(p.Namespace)
	}
	ecosystem, found := distributions[kind][vendor]
	if !found {
		return Target{}, false
	}
	t := Target{Ecosystem: ecosystem, Name: p.Name, Version: withEpoch(p)}
	t.Source = sourceOf(kind, p.Qualifier("upstream"))
	if t.Source.Name == t.Name && (t.Source.Version == "" || t.Source.Version == t.Version) {
		t.Source = Source{}
	}
	if suffix := releaseSuffix(ecosystem, release, p.Version); suffix != "" {
		t.Ecosystem += ":" + suffix
	}
	return t, true
}

// splitDistro splits debian-11.6 into vendor and release, and opensuse-leap-15.5
// and openeuler-22.03-lts-sp1 after the vendor. A value without vendor is all release.
func splitDistro(distro string) (vendor, release string) {
	distro = strings.ToLower(distro)
	if strings.Contains(distro, "/") { // esm-infra/xenial
		return "ubuntu", distro
	}
	for _, vendor := range []string{"opensuse", "openeuler"} { // their releases have hyphens
		if rest, found := strings.CutPrefix(distro, vendor); found {
			return vendor, strings.TrimLeft(rest, "-.")
		}
	}
	i := strings.LastIndexByte(distro, '-')
	if i < 0 || isDigit(distro[0]) {
		return "", distro
	}
	return distro[:i], distro[i+1:]
}

// withEpoch returns the version with the epoch that a qualifier gives in front.
func withEpoch(p purl.PURL) string {
	epoch := p.Qualifier("epoch")
	if p.Version == "" || epoch == "" || strings.Contains(p.Version, ":") {
		return p.Version
	}
	return epoch + ":" + p.Version
}

// sourceOf reads upstream=, which is name, name@version, or the file name of a
// source RPM.
func sourceOf(kind, upstream string) Source {
	name, version, _ := strings.Cut(upstream, "@")
	if kind != "rpm" {
		return Source{Name: name, Version: version}
	}
	file, found := strings.CutSuffix(name, ".src.rpm")
	if !found {
		return Source{Name: name, Version: version}
	}
	release := strings.LastIndexByte(file, '-')
	if release <= 0 {
		return Source{}
	}
	dash := strings.LastIndexByte(file[:release], '-')
	if dash <= 0 {
		return Source{}
	}
	return Source{Name: file[:dash]} // its version lacks the epoch that the package's has
}

var debianReleases = map[string]string{
	"squeeze": "6", "wheezy": "7", "jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12",
	"trixie": "13", "forky": "14", "duke": "15",
}

var ubuntuReleases = map[string]string{
	"trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04", "jammy": "22.04", "noble": "24.04",
	"mantic": "23.10", "lunar": "23.04", "oracular": "24.10", "plucky": "25.04", "questing": "25.10",
}

// releaseSuffix returns the release as OSV suffixes it to the ecosystem, or ""
// where it is not known or the ecosystem has none.
func releaseSuffix(ecosystem, release, version string) string {
	switch ecosystem {
	case "Debian":
		if number, found := debianReleases[release]; found {
			return number
		}
		return leading(release, 1)
	case "Ubuntu":
		pocket, codename, found := strings.Cut(release, "/")
		if found {
			release = codename
		}
		if number, found := ubuntuReleases[release]; found {
			release = number
		}
		number := leading(release, 2)
		if number == "" {
			return ""
		}
		if isLongTerm(number) {
			number += ":LTS"
		}
		return proOf(pocket, version) + number
	case "Alpine":
		if number := leading(release, 2); number != "" {
			return "v" + number
		}
	case "AlmaLinux", rocky, redHat:
		number := leading(release, 1)
		if number == "" {
			_, tag, _ := strings.Cut(version, ".el")
			number = leading(tag, 1)
		}
		if ecosystem == redHat && number != "" {
			return "enterprise_linux:" + number
		}
		return number
	case "Alpaquita", "BellSoft Hardened Containers":
		if release == "stream" {
			return release
		}
		return leading(release, 1)
	case "openSUSE":
		if number, found := strings.CutPrefix(release, "leap-"); found {
			return "Leap " + number
		}
		if strings.HasPrefix(release, "tumbleweed") {
			return "Tumbleweed"
		}
	case "openEuler":
		if strings.Contains(release, "-lts") { // of 22.03 alone there are five
			return strings.ToUpper(release)
		}
	case "Mageia", "Azure Linux":
		return leading(release, 1)
	}
	return ""
}

// proPockets maps the archives of Ubuntu Pro, as purls of its records name them in
// front of the release, to what OSV puts there.
var proPockets = map[string]string{
	"esm-apps": "Pro:", "esm-infra": "Pro:", "esm-apps-legacy": "Pro:", "esm-infra-legacy": "Pro:",
	"fips": "Pro:FIPS:", "fips-updates": "Pro:FIPS-updates:", "fips-preview": "Pro:FIPS-preview:", "realtime": "Pro:Realtime:",
}

// proOf returns what OSV puts in front of an Ubuntu release for a package of
// Ubuntu Pro. Its fixes are known by their version too (1.0.2g-1ubuntu4.20+esm5,
// 7.6-1ubuntu0.1~esm1): records of the plain release know no fix after its end.
func proOf(pocket, version string) string {
	if pro, found := proPockets[pocket]; found {
		return pro
	}
	if strings.Contains(version, "+esm") || strings.Contains(version, "~esm") {
		return "Pro:"
	}
	return ""
}

// isLongTerm reports whether an Ubuntu release is one of April of an even year.
func isLongTerm(number string) bool {
	year, month, _ := strings.Cut(number, ".")
	return month == "04" && len(year) == 2 && (year[1]-'0')%2 == 0
}

// leading returns the first n numbers of a release, joined with dots as they are
// there, or "" where it does not start with as many.
func leading(release string, n int) string {
	release = strings.TrimPrefix(release, "v")
	end, start := 0, 0
	for ; n > 0; n-- {
		for end < len(release) && isDigit(release[end]) {
			end++
		}
		if end == start {
			return ""
		}
		if n > 1 {
			if end == len(release) || release[end] != '.' {
				return ""
			}
			end++
			start = end
		}
	}
	return release[:end]
}

// sameEcosystem reports whether a record's ecosystem is the target's: the same
// base, and the same release where both have one. That an Ubuntu release is a
// long-term one makes no difference. Red Hat's releases are CPEs
// (Red Hat:enterprise_linux:9::appstream), of which the product and its major
// version count.
func sameEcosystem(record, target string) bool {
	if record == target {
		return true
	}
	recordBase, recordRelease, _ := strings.Cut(record, ":")
	targetBase, targetRelease, _ := strings.Cut(target, ":")
	if recordBase != targetBase {
		return false
	}
	if recordRelease == "" || targetRelease == "" {
		return true
	}
	switch recordBase {
	case "Ubuntu":
		return strings.TrimSuffix(recordRelease, ":LTS") == strings.TrimSuffix(targetRelease, ":LTS")
	case redHat:
		rest, found := strings.CutPrefix(recordRelease, targetRelease)
		return found && (rest == "" || rest[0] == ':' || rest[0] == '.')
	}
	return false
}
