package store

import (
	"context"
	"fmt"
	"time"
)

// The files of a mirror beside its dumps.
const (
	FileEPSS      = "EPSS"
	FileKEV       = "KEV"
	FileEndOfLife = "ENDOFLIFE"
)

// MirrorFile is what is held of one of them.
type MirrorFile struct {
	Name                       string
	Generation                 int64
	Source                     string // the mirror it came from
	ETag, LastModified, Digest string
	Edition                    string    // what the file says it is: a day, a version
	AsOf, SyncedAt             time.Time // when the mirror held it; when the two were last compared
	Records, Skipped           int
}

const mirrorFileColumns = `
	mirror_file.name,
	mirror_file.generation,
	mirror_file.source,
	mirror_file.etag,
	mirror_file.last_modified,
	mirror_file.digest,
	mirror_file.edition,
	mirror_file.as_of,
	mirror_file.synced_at,
	mirror_file.records,
	mirror_file.skipped`

func (f *MirrorFile) columns() []any {
	return []any{
		&f.Name,
		&f.Generation,
		&f.Source,
		&f.ETag,
		&f.LastModified,
		&f.Digest,
		&f.Edition,
		(*millis)(&f.AsOf),
		(*millis)(&f.SyncedAt),
		&f.Records,
		&f.Skipped,
	}
}

// MirrorFiles returns what is held of the files beside the dumps, by name.
func (r reads) MirrorFiles(ctx context.Context) ([]MirrorFile, error) {
	files, err := selectRows[MirrorFile](ctx, r.conn, `
		SELECT `+mirrorFileColumns+`
		FROM mirror_file
		ORDER BY mirror_file.name`)
	if err != nil {
		return nil, fmt.Errorf("store: mirrored files: %w", err)
	}
	return files, nil
}

// saveFile notes what is held of a file. Its generation decides what of it is
// seen.
func (tx *Tx) saveFile(ctx context.Context, f MirrorFile) error {
	tx.touch(TopicMirror)
	return tx.execOne(ctx, `
		INSERT INTO mirror_file (
			name,
			generation,
			source,
			etag,
			last_modified,
			digest,
			edition,
			as_of,
			synced_at,
			records,
			skipped
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET
			generation = excluded.generation,
			source = excluded.source,
			etag = excluded.etag,
			last_modified = excluded.last_modified,
			digest = excluded.digest,
			edition = excluded.edition,
			as_of = excluded.as_of,
			synced_at = excluded.synced_at,
			records = excluded.records,
			skipped = excluded.skipped`,
		f.Name, f.Generation, f.Source, f.ETag, f.LastModified, f.Digest, f.Edition, f.AsOf, tx.now, f.Records, f.Skipped)
}

// SaveMirrorFile notes that a file was compared with the mirror and is held, as
// f says, in the generation that f names.
func (s *Store) SaveMirrorFile(ctx context.Context, epoch int64, f MirrorFile) error {
	err := s.inSync(ctx, epoch, func(tx *Tx) error { return tx.saveFile(ctx, f) })
	if err != nil {
		return fmt.Errorf("store: save mirrored file %s: %w", f.Name, err)
	}
	return nil
}

// MirroredScores returns what the mirror's edition of EPSS says about the ids, in
// any order, and which edition that is: its Generation is 0 where there is none.
func (r reads) MirroredScores(ctx context.Context, cves []string) ([]Score, MirrorFile, error) {
	type row struct {
		file  MirrorFile
		score Score
		cve   *string
	}
	rows, err := selectInto(ctx, r.conn, func(v *row) []any {
		return append(v.file.columns(), &v.cve, &v.score.Probability, &v.score.Percentile)
	}, `
		SELECT `+mirrorFileColumns+`,
			s.cve,
			COALESCE(s.probability, 0),
			COALESCE(s.percentile, 0)
		FROM mirror_file
		LEFT JOIN mirror_score AS s ON s.generation = mirror_file.generation AND {{in s.cve}}
		WHERE mirror_file.name = ?`, cves, FileEPSS)
	if err != nil {
		return nil, MirrorFile{}, fmt.Errorf("store: mirrored scores of %d ids: %w", len(cves), err)
	}
	var file MirrorFile
	scores := make([]Score, 0, len(rows))
	for _, v := range rows {
		file = v.file
		if v.cve == nil {
			continue
		}
		v.score.CVE, v.score.Known = *v.cve, true
		v.score.Date, v.score.FetchedAt = file.Edition, file.AsOf
		scores = append(scores, v.score)
	}
	return scores, file, nil
}

