package store

import (
	"context"
	"fmt"
)

// Facts are what sources said, of every kind.
type Facts struct {
	Answers    []Answer
	Advisories []AdvisoryRecord
	Scores     []Score
	Latest     []Latest
}

// Add adds what is in others.
func (f *Facts) Add(others Facts) {
	f.Answers = append(f.Answers, others.Answers...)
	f.Advisories = append(f.Advisories, others.Advisories...)
	f.Scores = append(f.Scores, others.Scores...)
	f.Latest = append(f.Latest, others.Latest...)
}

// Len returns how many facts there are.
func (f *Facts) Len() int {
	return len(f.Answers) + len(f.Advisories) + len(f.Scores) + len(f.Latest)
}

// SaveFacts writes facts, each in place of the stored one about the same thing;
// of several about one thing the last counts. Few facts are one transaction; of
// many, those before a transaction that fails remain. It returns ErrNotFound if
// one is about a package or a version that does not exist.
func (s *Store) SaveFacts(ctx context.Context, f Facts) error {
	members, err := f.prepare()
	if err != nil {
		return fmt.Errorf("store: save %d facts: %w", f.Len(), err)
	}
	writes := slicesOf(f.Answers, func(tx *Tx, from, to int) error { return tx.saveAnswers(ctx, f.Answers[from:to]) })
	writes = append(writes, slicesOf(f.Advisories, func(tx *Tx, from, to int) error {
		return tx.saveAdvisories(ctx, f.Advisories[from:to], members[from:to])
	})...)
	writes = append(writes, slicesOf(f.Scores, func(tx *Tx, from, to int) error { return tx.saveScores(ctx, f.Scores[from:to]) })...)
	writes = append(writes, slicesOf(f.Latest, func(tx *Tx, from, to int) error { return tx.saveLatest(ctx, f.Latest[from:to]) })...)
	for len(writes) > 0 {
		n, rows := 0, 0
		for n < len(writes) && (n == 0 || rows+writes[n].rows <= 2*rowsPerTx) {
			rows += writes[n].rows
			n++
		}
		err := s.InTx(ctx, func(tx *Tx) error {
			for _, w := range writes[:n] {
				if err := w.do(tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("store: save %d facts: %w", f.Len(), err)
		}
		writes = writes[n:]
	}
	return nil
}

// prepare leaves one fact of those about the same thing, and returns which ids
// each advisory is about.
func (f *Facts) prepare() (members [][]string, err error) {
	f.Answers = lastByKey(f.Answers, func(a Answer) int64 { return a.PackageVersionID })
	f.Advisories = lastByKey(f.Advisories, func(r AdvisoryRecord) string { return r.ID })
	f.Scores = lastByKey(f.Scores, func(s Score) string { return s.CVE })
	f.Latest = lastByKey(f.Latest, func(l Latest) int64 { return l.PackageID })
	members = make([][]string, len(f.Advisories))
	for i, r := range f.Advisories {
		if members[i], err = r.members(); err != nil {
			return nil, fmt.Errorf("advisory %s: %w", r.ID, err)
		}
	}
	return members, nil
}

// write is a part of what is to be saved, no larger than a transaction may be.
type write struct {
	rows int
	do   func(*Tx) error
}

func slicesOf[T any](rows []T, do func(tx *Tx, from, to int) error) []write {
	var writes []write
	for from := 0; from < len(rows); from += rowsPerTx {
		to := min(from+rowsPerTx, len(rows))
		writes = append(writes, write{rows: to - from, do: func(tx *Tx) error { return do(tx, from, to) }})
	}
	return writes
}
