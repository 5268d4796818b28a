package match_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"loadline/match"
	"loadline/purl"
)

func TestTargetOf(t *testing.T) {
	t.Parallel()
	type target = match.Target
	const commit = "6879efc2c1596d11a6a6ad296f80063b558d5e0f"
	tests := map[string]struct {
		purl string
		want target
	}{
		"npm":                                  {"pkg:npm/lodash@4.17.15", target{Ecosystem: "npm", Name: "lodash", Version: "4.17.15"}},
		"npm with scope":                       {"pkg:npm/%40angular/core@1.2.3", target{Ecosystem: "npm", Name: "@angular/core", Version: "1.2.3"}},
		"Maven is group:artifact":              {"pkg:maven/org.slf4j/slf4j-api@1.7.36?type=jar", target{Ecosystem: "Maven", Name: "org.slf4j:slf4j-api", Version: "1.7.36"}},
		"Maven without group":                  {"pkg:maven/junit@4.12", target{Ecosystem: "Maven", Name: "junit", Version: "4.12"}},
		"Gradle is Maven":                      {"pkg:gradle/org.slf4j/slf4j-api@1", target{Ecosystem: "Maven", Name: "org.slf4j:slf4j-api", Version: "1"}},
		"Go version has no v":                  {"pkg:golang/github.com/Azure/x@v1.2.3", target{Ecosystem: "Go", Name: "github.com/Azure/x", Version: "1.2.3"}},
		"Go incompatible":                      {"pkg:golang/github.com/x/y@v2.0.0%2Bincompatible", target{Ecosystem: "Go", Name: "github.com/x/y", Version: "2.0.0+incompatible"}},
		"Go major version in the subpath":      {"pkg:golang/github.com/x/y@5.1.0#v5", target{Ecosystem: "Go", Name: "github.com/x/y/v5", Version: "5.1.0"}},
		"Go module path cut at three segments": {"pkg:golang/go.etcd.io/etcd/client@v3.5.1#pkg/v3", target{Ecosystem: "Go", Name: "go.etcd.io/etcd/client/pkg/v3", Version: "3.5.1"}},
		"Go standard library":                  {"pkg:golang/stdlib@go1.21.5", target{Ecosystem: "Go", Name: "stdlib", Version: "1.21.5"}},
		"Go toolchain":                         {"pkg:golang/toolchain@1.21", target{Ecosystem: "Go", Name: "toolchain", Version: "1.21"}},
		"PyPI by PEP 503":                      {"pkg:pypi/Zope.Interface@5.4.0", target{Ecosystem: "PyPI", Name: "zope-interface", Version: "5.4.0"}},
		"Packagist is vendor/package":          {"pkg:composer/Symfony/Console@v5.4.0", target{Ecosystem: "Packagist", Name: "symfony/console", Version: "v5.4.0"}},
		"Hex":                                  {"pkg:hex/phoenix@1.7.0", target{Ecosystem: "Hex", Name: "phoenix", Version: "1.7.0"}},
		"Hex of an organisation":               {"pkg:hex/acme/foo@1", target{Ecosystem: "Hex", Name: "acme/foo", Version: "1"}},
		"SwiftURL":                             {"pkg:swift/github.com/Apple/swift-nio@2.0.0", target{Ecosystem: "SwiftURL", Name: "github.com/Apple/swift-nio", Version: "2.0.0"}},
		"crates.io":                            {"pkg:cargo/tokio@1.0.0", target{Ecosystem: "crates.io", Name: "tokio", Version: "1.0.0"}},
		"crates.io keeps its underscore for OSV's API": {"pkg:cargo/os_str_bytes@1.0.0", target{Ecosystem: "crates.io", Name: "os_str_bytes", Version: "1.0.0"}},
		"RubyGems":                           {"pkg:gem/rails@6.0.0", target{Ecosystem: "RubyGems", Name: "rails", Version: "6.0.0"}},
		"RubyGems version without platform":  {"pkg:gem/nokogiri@1.8.0-x86_64-linux", target{Ecosystem: "RubyGems", Name: "nokogiri", Version: "1.8.0"}},
		"RubyGems version with a hyphen":     {"pkg:gem/x@1.8.0-beta", target{Ecosystem: "RubyGems", Name: "x", Version: "1.8.0-beta"}},
		"NuGet keeps its case for OSV's API": {"pkg:nuget/Newtonsoft.Json@12.0.1", target{Ecosystem: "NuGet", Name: "Newtonsoft.Json", Version: "12.0.1"}},
		"dotnet is NuGet":                    {"pkg:dotnet/Newtonsoft.Json@12.0.1", target{Ecosystem: "NuGet", Name: "Newtonsoft.Json", Version: "12.0.1"}},
		"Pub":                                {"pkg:pub/http@0.13.0", target{Ecosystem: "Pub", Name: "http", Version: "0.13.0"}},
		"Hackage":                            {"pkg:hackage/aeson@2.0", target{Ecosystem: "Hackage", Name: "aeson", Version: "2.0"}},
		"CRAN":                               {"pkg:cran/commonmark@1.8", target{Ecosystem: "CRAN", Name: "commonmark", Version: "1.8"}},
		"Julia":                              {"pkg:julia/HTTP@1.0.0?uuid=1", target{Ecosystem: "Julia", Name: "HTTP", Version: "1.0.0"}},
		"opam":                               {"pkg:opam/cohttp@1", target{Ecosystem: "opam", Name: "cohttp", Version: "1"}},
		"ConanCenter without its user":       {"pkg:conan/bincrafters/openssl@1.1.1", target{Ecosystem: "ConanCenter", Name: "openssl", Version: "1.1.1"}},
		"Bitnami":                            {"pkg:bitnami/wordpress@6.2.0", target{Ecosystem: "Bitnami", Name: "wordpress", Version: "6.2.0"}},
		"Docker Hardened Images":             {"pkg:apk/dhi/curl@8.4.0-r0", target{Ecosystem: "Docker Hardened Images", Name: "curl", Version: "8.4.0-r0"}},
		"GitHub Actions":                     {"pkg:github/tj-actions/Changed-Files@v45", target{Ecosystem: "GitHub Actions", Name: "tj-actions/changed-files", Version: "v45"}},
		"GitHub Actions at a commit":         {"pkg:github/a/b@" + commit, target{Ecosystem: "GitHub Actions", Name: "a/b", Version: commit, Commit: commit}},
		"a repository at a commit":           {"pkg:gitlab/a/b@" + commit, target{Commit: commit}},
		"Debian by codename":                 {"pkg:deb/debian/curl@7.88.1-10?distro=bookworm", target{Ecosystem: "Debian:12", Name: "curl", Version: "7.88.1-10"}},
		"Debian by number":                   {"pkg:deb/debian/curl@7.74.0-1.3?distro=11", target{Ecosystem: "Debian:11", Name: "curl", Version: "7.74.0-1.3"}},
		"Debian point release":               {"pkg:deb/debian/curl@7.74.0-1.3?distro=debian-11.6", target{Ecosystem: "Debian:11", Name: "curl", Version: "7.74.0-1.3"}},
		"Debian by name and codename":        {"pkg:deb/debian/curl@1?distro=Debian-Trixie", target{Ecosystem: "Debian:13", Name: "curl", Version: "1"}},
		"Debian unstable":                    {"pkg:deb/debian/curl@1?distro=sid", target{Ecosystem: "Debian", Name: "curl", Version: "1"}},
		"Debian without release":             {"pkg:deb/debian/curl@1", target{Ecosystem: "Debian", Name: "curl", Version: "1"}},
		"Debian without namespace":           {"pkg:deb/curl@1?distro=debian-11", target{Ecosystem: "Debian:11", Name: "curl", Version: "1"}},
		"Debian source package":              {"pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?distro=debian-11&upstream=openssl", target{Ecosystem: "Debian:11", Name: "libssl1.1", Version: "1.1.1n-0+deb11u3", Source: match.Source{Name: "openssl"}}},
		"Debian source package with version": {"pkg:deb/debian/bsdutils@1:2.36.1-8?upstream=util-linux%402.36.1-8&distro=debian-11", target{Ecosystem: "Debian:11", Name: "bsdutils", Version: "1:2.36.1-8", Source: match.Source{Name: "util-linux", Version: "2.36.1-8"}}},
		"source package of the same name":    {"pkg:deb/debian/curl@1?upstream=curl%401&distro=11", target{Ecosystem: "Debian:11", Name: "curl", Version: "1"}},
		"Ubuntu long-term release":           {"pkg:deb/ubuntu/curl@1?distro=ubuntu-22.04", target{Ecosystem: "Ubuntu:22.04:LTS", Name: "curl", Version: "1"}},
		"Ubuntu by codename":                 {"pkg:deb/ubuntu/curl@1?distro=jammy", target{Ecosystem: "Ubuntu:22.04:LTS", Name: "curl", Version: "1"}},
		"Ubuntu short-term release":          {"pkg:deb/ubuntu/curl@1?distro=ubuntu-23.04", target{Ecosystem: "Ubuntu:23.04", Name: "curl", Version: "1"}},
		"Ubuntu Pro by its version":          {"pkg:deb/ubuntu/openssl@1.0.2g-1ubuntu4.20%2Besm5?distro=ubuntu-16.04", target{Ecosystem: "Ubuntu:Pro:16.04:LTS", Name: "openssl", Version: "1.0.2g-1ubuntu4.20+esm5"}},
		"Ubuntu Pro by an early version":     {"pkg:deb/ubuntu/x@7.6-1ubuntu0.1~esm1?distro=jammy", target{Ecosystem: "Ubuntu:Pro:22.04:LTS", Name: "x", Version: "7.6-1ubuntu0.1~esm1"}},
		"Ubuntu Pro by its archive":          {"pkg:deb/ubuntu/x@1?distro=esm-infra%2Fxenial", target{Ecosystem: "Ubuntu:Pro:16.04:LTS", Name: "x", Version: "1"}},
		"Ubuntu Pro past its end":            {"pkg:deb/ubuntu/x@1?distro=esm-infra-legacy/trusty", target{Ecosystem: "Ubuntu:Pro:14.04:LTS", Name: "x", Version: "1"}},
		"Ubuntu Pro with FIPS":               {"pkg:deb/ubuntu/x@1?distro=fips-updates/focal", target{Ecosystem: "Ubuntu:Pro:FIPS-updates:20.04:LTS", Name: "x", Version: "1"}},
		"Ubuntu Pro in real time":            {"pkg:deb/ubuntu/x@1?distro=realtime/jammy", target{Ecosystem: "Ubuntu:Pro:Realtime:22.04:LTS", Name: "x", Version: "1"}},
		"Ubuntu Pro without release":         {"pkg:deb/ubuntu/x@1%2Besm1", target{Ecosystem: "Ubuntu", Name: "x", Version: "1+esm1"}},
		"Ubuntu's own archive":               {"pkg:deb/ubuntu/x@1?distro=jammy/main", target{Ecosystem: "Ubuntu", Name: "x", Version: "1"}},
		"openSUSE that rolls":                {"pkg:rpm/opensuse/bash@1?distro=opensuse-tumbleweed-20240101", target{Ecosystem: "openSUSE:Tumbleweed", Name: "bash", Version: "1"}},
		"SUSE has a release per product":     {"pkg:rpm/suse/bash@1?distro=sles-15.5", target{Ecosystem: "SUSE", Name: "bash", Version: "1"}},
		"openEuler":                          {"pkg:rpm/openeuler/bash@1?distro=openEuler-22.03-LTS-SP1", target{Ecosystem: "openEuler:22.03-LTS-SP1", Name: "bash", Version: "1"}},
		"openEuler without service pack":     {"pkg:rpm/openeuler/bash@1?distro=openeuler-24.03-LTS", target{Ecosystem: "openEuler:24.03-LTS", Name: "bash", Version: "1"}},
		"openEuler by number alone":          {"pkg:rpm/openeuler/bash@1?distro=openeuler-22.03", target{Ecosystem: "openEuler", Name: "bash", Version: "1"}},
		"Mageia":                             {"pkg:rpm/mageia/bash@1-1.mga9?distro=mageia-9", target{Ecosystem: "Mageia:9", Name: "bash", Version: "1-1.mga9"}},
		"Chainguard has no releases":         {"pkg:apk/chainguard/curl@8-r0?distro=chainguard-20230214", target{Ecosystem: "Chainguard", Name: "curl", Version: "8-r0"}},
		"Alpine patch release":               {"pkg:apk/alpine/musl@1.1.24-r2?distro=3.10.5", target{Ecosystem: "Alpine:v3.10", Name: "musl", Version: "1.1.24-r2"}},
		"Alpine by name":                     {"pkg:apk/alpine/musl@1?distro=alpine-3.17.2&upstream=musl", target{Ecosystem: "Alpine:v3.17", Name: "musl", Version: "1"}},
		"Alpine edge":                        {"pkg:apk/alpine/musl@1?distro=edge", target{Ecosystem: "Alpine", Name: "musl", Version: "1"}},
		"Alpine as a type":                   {"pkg:alpine/curl@7.80.0-r3?upstream=curl&distro=alpine-3.15.6", target{Ecosystem: "Alpine:v3.15", Name: "curl", Version: "7.80.0-r3"}},
		"Wolfi has no releases":              {"pkg:apk/wolfi/curl@8-r0?distro=wolfi-20230201", target{Ecosystem: "Wolfi", Name: "curl", Version: "8-r0"}},
		"Red Hat by its release":             {"pkg:rpm/redhat/bash@5.1-2?distro=rhel-9.2&epoch=1", target{Ecosystem: "Red Hat:enterprise_linux:9", Name: "bash", Version: "1:5.1-2"}},
		"Red Hat by the tag of the version":  {"pkg:rpm/redhat/buildah@1.26.9-1.el9_0", target{Ecosystem: "Red Hat:enterprise_linux:9", Name: "buildah", Version: "1.26.9-1.el9_0"}},
		"AlmaLinux":                          {"pkg:rpm/almalinux/bash@1?distro=almalinux-8.7", target{Ecosystem: "AlmaLinux:8", Name: "bash", Version: "1"}},
		"Rocky Linux":                        {"pkg:rpm/rocky/bash@1?distro=rocky-9.1", target{Ecosystem: "Rocky Linux:9", Name: "bash", Version: "1"}},
		"source RPM":                         {"pkg:rpm/almalinux/openssl-libs@1-1?upstream=openssl-1.1.1k-9.el8.src.rpm", target{Ecosystem: "AlmaLinux", Name: "openssl-libs", Version: "1-1", Source: match.Source{Name: "openssl"}}},
		"openSUSE":                           {"pkg:rpm/opensuse/bash@1?distro=opensuse-leap-15.5", target{Ecosystem: "openSUSE:Leap 15.5", Name: "bash", Version: "1"}},
		"no version":                         {"pkg:npm/lodash", target{Ecosystem: "npm", Name: "lodash"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := purl.Parse(test.purl)
			if err != nil {
				t.Fatal(err)
			}
			got, covered := match.TargetOf(p)
			if !covered {
				t.Fatalf("TargetOf(%s) is not covered", test.purl)
			}
			if diff := gocmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again, _ := match.TargetOf(p.PackageVersion()); again != got && got.Commit == "" {
				t.Errorf("the package version has another target: %+v", again)
			}
		})
	}
}

