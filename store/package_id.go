package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"loadline/cache"
)

// packageIDs are the ids of packages and package versions by their purls, as far
// as they are known.
type packageIDs struct{ packages, versions map[string]int64 }

func newPackageIDs() packageIDs {
	return packageIDs{packages: map[string]int64{}, versions: map[string]int64{}}
}

// add takes over what others knows.
func (k packageIDs) add(others packageIDs) {
	maps.Copy(k.packages, others.packages)
	maps.Copy(k.versions, others.versions)
}

// packageIDBytes is about how much memory the ids of packages may take that are
// kept, and as much those of their versions.
const packageIDBytes = 4 << 20

// packageIDSize is about how much memory an id takes beside its purl.
const packageIDSize = 150

// packageMemory keeps ids of packages and package versions that were committed:
// neither is ever removed.
type packageMemory struct {
	packages, versions *cache.Table[string, struct{}, int64]
}

func newPackageMemory() packageMemory {
	return packageMemory{
		packages: cache.New[string, struct{}, int64](packageIDBytes),
		versions: cache.New[string, struct{}, int64](packageIDBytes),
	}
}

// recall adds to known what is kept.
func (m packageMemory) recall(identities []identity, known packageIDs) {
	get := func(t *cache.Table[string, struct{}, int64], purl string, known map[string]int64) {
		if _, ok := known[purl]; ok || purl == "" {
			return
		}
		if id, ok := t.Get(purl); ok {
			known[purl] = id
		}
	}
	for _, id := range identities {
		get(m.packages, id.packagePURL, known.packages)
		get(m.versions, id.versionPURL, known.versions)
	}
}

// keep keeps ids that are committed.
func (m packageMemory) keep(ids packageIDs) {
	put := func(t *cache.Table[string, struct{}, int64], ids map[string]int64) {
		for purl, id := range ids {
			t.Put(purl, id, len(purl)+packageIDSize, t.Now())
		}
	}
	put(m.packages, ids.packages)
	put(m.versions, ids.versions)
}

// of returns the ids of what a purl names; 0 where it names nothing.
func (k packageIDs) of(id identity) (packageID, versionID int64) {
	return k.packages[id.packagePURL], k.versions[id.versionPURL]
}

// unknown returns the identities whose keys are neither empty nor known, one for
// each key, in the order of the keys: so no two transactions that insert them
// wait for each other.
func unknown(identities []identity, known map[string]int64, key func(identity) string) []identity {
	var found []identity
	seen := map[string]bool{"": true}
	for _, id := range identities {
		k := key(id)
		if _, ok := known[k]; !ok && !seen[k] {
			seen[k] = true
			found = append(found, id)
		}
	}
	slices.SortFunc(found, func(a, b identity) int { return strings.Compare(key(a), key(b)) })
	return found
}

func (k packageIDs) unknownPackages(identities []identity) []identity {
	return unknown(identities, k.packages, func(id identity) string { return id.packagePURL })
}

func (k packageIDs) unknownVersions(identities []identity) []identity {
	return unknown(identities, k.versions, func(id identity) string { return id.versionPURL })
}

// findPackages notes the ids of those packages and versions that exist.
func (r reads) findPackages(ctx context.Context, identities []identity, known packageIDs) error {
	var purls []string
	for _, id := range known.unknownPackages(identities) {
		purls = append(purls, id.packagePURL)
	}
	err := r.find(ctx, purls, known.packages, `
		SELECT
			package.purl,
			package.id
		FROM package
		WHERE {{in package.purl}}`)
	if err != nil {
		return err
	}
	purls = nil
	for _, id := range known.unknownVersions(identities) {
		purls = append(purls, id.versionPURL)
	}
	return r.find(ctx, purls, known.versions, `
		SELECT
			package_version.purl,
			package_version.id
		FROM package_version
		WHERE {{in package_version.purl}}`)
}

func (r reads) find(ctx context.Context, purls []string, known map[string]int64, stmt string) error {
	if len(purls) == 0 {
		return nil
	}
	found, err := selectMap[string, int64](ctx, r.conn, stmt, purls)
	maps.Copy(known, found)
	return err
}

// insertPackages writes the packages and versions that are not known, though
// somebody else may have written some of them by now, and returns the ids of all.
func (tx *Tx) insertPackages(ctx context.Context, identities []identity, known packageIDs) (packageIDs, error) {
	all := newPackageIDs()
	for _, id := range identities {
		packageID, versionID := known.of(id)
		if packageID != 0 {
			all.packages[id.packagePURL] = packageID
		}
		if versionID != 0 {
			all.versions[id.versionPURL] = versionID
		}
	}
	packages := all.unknownPackages(identities)
	err := insertMap(ctx, tx.conn, all.packages, `
		INSERT INTO package (
			purl,
			type,
			name,
			ecosystem,
			advisory_name
		)
		VALUES {{rows}}
		ON CONFLICT (purl) DO NOTHING
		RETURNING purl, id`, len(packages), func(i int) []any {
		id := packages[i]
		return []any{id.packagePURL, id.kind, id.name, id.baseEcosystem, id.advisoryName}
	})
	if err == nil {
		err = tx.findPackages(ctx, packages, all)
	}
	if err != nil {
		return packageIDs{}, err
	}
	versions := all.unknownVersions(identities)
	err = insertMap(ctx, tx.conn, all.versions, `
		INSERT INTO package_version (
			package_id,
			purl,
			version,
			ecosystem,
			base_ecosystem,
			advisory_name,
			source_name
		)
		VALUES {{rows}}
		ON CONFLICT (purl) DO NOTHING
		RETURNING purl, id`, len(versions), func(i int) []any {
		id := versions[i]
		return []any{
			all.packages[id.packagePURL], id.versionPURL, id.version,
			id.ecosystem, id.baseEcosystem, id.advisoryName, id.sourceName,
		}
	})
	if err == nil {
		err = tx.findPackages(ctx, versions, all)
	}
	if err != nil {
		return packageIDs{}, err
	}
	return all, nil
}
