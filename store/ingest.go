package store

import (
	"context"
	"fmt"

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
	if left, err := s.hasRows(ctx, bomID); err != nil {
		return err
	} else if left {
		if err := s.clearBom(ctx, bomID, func(int) {}); err != nil {
			return err
		}
	}
	total := len(doc.Components) + len(doc.Dependencies)
	known := newPackageIDs()
	if len(doc.Components) <= componentsPerTx && len(doc.Dependencies) <= dependenciesPerTx && len(doc.Warnings) <= dependenciesPerTx {
		err := s.saveSomeComponents(ctx, bomID, 0, doc.Components, known, func(tx *Tx) error {
			if err := tx.insertDependencies(ctx, bomID, doc.Dependencies); err != nil {
				return err
			}
			return tx.insertWarnings(ctx, bomID, 0, doc.Warnings)
		})
		if err == nil {
			progress(total, total)
		}
		return err
	}
	for from := 0; from < len(doc.Components); from += componentsPerTx {
		to := min(from+componentsPerTx, len(doc.Components))
		if err := s.saveSomeComponents(ctx, bomID, from, doc.Components[from:to], known, nil); err != nil {
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

// hasRows reports whether an earlier try has left rows of a Bom.
func (r reads) hasRows(ctx context.Context, bomID int64) (bool, error) {
	n, err := selectNumber(ctx, r.conn, `
		SELECT CASE
			WHEN EXISTS (SELECT 1 FROM component WHERE component.bom_id = ?) THEN 1
			WHEN EXISTS (SELECT 1 FROM dependency AS d WHERE d.bom_id = ?) THEN 1
			WHEN EXISTS (SELECT 1 FROM bom_warning WHERE bom_warning.bom_id = ?) THEN 1
			ELSE 0
		END`, bomID, bomID, bomID)
	return n > 0, err
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

// saveSomeComponents writes components, the first of which is number first, and in
// the same transaction what also writes, if it is not nil.
func (s *Store) saveSomeComponents(ctx context.Context, bomID int64, first int, components []sbom.Component, known packageIDs, also func(*Tx) error) error {
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
	s.packages.recall(identities, known)
	if err := s.findPackages(ctx, identities, known); err != nil {
		return err
	}
	var made packageIDs // is only true after the commit
	err := s.inLoose(ctx, func(tx *Tx) (err error) {
		if made, err = tx.insertPackages(ctx, identities, known); err != nil {
			return err
		}
		err = tx.insert(ctx, `
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
		if err != nil || also == nil {
			return err
		}
		return also(tx)
	})
	if err == nil {
		known.add(made)
		s.packages.keep(made)
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