// StageScores writes scores of an edition that nobody sees before SaveMirrorFile
// names its generation, in place of those with the same ids.
func (s *Store) StageScores(ctx context.Context, epoch, generation int64, scores []Score) error {
	scores = lastByKey(scores, func(s Score) string { return s.CVE })
	err := s.inSync(ctx, epoch, func(tx *Tx) error {
		return tx.insert(ctx, `
			INSERT INTO mirror_score (
				cve,
				generation,
				probability,
				percentile
			)
			VALUES {{rows}}
			ON CONFLICT (cve, generation) DO UPDATE SET
				probability = excluded.probability,
				percentile = excluded.percentile`, len(scores), func(i int) []any {
			return []any{scores[i].CVE, generation, scores[i].Probability, scores[i].Percentile}
		})
	})
	if err != nil {
		return fmt.Errorf("store: stage %d scores: %w", len(scores), err)
	}
	return nil
}

// CleanScores removes the scores of all editions but one.
func (s *Store) CleanScores(ctx context.Context, epoch, keep int64) error {
	const atATime = 10 * rowsPerTx
	for removed := int64(atATime); removed == atATime; {
		err := s.inSync(ctx, epoch, func(tx *Tx) (err error) {
			removed, err = tx.exec(ctx, `
				DELETE FROM mirror_score
				WHERE (cve, generation) IN (
					SELECT
						s.cve,
						s.generation
					FROM mirror_score AS s
					WHERE s.generation < ? OR s.generation > ?
					LIMIT ?
				)`, keep, keep, atATime)
			return err
		})
		if err != nil {
			return fmt.Errorf("store: clean scores: %w", err)
		}
	}
	return nil
}

// EndOfLife is how long the releases of a product are maintained.
type EndOfLife struct {
	Product, Title, Category string
	Releases                 JSON     // a list, as endoflife.date writes it
	PURLs                    []string // of the packages that are the product, canonical, without version
}

// ReplaceEndOfLife writes a whole edition in place of the stored one, in one
// transaction, and notes which it is.
func (s *Store) ReplaceEndOfLife(ctx context.Context, epoch int64, products []EndOfLife, f MirrorFile) error {
	products = lastByKey(products, func(p EndOfLife) string { return p.Product })
	var packages [][]any
	for _, p := range products {
		for _, purl := range distinct(p.PURLs) {
			packages = append(packages, []any{purl, p.Product})
		}
	}
	err := s.inSync(ctx, epoch, func(tx *Tx) error {
		if _, err := tx.exec(ctx, `DELETE FROM end_of_life`); err != nil {
			return err
		}
		err := tx.insert(ctx, `
			INSERT INTO end_of_life (
				product,
				title,
				category,
				releases
			)
			VALUES {{rows}}`, len(products), func(i int) []any {
			p := products[i]
			return []any{p.Product, p.Title, p.Category, p.Releases}
		})
		if err != nil {
			return err
		}
		err = tx.insert(ctx, `
			INSERT INTO end_of_life_package (
				purl,
				product
			)
			VALUES {{rows}}`, len(packages), func(i int) []any { return packages[i] })
		if err != nil {
			return err
		}
		return tx.saveFile(ctx, f)
	})
	if err != nil {
		return fmt.Errorf("store: replace %d products' ends of life: %w", len(products), err)
	}
	return nil
}

// EndsOfLife returns what is known of the packages, by purl, canonical and
// without version, in any order.
func (r reads) EndsOfLife(ctx context.Context, purls []string) ([]EndOfLife, error) {
	rows, err := selectInto(ctx, r.conn, func(e *EndOfLife) []any {
		e.PURLs = make([]string, 1)
		return []any{&e.Product, &e.Title, &e.Category, &e.Releases, &e.PURLs[0]}
	}, `
		SELECT
			e.product,
			e.title,
			e.category,
			e.releases,
			p.purl
		FROM end_of_life_package AS p
		JOIN end_of_life AS e ON e.product = p.product
		WHERE {{in p.purl}}`, purls)
	if err != nil {
		return nil, fmt.Errorf("store: ends of life of %d packages: %w", len(purls), err)
	}
	return rows, nil
}
