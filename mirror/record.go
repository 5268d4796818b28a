package mirror

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"loadline/advisory"
	"loadline/match"
	"loadline/store"
)

// gitEcosystem is the ecosystem of the keys by which records of commits are
// found.
const gitEcosystem = "GIT"

// newRecord reads a record of an ecosystem's dump. Records name packages of other
// ecosystems too; those are in the dumps of these.
func newRecord(ecosystem, id string, plain, deflated []byte) (store.MirrorRecord, advisory.Advisory, error) {
	a, err := advisory.Decode(plain)
	if err != nil {
		return store.MirrorRecord{}, a, err
	}
	if a.ID != id {
		return store.MirrorRecord{}, a, fmt.Errorf("is about %q", a.ID)
	}
	r := store.MirrorRecord{
		ID:       a.ID,
		Modified: a.Modified,
		Checksum: crc32.ChecksumIEEE(plain),
		Size:     int64(len(plain)),
		Deflated: slices.Clone(deflated),
		Members:  advisory.IDs(a),
	}
	if a.Withdrawn.IsZero() {
		r.Affected = affectedOf(ecosystem, a)
	}
	return r, a, nil
}

// affectedOf is what a record says about each package of an ecosystem, and about
// commits.
func affectedOf(ecosystem string, a advisory.Advisory) map[store.AdvisoryPackage][]advisory.Affected {
	about := make(map[store.AdvisoryPackage][]advisory.Affected, 1)
	for _, affected := range a.Affected {
		for _, commit := range commitsOf(affected) {
			key := store.AdvisoryPackage{Ecosystem: gitEcosystem, Name: commit}
			if about[key] == nil {
				about[key] = []advisory.Affected{{Versions: []string{commit}}}
			}
		}
		base, _, _ := strings.Cut(affected.Package.Ecosystem, ":")
		name := match.NormalName(base, affected.Package.Name)
		if base != ecosystem || name == "" {
			continue
		}
		key := store.AdvisoryPackage{Ecosystem: base, Name: name}
		about[key] = append(about[key], advisory.Affected{
			Package:  affected.Package,
			Versions: affected.Versions,
			Ranges:   withoutGit(affected.Ranges),
		})
	}
	return about
}

// commitsOf are the commits that an entry names as affected.
func commitsOf(a advisory.Affected) []string {
	var commits []string
	for _, r := range a.Ranges {
		if r.Type != gitEcosystem {
			continue
		}
		for _, e := range r.Events {
			for _, c := range []string{e.Introduced, e.LastAffected} {
				if len(c) == 40 || len(c) == 64 {
					commits = append(commits, c)
				}
			}
		}
	}
	for _, v := range a.Versions {
		if len(v) == 40 || len(v) == 64 {
			commits = append(commits, v)
		}
	}
	return commits
}

func withoutGit(ranges []advisory.Range) []advisory.Range {
	return slices.DeleteFunc(slices.Clone(ranges), func(r advisory.Range) bool { return r.Type == gitEcosystem })
}
