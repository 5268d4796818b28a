package store

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"loadline/advisory"
)

// MirrorRecord is a record as a sync brings it.
type MirrorRecord struct {
	ID       string
	Modified time.Time
	Checksum uint32 // CRC-32 of its JSON
	Size     int64  // of its JSON
	Deflated []byte // its JSON
	// Members are the ids that it is about, as advisory.IDs returns them.
	Members []string
	// Affected is what it says about each package, by match.KeysOf; empty for a
	// withdrawn record.
	Affected map[AdvisoryPackage][]advisory.Affected
}

// Staging writes the next generation of a dump, unseen until Publish. It may be
// abandoned at any point: the next one goes on from there. It is not safe for
// use by many goroutines.
type Staging struct {
	store *Store
	epoch int64
	dump  Dump
	known map[string]*stagedRecord
	// Leftover says that an earlier Staging was abandoned after it had written.
	Leftover bool
}

// stagedRecord is what the database has under an id.
type stagedRecord struct {
	published, staged recordRow // without id where there is none
	seen              bool      // this Staging knows that it stays
}

// recordRow is a row of mirror_record.
type recordRow struct {
	id       int64
	checksum uint32
	size     int64
	modified time.Time
	ends     bool // with the next generation
}

func (r recordRow) is(checksum uint32, size int64) bool {
	return r.id != 0 && r.checksum == checksum && r.size == size
}

// open is the end of records that have none.
const open = math.MaxInt64

// StageDump returns a Staging of an ecosystem's dump.
func (s *Store) StageDump(ctx context.Context, epoch int64, ecosystem string) (*Staging, error) {
	st := &Staging{store: s, epoch: epoch, known: map[string]*stagedRecord{}}
	err := s.inSync(ctx, epoch, func(tx *Tx) (err error) {
		st.dump, err = selectOne[Dump](ctx, tx.conn, `
			INSERT INTO mirror_dump (
				ecosystem,
				generation,
				source,
				etag,
				last_modified,
				digest,
				list_etag,
				list_modified,
				records,
				skipped,
				rematched
			)
			VALUES (?, 0, '', '', '', '', '', '', 0, 0, 0)
			ON CONFLICT (ecosystem) DO UPDATE SET
				ecosystem = excluded.ecosystem
			RETURNING `+dumpColumns, ecosystem)
		return err
	})
	if err == nil {
		err = st.load(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("store: stage dump %s: %w", ecosystem, err)
	}
	return st, nil
}

// Dump is the dump as it is published.
func (st *Staging) Dump() Dump { return st.dump }

func (st *Staging) next() int64 { return st.dump.Generation + 1 }

func (st *Staging) load(ctx context.Context) error {
	rows, err := st.store.query(ctx, `
		SELECT
			r.advisory_id,
			r.since,
			r.until,
			r.id,
			r.checksum,
			r.size,
			r.modified
		FROM mirror_record AS r
		WHERE r.dump_id = ? AND r.until > ?`, st.dump.ID, st.dump.Generation)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		var since, until int64
		var row recordRow
		if err := rows.Scan(&id, &since, &until, &row.id, &row.checksum, &row.size, (*millis)(&row.modified)); err != nil {
			return err
		}
		row.ends = until != open
		r := st.at(id)
		if since == st.next() {
			r.staged = row
		} else {
			r.published = row
		}
		st.Leftover = st.Leftover || row.ends || since == st.next()
	}
	return rows.Err()
}

func (st *Staging) at(id string) *stagedRecord {
	r := st.known[id]
	if r == nil {
		r = &stagedRecord{}
		st.known[id] = r
	}
	return r
}

// Has says whether the next generation has the record as it is already, and
// takes note that it stays.
func (st *Staging) Has(id string, checksum uint32, size int64) bool {
	r := st.known[id]
	if r == nil {
		return false
	}
	has := r.staged.is(checksum, size)
	if r.staged.id == 0 {
		has = r.published.is(checksum, size) && !r.published.ends
	}
	r.seen = r.seen || has
	return has
}

// Modified returns the modified time of the published record with the id.
func (st *Staging) Modified(id string) (time.Time, bool) {
	if r := st.known[id]; r != nil && r.published.id != 0 {
		return r.published.modified, true
	}
	return time.Time{}, false
}

// Keep takes note that the record with the id, if there is one, stays as it is.
func (st *Staging) Keep(id string) {
	if r := st.known[id]; r != nil {
		r.seen = true
	}
}

// KeepLater takes note that the records stay which were modified after t.
func (st *Staging) KeepLater(t time.Time) {
	for _, r := range st.known {
		r.seen = r.seen || r.published.id != 0 && r.published.modified.After(t)
	}
}

