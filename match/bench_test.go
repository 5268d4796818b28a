package match_test

import (
	"path/filepath"
	"testing"

	"loadline/advisory"
	"loadline/match"
	"loadline/purl"
)

func BenchmarkTargetOf(b *testing.B) {
	for name, text := range map[string]string{
		"npm":    "pkg:npm/%40angular/core@1.2.3?vcs_url=x",
		"golang": "pkg:golang/github.com/x/y@v5.1.0#v5",
		"deb":    "pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11&upstream=openssl",
	} {
		p, err := purl.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				match.TargetOf(p)
			}
		})
	}
}

func BenchmarkAffects(b *testing.B) {
	for name, c := range map[string]struct {
		ecosystem, events, version string
	}{
		"npm":           {"npm", "introduced 0, fixed 4.17.21", "4.17.15"},
		"npm, 3 pairs":  {"npm", "introduced 0, fixed 1.5.0, introduced 2.0.0, fixed 2.3.0, introduced 3.0.0, fixed 3.1.0", "2.1.0"},
		"npm, no match": {"npm", "introduced 0, fixed 4.17.21", "5.0.0"},
		"maven":         {"Maven", "introduced 2.0.0, fixed 2.9.10.8", "2.9.10.1"},
		"debian":        {"Debian:11", "introduced 0, fixed 1.1.1n-0+deb11u4", "1.1.1n-0+deb11u3"},
		"pypi":          {"PyPI", "introduced 0, fixed 2.0.post1", "1.9rc1"},
		"another name":  {"npm", "introduced 0", ""},
	} {
		a := record("A", c.ecosystem, c.events)
		target := match.Target{Ecosystem: c.ecosystem, Name: "x", Version: c.version}
		if c.version == "" {
			target.Name, target.Version = "y", "1.0.0"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				match.Affects(a, target)
			}
		})
	}
}

func BenchmarkKeysOf(b *testing.B) {
	a := record("A", "PyPI", "introduced 0")
	a.Affected = append(a.Affected, advisory.Affected{Package: advisory.Package{Ecosystem: "npm", Name: "@x/y"}})
	b.ReportAllocs()
	for b.Loop() {
		match.KeysOf(a)
	}
}

// BenchmarkRealDocuments matches every purl of the public documents against all
// records: one operation is one package version.
func BenchmarkRealDocuments(b *testing.B) {
	data := sharedData(b)
	records := openMirror(b, filepath.Join(data, "advisories"))
	files, err := filepath.Glob(filepath.Join(data, "sboms", "public", "*"))
	if err != nil {
		b.Fatal(err)
	}
	seen := map[match.Target]bool{}
	var targets []match.Target
	for _, file := range files {
		for _, text := range purlsOf(b, file) {
			if p, err := purl.Parse(text); err == nil {
				if target, covered := match.TargetOf(p); covered && !seen[target] {
					seen[target] = true
					targets = append(targets, target)
				}
			}
		}
	}
	if len(targets) == 0 {
		b.Fatal("no purls in the documents")
	}
	evaluated, affecting := 0, 0
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		target := targets[i%len(targets)]
		i++
		for _, key := range target.Keys() {
			for _, a := range records[key] {
				evaluated++
				if _, affected := match.Affects(*a, target); affected {
					affecting++
				}
			}
		}
	}
	b.ReportMetric(float64(evaluated)/float64(i), "records/op")
	b.ReportMetric(float64(affecting)/float64(i), "found/op")
	b.ReportMetric(float64(len(targets)), "targets")
}
