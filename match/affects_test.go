package match_test

import (
	"strings"
	"testing"
	"time"

	"loadline/advisory"
	"loadline/match"
)

// events reads "introduced 0, fixed 1.2".
func events(text string) []advisory.Event {
	var list []advisory.Event
	for pair := range strings.SplitSeq(text, ", ") {
		kind, version, _ := strings.Cut(pair, " ")
		switch kind {
		case "introduced":
			list = append(list, advisory.Event{Introduced: version})
		case "fixed":
			list = append(list, advisory.Event{Fixed: version})
		case "last_affected":
			list = append(list, advisory.Event{LastAffected: version})
		case "limit":
			list = append(list, advisory.Event{Limit: version})
		}
	}
	return list
}

// record is about package x of an ecosystem, with one range for each text.
func record(id, ecosystem string, ranges ...string) advisory.Advisory {
	affected := advisory.Affected{Package: advisory.Package{Ecosystem: ecosystem, Name: "x"}}
	for _, r := range ranges {
		affected.Ranges = append(affected.Ranges, advisory.Range{Type: "ECOSYSTEM", Events: events(r)})
	}
	return advisory.Advisory{ID: id, Affected: []advisory.Affected{affected}}
}

func TestAffectsByRange(t *testing.T) {
	t.Parallel()
	const pairs = "introduced 1.0.0, fixed 1.5.0, introduced 2.0.0, fixed 2.3.0, introduced 3.0.0"
	tests := map[string]struct {
		ecosystem, events, version string
		affected                   bool
		fixed                      string
	}{
		"introduced 0 is before everything":               {"npm", "introduced 0, fixed 1.0.0", "0.0.0-alpha", true, "1.0.0"},
		"introduced 0 is before an odd version":           {"Packagist", "introduced 0, fixed 1.0.0", "dev-master", true, "1.0.0"},
		"introduced is inclusive":                         {"npm", "introduced 1.0.0, fixed 2.0.0", "1.0.0", true, "2.0.0"},
		"before introduced":                               {"npm", "introduced 1.0.0, fixed 2.0.0", "1.0.0-rc.1", false, ""},
		"fixed is exclusive":                              {"npm", "introduced 1.0.0, fixed 2.0.0", "2.0.0", false, ""},
		"pre-release of the fixed version is affected":    {"npm", "introduced 1.0.0, fixed 2.0.0", "2.0.0-rc.1", true, "2.0.0"},
		"after fixed":                                     {"npm", "introduced 1.0.0, fixed 2.0.0", "2.0.1", false, ""},
		"no end":                                          {"npm", "introduced 1.0.0", "99.0.0", true, ""},
		"last_affected is inclusive":                      {"npm", "introduced 0, last_affected 1.2.0", "1.2.0", true, ""},
		"after last_affected":                             {"npm", "introduced 0, last_affected 1.2.0", "1.2.1", false, ""},
		"one version only":                                {"npm", "introduced 1.2.0, last_affected 1.2.0", "1.2.0", true, ""},
		"after one version only":                          {"npm", "introduced 1.2.0, last_affected 1.2.0", "1.2.1", false, ""},
		"first of several pairs":                          {"npm", pairs, "1.2.0", true, "1.5.0"},
		"between pairs":                                   {"npm", pairs, "1.7.0", false, ""},
		"fix of the second pair, not of the first":        {"npm", pairs, "2.0.0", true, "2.3.0"},
		"last pair has no end":                            {"npm", pairs, "3.1.0", true, ""},
		"unsorted events":                                 {"npm", "fixed 2.3.0, introduced 2.0.0, fixed 1.5.0, introduced 1.0.0", "2.1.0", true, "2.3.0"},
		"unsorted events, between pairs":                  {"npm", "fixed 2.3.0, introduced 2.0.0, fixed 1.5.0, introduced 1.0.0", "1.9.0", false, ""},
		"introduced 0 need not come first":                {"npm", "fixed 1.5.0, introduced 0", "1.0.0", true, "1.5.0"},
		"pairs that touch are one run":                    {"npm", "introduced 1.0.0, fixed 2.0.0, introduced 2.0.0, fixed 3.0.0", "1.0.0", true, "3.0.0"},
		"last_affected ends before a later fix":           {"npm", "introduced 1.0.0, last_affected 1.9.0, introduced 2.0.0, fixed 2.3.0", "1.2.0", true, ""},
		"limit bounds":                                    {"npm", "introduced 0, limit 2.0.0", "2.0.0", false, ""},
		"before limit":                                    {"npm", "introduced 0, limit 2.0.0", "1.9.0", true, ""},
		"below the highest of several limits":             {"npm", "introduced 0, limit 2.0.0, limit 3.0.0", "2.5.0", true, ""},
		"limit * is none":                                 {"npm", "introduced 0, limit *", "9.0.0", true, ""},
		"no introduced":                                   {"npm", "fixed 2.0.0", "1.0.0", false, ""},
		"no events":                                       {"npm", "", "1.0.0", false, ""},
		"no version":                                      {"npm", "introduced 0", "", false, ""},
		"version too long to order":                       {"npm", "introduced 0, fixed 2.0.0", strings.Repeat("1.", 60_000), false, ""},
		"boundary too long to order":                      {"npm", "introduced 0, fixed " + strings.Repeat("1.", 60_000), "1.0.0", false, ""},
		"Go pseudo-version before the fix":                {"Go", "introduced 0, fixed 0.0.0-20200101000000-abcdefabcdef", "0.0.0-20190620200207-3b0461eec859", true, "0.0.0-20200101000000-abcdefabcdef"},
		"Go incompatible":                                 {"Go", "introduced 0, fixed 2.0.0+incompatible", "2.0.0+incompatible", false, ""},
		"Maven missing numbers are zero":                  {"Maven", "introduced 1.0, fixed 2.0", "2.0.0", false, ""},
		"PyPI post release of the last affected":          {"PyPI", "introduced 0, last_affected 1.0", "1.0.post1", false, ""},
		"Debian security update":                          {"Debian:11", "introduced 0, fixed 1.1.1n-0+deb11u4", "1.1.1n-0+deb11u3", true, "1.1.1n-0+deb11u4"},
		"Debian backport is before":                       {"Debian:11", "introduced 0, fixed 2.0-1", "2.0-1~bpo11+1", true, "2.0-1"},
		"Alpine revision":                                 {"Alpine:v3.18", "introduced 0, fixed 1.36.1-r10", "1.36.1-r9", true, "1.36.1-r10"},
		"action at a tag with v":                          {"GitHub Actions", "introduced 0, fixed 46.0.1", "v45.0.7", true, "46.0.1"},
		"action at a branch has no order":                 {"GitHub Actions", "introduced 0, fixed 46.0.1", "main", false, ""},
		"ecosystem of unknown order, by number":           {"Not Yet Known", "introduced 0, fixed 2", "1.9", true, "2"},
		"ecosystem of unknown order, introduced 0 and up": {"Not Yet Known", "introduced 0", "anything", true, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, affected := match.Affects(record("A", test.ecosystem, test.events), match.Target{
				Ecosystem: test.ecosystem, Name: "x", Version: test.version,
			})
			if affected != test.affected || result.FixedIn != test.fixed {
				t.Errorf("affected %v, fixed in %q; want %v, %q", affected, result.FixedIn, test.affected, test.fixed)
			}
		})
	}
}