// Put writes records, each in place of the one with its id.
func (st *Staging) Put(ctx context.Context, records []MirrorRecord) error {
	records = lastByKey(records, func(r MirrorRecord) string { return r.ID })
	var ids map[string]int64
	err := st.store.inSync(ctx, st.epoch, func(tx *Tx) (err error) {
		ids, err = st.put(ctx, tx, records)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: stage %d records of %s: %w", len(records), st.dump.Ecosystem, err)
	}
	for _, m := range records {
		r := st.at(m.ID)
		r.seen = true
		r.staged = recordRow{}
		if id, ok := ids[m.ID]; ok {
			r.published.ends = true
			r.staged = recordRow{id: id, checksum: m.Checksum, size: m.Size, modified: m.Modified}
		} else {
			r.published.ends = false
		}
	}
	return nil
}

// put writes records and returns the ids of the rows of those that are new.
func (st *Staging) put(ctx context.Context, tx *Tx, records []MirrorRecord) (map[string]int64, error) {
	var replaced, stays, ends []int64
	var fresh []MirrorRecord
	for _, m := range records {
		r := st.at(m.ID)
		if r.staged.id != 0 {
			replaced = append(replaced, r.staged.id)
		}
		switch {
		case r.published.is(m.Checksum, m.Size):
			stays = append(stays, r.published.id)
			continue
		case r.published.id != 0 && !r.published.ends:
			ends = append(ends, r.published.id)
		}
		fresh = append(fresh, m)
	}
	if err := tx.dropRecords(ctx, replaced); err != nil {
		return nil, err
	}
	if err := tx.endRecords(ctx, stays, open); err != nil {
		return nil, err
	}
	if err := tx.endRecords(ctx, ends, st.next()); err != nil {
		return nil, err
	}
	return st.insert(ctx, tx, fresh)
}

// insert writes records and returns the ids of their rows, by their own.
func (st *Staging) insert(ctx context.Context, tx *Tx, records []MirrorRecord) (map[string]int64, error) {
	if len(records) == 0 {
		return nil, nil
	}
	err := tx.insert(ctx, `
		INSERT INTO mirror_record (
			dump_id,
			advisory_id,
			since,
			until,
			modified,
			checksum,
			size
		)
		VALUES {{rows}}`, len(records), func(i int) []any {
		m := records[i]
		return []any{st.dump.ID, m.ID, st.next(), int64(open), m.Modified.UnixMilli(), int64(m.Checksum), m.Size}
	})
	if err != nil {
		return nil, err
	}
	names := make([]string, len(records))
	for i, m := range records {
		names[i] = m.ID
	}
	ids, err := selectMap[string, int64](ctx, tx.conn, `
		SELECT
			r.advisory_id,
			r.id
		FROM mirror_record AS r
		WHERE {{in r.advisory_id}} AND r.dump_id = ? AND r.since = ?`, names, st.dump.ID, st.next())
	if err != nil {
		return nil, err
	}
	var keys, members [][]any
	for _, m := range records {
		id := ids[m.ID]
		for key, affected := range m.Affected {
			keys = append(keys, []any{key.Ecosystem, key.Name, id, encodeAffected(affected)})
		}
		if len(m.Members) > 1 {
			for _, member := range m.Members {
				members = append(members, []any{member, id})
			}
		}
	}
	err = tx.insert(ctx, `
		INSERT INTO mirror_document (
			record_id,
			content
		)
		VALUES {{rows}}`, len(records), func(i int) []any { return []any{ids[records[i].ID], records[i].Deflated} })
	if err != nil {
		return nil, err
	}
	err = tx.insert(ctx, `
		INSERT INTO mirror_key (
			ecosystem,
			name,
			record_id,
			affected
		)
		VALUES {{rows}}`, len(keys), func(i int) []any { return keys[i] })
	if err != nil {
		return nil, err
	}
	err = tx.insert(ctx, `
		INSERT INTO mirror_member (
			member,
			record_id
		)
		VALUES {{rows}}`, len(members), func(i int) []any { return members[i] })
	return ids, err
}

func (tx *Tx) dropRecords(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, `
		DELETE FROM mirror_record
		WHERE {{in id}}`, ids)
	return err
}

func (tx *Tx) endRecords(ctx context.Context, ids []int64, until int64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, `
		UPDATE mirror_record
		SET until = ?
		WHERE {{in id}}`, until, ids)
	return err
}