func TestTargetOfWhatIsNotCovered(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"pkg:generic/postgresql@11.15", "pkg:oci/loop@sha256:1", "pkg:docker/nginx@1", "pkg:swid/x@1", "pkg:rpm/centos/bash@1?distro=centos-7",
		"pkg:rpm/fedora/bash@1", "pkg:deb/raspbian/x@1", "pkg:deb/x@1", "pkg:cocoapods/x@1", "pkg:conda/x@1", "pkg:gitlab/a/b@v1", "pkg:huggingface/x@1",
	} {
		p, err := purl.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, covered := match.TargetOf(p); covered {
			t.Errorf("TargetOf(%s) = %+v, want it not to be covered", text, got)
		}
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	const commit = "6879efc2c1596d11a6a6ad296f80063b558d5e0f"
	tests := map[string]struct {
		target match.Target
		want   []match.Query
	}{
		"a package": {
			match.Target{Ecosystem: "Go", Name: "x.org/y", Version: "1.2.3"},
			[]match.Query{{Ecosystem: "Go", Name: "x.org/y", Version: "1.2.3"}},
		},
		"a source package in its own version": {
			match.Target{Ecosystem: "Debian:11", Name: "bsdutils", Version: "1:2-1", Source: match.Source{Name: "util-linux", Version: "2-1"}},
			[]match.Query{{Ecosystem: "Debian:11", Name: "util-linux", Version: "2-1"}},
		},
		"a source package in the version of its package": {
			match.Target{Ecosystem: "Debian:11", Name: "libssl1.1", Version: "1", Source: match.Source{Name: "openssl"}},
			[]match.Query{{Ecosystem: "Debian:11", Name: "openssl", Version: "1"}},
		},
		"an RPM by both names": {
			match.Target{Ecosystem: "SUSE", Name: "a-libs", Version: "1", Source: match.Source{Name: "a"}},
			[]match.Query{{Ecosystem: "SUSE", Name: "a-libs", Version: "1"}, {Ecosystem: "SUSE", Name: "a", Version: "1"}},
		},
		"Red Hat without the CPE": {
			match.Target{Ecosystem: "Red Hat:enterprise_linux:9", Name: "bash", Version: "1"},
			[]match.Query{{Ecosystem: "Red Hat", Name: "bash", Version: "1"}},
		},
		"a commit": {match.Target{Commit: commit}, []match.Query{{Commit: commit}}},
		"an action at a commit": {
			match.Target{Ecosystem: "GitHub Actions", Name: "a/b", Version: commit, Commit: commit},
			[]match.Query{{Ecosystem: "GitHub Actions", Name: "a/b", Version: commit}, {Commit: commit}},
		},
		"no version": {match.Target{Ecosystem: "npm", Name: "x"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := gocmp.Diff(test.want, test.target.Queries()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