func TestAffectsByRecord(t *testing.T) {
	t.Parallel()
	entry := func(ecosystem, name string, versions ...string) advisory.Affected {
		return advisory.Affected{Package: advisory.Package{Ecosystem: ecosystem, Name: name}, Versions: versions}
	}
	of := func(entries ...advisory.Affected) advisory.Advisory {
		return advisory.Advisory{ID: "A", Affected: entries}
	}
	ranged := func(ecosystem, name, kind, text string) advisory.Affected {
		e := entry(ecosystem, name)
		e.Ranges = []advisory.Range{{Type: kind, Events: events(text)}}
		return e
	}
	withdrawn := record("A", "npm", "introduced 0")
	withdrawn.Withdrawn = time.Unix(0, 0)
	const commit = "6879efc2c1596d11a6a6ad296f80063b558d5e0f"
	npm := match.Target{Ecosystem: "npm", Name: "x", Version: "1.2.0"}
	libssl := match.Target{
		Ecosystem: "Debian:11", Name: "libssl1.1", Version: "1.1.1n-0+deb11u3", Source: match.Source{Name: "openssl"},
	}
	tests := map[string]struct {
		record   advisory.Advisory
		target   match.Target
		affected bool
	}{
		"no ranges and no versions never match":        {of(entry("npm", "x")), npm, false},
		"listed version":                               {of(entry("npm", "x", "1.1.0", "1.2.0")), npm, true},
		"listed versions match as text":                {of(entry("npm", "x", "1.2")), npm, false},
		"listed version counts beside a range":         {of(entry("npm", "x", "1.2.0"), ranged("npm", "x", "SEMVER", "introduced 5.0.0")), npm, true},
		"any of several entries":                       {of(ranged("npm", "x", "SEMVER", "introduced 5.0.0"), ranged("npm", "x", "SEMVER", "introduced 1.0.0")), npm, true},
		"any of several ranges":                        {record("A", "npm", "introduced 5.0.0", "introduced 1.0.0, fixed 2.0.0"), npm, true},
		"a GIT range before another":                   {of(ranged("npm", "x", "GIT", "introduced 0"), ranged("npm", "x", "SEMVER", "introduced 0")), npm, true},
		"a GIT range alone holds no version":           {of(ranged("npm", "x", "GIT", "introduced 0")), npm, false},
		"withdrawn":                                    {withdrawn, npm, false},
		"another name":                                 {of(ranged("npm", "y", "SEMVER", "introduced 0")), npm, false},
		"another ecosystem":                            {of(ranged("PyPI", "x", "ECOSYSTEM", "introduced 0")), npm, false},
		"npm tells names apart by case":                {of(ranged("npm", "X", "SEMVER", "introduced 0")), npm, false},
		"Go tells names apart by case":                 {of(ranged("Go", "github.com/Azure/x", "SEMVER", "introduced 0")), match.Target{Ecosystem: "Go", Name: "github.com/azure/x", Version: "1.0.0"}, false},
		"PyPI name in the record is normalised":        {of(ranged("PyPI", "Zope.Interface", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "PyPI", Name: "zope-interface", Version: "1"}, true},
		"PyPI name in the target is normalised":        {of(ranged("PyPI", "zope-interface", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "PyPI", Name: "Zope_Interface", Version: "1"}, true},
		"NuGet names fold case":                        {of(ranged("NuGet", "jquery", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "NuGet", Name: "jQuery", Version: "1.0"}, true},
		"crates fold case and underscore":              {of(ranged("crates.io", "Async_Std", "SEMVER", "introduced 0")), match.Target{Ecosystem: "crates.io", Name: "async-std", Version: "1.0.0"}, true},
		"SwiftURL with a scheme":                       {of(ranged("SwiftURL", "https://github.com/Apple/Swift-NIO.git", "SEMVER", "introduced 0")), match.Target{Ecosystem: "SwiftURL", Name: "github.com/apple/swift-nio", Version: "1.0.0"}, true},
		"Packagist listed version without its v":       {of(entry("Packagist", "x/y", "1.0.0")), match.Target{Ecosystem: "Packagist", Name: "x/y", Version: "v1.0.0"}, true},
		"npm listed version needs its v":               {of(entry("npm", "x", "v1.2.0")), npm, false},
		"same release":                                 {of(ranged("Debian:11", "openssl", "ECOSYSTEM", "introduced 0")), libssl, true},
		"another release":                              {of(ranged("Debian:12", "openssl", "ECOSYSTEM", "introduced 0")), libssl, false},
		"record without release matches any":           {of(ranged("Debian", "openssl", "ECOSYSTEM", "introduced 0")), libssl, true},
		"target without release matches any":           {of(ranged("Alpine:v3.18", "x", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "Alpine", Name: "x", Version: "1-r0"}, true},
		"release with a colon in it":                   {of(ranged("Ubuntu:22.04:LTS", "x", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "Ubuntu:22.04:LTS", Name: "x", Version: "1"}, true},
		"Ubuntu with and without LTS":                  {of(ranged("Ubuntu:22.04", "x", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "Ubuntu:22.04:LTS", Name: "x", Version: "1"}, true},
		"a plain release is not Ubuntu Pro's":          {of(ranged("Ubuntu:22.04:LTS", "x", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "Ubuntu:Pro:22.04:LTS", Name: "x", Version: "1+esm1"}, false},
		"Ubuntu Pro by its own record":                 {of(ranged("Ubuntu:Pro:22.04:LTS", "x", "ECOSYSTEM", "introduced 0, fixed 1+esm2")), match.Target{Ecosystem: "Ubuntu:Pro:22.04:LTS", Name: "x", Version: "1+esm1"}, true},
		"Ubuntu Pro at its fix":                        {of(ranged("Ubuntu:Pro:22.04:LTS", "x", "ECOSYSTEM", "introduced 0, fixed 1+esm2")), match.Target{Ecosystem: "Ubuntu:Pro:22.04:LTS", Name: "x", Version: "1+esm2"}, false},
		"Ubuntu Pro is another release":                {of(ranged("Ubuntu:Pro:22.04:LTS", "x", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "Ubuntu:22.04:LTS", Name: "x", Version: "1"}, false},
		"Red Hat's CPE of the same major":              {of(ranged("Red Hat:enterprise_linux:9::appstream", "x", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "Red Hat:enterprise_linux:9", Name: "x", Version: "1"}, true},
		"Red Hat's CPE of a minor":                     {of(ranged("Red Hat:enterprise_linux:9.2::baseos", "x", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "Red Hat:enterprise_linux:9", Name: "x", Version: "1"}, true},
		"Red Hat's CPE of another major":               {of(ranged("Red Hat:enterprise_linux:8::appstream", "x", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "Red Hat:enterprise_linux:9", Name: "x", Version: "1"}, false},
		"Debian records source packages, not binaries": {of(ranged("Debian:11", "libssl1.1", "ECOSYSTEM", "introduced 0")), libssl, false},
		"version of the source package counts for it":  {of(ranged("Debian:11", "util-linux", "ECOSYSTEM", "introduced 0, fixed 2.37")), match.Target{Ecosystem: "Debian:11", Name: "bsdutils", Version: "1:2.36.1-8", Source: match.Source{Name: "util-linux", Version: "2.36.1-8"}}, true},
		"an RPM by its own name":                       {of(ranged("AlmaLinux:9", "openssl-libs", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "AlmaLinux:9", Name: "openssl-libs", Version: "1", Source: match.Source{Name: "openssl"}}, true},
		"an RPM by its source":                         {of(ranged("SUSE", "openssl", "ECOSYSTEM", "introduced 0")), match.Target{Ecosystem: "SUSE", Name: "openssl-libs", Version: "1", Source: match.Source{Name: "openssl"}}, true},
		"commit that a GIT range names":                {of(ranged("", "", "GIT", "introduced "+commit)), match.Target{Commit: commit}, true},
		"commit that is the last affected":             {of(ranged("", "", "GIT", "introduced 0, last_affected "+commit)), match.Target{Commit: commit}, true},
		"commit that fixes":                            {of(ranged("", "", "GIT", "introduced 0, fixed "+commit)), match.Target{Commit: commit}, false},
		"commit in the versions":                       {of(entry("", "", commit)), match.Target{Commit: commit}, true},
		"commit beside a version that is not affected": {of(ranged("npm", "x", "SEMVER", "introduced 9.0.0")), match.Target{Ecosystem: "npm", Name: "x", Version: "1.0.0", Commit: commit}, false},
		"a record without entries":                     {of(), npm, false},
		"a target of nothing":                          {of(entry("", "", "")), match.Target{}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, affected := match.Affects(test.record, test.target); affected != test.affected {
				t.Errorf("affected %v, want %v", affected, test.affected)
			}
		})
	}
}

func TestFixedIn(t *testing.T) {
	t.Parallel()
	listed := func(id string, versions ...string) advisory.Advisory {
		return advisory.Advisory{ID: id, Affected: []advisory.Affected{{Package: advisory.Package{Ecosystem: "npm", Name: "x"}, Versions: versions}}}
	}
	withdrawn := record("W", "npm", "introduced 0")
	withdrawn.Withdrawn = time.Unix(0, 0)
	tests := map[string]struct {
		group   []advisory.Advisory
		version string
		want    string
	}{
		"no records":         {nil, "1.0.0", ""},
		"not affected":       {[]advisory.Advisory{record("A", "npm", "introduced 2.0.0, fixed 3.0.0")}, "1.0.0", ""},
		"records that agree": {[]advisory.Advisory{record("A", "npm", "introduced 0, fixed 1.5.0"), record("B", "npm", "introduced 0, fixed 1.5.0")}, "1.0.0", "1.5.0"},
		"records that disagree: not affected by any":      {[]advisory.Advisory{record("A", "npm", "introduced 0, fixed 1.5.0"), record("B", "npm", "introduced 0, fixed 1.6.0")}, "1.0.0", "1.6.0"},
		"whatever the order of records":                   {[]advisory.Advisory{record("B", "npm", "introduced 0, fixed 1.6.0"), record("A", "npm", "introduced 0, fixed 1.5.0")}, "1.0.0", "1.6.0"},
		"one knows no fix and still holds":                {[]advisory.Advisory{record("A", "npm", "introduced 0, fixed 1.5.0"), record("B", "npm", "introduced 0")}, "1.0.0", ""},
		"one knows only the last affected":                {[]advisory.Advisory{record("A", "npm", "introduced 0, fixed 1.5.0"), record("B", "npm", "introduced 0, last_affected 1.4.9")}, "1.0.0", "1.5.0"},
		"one has a later last affected":                   {[]advisory.Advisory{record("A", "npm", "introduced 0, fixed 1.5.0"), record("B", "npm", "introduced 0, last_affected 1.7.0")}, "1.0.0", ""},
		"the fix falls into a run of another":             {[]advisory.Advisory{record("A", "npm", "introduced 0, fixed 1.5.0"), record("B", "npm", "introduced 1.4.0, fixed 1.8.0")}, "1.0.0", "1.8.0"},
		"own train, not another's":                        {[]advisory.Advisory{record("A", "npm", "introduced 1.0.0, fixed 1.5.0", "introduced 2.0.0, fixed 2.3.0")}, "2.1.0", "2.3.0"},
		"no fix on its train, though there is one later":  {[]advisory.Advisory{record("A", "npm", "introduced 1.0.0, last_affected 1.9.0", "introduced 2.0.0, fixed 2.3.0")}, "1.2.0", ""},
		"a record that does not affect it has no say":     {[]advisory.Advisory{record("A", "npm", "introduced 1.0.0, fixed 1.5.0"), record("B", "npm", "introduced 2.0.0")}, "1.2.0", "1.5.0"},
		"a withdrawn record has no say":                   {[]advisory.Advisory{record("A", "npm", "introduced 1.0.0, fixed 1.5.0"), withdrawn}, "1.2.0", "1.5.0"},
		"only listed":                                     {[]advisory.Advisory{listed("A", "1.0.0")}, "1.0.0", ""},
		"listed by one, with a range in another":          {[]advisory.Advisory{listed("A", "1.0.0", "1.1.0"), record("B", "npm", "introduced 0, fixed 1.5.0")}, "1.0.0", "1.5.0"},
		"the fix of one is listed as affected by another": {[]advisory.Advisory{listed("A", "1.0.0", "1.5.0"), record("B", "npm", "introduced 0, fixed 1.5.0")}, "1.0.0", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := match.FixedIn(test.group, match.Target{Ecosystem: "npm", Name: "x", Version: test.version})
			if got != test.want {
				t.Errorf("FixedIn = %q, want %q", got, test.want)
			}
		})
	}
}
