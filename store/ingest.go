package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"loadline/sbom"
)

// How many rows one write transaction inserts: few enough that others wait less
// than a tenth of a second for the writer, enough that commits cost little.
const (
	componentsPerTx   = 1000
	dependenciesPerTx = 5000
	deletionsPerTx    = 5000
)

// SaveComponents writes what the document says, in many short transactions;
// progress, which may be nil, hears of each how many components and dependencies
// there are by now. It may be repeated after it was interrupted. Nobody sees the
// components before PublishBom; for a Bom that is READY it does nothing. It
// returns ErrNotFound when the Bom is gone.
func (s *Store) SaveComponents(ctx context.Context, bomID int64, doc *sbom.Document, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	if err := s.saveComponents(ctx, bomID, doc, progress); err != nil {
		return fmt.Errorf("store: save %d components of bom %d: %w", len(doc.Components), bomID, err)
	}
	return nil
}

func (s *Store) saveComponents(ctx context.Context, bomID int64, doc *sbom.Document, progress func(done, total int)) error {
	boms, err := s.BomsByIDs(ctx, []int64{bomID})
	switch {
	case err != nil:
		return err
	case len(boms) == 0:
		return ErrNotFound
	case boms[0].State == BomReady:
		return nil
	}
	if err := s.clearBom(ctx, bomID, func(int) {}); err != nil {
		return err
	}
	total := len(doc.Components) + len(doc.Dependencies)
	known := newPackageIDs()
	for from := 0; from < len(doc.Components); from += componentsPerTx {
		to := min(from+componentsPerTx, len(doc.Components))
		if err := s.saveSomeComponents(ctx, bomID, from, doc.Components[from:to], known); err != nil {
			return err
		}
		progress(to, total)
	}
	for from := 0; from < len(doc.Dependencies); from += dependenciesPerTx {
		to := min(from+dependenciesPerTx, len(doc.Dependencies))
		err := s.inLoose(ctx, func(tx *Tx) error { return tx.insertDependencies(ctx, bomID, doc.Dependencies[from:to]) })
		if err != nil {
			return err
		}
		progress(len(doc.Components)+to, total)
	}
	for from := 0; from < len(doc.Warnings); from += dependenciesPerTx {
		to := min(from+dependenciesPerTx, len(doc.Warnings))
		err := s.inLoose(ctx, func(tx *Tx) error { return tx.insertWarnings(ctx, bomID, from, doc.Warnings[from:to]) })
		if err != nil {
			return err
		}
	}
	return nil
}

// clearBom removes the rows of a Bom, such as an earlier try has left; progress
// hears how many each transaction has removed.
func (s *Store) clearBom(ctx context.Context, bomID int64, progress func(rows int)) error {
	for _, stmt := range []string{`
		DELETE FROM component
		WHERE bom_id = ? AND seq IN (
			SELECT component.seq
			FROM component
			WHERE component.bom_id = ?
			ORDER BY component.seq
			LIMIT ?
		)`, `
		DELETE FROM dependency
		WHERE bom_id = ? AND (from_seq, to_seq) IN (
			SELECT
				d.from_seq,
				d.to_seq
			FROM dependency AS d
			WHERE d.bom_id = ?
			ORDER BY d.from_seq, d.to_seq
			LIMIT ?
		)`, `
		DELETE FROM bom_warning
		WHERE bom_id = ? AND seq IN (
			SELECT bom_warning.seq
			FROM bom_warning
			WHERE bom_warning.bom_id = ?
			ORDER BY bom_warning.seq
			LIMIT ?
		)`,
	} {
		for deleted := int64(deletionsPerTx); deleted == deletionsPerTx; {
			err := s.inLoose(ctx, func(tx *Tx) (err error) {
				deleted, err = tx.exec(ctx, stmt, bomID, bomID, deletionsPerTx)
				return err
			})
			if err != nil {
				return err
			}
			progress(int(deleted))
		}
	}
	return nil
}

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

// saveSomeComponents writes components, the first of which is number first.
func (s *Store) saveSomeComponents(ctx context.Context, bomID int64, first int, components []sbom.Component, known packageIDs) error {
	identities := make([]identity, len(components))
	rows := make([][]any, len(components))
	for i, c := range components {
		var err error
		identities[i], _ = identify(c.PURL)
		if rows[i], err = componentRow(bomID, first+i, c); err != nil {
			return err
		}
	}
	// What other documents have brought is found without keeping writers waiting.
	if err := s.findPackages(ctx, identities, known); err != nil {
		return err
	}
	var made packageIDs // is only true after the commit
	err := s.inLoose(ctx, func(tx *Tx) (err error) {
		if made, err = tx.insertPackages(ctx, identities, known); err != nil {
			return err
		}
		return tx.insert(ctx, `
			INSERT INTO component (
				bom_id,
				seq,
				ref,
				purl,
				name,
				version,
				type,
				scope,
				direct,
				licenses,
				hashes,
				package_id,
				package_version_id
			)
			VALUES {{rows}}`, len(rows), func(i int) []any {
			packageID, versionID := made.of(identities[i])
			return append(rows[i], toID(packageID), toID(versionID))
		})
	})
	if err == nil {
		known.add(made)
	}
	return err
}

func componentRow(bomID int64, seq int, c sbom.Component) ([]any, error) {
	licenses, err := toList(c.Licenses)
	if err != nil {
		return nil, err
	}
	hashes, err := toList(c.Hashes)
	if err != nil {
		return nil, err
	}
	return []any{bomID, seq, c.Ref, c.PURL, c.Name, c.Version, c.Type, c.Scope, c.Direct, licenses, hashes}, nil
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
	err := tx.insert(ctx, `
		INSERT INTO package (
			purl,
			type,
			name,
			ecosystem,
			advisory_name
		)
		VALUES {{rows}}
		ON CONFLICT (purl) DO NOTHING`, len(packages), func(i int) []any {
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
	err = tx.insert(ctx, `
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
		ON CONFLICT (purl) DO NOTHING`, len(versions), func(i int) []any {
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

func (tx *Tx) insertDependencies(ctx context.Context, bomID int64, dependencies []sbom.Dependency) error {
	return tx.insert(ctx, `
		INSERT INTO dependency (
			bom_id,
			from_seq,
			to_seq
		)
		VALUES {{rows}}
		ON CONFLICT (bom_id, from_seq, to_seq) DO NOTHING`, len(dependencies), func(i int) []any {
		return []any{bomID, dependencies[i].From, dependencies[i].To}
	})
}

func (tx *Tx) insertWarnings(ctx context.Context, bomID int64, first int, warnings []sbom.Warning) error {
	return tx.insert(ctx, `
		INSERT INTO bom_warning (
			bom_id,
			seq,
			code,
			location,
			message
		)
		VALUES {{rows}}`, len(warnings), func(i int) []any {
		w := warnings[i]
		return []any{bomID, first + i, w.Code, w.Location, w.Message}
	})
}