// Discard removes what abandoned Stagings have left.
func (st *Staging) Discard(ctx context.Context) error {
	var drop, stays []int64
	for _, id := range slices.Sorted(maps.Keys(st.known)) {
		r := st.known[id]
		if r.staged.id != 0 {
			drop = append(drop, r.staged.id)
			r.staged = recordRow{}
		}
		if r.published.ends {
			stays = append(stays, r.published.id)
			r.published.ends = false
		}
		if r.published.id == 0 {
			delete(st.known, id)
		}
	}
	if err := st.rewrite(ctx, drop, stays, open); err != nil {
		return fmt.Errorf("store: discard what was staged of %s: %w", st.dump.Ecosystem, err)
	}
	st.Leftover = false
	return nil
}

// rewrite drops and ends records, some at a time.
func (st *Staging) rewrite(ctx context.Context, drop, end []int64, until int64) error {
	for part := range slices.Chunk(drop, rowsPerTx) {
		if err := st.store.inSync(ctx, st.epoch, func(tx *Tx) error { return tx.dropRecords(ctx, part) }); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(end, 10*rowsPerTx) {
		if err := st.store.inSync(ctx, st.epoch, func(tx *Tx) error { return tx.endRecords(ctx, part, until) }); err != nil {
			return err
		}
	}
	return nil
}

// Published is what a Staging has changed.
type Published struct {
	Dump                    Dump
	Added, Changed, Removed int
}

// Publish lets everybody see the next generation, if it differs from the
// published one. d says what is to be noted of it; whole that records which were
// not put, kept or had are gone.
func (st *Staging) Publish(ctx context.Context, d Dump, whole bool) (Published, error) {
	var p Published
	var drop, end []int64
	d.Records = 0
	for _, r := range st.known {
		if whole && !r.seen {
			if r.staged.id != 0 {
				drop = append(drop, r.staged.id)
				r.staged = recordRow{}
			}
			if r.published.id != 0 && !r.published.ends {
				end = append(end, r.published.id)
				r.published.ends = true
			}
		}
		switch {
		case r.staged.id != 0 && r.published.id != 0:
			p.Changed++
		case r.staged.id != 0:
			p.Added++
		case r.published.ends:
			p.Removed++
		}
		if r.staged.id != 0 || r.published.id != 0 && !r.published.ends {
			d.Records++
		}
	}
	err := st.rewrite(ctx, drop, end, st.next())
	if err == nil {
		err = st.publish(ctx, d, p)
	}
	if err != nil {
		return Published{}, fmt.Errorf("store: publish dump %s: %w", st.dump.Ecosystem, err)
	}
	p.Dump = st.dump
	return p, nil
}

func (st *Staging) publish(ctx context.Context, d Dump, p Published) error {
	generation := st.dump.Generation
	if generation == 0 || p.Added+p.Changed+p.Removed > 0 {
		generation++
	}
	rematched := st.dump.Rematched
	first := st.dump.Generation == 0
	if first {
		rematched = 1 // before there was nothing that could have changed
	}
	return st.store.inSync(ctx, st.epoch, func(tx *Tx) (err error) {
		tx.touch(TopicMirror)
		if first {
			if err := tx.allFindingsChanged(ctx); err != nil {
				return err
			}
		}
		st.dump, err = selectOne[Dump](ctx, tx.conn, `
			UPDATE mirror_dump
			SET
				generation = ?,
				source = ?,
				etag = ?,
				last_modified = ?,
				digest = ?,
				list_etag = ?,
				list_modified = ?,
				newest = ?,
				as_of = ?,
				synced_at = ?,
				records = ?,
				skipped = ?,
				rematched = ?
			WHERE id = ?
			RETURNING `+dumpColumns,
			generation, d.Source, d.ETag, d.LastModified, d.Digest, d.ListETag, d.ListModified,
			d.Newest, d.AsOf, tx.now, d.Records, d.Skipped, rematched, st.dump.ID)
		return err
	})
}

// Clean removes the records that nobody can see any more.
func (st *Staging) Clean(ctx context.Context) error {
	for removed := int64(rowsPerTx); removed == rowsPerTx; {
		err := st.store.inSync(ctx, st.epoch, func(tx *Tx) (err error) {
			removed, err = tx.exec(ctx, `
				DELETE FROM mirror_record
				WHERE id IN (
					SELECT r.id
					FROM mirror_record AS r
					WHERE r.dump_id = ? AND r.until <= ?
					LIMIT ?
				)`, st.dump.ID, st.dump.Generation, rowsPerTx)
			return err
		})
		if err != nil {
			return fmt.Errorf("store: clean dump %s: %w", st.dump.Ecosystem, err)
		}
	}
	return nil
}
